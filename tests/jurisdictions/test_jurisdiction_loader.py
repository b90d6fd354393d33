"""The loader refuses law that does not say where it comes from."""

import copy
import tomllib
from datetime import date, datetime, time
from typing import Any

import pytest

from aldia.jurisdictions.loader import (
    UnknownCountry,
    available_countries,
    load_jurisdiction,
    read_jurisdiction,
)
from aldia.jurisdictions.tables import FaultyJurisdiction
from aldia.rules.law import Basis, Confidence, ContactCap, ContactGroup, ContactWindow

SMALL = tomllib.loads("""
country = "ES"
name = "España"
currency = "EUR"
time_zone = "Europe/Madrid"

[late_interest]
source = "Ley"
valid_from = 2023-01-01
checked_on = 2026-11-21
confidence = "S"
periods = [
  { from = 2023-01-01, until = 2023-06-30, percent = "10.50", confidence = "S", source = "uno" },
  { from = 2023-07-01, until = 2023-12-31, percent = "12.00", confidence = "D", source = "dos" },
]

[compensation]
amount = "40.00"
currency = "EUR"
applies_to = ["business"]
source = "Ley"
valid_from = 2013-02-24
valid_to = 2030-12-31
checked_on = 2026-11-21
confidence = "S"

[payment_terms]
default_days = 30
source = "Ley"
valid_from = 2013-02-24
checked_on = 2026-11-21
confidence = "R"

[day_count]
convention = "actual/365"
source = "Ley"
valid_from = 2013-02-24
checked_on = 2026-11-21
confidence = "R"

[contact]
basis = "law"
protects = ["consumer"]
binds = "any"
monday_to_friday = { from = 07:00:00, until = 19:00:00 }
saturday = { from = 08:00:00, until = 15:00:00 }
caps = [{ group = "written", times = 2, days = 7, days_apart_min = 2 }]
source = "Ley"
valid_from = 2013-02-24
checked_on = 2026-11-21
confidence = "S2"
""")

SECTIONS = ("late_interest", "compensation", "payment_terms", "day_count", "contact")


@pytest.fixture
def values() -> dict[str, Any]:
    return copy.deepcopy(SMALL)


def refusal(values: dict[str, Any]) -> str:
    with pytest.raises(FaultyJurisdiction) as caught:
        read_jurisdiction(values, place="es.toml")
    return caught.value.sentence


def test_a_file_becomes_a_value(values):
    law = read_jurisdiction(values, place="es.toml")
    assert (law.country, law.currency, law.time_zone) == ("ES", "EUR", "Europe/Madrid")
    assert law.late_interest is not None
    assert [(p.rate_bp, p.confidence) for p in law.late_interest.periods] == [
        (1050, Confidence.STATUTE),
        (1200, Confidence.DERIVED),
    ]
    assert law.compensation is not None
    assert law.compensation.amount_minor == 4000
    assert law.compensation.applies_to == {"business"}
    assert law.compensation.provenance.valid_to == date(2030, 12, 31)
    assert law.payment_terms is not None
    assert law.payment_terms.maximum_days is None


def test_contact_hours_are_read_by_day_of_the_week(values):
    contact = read_jurisdiction(values, place="es.toml").contact
    weekday, saturday = ContactWindow(time(7), time(19)), ContactWindow(time(8), time(15))
    assert contact.windows == (weekday,) * 5 + (saturday, None)
    assert contact.caps == (ContactCap(ContactGroup.WRITTEN, 2, 7, days_apart_min=2),)
    friday, holidays = date(2026, 11, 20), frozenset({date(2026, 11, 20)})
    assert contact.window_on(friday, frozenset()) == weekday
    assert contact.window_on(friday, holidays) is None
    assert contact.window_on(date(2026, 11, 21), holidays) == saturday


@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("key", ["source", "valid_from", "checked_on", "confidence"])
def test_a_section_without_provenance_is_refused(values, section, key):
    del values[section][key]
    assert f"«{key}»" in refusal(values)


