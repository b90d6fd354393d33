"""One dunning decision per customer and day: the step, or why none (docs/rules/strategy.md §2 to §5)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.balances import Book, LineState
from tests.oracle.behaviour import done_steps, highest, open_episodes, sent_days
from tests.oracle.conditions import asked_days, evaluate, parse, without_days_of
from tests.oracle.frame import Row, money_scale, strategy_of, words
from tests.oracle.promises import paused_until, unanswered_broken
from tests.oracle.world import Customer, Promise, Step, Strategy, World


@dataclass(frozen=True, slots=True)
class Decision:
    """outcome: a reason, or the id of the step. step, rank, occurrence: only when a step is taken."""

    outcome: str
    next_on: date | None = None
    step: str | None = None
    rank: int | None = None
    occurrence: int | None = None


@dataclass(frozen=True, slots=True)
class Walker:
    """One overdue row that walks the ladder: a customer's currency, or a line where episodes are per item."""

    row: Row
    line_id: int | None
    scale: Fraction | None
    episode_id: int | None
    done: Mapping[str, int]
    is_broken: bool = False

    def amount(self, name: str) -> int:
        """A money column of the row, minor units."""
        value = self.row[name]
        assert isinstance(value, int)
        return value

    @property
    def last_rank(self) -> int:
        """The rank last done in its episode, 0 when none."""
        return max(self.done.values(), default=0)

    def reaches(self, minimum: Fraction | None) -> bool:
        """Whether its dunnable amount is at least this much, in major units of the strategy's currency."""
        if minimum is None:
            return True
        assert self.scale is not None
        return self.amount("dunnable_minor") >= minimum * self.scale


def decide(book: Book, rows: list[Row], customer: Customer) -> Decision:
    """The decision, given the customer's rows of the portfolio."""
    if not any(_positive(r, "open_minor") for r in rows):
        return Decision("nothing_open")
    if not any(_positive(r, "overdue_minor") for r in rows):
        dues = [r["next_due_date"] for r in rows if isinstance(r["next_due_date"], date)]
        return Decision("nothing_overdue", min(dues) + timedelta(days=1) if dues else None)
    if customer.insolvent_on is not None and customer.insolvent_on <= book.day:
        return Decision("insolvent")
    holds = [o.until for o in book.overlays if o.kind == "hold" and o.customer_id == customer.id]
    if holds:
        dated = [until for until in holds if until is not None]
        return Decision("on_hold", max(dated) if len(dated) == len(holds) else None)
    promised = paused_until(book, customer.id)
    if promised is not None:
        return Decision("promise_open", promised + timedelta(days=1))
    strategy = strategy_of(book.world, customer)
    broken = unanswered_broken(book, customer.id)
    walkers = _walkers(book, rows, customer, strategy)
    walkers = [replace(w, is_broken=_is_of(broken, w)) for w in walkers]
    return _reason_of_amounts(walkers, strategy) or _by_ladder(book, customer, strategy, walkers)


def _is_of(broken: Promise | None, walker: Walker) -> bool:
    """Whether a broken promise makes the next step of this row due."""
    if broken is None:
        return False
    if walker.line_id is None:
        return walker.row["currency"] == broken.currency
    return any(part.line_id == walker.line_id for part in broken.parts)


def _positive(row: Row, name: str) -> bool:
    value = row[name]
    return isinstance(value, int) and value > 0


def _walkers(book: Book, rows: list[Row], customer: Customer, strategy: Strategy) -> list[Walker]:
    episodes = open_episodes(book.world, customer.id, strategy.per, book.day)
    by_line = {e.line_id: e.id for e in episodes}
    found = []
    for row in rows:
        if not _positive(row, "overdue_minor"):
            continue
        for line_id, own in _split(book, row, customer) if strategy.per == "item" else [(None, row)]:
            episode_id = by_line.get(line_id)
            own = {**own, "days_overdue": _ladder_days(own)}
            done = done_steps(book.world, {episode_id} if episode_id is not None else set(), book.day)
            if line_id is not None:
                own = {**own, **_own_history(book, episode_id, done)}
            scale = money_scale(strategy, str(row["currency"]))
            found.append(Walker(own, line_id, scale, episode_id, done))
    return sorted(found, key=lambda w: (str(w.row["currency"]), w.line_id or 0))


def _ladder_days(row: Row) -> int:
    """Days overdue as conditions of a strategy see them: without the days on hold (aging.md §6)."""
    days, held = row["days_overdue"], row["days_on_hold"]
    assert isinstance(days, int)
    assert isinstance(held, int)
    return days - held


def _own_history(book: Book, episode_id: int | None, done: dict[str, int]) -> Row:
    step, rank = highest(done)
    opened = [e.opened_on for e in book.world.episodes if e.id == episode_id]
    return {"last_step": step, "last_rank": rank, "episode_opened_on": opened[0] if opened else None}


def _split(book: Book, row: Row, customer: Customer) -> list[tuple[int, Row]]:
    """Each overdue line as a row of its own; unapplied money used up on the oldest first (aging.md §3)."""
    mine = [
        s
        for s in book.lines
        if s.overdue and s.line.customer_id == customer.id and s.line.currency == row["currency"]
    ]
    left = row["unapplied_minor"]
    assert isinstance(left, int)
    split = []
    for state in sorted(mine, key=lambda s: (s.due, s.line.id)):
        taken = min(left, state.open - state.disputed - state.covered)
        left -= taken
        split.append((state.line.id, {**row, **_line_amounts(book, state, taken)}))
    return split


