"""What follows an invoice: how each kind of customer pays, and what befalls it on the way."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from tests.simulation import accidents as happens
from tests.simulation.deeds import Deed, Do, Issue, Pay
from tests.simulation.people import Person

_SIZES = ((900, 4_000), (5_000, 40_000), (50_000, 900_000))


def invoices_of(rng: random.Random, person: Person, first: date, last: date) -> Iterator[Issue]:
    """Everything the person is sold from the first day to the last."""
    is_fee = person.segment == "academia"
    every = 30 if is_fee else person.every_days
    day = first + timedelta(days=rng.randrange(every))
    while day <= last:
        yield _issue(rng, person, day, is_fee=is_fee)
        day += timedelta(days=every)


def _issue(rng: random.Random, person: Person, day: date, *, is_fee: bool) -> Issue:
    minor = rng.randint(*rng.choices(_SIZES, [2, 5, 3])[0])
    due = day + timedelta(days=10 if is_fee else person.terms_days)
    dues: tuple[tuple[int, date], ...] = ((minor, due),)
    if not is_fee and rng.random() < 0.1:
        dues = ((minor // 3, due), (minor - minor // 3, due + timedelta(days=30)))
    return Issue(day, person, person.next_number(), rng.choice(person.currencies), dues, is_fee)


def life_of(rng: random.Random, person: Person, first: date, last: date) -> Iterator[Deed]:
    """All that happens to a customer in a year, apart from what a person of the house decides."""
    for issue in invoices_of(rng, person, first, last):
        yield issue
        yield from _HABITS[person.habit](rng, issue)
        yield from _by_chance(rng, issue)
    middle = first + timedelta(days=rng.randrange(60, 300))
    yield from _in_between(rng, person, middle)


def _day(rng: random.Random, day: date, earliest: int, latest: int) -> date:
    return day + timedelta(days=rng.randint(earliest, latest))


def _paid(issue: Issue, on: date, minor: int, part: int = 1, *, named: bool = True) -> Pay:
    reference = f"{issue.number}/{part}"
    number = issue.number if named else ""
    return Pay(max(on, issue.on), issue.person, minor, issue.currency, reference, number)


def _punctual(rng: random.Random, issue: Issue) -> Iterator[Deed]:
    yield _paid(issue, _day(rng, issue.due, -6, 2), issue.minor)


def _late(rng: random.Random, issue: Issue) -> Iterator[Deed]:
    short = rng.randint(1, 45) if rng.random() < 0.2 else 0
    yield _paid(issue, _day(rng, issue.due, 4, 75), issue.minor - short)


def _in_parts(rng: random.Random, issue: Issue) -> Iterator[Deed]:
    parts, left = rng.randint(2, 4), issue.minor
    for part in range(1, parts + 1):
        minor = left if part == parts else rng.randint(1, left - (parts - part))
        left -= minor
        yield _paid(issue, _day(rng, issue.due, -5 + 20 * part, 15 + 20 * part), minor, part)


def _never(rng: random.Random, issue: Issue) -> Iterator[Deed]:
    if rng.random() < 0.3:
        yield Do(_day(rng, issue.due, 120, 200), happens.written_off(issue))


def _disputes(rng: random.Random, issue: Issue) -> Iterator[Deed]:
    on = _day(rng, issue.due, -8, 25)
    over = _day(rng, on, 6, 50)
    yield Do(on, happens.disputed(issue, over, whole=rng.random() < 0.5))
    if rng.random() < 0.8:
        yield _paid(issue, _day(rng, over, -10, 40), issue.minor)


def _returns(rng: random.Random, issue: Issue) -> Iterator[Deed]:
    paid = _day(rng, issue.due, -2, 1)
    yield _paid(issue, paid, issue.minor)
    part = issue.minor if rng.random() < 0.7 else rng.randint(1, issue.minor)
    yield Do(_day(rng, paid, 2, 50), happens.returned(f"{issue.number}/1", part))
    if rng.random() < 0.7:
        yield _paid(issue, _day(rng, issue.due, 55, 110), part, 2)


def _pays_twice(rng: random.Random, issue: Issue) -> Iterator[Deed]:
    first = _day(rng, issue.due, 0, 12)
    yield _paid(issue, first, issue.minor)
    if rng.random() < 0.5:
        again = _day(rng, first, 1, 6)
        yield _paid(issue, again, issue.minor, 2)
        back = happens.given_back if rng.random() < 0.5 else happens.applied
        yield Do(_day(rng, again, 10, 60), back(issue, f"{issue.number}/2"))


def _on_account(rng: random.Random, issue: Issue) -> Iterator[Deed]:
    on = _day(rng, issue.due, -3, 35)
    minor = max(1, issue.minor * rng.choice([5, 10, 10, 13]) // 10)
    yield _paid(issue, on, minor, named=False)
    yield Do(_day(rng, on, 2, 25), happens.applied(issue, f"{issue.number}/1"))


_HABITS: dict[str, Callable[[random.Random, Issue], Iterator[Deed]]] = {
    "punctual": _punctual,
    "late": _late,
    "in_parts": _in_parts,
    "never": _never,
    "disputes": _disputes,
    "returns": _returns,
    "pays_twice": _pays_twice,
    "on_account": _on_account,
    "moves_house": _late,
    "nowhere": _late,
    "insolvent": _never,
    "bad_address": _late,
}


def _by_chance(rng: random.Random, issue: Issue) -> Iterator[Deed]:
    """What may befall any invoice."""
    if rng.random() < 0.05:
        on = _day(rng, issue.due, -5, 30)
        yield Do(on, happens.new_terms(issue, _day(rng, on, 5, 40)))
    if rng.random() < 0.05:
        on = _day(rng, issue.due, -5, 20)
        yield Do(on, happens.covered(issue, _day(rng, on, 5, 40)))
    if rng.random() < 0.06:
        yield Do(_day(rng, issue.due, -10, 40), happens.credit_note(issue, rng.choice([0.2, 0.5, 1])))
    if rng.random() < 0.03:
        yield Do(_day(rng, issue.due, -10, 30), happens.booked_wrongly(issue))
    if rng.random() < 0.04:
        yield Do(_day(rng, issue.due, 5, 60), happens.taken_off_the_line(issue))
    if rng.random() < 0.3:
        yield Do(_day(rng, issue.on, 1, 12), happens.accepted(issue))
    if rng.random() < 0.15:
        yield Do(_day(rng, issue.due, 1, 40), happens.replied(issue.person))
    for _ in range(rng.choices([0, 1, 2], [80, 15, 5])[0]):
        yield Do(_day(rng, issue.due, 3, 50), _a_word(rng, issue))


def _a_word(rng: random.Random, issue: Issue) -> Callable[[Any, Any], None]:
    """To pay some or all of it; the money comes in time, late, in part or not at all."""
    share, comes = rng.choice([1, 1, 0.5, 0.2]), rng.choice([1, 1, 1, 0.4, 0, 0])
    return happens.promised(
        issue, share, by=rng.randint(0, 20), comes=comes, late=rng.choice([-3, -1, 0, 0, 1, 2, 5])
    )


def _in_between(rng: random.Random, person: Person, day: date) -> Iterator[Deed]:
    """Once in a year or never: the address changes, the company fails, somebody asks for a pause."""
    if person.habit in ("moves_house", "bad_address") or (person.habit == "nowhere" and rng.random() < 0.5):
        yield Do(day, happens.has_a_new_address(person))
    if person.habit == "insolvent":
        yield Do(day, happens.becomes_insolvent(person))
    if rng.random() < 0.3:
        yield Do(day, happens.is_given_a_pause(person, _day(rng, day, 5, 40), early=rng.random() < 0.5))
    if rng.random() < 0.15:
        reference = f"STRAY-{person.code}"
        minor = rng.randint(1_000, 50_000)
        yield Pay(day, None, minor, person.currencies[0], reference)
        yield Do(_day(rng, day, 3, 40), happens.identified(person, reference))
