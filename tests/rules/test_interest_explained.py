"""Interest of one line: its rows, its rounding, and the same figure counted day by day."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.rules.interest import explain_interest
from aldia.rules.law import Confidence, RatePeriod, RateSeries

DAY = timedelta(days=1)
STATUTORY = RateSeries(
    (
        RatePeriod(date(2023, 1, 1), date(2023, 6, 30), 1050, "BOE-A-2022-24416", Confidence.STATUTE),
        RatePeriod(date(2023, 7, 1), date(2023, 12, 31), 1200, "BOE-A-2023-15221", Confidence.STATUTE),
        RatePeriod(date(2024, 1, 1), date(2024, 6, 30), 1250, "BOE-A-2023-26709", Confidence.DERIVED),
    )
)
LAST = STATUTORY.periods[-1]

days = st.integers(-40, 700).map(lambda n: date(2023, 1, 1) + n * DAY)
payments = st.lists(st.tuples(st.integers(1, 10**9), days), max_size=6)
rates = st.one_of(st.just(STATUTORY), st.integers(0, 5000))


def daily_rate(rate: RateSeries | int, day: date) -> int:
    if isinstance(rate, int):
        return rate
    if day > LAST.last:
        return LAST.rate_bp
    return next((p.rate_bp for p in rate.periods if p.first <= day <= p.last), 0)


def numerator_by_days(
    allocations: list[tuple[int, date]], open_minor: int, start: date, end: date, rate: RateSeries | int
) -> int:
    """An independent count: each day, what was unpaid when it began, at that day's rate."""
    total, day = 0, start + DAY
    while day <= end:
        principal = open_minor + sum(amount for amount, paid in allocations if paid >= day)
        total += principal * daily_rate(rate, day)
        day += DAY
    return total


def closed_formula(
    allocations: list[tuple[int, date]], open_minor: int, start: date, end: date, rates: RateSeries
) -> int:
    """docs/rules/interest.md §2, as it is written there."""
    c = rates.cumulated
    if start >= end:
        return 0
    stopped = sum(amount * max(0, c(min(paid, end)) - c(start)) for amount, paid in allocations)
    return stopped + open_minor * (c(end) - c(start))


def half_up(numerator: int) -> int:
    return (2 * numerator + 3_650_000) // 7_300_000


@given(allocations=payments, open_minor=st.integers(0, 10**9), start=days, end=days, rate=rates)
def test_the_total_is_what_a_count_of_days_gives(allocations, open_minor, start, end, rate):
    explained = explain_interest(
        allocations=allocations, open_minor=open_minor, start=start, end=end, rate=rate, currency="EUR"
    )
    assert explained.total_minor == half_up(numerator_by_days(allocations, open_minor, start, end, rate))


@given(allocations=payments, open_minor=st.integers(0, 10**12), start=days, end=days)
def test_the_total_is_the_closed_formula_of_the_rule(allocations, open_minor, start, end):
    explained = explain_interest(
        allocations=allocations, open_minor=open_minor, start=start, end=end, rate=STATUTORY, currency="EUR"
    )
    assert explained.total_minor == half_up(closed_formula(allocations, open_minor, start, end, STATUTORY))


@pytest.mark.parametrize(("currency", "digits"), [("EUR", 2), ("CLP", 0), ("BHD", 3)])
@given(data=st.data())
def test_the_rows_add_up_exactly_to_the_total(data, currency, digits):
    explained = explain_interest(
        allocations=data.draw(payments),
        open_minor=data.draw(st.integers(0, 10**9)),
        start=data.draw(days),
        end=data.draw(days),
        rate=data.draw(rates),
        currency=currency,
    )
    amounts = [row.amount for row in explained.rows]
    assert sum(amounts, Decimal(0)) == Decimal(explained.total_minor).scaleb(-digits)
    assert all(amount.as_tuple().exponent == -4 for amount in amounts)


@given(allocations=payments, open_minor=st.integers(0, 10**9), start=days, end=days, rate=rates)
def test_rows_stand_in_order_of_time_while_the_principal_falls(allocations, open_minor, start, end, rate):
    explained = explain_interest(
        allocations=allocations, open_minor=open_minor, start=start, end=end, rate=rate, currency="EUR"
    )
    for earlier, later in pairwise(explained.rows):
        assert later.first == earlier.last + DAY
        assert later.principal_minor <= earlier.principal_minor
    for row in explained.rows:
        assert start < row.first <= row.last <= end
        assert row.days == (row.last - row.first).days + 1
        assert row.principal_minor > 0


