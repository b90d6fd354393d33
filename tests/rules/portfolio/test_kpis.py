"""The day's figures, against the worked examples of docs/rules/run.md and against plain arithmetic."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.kpis import (
    MonthSales,
    cei_bp,
    day_totals,
    dso_countback_tenths,
    dso_simple_tenths,
    movement,
    open_on,
    sales_by_day,
)
from aldia.rules.portfolio.lines import lines_as_of
from tests.factories_portfolio import generated_world
from tests.oracle.answer import answer
from tests.rules.portfolio.world_frames import frames_of, strategies_of, terms_of

DAY = date(2026, 11, 20)


def test_the_worked_examples_of_the_page() -> None:
    months = [MonthSales(20, 3_000), MonthSales(31, 5_000), MonthSales(30, 8_000)]
    assert dso_countback_tenths(12_000, months) == 660
    assert dso_simple_tenths(12_000, 15_000, 90) == 720
    assert cei_bp(10_000, 4_000, 9_000, 6_000) == 6_250


@pytest.mark.parametrize(
    ("outstanding", "months", "tenths"),
    [
        (0, [MonthSales(20, 100)], 0),
        (100, [MonthSales(20, 100)], 200),
        (101, [MonthSales(20, 100)], None),  # the months given do not use it up
        (50, [MonthSales(20, 0), MonthSales(31, 100)], 355),
        (10, [], None),
    ],
)
def test_countback_takes_whole_months_and_a_fraction_of_the_last(
    outstanding: int, months: list[MonthSales], tenths: int | None
) -> None:
    assert dso_countback_tenths(outstanding, months) == tenths


def test_without_sales_or_anything_collectable_there_is_no_ratio() -> None:
    assert dso_simple_tenths(100, 0, 90) is None
    assert cei_bp(0, 0, 0, 0) is None


@given(st.integers(0, 10**12), st.lists(st.tuples(st.integers(1, 31), st.integers(1, 10**11)), max_size=24))
def test_countback_is_the_exact_fraction_rounded_once(outstanding: int, sold: list[tuple[int, int]]) -> None:
    months = [MonthSales(days, minor) for days, minor in sold]
    left, exact = Fraction(outstanding), Fraction(0)
    for month in months:
        part = min(left, Fraction(month.minor))
        exact += part / month.minor * month.days
        left -= part
    got = dso_countback_tenths(outstanding, months)
    assert got is None if left else got is not None and abs(Fraction(got, 10) - exact) <= Fraction(1, 20)


@given(st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 10**12))
def test_collecting_all_that_was_due_is_a_hundred_percent(opening: int, sales: int, not_due: int) -> None:
    closing = min(not_due, opening + sales)
    result = cei_bp(opening, sales, closing, closing)
    assert result in (None, 10_000)


def test_totals_add_up_the_oracles_rows() -> None:
    world = generated_world(5)
    expected = answer(world, world.as_of).rows
    rows = pl.DataFrame(
        [{"customer_id": c, **row} for (c, _), row in expected.items()], infer_schema_length=None
    )
    totals = day_totals(rows, terms_of(world, world.as_of))
    for row in totals.iter_rows(named=True):
        mine: list[dict[str, Any]] = [
            dict(r) for (_, currency), r in expected.items() if currency == row["currency"]
        ]
        for name in ("open_minor", "overdue_minor", "dunnable_minor", "aging_1_30_minor"):
            assert row[name] == sum(int(r[name]) for r in mine), name
        assert row["customers"] == sum(1 for r in mine if int(r["open_minor"]) > 0)


def _frames(*lines: tuple[int, int, date, int], paid: tuple[tuple[int, int, int, date], ...] = ()) -> Frames:
    """lines: (id, customer, due, amount), issued thirty days before; paid: (line, customer, amount, day)."""
    return Frames.from_rows(
        lines=[
            {
                "line_id": n,
                "customer_id": customer,
                "document_id": n,
                "currency": "EUR",
                "kind": "invoice",
                "amount_minor": amount,
                "issued_on": due - timedelta(days=30),
                "due_date": due,
            }
            for n, customer, due, amount in lines
        ],
        allocations=[
            {"line_id": n, "customer_id": c, "amount_minor": a, "effective_on": day, "by_money": True}
            for n, c, a, day in paid
        ],
    )


def test_movement_says_who_entered_was_cured_and_rolled() -> None:
    terms = Terms(as_of=DAY)
    frames = _frames(
        (1, 1, DAY - timedelta(days=2), 100),  # entered: was not due ten days ago
        (2, 2, DAY - timedelta(days=15), 100),  # cured: paid since
        (3, 3, DAY - timedelta(days=35), 100),  # rolled forward: from 1–30 to 31–60
        (4, 4, DAY - timedelta(days=65), 100),  # rolled back: its oldest was paid, a younger one stays
        (5, 4, DAY - timedelta(days=15), 100),
        (6, 5, DAY - timedelta(days=15), 100),  # stays where it was
        paid=((2, 2, 100, DAY - timedelta(days=1)), (4, 4, 100, DAY - timedelta(days=1))),
    )
    moved = movement(lines_as_of(frames, terms), frames, terms, DAY - timedelta(days=10))
    assert moved == {"entered": 1, "cured": 1, "rolled_forward": 1, "rolled_back": 1}


def test_what_was_open_earlier_leaves_out_what_came_later() -> None:
    frames = _frames(
        (1, 1, DAY, 100),
        (2, 1, DAY + timedelta(days=29), 70),
        paid=((1, 1, 40, DAY - timedelta(days=20)), (1, 1, 60, DAY)),
    )
    assert dict(open_on(frames, DAY - timedelta(days=10)).iter_rows()) == {"EUR": 60}


def test_sales_are_what_was_issued_on_each_day() -> None:
    frames = _frames((1, 1, DAY, 100), (2, 1, DAY, 50), (3, 1, DAY + timedelta(days=1), 7))
    sold = {day: minor for _, day, minor in sales_by_day(frames).iter_rows()}
    assert sold == {DAY - timedelta(days=30): 150, DAY - timedelta(days=29): 7}


def test_the_frames_of_a_world_reach_the_figures() -> None:
    world = generated_world(2)
    frames = frames_of(world, world.as_of)
    assert strategies_of(world)
    total = sum(line.amount_minor for line in world.lines if line.issued_on <= world.as_of)
    assert 0 < sum(open_on(frames, world.as_of)["open_minor"]) <= total