@pytest.mark.parametrize("key", ["from", "until", "percent", "confidence", "source"])
def test_a_rate_without_all_its_facts_is_refused_by_its_number(values, key):
    del values["late_interest"]["periods"][1][key]
    assert refusal(values) == f"es.toml, «late_interest», «periods» n.º 2: falta «{key}»."


@pytest.mark.parametrize(
    ("begins", "words"), [(date(2023, 7, 2), "faltan días"), (date(2023, 6, 30), "se repiten días")]
)
def test_a_series_with_a_gap_or_an_overlap_is_refused(values, begins, words):
    values["late_interest"]["periods"][1]["from"] = begins
    sentence = refusal(values)
    assert words in sentence
    assert "2023-06-30" in sentence


@pytest.mark.parametrize("percent", ["4.0625", "4,00", "4", "-1.00", "abc", ""])
def test_a_rate_that_is_not_whole_hundredths_of_a_percent_is_refused(values, percent):
    values["late_interest"]["periods"][0]["percent"] = percent
    assert "«late_interest», «periods» n.º 1" in refusal(values)


def broken(section: str, key: str, value: Any) -> Any:
    return pytest.param(section, key, value, id=f"{section}.{key}={value}")


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        broken("late_interest", "confidence", "X"),
        broken("late_interest", "periods", []),
        broken("late_interest", "periods", ["10.50"]),
        broken("late_interest", "valid_from", date(2022, 12, 31)),
        broken("late_interest", "checked_on", "2026-11-21"),
        broken("late_interest", "checked_on", datetime(2026, 11, 21)),
        broken("late_interest", "source", "  "),
        broken("late_interest", "sorce", "typing error"),
        broken("compensation", "amount", "40"),
        broken("compensation", "amount", 40),
        broken("compensation", "applies_to", ["company"]),
        broken("compensation", "applies_to", []),
        broken("payment_terms", "default_days", -1),
        broken("payment_terms", "default_days", True),
        broken("day_count", "convention", "30/360"),
        broken("contact", "basis", "custom"),
        broken("contact", "saturday", {"from": time(15), "until": time(8)}),
        broken("contact", "saturday", "closed"),
        broken("contact", "caps", [{"group": "fax", "times": 1, "days": 1}]),
        broken("contact", "one_channel_per_week", "yes"),
    ],
)
def test_what_cannot_be_read_is_refused_and_the_section_named(values, section, key, value):
    values[section][key] = value
    assert refusal(values).startswith(f"es.toml, «{section}»")


@pytest.mark.parametrize(("key", "value"), [("time_zone", "Europe/Nowhere"), ("surprise", 1), ("name", 3)])
def test_a_wrong_or_unknown_key_of_the_country_is_refused(values, key, value):
    values[key] = value
    assert refusal(values).startswith("es.toml: ")


def test_a_country_must_say_when_its_debtors_may_be_contacted(values):
    del values["contact"]
    assert refusal(values) == "es.toml: falta la sección «contact»."


def test_an_absent_section_is_none_and_said_so(values):
    del values["late_interest"], values["compensation"]
    law = read_jurisdiction(values, place="es.toml")
    assert law.late_interest is None
    assert law.gaps == (
        "España: sin serie verificada de intereses de demora; solo se calculan con un tipo pactado.",
        "España: sin serie verificada del interés legal; no se calcula si no hay tipo pactado.",
        "España: sin compensación fija verificada por factura vencida; no se aplica ninguna.",
    )


def test_an_unknown_country_is_refused_naming_those_available():
    with pytest.raises(UnknownCountry) as caught:
        load_jurisdiction("FR")
    assert caught.value.sentence == (
        "No hay datos legales del país «FR»: los disponibles son AR, CL, CO, ES, MX, PE."
    )


