"""How money meets debt: laws on any input, and the cases people ask about."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.rules.allocation import (
    allocate_in_order,
    allocation_day,
    first_day_below_zero,
    first_day_with_room,
    take_newest_first,
)

_DAY = date(2026, 3, 1)
_MINOR = st.integers(0, 10**12)
_DAYS = st.integers(0, 20).map(lambda n: _DAY + timedelta(days=n))
_MOVEMENTS = st.lists(st.tuples(_DAYS, st.integers(-50, 50)), max_size=12)


def _left(movements, day):
    return sum(minor for each, minor in movements if each <= day)


@given(payment=_MINOR, items=st.lists(st.integers(0, 10**9), max_size=20))
def test_allocation_never_creates_nor_loses_money(payment, items):
    taken = allocate_in_order(payment, list(enumerate(items)))
    assert sum(minor for _, minor in taken) == min(payment, sum(items))
    assert all(0 < minor <= items[line] for line, minor in taken)


@given(payment=_MINOR, items=st.lists(st.integers(1, 10**9), max_size=20))
def test_a_line_gets_money_only_when_all_before_it_are_paid(payment, items):
    taken = allocate_in_order(payment, list(enumerate(items)))
    assert [line for line, _ in taken] == list(range(len(taken)))
    assert all(minor == items[line] for line, minor in taken[:-1])


@given(
    data=st.data(),
    allocations=st.lists(st.tuples(_DAYS, st.integers(1, 10**9)), max_size=12),
)
def test_what_is_taken_back_is_what_was_asked_newest_first(data, allocations):
    rows = [(id_, day, left) for id_, (day, left) in enumerate(allocations)]
    asked = data.draw(st.integers(0, sum(left for _, _, left in rows)))
    taken = take_newest_first(asked, rows)
    assert sum(minor for _, minor in taken) == asked
    order = [(rows[id_][1], id_) for id_, _ in taken]
    assert order == sorted(order, reverse=True)
    untouched = {id_ for id_, _, _ in rows} - {id_ for id_, _ in taken}
    assert all((rows[id_][1], id_) < min(order, default=(date.max, 0)) for id_ in untouched)


def test_the_latest_day_goes_first_and_then_the_highest_id():
    rows = [(1, date(2026, 4, 10), 40), (2, date(2026, 3, 1), 30), (3, date(2026, 4, 10), 20)]
    assert take_newest_first(70, rows) == [(3, 20), (1, 40), (2, 10)]


def test_no_more_is_taken_back_than_was_allocated():
    with pytest.raises(ValueError, match="more to take"):
        take_newest_first(11, [(1, _DAY, 10)])


@pytest.mark.parametrize(("amount", "lines"), [(-1, []), (5, [(1, -2)])])
def test_negative_amounts_are_refused(amount, lines):
    with pytest.raises(ValueError, match="not negative"):
        allocate_in_order(amount, lines)


def test_money_paid_ahead_counts_from_the_issue_and_late_money_from_its_value_date():
    assert allocation_day(date(2026, 2, 1), date(2026, 3, 1)) == date(2026, 3, 1)
    assert allocation_day(date(2026, 4, 1), date(2026, 3, 1)) == date(2026, 4, 1)


@given(movements=_MOVEMENTS, amount=st.integers(0, 60), not_before=_DAYS)
def test_the_day_with_room_is_the_first_from_which_the_amount_is_always_there(movements, amount, not_before):
    days = [_DAY + timedelta(days=n) for n in range(22)]
    fits = [
        day
        for day in days
        if day >= not_before and all(_left(movements, later) >= amount for later in days if later >= day)
    ]
    assert first_day_with_room(movements, amount, not_before) == (fits[0] if fits else None)


def test_money_taken_back_in_april_is_free_from_april_on():
    movements = [(date(2026, 3, 1), 100), (date(2026, 3, 1), -100), (date(2026, 4, 1), 100)]
    assert first_day_with_room(movements, 100, date(2026, 3, 1)) == date(2026, 4, 1)
    assert first_day_with_room(movements, 101, date(2026, 3, 1)) is None


@given(movements=_MOVEMENTS)
def test_the_first_day_below_zero_is_the_first(movements):
    days = [_DAY + timedelta(days=n) for n in range(22)]
    below = [day for day in days if _left(movements, day) < 0]
    assert first_day_below_zero(movements) == (below[0] if below else None)
