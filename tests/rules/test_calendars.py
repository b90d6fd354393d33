"""Working days around weekends and holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.rules.calendars import business_day_from, is_business_day, is_weekend, next_business_day

CHRISTMAS = frozenset({date(2026, 12, 25), date(2027, 1, 1)})  # both Fridays

days = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("day", "following"),
    [
        (date(2026, 11, 18), date(2026, 11, 19)),  # Wednesday
        (date(2026, 11, 20), date(2026, 11, 23)),  # Friday
        (date(2026, 11, 21), date(2026, 11, 23)),  # Saturday
        (date(2026, 12, 24), date(2026, 12, 28)),  # before a Friday holiday
    ],
)
def test_the_next_business_day_leaps_weekends_and_holidays(day, following):
    assert next_business_day(day, CHRISTMAS) == following


def test_a_business_day_stays_where_it_is_and_a_holiday_moves_on():
    assert business_day_from(date(2026, 12, 24), CHRISTMAS) == date(2026, 12, 24)
    assert business_day_from(date(2026, 12, 25), CHRISTMAS) == date(2026, 12, 28)


def test_saturday_and_sunday_are_the_weekend():
    monday = date(2026, 11, 16)
    assert [is_weekend(monday + timedelta(days=n)) for n in range(7)] == [False] * 5 + [True] * 2


@given(day=days, holidays=st.frozensets(days, max_size=40))
def test_no_business_day_is_passed_over(day, holidays):
    following = next_business_day(day, holidays)
    between = [day + timedelta(days=n) for n in range(1, (following - day).days)]
    assert following > day
    assert is_business_day(following, holidays)
    assert not any(is_business_day(skipped, holidays) for skipped in between)
