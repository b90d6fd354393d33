"""The steps looked at: each once, upwards, apart, with the yes it needs; nobody forgotten."""

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from aldia.rules.shipped import shipped_strategies
from tests.simulation.books import Books
from tests.simulation.house import House
from tests.simulation.journal import Journal
from tests.simulation.people import Person
from tests.simulation.verdicts import Fault

_SENT = """
SELECT m.once_key, coalesce(nullif(m.bundle, ''), m.once_key), d.key, m.customer_id, m.episode_id,
       m.due_line_id, m.kind, m.step, m.sent_at, m.sent_on, coalesce(v.name, ''),
       coalesce(r.held AND (r.released_at IS NULL OR r.released_at > m.sent_at), false), m.promise_id
FROM outreach_message m
JOIN outreach_dispatch d ON d.id = m.dispatch_id
LEFT JOIN cases_strategy_version v ON v.id = m.strategy_version_id
LEFT JOIN cases_daily_run r ON r.id = m.run_id
WHERE m.state IN ('sent', 'unknown') ORDER BY m.sent_at, m.id
"""
_DONE = """
SELECT episode_id, step FROM outreach_message
WHERE kind = 'dunning' AND (state IN ('sent', 'unknown', 'skipped') OR reason = 'not_sent')
UNION ALL SELECT episode_id, step FROM cases_task WHERE kind = 'dunning' AND state IN ('done', 'skipped')
"""
_DECIDED = (
    "SELECT DISTINCT ON (customer_id) customer_id, outcome FROM cases_decision ORDER BY customer_id, id DESC"
)
_TRIED = """
SELECT e.customer_id, e.due_line_id FROM cases_episode e
WHERE e.closed_on IS NULL AND (EXISTS (SELECT FROM outreach_message m WHERE m.episode_id = e.id)
   OR EXISTS (SELECT FROM cases_task t WHERE t.episode_id = e.id))
"""
_WRITTEN = """
SELECT customer_id, max(sent_on) FROM outreach_message
WHERE kind = 'dunning' AND state IN ('sent', 'unknown') GROUP BY customer_id
"""
_HOLDS = """
SELECT o.customer_id, o.effective_on, o.until_on, e.effective_on
FROM ledger_overlay o LEFT JOIN ledger_overlay_end e ON e.overlay_id = o.id
WHERE o.kind = 'hold'
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One message that left."""

    once_key: str
    unit: str
    mail: str
    customer_id: int
    episode_id: int | None
    due_line_id: int | None
    kind: str
    step: str
    at: datetime
    on: date
    strategy: str
    held: bool
    promise_id: int | None = None

    @property
    def subject(self) -> tuple[Any, ...]:
        """What may be said once: a step of an episode, a word about a promise, a notice of a line, thanks."""
        if self.kind == "dunning":
            return (self.episode_id, self.step)
        if self.kind == "promise":
            return (self.promise_id, self.step)
        return (self.due_line_id, self.step) if self.due_line_id else (self.once_key,)


@lru_cache
def _ladder(strategy: str) -> dict[str, dict[str, Any]]:
    """Step → its table in the file, with rank and spacing filled in."""
    read = tomllib.loads(shipped_strategies()[strategy])
    spacing = read["strategy"]["spacing_days"]
    return {
        each["id"]: {"spacing_days": spacing, "requires": [], **each, "rank": rank}
        for rank, each in enumerate(read["step"], start=1)
    }


def sent_steps(house: House) -> list[Step]:
    """Everything that left, in order of leaving."""
    return [Step(*row) for row in house.ask(_SENT)]


def faults_of_steps(house: House, journal: Journal, steps: list[Step]) -> Iterator[Fault]:
    """Once, with leave, apart, upwards."""
    yield from _twice(steps)
    yield from _without_leave(journal, steps)
    dunning = [each for each in steps if each.kind == "dunning"]
    yield from _too_soon(dunning)
    yield from _downwards(dunning, house.ask(_DONE))


def _twice(steps: Iterable[Step]) -> Iterator[Fault]:
    said: dict[tuple[Any, ...], Step] = {}
    for each in steps:
        first = said.setdefault((each.kind, *each.subject), each)
        if first is not each:
            yield Fault("once", f"{each.once_key} in {each.mail} after {first.once_key} in {first.mail}")


def _without_leave(journal: Journal, steps: Iterable[Step]) -> Iterator[Fault]:
    for each in steps:
        if each.once_key in journal.skipped:
            yield Fault("skip", f"{each.once_key} left though skipped at {journal.skipped[each.once_key]}")
        asks = each.kind == "dunning" and _ladder(each.strategy).get(each.step, {}).get("approval", False)
        said_yes = journal.approved.get(each.mail)
        if (asks or each.held) and (said_yes is None or said_yes > each.at):
            yield Fault("approval", f"{each.mail} left without a yes ({each.step}, held: {each.held})")