@given(allocations=payments, open_minor=st.integers(0, 10**9), start=days, end=days, rate=rates)
def test_each_row_but_the_last_is_its_own_interest_to_four_decimals(
    allocations, open_minor, start, end, rate
):
    explained = explain_interest(
        allocations=allocations, open_minor=open_minor, start=start, end=end, rate=rate, currency="EUR"
    )
    for row in explained.rows[:-1]:
        exact = Decimal(row.principal_minor * row.days * row.rate_bp) / Decimal(365_000_000)
        assert abs(row.amount - exact) <= Decimal("0.00005")


def test_the_worked_example_of_the_rule():
    explained = explain_interest(
        allocations=[(40_000, date(2023, 6, 20))],
        open_minor=60_000,
        start=date(2023, 5, 31),
        end=date(2023, 7, 10),
        rate=STATUTORY,
        currency="EUR",
    )
    assert explained.total_minor == 945
    assert [(r.first, r.last, r.days, r.principal_minor, r.rate_bp, r.amount) for r in explained.rows] == [
        (date(2023, 6, 1), date(2023, 6, 20), 20, 100_000, 1050, Decimal("5.7534")),
        (date(2023, 6, 21), date(2023, 6, 30), 10, 60_000, 1050, Decimal("1.7260")),
        (
            date(2023, 7, 1),
            date(2023, 7, 10),
            10,
            60_000,
            1200,
            Decimal("1.9706"),
        ),  # 1.9726 less the rounding
    ]
    assert explained.rows[-1].source == "BOE-A-2023-15221"
    assert explained.rows[-1].confidence is Confidence.STATUTE


def test_the_day_of_payment_still_bears_interest_and_the_due_day_does_not():
    explained = explain_interest(
        allocations=[(36_500_00, date(2023, 2, 2))],
        open_minor=0,
        start=date(2023, 2, 1),
        end=date(2023, 6, 1),
        rate=1000,
        currency="EUR",
    )
    assert explained.total_minor == 10_00
    assert [(r.first, r.last) for r in explained.rows] == [(date(2023, 2, 2), date(2023, 2, 2))]


def test_money_paid_before_it_was_due_bears_nothing():
    explained = explain_interest(
        allocations=[(50_000, date(2023, 1, 15))],
        open_minor=0,
        start=date(2023, 2, 1),
        end=date(2023, 6, 1),
        rate=STATUTORY,
        currency="EUR",
    )
    assert (explained.rows, explained.total_minor) == ((), 0)


@pytest.mark.parametrize("end", [date(2023, 2, 1), date(2023, 1, 1)])
def test_a_line_that_is_not_late_has_no_rows(end):
    explained = explain_interest(
        allocations=[], open_minor=10_000, start=date(2023, 2, 1), end=end, rate=STATUTORY, currency="EUR"
    )
    assert (explained.rows, explained.total_minor) == ((), 0)


def test_a_leap_year_counts_its_days_over_365():
    explained = explain_interest(
        allocations=[],
        open_minor=1_000_00,
        start=date(2023, 12, 31),
        end=date(2024, 12, 31),
        rate=1000,
        currency="EUR",
    )
    assert explained.total_minor == 100_27  # 366/365 of 100,00


def test_half_a_cent_rounds_up_once():
    explained = explain_interest(
        allocations=[],
        open_minor=1825,
        start=date(2023, 1, 1),
        end=date(2023, 1, 2),
        rate=1000,
        currency="EUR",
    )
    assert explained.total_minor == 1  # 1825 · 1 · 1000 ÷ 3 650 000 = 0.5


def test_days_after_the_last_published_rate_are_marked_provisional():
    explained = explain_interest(
        allocations=[],
        open_minor=10_000,
        start=date(2024, 6, 29),
        end=date(2024, 7, 5),
        rate=STATUTORY,
        currency="EUR",
    )
    assert [(r.days, r.rate_bp, r.confidence) for r in explained.rows] == [
        (1, 1250, Confidence.DERIVED),
        (5, 1250, Confidence.PROVISIONAL),
    ]


@pytest.mark.parametrize(
    ("allocations", "open_minor"), [([(0, LAST.first)], 5), ([(-3, LAST.first)], 5), ([], -1)]
)
def test_amounts_below_zero_are_a_bug_of_the_caller(allocations, open_minor):
    with pytest.raises(AssertionError):
        explain_interest(
            allocations=allocations,
            open_minor=open_minor,
            start=date(2024, 1, 1),
            end=date(2024, 2, 1),
            rate=STATUTORY,
            currency="EUR",
        )
