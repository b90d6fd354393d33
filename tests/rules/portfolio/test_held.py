"""Days on hold: off the ladder, never off the interest."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aldia.rules.portfolio.engine import Decided, decide
from aldia.rules.portfolio.frames import Frames
from aldia.rules.portfolio.held import held_spans
from aldia.rules.portfolio.strategy import read_strategy
from tests.oracle.specimen import read_specimen
from tests.rules.portfolio.world_frames import terms_of

pytestmark = pytest.mark.slow

_DUE = date(2026, 3, 1)
_FAR = 150
_WORLD = read_specimen().world
_STEPS = ((3, "friendly"), (15, "second"), (30, "firm"), (60, "final"))


def _ladder(per: str) -> str:
    steps = "\n".join(
        f'[[step]]\nid = "{name}"\ntitle = "T"\nwhen = "days_overdue >= {days}"\nchannels = ["email"]\n'
        'tone = "amable"\ntemplate = "t"\n'
        for days, name in _STEPS
    )
    return (
        '[strategy]\nname = "x"\ntitle = "T"\ncurrency = "EUR"\nminimum = 15\nspacing_days = 0\n'
        f'[episode]\nper = "{per}"\n{steps}'
    )


_LADDERS = {per: {"x": read_strategy(_ladder(per))} for per in ("customer", "item")}

Span = tuple[int, int | None]


def _decided(day: date, holds: list[Span], per: str = "customer") -> Decided:
    """One invoice of 800,00 €, due on 1 March; holds as days after that date, half-open."""
    spans: list[dict[str, Any]] = [
        {
            "customer_id": 1,
            "from_on": _DUE + timedelta(days=first),
            "until_on": None if last is None else _DUE + timedelta(days=last),
        }
        for first, last in holds
    ]
    frames = Frames.from_rows(
        customers=[{"customer_id": 1, "person_kind": "business", "strategy": "x"}],
        lines=[
            {
                "line_id": 1,
                "customer_id": 1,
                "document_id": 1,
                "currency": "EUR",
                "kind": "invoice",
                "amount_minor": 80_000,
                "issued_on": _DUE - timedelta(days=30),
                "due_date": _DUE,
            }
        ],
        overlays=[
            {
                "overlay_id": number,
                "customer_id": 1,
                "kind": "hold",
                "until_on": span["until_on"],
                "effective_on": span["from_on"],
            }
            for number, span in enumerate(spans)
            if span["from_on"] <= day and (span["until_on"] is None or span["until_on"] > day)
        ],
        held=[{**span} for span in spans if span["from_on"] <= day],
    )
    return decide(frames, _LADDERS[per], terms_of(_WORLD, day))


_holds = st.lists(
    st.tuples(st.integers(-20, 80), st.integers(1, 40)).map(lambda pair: (pair[0], pair[0] + pair[1])),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(_holds, st.integers(1, _FAR))
def test_the_days_on_hold_are_those_of_the_union_and_interest_is_untouched(holds: list[Span], late: int):
    held = {day for first, last in holds for day in range(first, last or _FAR) if 0 < day <= late}
    decided, free = _decided(_DUE + timedelta(days=late), holds), _decided(_DUE + timedelta(days=late), [])
    row, plain = decided.rows.row(0, named=True), free.rows.row(0, named=True)
    assert row["days_on_hold"] == len(held)
    assert decided.units["days_overdue"].to_list() == [late - len(held)]
    differing = {name for name in plain if row[name] != plain[name]}
    assert differing <= {"days_on_hold", "on_hold"}
    assert row["interest_minor"] == plain["interest_minor"] > 0


def _step_on(late: int, holds: list[Span], per: str) -> str | None:
    """The step on which the ladder stands after so many days."""
    step: str | None = _decided(_DUE + timedelta(days=late), holds, per).decisions["step"][0]
    return step


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(1, 50), st.sampled_from(["customer", "item"]))
def test_a_hold_of_n_days_moves_every_later_step_by_exactly_n_days(length: int, begins: int, per: str):
    hold: list[Span] = [(begins, begins + length)]
    before: str | None = None
    for days, step in _STEPS:
        expected = days if days < begins else days + length
        if not begins <= expected - 1 < begins + length:  # nothing is due on a day on hold
            assert _step_on(expected - 1, hold, per) == before
        assert _step_on(expected, hold, per) == step
        before = step


def test_the_next_date_of_who_waits_counts_ladder_days():
    (waiting,) = _decided(_DUE + timedelta(days=12), [(1, 11)]).decisions.iter_rows(named=True)
    assert (waiting["outcome"], waiting["next_on"]) == ("waiting", _DUE + timedelta(days=13))


def test_a_hold_without_end_reaches_to_the_day_and_one_that_never_stood_counts_nothing():
    day = _DUE + timedelta(days=10)
    assert _decided(day, [(4, None)]).rows["days_on_hold"].to_list() == [7]
    assert _decided(day, [(4, 4), (6, 5)]).rows["days_on_hold"].to_list() == [0]
    spans = held_spans(_decided(day, [(2, 5), (5, 7), (8, 9)]).frames, terms_of(_WORLD, day))
    assert [(row[1] - _DUE).days for row in spans.iter_rows()] == [2, 8], "touching holds are one"
