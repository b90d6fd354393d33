"""What the shipped files say: the figures that move money, and the hours that bind us."""

import csv
from datetime import date, time
from pathlib import Path

import pytest

from aldia.jurisdictions.loader import load_jurisdiction
from aldia.rules.law import Basis, Confidence, ContactWindow, RateSeries

LAW = Path(__file__).resolve().parents[3] / "shared" / "law"
SPAIN = load_jurisdiction("ES")


def series(name: str) -> RateSeries:
    found = getattr(SPAIN, name)
    assert isinstance(found, RateSeries)
    return found


@pytest.mark.parametrize(
    ("day", "rate_bp"),
    [
        (date(2005, 3, 1), 909),
        (date(2013, 2, 23), 775),
        (date(2013, 2, 24), 875),
        (date(2013, 7, 1), 850),
        (date(2016, 6, 30), 805),
        (date(2016, 7, 1), 800),
        (date(2022, 12, 31), 800),
        (date(2023, 1, 1), 1050),
        (date(2023, 7, 1), 1200),
        (date(2024, 6, 30), 1250),
        (date(2024, 12, 31), 1225),
        (date(2025, 6, 30), 1115),
        (date(2026, 6, 30), 1015),
        (date(2026, 7, 1), 1040),
    ],
)
def test_spanish_late_interest_by_half_years(day, rate_bp):
    assert series("late_interest").rate_on(day) == rate_bp


@pytest.mark.parametrize(
    ("day", "rate_bp"),
    [
        (date(1990, 6, 29), 900),
        (date(1990, 6, 30), 1000),
        (date(2009, 3, 31), 550),
        (date(2009, 4, 1), 400),
        (date(2015, 12, 31), 350),
        (date(2016, 1, 1), 300),
        (date(2023, 1, 1), 325),
        (date(2026, 12, 31), 325),
    ],
)
def test_spanish_legal_interest_by_years(day, rate_bp):
    assert series("legal_interest").rate_on(day) == rate_bp


def test_the_last_spanish_half_year_is_provisional_and_the_end_is_known():
    late = series("late_interest")
    assert late.periods[-1].confidence is Confidence.PROVISIONAL
    assert late.known_until == date(2026, 12, 31)


def test_spanish_compensation_is_forty_euros_and_never_for_consumers():
    compensation = SPAIN.compensation
    assert compensation is not None
    assert (compensation.amount_minor, compensation.currency) == (4000, "EUR")
    assert compensation.applies_to == {"business", "public_body"}


def test_spanish_terms_are_thirty_days_and_sixty_at_most():
    business, public = SPAIN.payment_terms, SPAIN.public_payment_terms
    assert business is not None
    assert public is not None
    assert (business.default_days, business.maximum_days) == (30, 60)
    assert (public.approval_days, public.default_days) == (30, 30)
    assert public.provenance.confidence is Confidence.RECALLED


def test_spain_lacks_nothing_and_says_that_its_hours_are_prudence():
    assert SPAIN.gaps == ()
    assert SPAIN.contact.basis is Basis.PRUDENTIAL


def hours(opens: int, closes: int) -> ContactWindow:
    return ContactWindow(time(opens), time(closes))


@pytest.mark.parametrize(
    ("country", "currency", "weekday", "saturday"),
    [
        ("ES", "EUR", hours(9, 21), None),
        ("PE", "PEN", hours(7, 20), None),
        ("MX", "MXN", hours(7, 22), hours(7, 22)),
        ("CO", "COP", hours(7, 19), hours(8, 15)),
        ("CL", "CLP", hours(8, 20), hours(8, 20)),
        ("AR", "ARS", hours(9, 20), None),
    ],
)
def test_contact_hours_of_each_country(country, currency, weekday, saturday):
    law = load_jurisdiction(country)
    assert law.currency == currency
    assert law.contact.windows == (weekday,) * 5 + (saturday, None)
    assert law.contact.holidays is None


@pytest.mark.parametrize("country", ["AR", "CL", "CO", "MX", "PE"])
def test_a_country_without_verified_series_says_so(country):
    law = load_jurisdiction(country)
    assert law.late_interest is None
    assert any("intereses de demora" in gap for gap in law.gaps)


@pytest.mark.skipif(not LAW.is_dir(), reason="the researched tables are not beside the repository")
@pytest.mark.parametrize(
    ("name", "table"), [("late_interest", "es-late-rates.csv"), ("legal_interest", "es-legal-interest.csv")]
)
def test_the_series_are_the_researched_tables_row_by_row(name, table):
    with (LAW / table).open(encoding="utf-8") as file:
        researched = [
            (row["period_start"], row["period_end"], row["rate_percent"]) for row in csv.DictReader(file)
        ]
    shipped = [
        (p.first.isoformat(), p.last.isoformat(), f"{p.rate_bp // 100}.{p.rate_bp % 100:02}")
        for p in series(name).periods
    ]
    assert shipped == researched
