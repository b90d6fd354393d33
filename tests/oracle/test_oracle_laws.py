"""The oracle keeps the ledger's laws on generated portfolios, and portfolios hold what they promise."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from aldia.rules.portfolio.vocabulary import DOCUMENT_VOCABULARY, vocabulary
from tests.factories_portfolio import generated_world
from tests.oracle.answer import answer
from tests.oracle.balances import Book
from tests.oracle.conditions import evaluate, parse
from tests.oracle.frame import money_scale, portfolio, strategy_of, words
from tests.oracle.notices import document_row
from tests.oracle.world import CREDIT_KINDS, MESSAGE_STATES, World

pytestmark = pytest.mark.slow

SEEDS = range(40)
_MORE = range(40, 50)  # at night
_SOME = [pytest.param(seed, marks=[pytest.mark.slow] if seed >= 10 else []) for seed in SEEDS] + [
    pytest.param(seed, marks=pytest.mark.night) for seed in _MORE
]
_WORLDS: dict[int, World] = {}


def _world(seed: int) -> World:
    if seed not in _WORLDS:
        _WORLDS[seed] = generated_world(seed)
    return _WORLDS[seed]


def _days(world: World) -> list[date]:
    return [world.as_of + timedelta(days=shift) for shift in (-200, 0, 45)]


@pytest.mark.parametrize("seed", _SOME)
def test_neither_open_nor_unallocated_is_ever_negative(seed: int):
    world = _world(seed)
    for day in _days(world):
        book = Book(world, day)
        assert all(s.open >= 0 for s in book.lines)
        assert all(c.unallocated >= 0 for c in book.credits)


@pytest.mark.parametrize("seed", _SOME)
def test_what_came_in_is_allocated_or_unallocated_or_went_back(seed: int):
    world = _world(seed)
    for day in _days(world):
        book = Book(world, day)
        received: dict[str, int] = defaultdict(int)
        placed: dict[str, int] = defaultdict(int)
        for c in book.credits:
            received[c.credit.currency] += c.credit.amount_minor
            placed[c.credit.currency] += c.unallocated + c.returned + c.refunded
        for s in book.lines:
            placed[s.line.currency] += s.line.amount_minor - s.reversed - s.open
        assert {k: v for k, v in placed.items() if v or k in received} == received


@pytest.mark.parametrize("seed", _SOME)
def test_buckets_sum_to_open_and_dunnable_is_within_overdue(seed: int):
    world = _world(seed)
    for day in _days(world)[:2]:
        for row in portfolio(Book(world, day)).values():
            buckets = sum(v for k, v in row.items() if k.startswith("aging_"))  # type: ignore[misc]
            assert buckets == row["open_minor"]
            assert 0 <= row["dunnable_minor"] <= row["overdue_minor"] <= row["open_minor"]  # type: ignore[operator]
            assert row["disputed_minor"] + row["covered_minor"] <= row["overdue_minor"]  # type: ignore[operator]
            assert (row["days_overdue"] > 0) == (row["items_overdue"] > 0)  # type: ignore[operator]


@pytest.mark.parametrize("seed", _SOME)
def test_every_customer_has_exactly_one_decision(seed: int):
    world = _world(seed)
    found = answer(world, world.as_of)
    assert list(found.decisions) == [c.id for c in world.customers]
    for customer in world.customers:
        decision = found.decisions[customer.id]
        steps = [s.id for s in strategy_of(world, customer).steps]
        assert (decision.step is None) == (decision.outcome not in steps)
        if decision.next_on is not None:
            assert decision.next_on > world.as_of


@pytest.mark.parametrize("seed", range(5))
def test_the_reader_of_conditions_agrees_with_their_python_twins(seed: int):
    world = _world(seed)
    found = answer(world, world.as_of)
    by_code = {c.code: c for c in world.customers}
    for row in found.rows.values():
        strategy = strategy_of(world, by_code[str(row["customer"])])
        seen = words(row, money_scale(strategy, str(row["currency"])))
        for step in strategy.steps:
            assert step.holds is not None
            assert evaluate(parse(step.when), seen) is step.holds(seen)
    book = Book(world, world.as_of)
    for state in book.lines:
        strategy = strategy_of(world, state.customer)
        seen = words(document_row(book, state), money_scale(strategy, state.line.currency))
        for entry in strategy.documents:
            assert entry.holds is not None
            assert evaluate(parse(entry.when), seen) is entry.holds(seen)


@pytest.mark.parametrize("seed", range(10))
def test_a_row_has_every_column_of_the_vocabulary_in_order(seed: int):
    world = _world(seed)
    columns = [c.name for c in vocabulary(world.settings.aging_edges)]
    assert all(list(row) == columns for row in portfolio(Book(world, world.as_of)).values())
    documents = [c.name for c in DOCUMENT_VOCABULARY]
    book = Book(world, world.as_of)
    assert all(list(document_row(book, state)) == documents for state in book.lines)


def test_the_same_seed_gives_the_same_answer():
    again, first = generated_world(7), _world(7)
    assert (again.lines, again.reversals, again.messages) == (first.lines, first.reversals, first.messages)
    assert answer(again, again.as_of) == answer(first, first.as_of)


@pytest.mark.slow
def test_an_allocation_takes_effect_with_the_later_of_credit_and_invoice():
    back_dated = 0
    for seed in SEEDS:
        world = _world(seed)
        lines, credits = {x.id: x for x in world.lines}, {x.id: x for x in world.credits}
        for a in world.allocations:
            value, issued = credits[a.credit_id].effective_on, lines[a.line_id].issued_on
            assert a.effective_on == max(value, issued)
            back_dated += value < issued
    assert back_dated > 50


@pytest.mark.slow
def test_generated_portfolios_meet_every_case():
    outcomes: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    occurrences: set[int | None] = set()
    notices: Counter[str] = Counter()
    interest = compensation = trends = 0
    for seed in SEEDS:
        world = _world(seed)
        found = answer(world, world.as_of)
        outcomes.update(d.outcome for d in found.decisions.values())
        occurrences |= {d.occurrence for d in found.decisions.values()}
        notices.update(n.entry for n in found.notices)
        seen |= {("reversal", r.target) for r in world.reversals}
        seen |= {("overlay", o.kind) for o in world.overlays}
        seen |= {("message", m.state) for m in world.messages}
        seen |= {("credit", c.kind) for c in world.credits}
        seen |= {("currency", c) for _, c in found.rows}
        interest += sum(row["interest_minor"] != 0 for row in found.rows.values())
        compensation += sum(row["compensation_minor"] != 0 for row in found.rows.values())
        trends += sum(row["days_late_trend"] is not None for row in found.rows.values())
    assert seen >= {("reversal", t) for t in ("credit", "line", "allocation", "refund")}
    assert seen >= {("overlay", k) for k in ("terms", "dispute", "cover", "hold")}
    assert seen >= {("message", s) for s in MESSAGE_STATES} | {("credit", k) for k in CREDIT_KINDS}
    assert seen >= {("currency", c) for c in ("EUR", "USD", "CLP", "BHD")}
    assert min(interest, compensation, trends) > 30
    assert {1, 2, 3} <= occurrences
    assert set(notices) == {"delivery", "acceptance", "pre_due", "due_today"}
    for outcome in _OUTCOMES:
        assert outcomes[outcome] >= 3, (outcome, outcomes)


_OUTCOMES = (
    "nothing_open",
    "nothing_overdue",
    "insolvent",
    "on_hold",
    "money_unapplied",
    "disputed",
    "covered",
    "no_amount_for_currency",
    "below_minimum",
    "waiting",
    "spacing",
    "friendly",
    "second",
    "firm",
    "final",
)
