"""Reads a country's law from its file and refuses whatever does not say where it comes from."""

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aldia.jurisdictions.tables import Table
from aldia.kernel.errors import AldiaError
from aldia.kernel.money import minor_units
from aldia.rules.law import (
    Basis,
    Compensation,
    Confidence,
    ContactCap,
    ContactGroup,
    ContactLimits,
    ContactWindow,
    Content,
    DayCount,
    Jurisdiction,
    OptIn,
    PaymentTerms,
    Provenance,
    RatePeriod,
    RateSeries,
    ReasonNotAsked,
    RequiredContents,
    TimeZones,
    first_break,
)

_CHANNELS = frozenset({"email", "sms", "whatsapp", "letter", "call"})
_PERSON_KINDS = frozenset({"consumer", "business", "public_body"})
_BOUND = frozenset({"any", "financial_entity"})
_PERCENT = re.compile(r"\d{1,2}\.\d{2}")
_Word = TypeVar("_Word", bound=StrEnum)


class UnknownCountry(AldiaError):
    """There is no jurisdiction file for the country."""

    code = "unknown_country"


@lru_cache(maxsize=1)
def available_countries() -> tuple[str, ...]:
    """The ISO 3166 codes with a jurisdiction file, in order."""
    names = (entry.name for entry in resources.files("aldia.jurisdictions").iterdir())
    return tuple(sorted(name.removesuffix(".toml").upper() for name in names if name.endswith(".toml")))


def load_jurisdiction(country: str) -> Jurisdiction:
    """The law of a country by its ISO 3166 code. Raises UnknownCountry, FaultyJurisdiction."""
    code = country.strip().upper()
    countries = available_countries()
    if code not in countries:
        raise UnknownCountry(
            f"No hay datos legales del país «{country}»: los disponibles son {', '.join(countries)}.",
            country=country,
            available=list(countries),
        )
    return _load(code)


@lru_cache(maxsize=32)
def _load(code: str) -> Jurisdiction:
    name = f"{code.lower()}.toml"
    text = resources.files("aldia.jurisdictions").joinpath(name).read_text(encoding="utf-8")
    return read_jurisdiction(tomllib.loads(text), place=name)


def read_jurisdiction(values: Mapping[str, Any], *, place: str) -> Jurisdiction:
    """A parsed jurisdiction file as a value. place: the file's name. Raises FaultyJurisdiction."""
    top = Table(place, dict(values))
    contact = top.table("contact")
    if contact is None:
        raise top.fault("falta la sección «contact».")
    jurisdiction = Jurisdiction(
        country=top.text("country"),
        name=top.text("name"),
        currency=_currency(top),
        time_zone=_time_zone(top),
        contact=_contact(contact),
        late_interest=_series(top.table("late_interest")),
        legal_interest=_series(top.table("legal_interest")),
        compensation=_compensation(top.table("compensation")),
        payment_terms=_payment_terms(top.table("payment_terms")),
        public_payment_terms=_payment_terms(top.table("public_payment_terms")),
        day_count=_day_count(top.table("day_count")),
        time_zones=_time_zones(top.table("time_zones")),
        required_contents=_required_contents(top.table("required_contents")),
        opt_ins=tuple(_opt_in(row) for row in (top.rows("opt_in") if top.has("opt_in") else [])),
        reason_not_asked=_reason_not_asked(top.table("reason_not_asked")),
    )
    top.close()
    return jurisdiction


def _series(section: Table | None) -> RateSeries | None:
    if section is None:
        return None
    provenance = _provenance(section)
    periods = tuple(_period(row) for row in section.rows("periods"))
    section.close()
    _refuse_broken(section, periods)
    if periods[0].first != provenance.valid_from:
        raise section.fault("«valid_from» debe ser el primer día de la serie.")
    return RateSeries(periods, provenance)


def _refuse_broken(section: Table, periods: tuple[RatePeriod, ...]) -> None:
    if not periods:
        raise section.fault("la serie está vacía.")
    broken = first_break(periods)
    if broken:
        one, two = broken
        what = "faltan días" if two.first > one.last else "se repiten días"
        raise section.fault(f"{what} entre el tramo que acaba el {one.last} y el que empieza el {two.first}.")


def _period(row: Table) -> RatePeriod:
    first, last = row.day("from"), row.day("until")
    if last < first:
        raise row.fault("el tramo acaba antes de empezar.")
    period = RatePeriod(first, last, _basis_points(row), row.text("source"), _confidence(row))
    row.close()
    return period


def _basis_points(row: Table) -> int:
    percent = row.text("percent")
    if not _PERCENT.fullmatch(percent):
        raise row.fault(f"el tipo «{percent}» no lleva dos decimales, como 10.15.")
    return int(percent.replace(".", ""))


def _compensation(section: Table | None) -> Compensation | None:
    if section is None:
        return None
    currency = _currency(section)
    compensation = Compensation(
        amount_minor=_minor(section, "amount", currency),
        currency=currency,
        applies_to=section.words("applies_to", _PERSON_KINDS),
        provenance=_provenance(section),
    )
    section.close()
    return compensation