def _too_soon(dunning: list[Step]) -> Iterator[Fault]:
    by_customer: dict[int, dict[str, Step]] = defaultdict(dict)
    for each in dunning:
        known = by_customer[each.customer_id].get(each.mail)
        if known is None or _rank(each) > _rank(known):
            by_customer[each.customer_id][each.mail] = each
    for mails in by_customer.values():
        for before, after in pairwise(mails.values()):
            wanted = _ladder(after.strategy)[after.step]["spacing_days"]
            if (after.on - before.on).days < wanted:
                yield Fault("spacing", f"{after.mail} {(after.on - before.on).days} days after {before.mail}")


def _rank(step: Step) -> int:
    return int(_ladder(step.strategy)[step.step]["rank"])


def _downwards(dunning: list[Step], done: list[tuple[Any, ...]]) -> Iterator[Fault]:
    by_episode: dict[int | None, list[Step]] = defaultdict(list)
    for each in dunning:
        by_episode[each.episode_id].append(each)
    steps_done = set(done)
    for episode, steps in by_episode.items():
        for before, after in pairwise(steps):
            if _rank(after) <= _rank(before):
                yield Fault("ladder", f"{after.step} follows {before.step} in episode {episode}")
        for each in steps:
            for needed in _ladder(each.strategy)[each.step]["requires"]:
                if (episode, needed) not in steps_done:
                    yield Fault("ladder", f"{each.step} without {needed} in episode {episode}")


def faults_of_decisions(house: House, books: Books, decided: int) -> Iterator[Fault]:
    """After a run of the books' day: everybody has one decision, and it fits what the rows say."""
    outcomes = dict(house.ask(_DECIDED))
    people = {each.code: each for each in house.everybody}
    if decided != len(books.codes):
        yield Fault("decision", f"{decided} decisions for {len(books.codes)} customers")
    tried, written = set(house.ask(_TRIED)), dict(house.ask(_WRITTEN))
    held = _held_days(house.ask(_HOLDS), books.day)
    for customer, code in books.codes.items():
        expected = _expected(books, customer)
        if outcomes.get(customer) not in (expected or {outcomes.get(customer) or "none"}):
            yield Fault("decision", f"{code}: {outcomes.get(customer)}, not {sorted(expected)}")
        if not _rests(books.day, written.get(customer), people[code]):
            yield from _forgotten(books, customer, people[code], tried, held[customer])


def _held_days(holds: list[tuple[Any, ...]], day: date) -> dict[int, set[date]]:
    """The days, up to this one, on which each customer was on hold."""
    days: dict[int, set[date]] = defaultdict(set)
    for customer, since, *ends in holds:
        over = min([day + timedelta(days=1), *(end for end in ends if end is not None)])
        days[customer] |= {since + timedelta(days=n) for n in range((over - since).days)}
    return days


def _expected(books: Books, customer: int) -> set[str]:
    """Reasons one of which must be the outcome; none where a step or another reason is right."""
    lines = books.of_customer(customer)
    late = [line for line in lines if line.overdue]
    if not any(line.open_minor > 0 for line in lines):
        return {"nothing_open"}
    if not late:
        return {"nothing_overdue"}
    if customer in books.insolvent:
        return {"insolvent"}
    if customer in books.held:
        return {"on_hold"}
    if customer in books.promised:
        return {"promise_open"}
    if not any(books.dunnable(customer).values()):
        return {"money_unapplied", "disputed", "covered"}
    return set()


def _rests(day: date, written_on: date | None, person: Person) -> bool:
    """Written to so lately that its highest step may have to wait, and with it what else it owes (§5)."""
    ladders = [person.segment] if person.segment else shipped_strategies()
    longest = max(step["spacing_days"] for name in ladders for step in _ladder(name).values())
    return written_on is not None and (day - written_on).days < longest


def _forgotten(
    books: Books,
    customer: int,
    person: Person,
    tried: set[tuple[int, int | None]],
    held: Collection[date] = (),
) -> Iterator[Fault]:
    """Somebody long late, free of all obstacles, is at least planned for; days on hold do not count."""
    if person.kind == "public_body" or _expected(books, customer):
        return
    enough = {"EUR": 10_000, "USD": 11_000, "MXN": 200_000}
    asked = books.dunnable(customer)
    for line in books.of_customer(customer):
        is_much = asked.get(line.currency, 0) >= enough[line.currency] and line.asked_minor > 0
        is_item = person.segment == "academia"
        if is_item:
            is_much = is_much and line.asked_minor >= enough[line.currency] and len(asked) == 1
            is_much = is_much and not books.unapplied.get((customer, line.currency), 0)
        is_tried = (customer, line.id if is_item else None) in tried
        days = line.days - sum(on > line.due_on for on in held)
        if line.overdue and days >= 15 and is_much and not is_tried:
            yield Fault("forgotten", f"{person.code} is {line.days} days late with {line.number}")