def _line_amounts(book: Book, state: LineState, taken: int) -> Row:
    return {
        "overdue_minor": state.open,
        "days_overdue": state.days,
        "days_on_hold": book.days_on_hold(state.line.customer_id, state.due),
        "unapplied_minor": taken,
        "disputed_minor": state.disputed,
        "covered_minor": state.covered,
        "dunnable_minor": state.open - state.disputed - state.covered - taken,
    }


def _reason_of_amounts(walkers: list[Walker], strategy: Strategy) -> Decision | None:
    owing = [w for w in walkers if w.amount("dunnable_minor") > 0]
    if not owing:
        first = walkers[0]
        # the first of equals wins: this is the order of the table
        names = (
            ("money_unapplied", "unapplied_minor"),
            ("disputed", "disputed_minor"),
            ("covered", "covered_minor"),
        )
        return Decision(max(names, key=lambda pair: first.amount(pair[1]))[0])
    priced = [w for w in owing if w.scale is not None]
    if not priced:
        return Decision("no_amount_for_currency")
    if not any(w.reaches(Fraction(strategy.minimum)) for w in priced):
        return Decision("below_minimum")
    return None


def _by_ladder(book: Book, customer: Customer, strategy: Strategy, walkers: list[Walker]) -> Decision:
    able = [
        w
        for w in walkers
        if w.amount("dunnable_minor") > 0 and w.scale is not None and w.reaches(Fraction(strategy.minimum))
    ]
    last_sent = max(sent_days(book.world, customer.id, book.day), default=None)
    rank, walker = _candidate(strategy, able)
    if walker is None or rank <= walker.last_rank:
        return Decision("waiting", _next_on(book.day, strategy, able, last_sent))
    step = strategy.steps[rank - 1]
    spacing = _spacing(step, strategy)
    if last_sent is not None and (book.day - last_sent).days < spacing:
        return Decision("spacing", last_sent + timedelta(days=spacing))
    occurrence = _occurrence(book.world, walker, step.id, book.day)
    return Decision(step.id, None, step.id, rank, occurrence)


def _candidate(strategy: Strategy, able: list[Walker]) -> tuple[int, Walker | None]:
    """The highest candidate over the rows, and the first row that has it."""
    best: tuple[int, Walker | None] = (0, None)
    for walker in able:
        rank = _candidate_of(strategy, walker)
        if strategy.per == "item" and rank <= walker.last_rank:
            continue
        if rank > best[0]:
            best = (rank, walker)
    return best


def _candidate_of(strategy: Strategy, walker: Walker) -> int:
    found = 0
    seen = words(walker.row, walker.scale)
    for rank, step in enumerate(strategy.steps, start=1):
        minimum = None if step.minimum is None else Fraction(step.minimum)
        ready = all(name in walker.done for name in step.requires)
        if ready and walker.reaches(minimum) and evaluate(parse(step.when), seen) is True:
            found = rank
    if found > walker.last_rank or not walker.is_broken:
        return found
    return _next_but_for_days(strategy, walker) or found


def _next_but_for_days(strategy: Strategy, walker: Walker) -> int:
    seen = words(walker.row, walker.scale)
    for rank, step in enumerate(strategy.steps, start=1):
        minimum = None if step.minimum is None else Fraction(step.minimum)
        ready = all(name in walker.done for name in step.requires) and walker.reaches(minimum)
        rest = without_days_of(parse(step.when), str(walker.row["debtor_kind"]))
        if rank > walker.last_rank and ready and (rest is None or evaluate(rest, seen) is True):
            return rank
    return 0


def _spacing(step: Step, strategy: Strategy) -> int:
    return strategy.spacing_days if step.spacing_days is None else step.spacing_days


def _next_on(day: date, strategy: Strategy, able: list[Walker], last_sent: date | None) -> date | None:
    dates = []
    for walker in able:
        days = walker.row["days_overdue"]
        assert isinstance(days, int)
        for rank, step in enumerate(strategy.steps, start=1):
            asked = asked_days(parse(step.when), str(walker.row["debtor_kind"]))
            ready = rank > walker.last_rank and all(name in walker.done for name in step.requires)
            if asked is None or not ready or asked <= days:
                continue
            reached = day + timedelta(days=asked - days)
            if last_sent is not None:
                reached = max(reached, last_sent + timedelta(days=_spacing(step, strategy)))
            dates.append(reached)
    return min(dates, default=None)


def _occurrence(world: World, walker: Walker, step: str, day: date) -> int:
    """1 + the tries of this step in this episode that came to nothing."""
    if walker.episode_id is None:
        return 1
    return 1 + sum(
        m.episode_id == walker.episode_id
        and m.step == step
        and m.state in ("cancelled", "refused", "failed")
        and m.planned_on <= day
        for m in world.messages
    )


def decisions(book: Book, rows: Mapping[tuple[int, str], Row]) -> dict[int, Decision]:
    """One decision for every customer of the world, keyed by customer id."""
    mine: dict[int, list[Row]] = defaultdict(list)
    for (customer_id, _), row in rows.items():
        mine[customer_id].append(row)
    return {c.id: decide(book, mine[c.id], c) for c in book.world.customers}
