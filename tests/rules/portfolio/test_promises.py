"""Promises: the engine against an independent reckoning, the page's worked numbers, and laws of money."""

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import Phase, find, given, settings

from aldia.rules.portfolio.promises import promise_lines, promise_standings
from tests.oracle.balances import Book
from tests.oracle.promises import judge, until
from tests.oracle.world import MONEY_KINDS, World
from tests.rules.portfolio.promise_histories import History, day, histories
from tests.rules.portfolio.world_frames import frames_of, terms_of


def standings(world: World, on: int) -> dict[int, tuple[int, int, str]]:
    """Promise → required, paid, state, by the engine."""
    rows = promise_standings(frames_of(world, day(on)), terms_of(world, day(on)))
    return {
        row["promise_id"]: (row["required_minor"], row["paid_minor"], row["state"])
        for row in rows.iter_rows(named=True)
    }


def reckoned(world: World, on: int) -> dict[int, tuple[int, int, str]]:
    """The same by the oracle."""
    return {id_: (j.required, j.paid, j.state) for id_, j in judge(Book(world, day(on))).items()}


def parts(world: World, on: int) -> pl.DataFrame:
    return promise_lines(frames_of(world, day(on)), terms_of(world, day(on)))


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(histories())
def test_the_engine_agrees_with_the_oracle_on_every_day(history):
    world = history.world()
    for on in sorted({1, history.today - 3, history.today, history.today + 4, history.today + 30}):
        assert standings(world, on) == reckoned(world, on), f"day {on}"


@pytest.mark.night
@settings(max_examples=20_000, deadline=None)
@given(histories())
def test_the_engine_agrees_with_the_oracle_on_many_more(history):
    world = history.world()
    for on in (history.today - 1, history.today + 6):
        assert standings(world, on) == reckoned(world, on), f"day {on}"


@settings(max_examples=60, deadline=None)
@given(histories())
def test_no_cent_counts_twice_and_none_more_than_is_required(history):
    world, on = history.world(), history.today + 10
    for row in parts(world, on).iter_rows(named=True):
        assert 0 <= row["paid_minor"] <= row["required_minor"] <= row["amount_minor"]
    paid = parts(world, on).group_by("line_id").agg(pl.col("paid_minor").sum())
    money: dict[int, int] = {}
    for state in Book(world, day(on)).lines:
        money[state.line.id] = sum(p.amount for p in state.net if p.credit_kind in MONEY_KINDS)
    assert all(minor <= money[line] for line, minor in paid.iter_rows())


@settings(max_examples=60, deadline=None)
@given(histories())
def test_late_money_is_late(history):
    """What bears a date after the last day of a promise changes nothing of it."""
    last = max((until(p) for p in history.ledger.promises), default=day(history.today))
    on = max((last - day(1)).days + 2, history.today) + 1
    before = standings(history.world(), on)
    for line in list(history.ledger.lines):
        if history.ledger.left_open(line) > 0:
            history.pay(line, history.ledger.left_open(line), on)
    assert standings(history.world(), on) == before


@settings(max_examples=60, deadline=None)
@given(histories())
def test_a_verdict_on_record_is_confirmed_by_the_same_facts(history):
    """A second run writes nothing; only one that was withdrawn stays so whatever comes."""
    world, on = history.world(), day(history.today + 10)
    frames, terms = frames_of(world, on), terms_of(world, on)
    first = promise_standings(frames, terms)
    judged = first.filter(pl.col("state") != "open").select("promise_id", "state", "decided_on", "paid_minor")
    columns = frames.promises.columns
    recorded = (
        frames.promises.drop("verdict", "decided_on", "verdict_paid_minor")
        .join(
            judged.rename({"state": "verdict", "paid_minor": "verdict_paid_minor"}),
            on="promise_id",
            how="left",
        )
        .select(columns)
    )
    again = promise_standings(replace(frames, promises=recorded), terms)
    facts = ["promise_id", "required_minor", "paid_minor", "state", "decided_on"]
    assert again.select(facts).equals(first.select(facts))


@pytest.mark.slow
def test_the_histories_reach_what_they_are_for():
    """Every state, several promises on a line, and money that only replaces other money."""

    def has(state: str) -> Any:
        return lambda h: state in {s for *_, s in reckoned(h.world(), h.today + 10).values()}

    as_drawn = settings(max_examples=2_000, phases=[Phase.generate], deadline=None)
    for state in ("open", "kept", "partly_kept", "broken", "released", "withdrawn"):
        find(histories(), has(state), settings=as_drawn)


WHOLE = 100_000
DUE = 60_000


def one(**more: Any) -> History:
    """1.000,00 € of which 600,00 are promised on the 2nd for the 10th, with two days of grace."""
    history = History(today=2)
    history.line(WHOLE)
    history.promise({1: DUE}, 10, grace=2, **more)
    return history