@pytest.mark.parametrize("country", ["../es", "", "es.toml"])
def test_a_country_is_never_a_path(country):
    with pytest.raises(UnknownCountry):
        load_jurisdiction(country)


def test_a_country_is_read_once():
    assert load_jurisdiction("es") is load_jurisdiction("ES")


def test_labels_tell_how_a_figure_was_established():
    law = load_jurisdiction("ES")
    assert law.label_for_confidence(Confidence.PROVISIONAL) == "provisional"
    assert law.label_for_confidence(None) == "pactado"


@pytest.mark.parametrize("country", available_countries())
def test_every_shipped_country_loads_and_carries_its_own_code(country):
    law = load_jurisdiction(country)
    assert law.country == country
    assert law.contact.basis in Basis
    assert law.contact.provenance.checked_on >= law.contact.provenance.valid_from


ZONES = {
    "places": {"ES-CN": "Atlantic/Canary"},
    "source": "IANA",
    "valid_from": date(2022, 10, 30),
    "checked_on": date(2026, 11, 21),
    "confidence": "S2",
}


def test_a_place_that_keeps_another_hour_is_known_by_its_code(values):
    read = read_jurisdiction(values | {"time_zones": ZONES}, place="es.toml")
    zones = [read.zone_of(place) for place in ("ES-CN", "es-cn ", "ES-MD", "ES", "")]
    assert zones == ["Atlantic/Canary"] * 2 + ["Europe/Madrid"] * 3
    assert read_jurisdiction(values, place="es.toml").zone_of("ES-CN") == "Europe/Madrid"


@pytest.mark.parametrize(
    "wrong",
    [{"places": {}}, {"places": {"ES-CN": "Atlantic/Nowhere"}}, {"places": {"ES-CN": 1}}, {"extra": 1}],
)
def test_hours_of_places_that_cannot_be_read_are_refused(values, wrong):
    with pytest.raises(FaultyJurisdiction, match="time_zones"):
        read_jurisdiction(values | {"time_zones": ZONES | wrong}, place="es.toml")


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ("ES-CN", "Atlantic/Canary"),
        ("ES-CE", "Europe/Madrid"),
        ("MX-ROO", "America/Cancun"),
        ("MX-SON", "America/Hermosillo"),
        ("CL-MA", "America/Punta_Arenas"),
        ("PE-LIM", "America/Lima"),
    ],
)
def test_places_of_the_shipped_countries_keep_their_own_hour(place, zone):
    assert load_jurisdiction(place[:2]).zone_of(place) == zone


_NOT_ASKED = {
    "protects": ["consumer"],
    "source": "Ley",
    "valid_from": date(2023, 10, 10),
    "checked_on": date(2026, 11, 22),
    "confidence": "S2",
}


def test_who_is_not_asked_why_they_have_not_paid_comes_with_its_source():
    read = read_jurisdiction(SMALL | {"reason_not_asked": _NOT_ASKED}, place="xx.toml")
    rule = read.reason_kept_from("consumer")
    assert rule is not None
    assert rule.provenance.cited() == "Ley (visto en fuente secundaria)"
    assert read.reason_kept_from("business") is None
    assert read_jurisdiction(SMALL, place="xx.toml").reason_kept_from("consumer") is None


@pytest.mark.parametrize("missing", _NOT_ASKED)
def test_it_is_refused_without_any_of_it(missing):
    section = {key: value for key, value in _NOT_ASKED.items() if key != missing}
    with pytest.raises(FaultyJurisdiction):
        read_jurisdiction(SMALL | {"reason_not_asked": section}, place="xx.toml")


@pytest.mark.parametrize("wrong", [{"protects": ["everybody"]}, {"asked": True}])
def test_nor_with_what_it_does_not_know(wrong):
    with pytest.raises(FaultyJurisdiction):
        read_jurisdiction(SMALL | {"reason_not_asked": _NOT_ASKED | wrong}, place="xx.toml")
