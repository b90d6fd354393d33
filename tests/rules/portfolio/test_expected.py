"""Expected cash: the worked example of docs/rules/expected.md, and the laws of generated portfolios."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.rules.portfolio.engine import standing
from aldia.rules.portfolio.expected import Expected, ExpectedPart, expected_cash, expected_part
from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.survival import FIRST_DAY, LAST_DAY, curves_of
from tests.factories_portfolio import generated_world
from tests.rules.portfolio.world_frames import frames_of, strategies_of, terms_of

DAY = date(2026, 11, 20)
_SHARE = 1_000_000


def _history(*days: tuple[int, int, int, int], group: str = "steady", segment: str = "") -> pl.DataFrame:
    """days: (day, lines entered, lines paid, lines last seen), each of 100,00."""
    rows = [
        {
            "currency": "EUR",
            "group": group,
            "segment": segment,
            "day": day,
            "entered": entered * 10_000,
            "paid": paid * 10_000,
            "gone": gone * 10_000,
            "entered_share": entered * _SHARE,
            "paid_share": paid * _SHARE,
            "gone_share": gone * _SHARE,
            "payments": paid,
        }
        for day, entered, paid, gone in days
    ]
    return pl.DataFrame(rows, schema_overrides={"day": pl.Int32})


OF_THE_PAGE = _history((-30, 40, 0, 0), (0, 0, 20, 0), (5, 0, 10, 0), (12, 0, 6, 0), (30, 0, 0, 4))


def _part(*opened: tuple[int, int], history: pl.DataFrame = OF_THE_PAGE) -> ExpectedPart:
    """opened: (days since the usual day, minor units) of one steady customer each, all due on the day."""
    rows = [
        {"currency": "EUR", "group": "steady", "segment": "", "past": p, "room_minor": m, "squares": m * m}
        for p, m in opened
    ]
    room = sum(minor for _, minor in opened)
    due = {"currency": ["EUR"], "week": [0], "room_minor": [room], "disputed": [0], "unapplied": [0]}
    return ExpectedPart(
        history=history,
        opened=pl.DataFrame(rows, schema_overrides={"past": pl.Int32, "squares": pl.Int128}),
        late=pl.DataFrame(
            schema={"currency": pl.String, "segment": pl.String, "late": pl.Int32, "paid_lines": pl.Int64}
        ),
        due=pl.DataFrame({**due, "stayed": [0]}),
    )


def _middles(expected: Expected) -> list[int]:
    return [week.expected for week in expected.weeks]


def test_the_curve_of_the_page() -> None:
    curve = curves_of(OF_THE_PAGE.drop("segment")).of("EUR", "steady")
    assert [curve.unpaid(day) for day in (-1, 0, 4, 5, 12, 400)] == pytest.approx(
        [1, 0.5, 0.5, 0.25, 0.1, 0.1]
    )


def test_the_worked_example_of_the_page() -> None:
    ana = expected_cash([_part((-3, 100_000))], DAY)["EUR"]
    luis = expected_cash([_part((6, 80_000))], DAY)["EUR"]
    both = expected_cash([_part((-3, 100_000), (6, 80_000))], DAY)["EUR"]
    assert _middles(ana) == [50_000, 25_000, 15_000, 0, 0, 0, 0, 0]
    assert ana.later == 10_000
    assert (_middles(luis)[0], luis.later) == (48_000, 32_000)
    first = both.weeks[0]
    assert (first.low, first.expected, first.high) == (16_580, 98_000, 179_420)
    assert both.starts[:2] == (date(2026, 11, 21), date(2026, 11, 28))


def test_without_payments_enough_what_falls_due_stands_for_what_comes_in() -> None:
    few = _history((-30, 40, 0, 0), (0, 0, 29, 0), (5, 0, 0, 11))
    part = _part((-3, 100_000), history=few)
    due = part.due.with_columns(week=pl.lit(3, pl.Int64))
    found = expected_cash([replace(part, due=due)], DAY)["EUR"]
    assert not found.from_history
    assert _middles(found) == list(found.due) == [0, 0, 100_000, 0, 0, 0, 0, 0]
    assert [week.low for week in found.weeks] == [0] * 8


def test_a_group_with_few_payments_goes_by_everybodys_curve() -> None:
    few = _history((-30, 40, 0, 0), (20, 0, 29, 0), (30, 0, 0, 11), group="irregular")
    curves = curves_of(pl.concat([OF_THE_PAGE, few]).drop("segment"))
    assert curves.of("EUR", "irregular") == curves.everybody == curves.of("USD", "steady")
    assert curves.everybody.unpaid(0) == pytest.approx(60 / 80)


@given(
    st.lists(
        st.tuples(st.integers(-200, 800), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)), min_size=1
    ),
    st.integers(-400, 1000),
)
def test_a_curve_never_rises_and_a_line_never_pays_more_than_itself(
    days: list[tuple[int, int, int, int]], past: int
) -> None:
    curve = curves_of(_history(*days).drop("segment")).everybody
    shares = [curve.unpaid(day) for day in range(FIRST_DAY - 1, LAST_DAY + 2)]
    assert shares[0] == 1
    assert all(0 <= later <= earlier for earlier, later in pairwise(shares))
    weeks = [curve.lost(past, 7 * week, 7) for week in range(60)]
    assert all(share >= 0 for share in weeks)
    assert sum(weeks) <= 1 + 1e-9


@pytest.mark.parametrize("seed", range(12))
def test_every_open_amount_is_expected_later_or_left_out(seed: int) -> None:
    lines, found = _of_world(seed)
    outstanding = dict(lines.group_by("currency").agg(pl.col("open_minor").sum()).iter_rows())
    assert {currency for currency, minor in outstanding.items() if minor} == set(found)
    for currency, expected in found.items():
        weeks = expected.weeks
        assert (
            sum(_middles(expected)) + expected.later + sum(expected.left_out.values())
            == outstanding[currency]
        )
        assert all(0 <= week.low <= week.expected <= week.high for week in (*weeks, expected.whole))
        assert min(expected.later, *expected.left_out.values()) >= 0
        assert expected.whole.expected == sum(_middles(expected))


@pytest.mark.parametrize("seed", [1, 4, 7])
def test_parts_of_the_customers_add_up_to_the_whole(seed: int) -> None:
    _, whole = _of_world(seed)
    world = generated_world(seed)
    frames, terms = frames_of(world, world.as_of), terms_of(world, world.as_of)
    parts = []
    for odd in (0, 1):
        mine = pl.col("customer_id") % 2 == odd
        half = replace(frames, **{name: _of(frames, name).filter(mine) for name in _BY_CUSTOMER})
        lines, rows, _ = standing(half, strategies_of(world), terms)
        parts.append(expected_part(lines, rows, half, terms))
    assert expected_cash(parts, world.as_of) == whole


_BY_CUSTOMER = ("customers", "lines", "allocations", "credits", "overlays", "episodes", "steps", "replies")


def _of(frames: Frames, name: str) -> pl.DataFrame:
    frame: pl.DataFrame = getattr(frames, name)
    return frame


def _of_world(seed: int) -> tuple[pl.DataFrame, dict[str, Expected]]:
    world = generated_world(seed)
    frames, terms = frames_of(world, world.as_of), terms_of(world, world.as_of)
    lines, rows, _ = standing(frames, strategies_of(world), terms)
    return lines, expected_cash([expected_part(lines, rows, frames, terms)], world.as_of)


def _customer(customer_id: int, **changes: Any) -> dict[str, Any]:
    said = {
        "customer_id": customer_id,
        "customer": f"C{customer_id}",
        "person_kind": "business",
        "segment": "business",
        "country": "ES",
        "language": "es",
        "strategy": "s",
        "has_email": True,
    }
    return said | changes


def _line(line_id: int, customer_id: int, due: date, amount: int) -> dict[str, Any]:
    return {
        "line_id": line_id,
        "customer_id": customer_id,
        "document_id": line_id,
        "currency": "EUR",
        "kind": "invoice",
        "amount_minor": amount,
        "issued_on": due - timedelta(days=30),
        "due_date": due,
    }


def _expected(**rows: list[dict[str, Any]]) -> Expected:
    frames, terms = Frames.from_rows(**rows), Terms(as_of=DAY)
    lines, portfolio, _ = standing(frames, {}, terms)
    return expected_cash([expected_part(lines, portfolio, frames, terms)], DAY)["EUR"]


def _paid(late: int, *, customer_id: int = 1, count: int = 40) -> dict[str, list[dict[str, Any]]]:
    """Lines of 100,00, one every ten days, each paid so many days late."""
    dues = [DAY - timedelta(days=60 + 10 * n) for n in range(count)]
    ids = [1000 * customer_id + n for n in range(count)]
    return {
        "lines": [_line(n, customer_id, due, 10_000) for n, due in zip(ids, dues, strict=True)],
        "allocations": [
            {
                "line_id": n,
                "customer_id": customer_id,
                "amount_minor": 10_000,
                "effective_on": due + timedelta(days=late),
                "by_money": True,
            }
            for n, due in zip(ids, dues, strict=True)
        ],
    }


def test_a_customer_is_expected_on_its_own_usual_day() -> None:
    paid = _paid(late=25)
    opened = _line(1, 1, DAY - timedelta(days=2), 50_000)
    found = _expected(
        customers=[_customer(1)], lines=[*paid["lines"], opened], allocations=paid["allocations"]
    )
    assert _middles(found) == [0, 0, 0, 50_000, 0, 0, 0, 0]  # in 23 days


def test_a_newcomer_is_expected_as_late_as_its_segment_pays() -> None:
    paid = _paid(late=25)
    opened = _line(1, 2, DAY - timedelta(days=2), 50_000)
    customers = [_customer(1), _customer(2)]
    found = _expected(customers=customers, lines=[*paid["lines"], opened], allocations=paid["allocations"])
    assert _middles(found) == [0, 0, 0, 50_000, 0, 0, 0, 0]
    alone = [_customer(1, segment="otro"), _customer(2)]  # nobody of its own segment: everybody's median
    found = _expected(customers=alone, lines=[*paid["lines"], opened], allocations=paid["allocations"])
    assert _middles(found) == [0, 0, 0, 50_000, 0, 0, 0, 0]


def test_disputed_unapplied_and_insolvent_money_is_left_out() -> None:
    soon = DAY + timedelta(days=3)
    found = _expected(
        customers=[_customer(1), _customer(2, insolvent_on=DAY), _customer(3)],
        lines=[_line(1, 1, soon, 50_000), _line(2, 2, soon, 7_000), _line(3, 3, soon, 9_000)],
        overlays=[
            {
                "overlay_id": 1,
                "customer_id": 3,
                "line_id": 3,
                "kind": "dispute",
                "amount_minor": 4_000,
                "effective_on": DAY,
            }
        ],
        credits=[
            {
                "customer_id": 1,
                "currency": "EUR",
                "unallocated_minor": 20_000,
                "effective_on": DAY,
                "payment": True,
            }
        ],
    )
    assert found.left_out == {"disputed": 4_000, "unapplied": 20_000, "stayed": 7_000}
    assert found.due == (35_000, 0, 0, 0, 0, 0, 0, 0)


def test_paper_is_expected_when_it_falls_due() -> None:
    paid = _paid(late=0)
    opened = _line(1, 1, DAY - timedelta(days=40), 50_000)
    paper = {
        "overlay_id": 1,
        "customer_id": 1,
        "line_id": 1,
        "kind": "cover",
        "until_on": DAY + timedelta(days=10),
        "effective_on": DAY,
    }
    found = _expected(
        customers=[_customer(1)],
        lines=[*paid["lines"], opened],
        allocations=paid["allocations"],
        overlays=[paper],
    )
    assert _middles(found)[:3] == [0, 50_000, 0]