def _minor(section: Table, key: str, currency: str) -> int:
    """An amount written with exactly the decimals of its currency, as whole minor units."""
    text, digits = section.text(key), minor_units(currency)
    pattern = rf"\d+\.\d{{{digits}}}" if digits else r"\d+"
    if not re.fullmatch(pattern, text):
        raise section.fault(f"el importe «{text}» debe llevar {digits} decimales.")
    return int(text.replace(".", ""))


def _payment_terms(section: Table | None) -> PaymentTerms | None:
    if section is None:
        return None
    terms = PaymentTerms(
        default_days=section.whole("default_days"),
        maximum_days=section.whole("maximum_days") if section.has("maximum_days") else None,
        approval_days=section.whole("approval_days") if section.has("approval_days") else None,
        provenance=_provenance(section),
    )
    section.close()
    return terms


def _day_count(section: Table | None) -> DayCount | None:
    if section is None:
        return None
    day_count = DayCount(section.text("convention"), _provenance(section))
    if day_count.convention != "actual/365":
        raise section.fault("solo se sabe contar días como «actual/365».")
    section.close()
    return day_count


def _contact(section: Table) -> ContactLimits:
    weekday, saturday, sunday, holidays = (
        _window(section.table(key)) for key in ("monday_to_friday", "saturday", "sunday", "holidays")
    )
    limits = ContactLimits(
        windows=(weekday,) * 5 + (saturday, sunday),
        holidays=holidays,
        caps=tuple(_cap(row) for row in section.rows("caps")),
        basis=_word(section, "basis", Basis),
        protects=section.words("protects", _PERSON_KINDS),
        binds=_one_of(section, "binds", _BOUND),
        one_channel_per_week=section.flag("one_channel_per_week"),
        provenance=_provenance(section),
    )
    section.close()
    return limits


def _required_contents(section: Table | None) -> RequiredContents | None:
    if section is None:
        return None
    named = section.words("contents", frozenset(Content))
    required = RequiredContents(
        contents=tuple(each for each in Content if each in named),
        protects=section.words("protects", _PERSON_KINDS),
        binds=_one_of(section, "binds", _BOUND),
        provenance=_provenance(section),
    )
    section.close()
    return required


def _opt_in(row: Table) -> OptIn:
    opt_in = OptIn(
        channels=row.words("channels", _CHANNELS),
        protects=row.words("protects", _PERSON_KINDS),
        provenance=_provenance(row),
    )
    row.close()
    return opt_in


def _reason_not_asked(section: Table | None) -> ReasonNotAsked | None:
    if section is None:
        return None
    rule = ReasonNotAsked(section.words("protects", _PERSON_KINDS), _provenance(section))
    section.close()
    return rule


def _window(row: Table | None) -> ContactWindow | None:
    if row is None:
        return None
    opens, closes = row.hour("from"), row.hour("until")
    row.close()
    if closes <= opens:
        raise row.fault("el horario acaba antes de empezar.")
    return ContactWindow(opens, closes)


def _cap(row: Table) -> ContactCap:
    cap = ContactCap(
        group=_word(row, "group", ContactGroup),
        times=row.whole("times"),
        days=row.whole("days"),
        days_apart_min=row.whole("days_apart_min", 0),
        after_direct_contact=row.flag("after_direct_contact"),
        prudential=row.flag("prudential"),
    )
    row.close()
    return cap


def _provenance(section: Table) -> Provenance:
    """Where a section comes from: it must say source, valid_from, checked_on and confidence."""
    return Provenance(
        source=section.text("source"),
        valid_from=section.day("valid_from"),
        checked_on=section.day("checked_on"),
        confidence=_confidence(section),
        valid_to=section.day("valid_to") if section.has("valid_to") else None,
        note=section.text("note", ""),
    )


def _confidence(table: Table) -> Confidence:
    return _word(table, "confidence", Confidence)


def _word(table: Table, key: str, words: type[_Word]) -> _Word:
    return words(_one_of(table, key, frozenset(words)))


def _one_of(table: Table, key: str, allowed: frozenset[str]) -> str:
    word = table.text(key)
    if word not in allowed:
        raise table.fault(f"«{key}» no puede ser «{word}»: admite {', '.join(sorted(allowed))}.")
    return word


def _currency(table: Table) -> str:
    currency = table.text("currency")
    minor_units(currency)
    return currency


def _time_zones(section: Table | None) -> TimeZones | None:
    if section is None:
        return None
    places = section.table("places")
    if places is None or not places.values:
        raise section.fault("falta la tabla «places».")
    zones = TimeZones({place: _time_zone(places, place) for place in places.values}, _provenance(section))
    section.close()
    return zones


def _time_zone(table: Table, key: str = "time_zone") -> str:
    zone = table.text(key)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise table.fault(f"el huso horario «{zone}» no existe.") from None
    return zone