@pytest.mark.parametrize(
    ("happens", "on_11", "on_13"),
    [
        ([], "open", "broken"),
        ([("pay", 60_000, 12)], "open", "kept"),
        ([("pay", 60_000, 13)], "open", "broken"),
        ([("pay", 25_000, 9)], "open", "partly_kept"),
        ([("credit_note", 70_000, 5)], "open", "broken"),
        ([("credit_note", 70_000, 5), ("pay", 30_000, 8)], "kept", "kept"),
        ([("credit_note", 100_000, 5)], "released", "released"),
        ([("write_off", 60_000, 20)], "open", "broken"),
        ([("money", 60_000, 10)], "open", "open"),
        ([("money", 60_000, 13)], "open", "broken"),
        ([("pay", 60_000, 1)], "kept", "kept"),
    ],
)
def test_the_worked_table_of_one_promise(happens, on_11, on_13):
    history = one()
    for kind, amount, on in happens:
        if kind == "money":
            history.credit(amount, on)
        else:
            history.pay(1, amount, on, kind="payment" if kind == "pay" else kind)
    world = history.world()
    found = [standings(world, on)[1][2] for on in (11, 13)]
    assert found == [on_11, on_13]
    assert found == [reckoned(world, on)[1][2] for on in (11, 13)]


def test_the_worked_case_of_the_tolerance():
    history = one(tolerance=50)
    history.pay(1, 25_000, 9)
    history.pay(1, 34_950, 10)
    assert standings(history.world(), 11)[1] == (60_000, 59_950, "kept")


def test_the_worked_case_of_a_write_off_after_its_days():
    history = one()
    history.pay(1, WHOLE, 20, kind="write_off")
    assert standings(history.world(), 25)[1] == (60_000, 0, "broken")


def test_the_worked_case_of_a_returned_debit():
    history = one()
    credit = history.pay(1, 60_000, 8)
    history.ledger.reverse_credit(credit, 60_000, day(20))
    assert [standings(history.world(), on)[1][2] for on in (19, 20)] == ["kept", "broken"]


def two() -> History:
    """Of 1.000,00 €: A promises 600,00 for the 10th, B 400,00 for the 20th."""
    history = History(today=2)
    history.line(WHOLE)
    history.promise({1: 60_000}, 10)
    history.promise({1: 40_000}, 20)
    return history


def test_the_worked_table_of_two_promises_on_one_line():
    history = two()
    history.pay(1, 70_000, 8)
    assert standings(history.world(), 20) == {1: (60_000, 60_000, "kept"), 2: (40_000, 10_000, "open")}
    assert standings(history.world(), 21)[2][2] == "partly_kept"
    history = two()
    history.pay(1, 70_000, 15)
    assert standings(history.world(), 15) == {1: (60_000, 0, "broken"), 2: (40_000, 40_000, "kept")}
    history = two()
    history.pay(1, 50_000, 5, kind="credit_note")
    history.pay(1, 50_000, 9)
    assert standings(history.world(), 9) == {1: (50_000, 50_000, "kept"), 2: (0, 0, "released")}


def test_the_worked_case_of_a_promise_after_a_broken_one():
    history = two()
    history.withdraw(2)
    history.today = 12
    history.promise({1: 60_000}, 25)
    history.pay(1, 60_000, 9)
    found = standings(history.world(), 12)
    assert (found[1], found[3]) == ((60_000, 60_000, "kept"), (40_000, 0, "open"))


@pytest.mark.parametrize(("redone", "paid"), [(True, 0), (False, 0)])
def test_the_worked_case_of_money_undone_and_done_again(redone, paid):
    """Entered anew it keeps no promise; neither does a debit that comes back stand in the way of one."""
    history = History(today=2)
    line = history.line(10_000)
    known = history.pay(line, 4_000, 1)
    history.promise({line: 6_000}, 10)
    history.ledger.reverse_credit(known, 4_000, day(4))
    if redone:
        history.pay(line, 4_000, 1)
    assert standings(history.world(), 5)[1] == (6_000, paid, "open")
    history.pay(line, 6_000, 8)
    assert standings(history.world(), 8)[1] == (6_000, 6_000, "kept")


def test_what_was_recorded_first_is_taken_first():
    """So that what only the later promise did not know yet is left for it, whatever date it bears."""
    history = History(today=2)
    history.line(WHOLE)
    history.promise({1: 60_000}, 10)
    history.pay(1, 60_000, 9)
    history.promise({1: 40_000}, 20)
    history.pay(1, 40_000, 5)
    found = {1: (60_000, 60_000, "kept"), 2: (40_000, 40_000, "kept")}
    assert standings(history.world(), 12) == reckoned(history.world(), 12) == found


def test_old_money_entered_anew_in_pieces_makes_up_for_what_was_undone_and_no_more():
    history = History(today=2)
    history.line(10_000)
    known = history.pay(1, 4_000, 1)
    history.promise({1: 6_000}, 10)
    history.ledger.reverse_credit(known, 4_000, day(4))
    for amount in (1_500, 2_500, 1_000):
        history.pay(1, amount, 1)
    found = {1: (6_000, 1_000, "open")}
    assert standings(history.world(), 5) == reckoned(history.world(), 5) == found
