"""Holidays of a place, region by region."""

from datetime import date

import pytest

from aldia.jurisdictions.calendars import UnknownPlace, holidays_of

MADRID_DAY = date(2026, 5, 2)
CHRISTMAS = date(2026, 12, 25)


def test_a_region_keeps_its_own_day_beside_those_of_the_country():
    assert {MADRID_DAY, CHRISTMAS} <= holidays_of("ES-MD", [2026])
    assert MADRID_DAY not in holidays_of("ES", [2026])
    assert CHRISTMAS in holidays_of("ES", [2026])


@pytest.mark.parametrize(
    ("place", "country"), [("ES-ZZ", "ES"), ("PE-LIM", "PE"), ("MX-CMX", "MX"), ("es", "ES")]
)
def test_an_unknown_region_keeps_the_days_of_its_country(place, country):
    days = holidays_of(place, [2026])
    assert days
    assert days == holidays_of(country, [2026])


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("PE", date(2026, 7, 28)),
        ("MX", date(2026, 9, 16)),
        ("CO", date(2026, 7, 20)),
        ("CL", date(2026, 9, 18)),
        ("AR", date(2026, 7, 9)),
    ],
)
def test_every_country_we_know_rests_on_its_national_day(country, day):
    assert day in holidays_of(country, [2026])


def test_only_the_years_asked_for_are_given():
    days = holidays_of("ES", (2025, 2026))
    assert {day.year for day in days} == {2025, 2026}
    assert holidays_of("ES", []) == frozenset()


@pytest.mark.parametrize("place", ["", "Spain", "ESP", "ZZ", "-MD"])
def test_an_unknown_country_is_refused_with_a_sentence(place):
    with pytest.raises(UnknownPlace, match="No hay calendario de festivos"):
        holidays_of(place, [2026])
