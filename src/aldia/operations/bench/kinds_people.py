"""Customers whose way of paying is planted: what each would do, drawn from a seed.

Written from what such people do, not from the rule that is to find them out: delays come from distributions
with tails, people say what they say only now and then, and some of it is beside the point. The thresholds of
`rules/portfolio/kinds.py` are not read here. docs/rules/kinds.md §5.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

PLANTED: Mapping[str, int] = {
    "good_payer": 24,
    "casual": 14,
    "careless": 20,
    "chronic": 16,
    "stalling": 10,
    "illiquid": 9,
    "circumstantial": 7,
}
"""Kind → how many of a hundred customers."""

_REPLIES_BESIDE_THE_POINT = ("asks", "paid", "other", "promises", "forgot", "cannot", "disputes")
_CALLED = {"forgot": "forgot", "cannot": "no_liquidity", "will_not": "stalling", "disputes": "disagrees"}


@dataclass(frozen=True, slots=True)
class Bill:
    """One invoice. paid: days on which money came, the last one settles it; empty where none did. part: the
    first of several payments came, the rest did not. disputed: a dispute stands. on: the day it is seen."""

    due: date
    currency: str
    paid: tuple[date, ...]
    part: bool = False
    disputed: bool = False


@dataclass(slots=True)
class Life:
    """One customer. said: (day, reply). told: (day, reason, in a call). verdicts: (promised day,
    kept or broken)."""

    kind: str
    bills: list[Bill] = field(default_factory=list)
    said: list[tuple[date, str]] = field(default_factory=list)
    told: list[tuple[date, str]] = field(default_factory=list)
    verdicts: list[tuple[date, str]] = field(default_factory=list)


def lives(customers: int, seed: int, as_of: date) -> list[Life]:
    """So many customers, the same for the same seed; their history up to the day and no further."""
    rng = random.Random(f"kinds {seed}")
    kinds = rng.choices(list(PLANTED), list(PLANTED.values()), k=customers)
    return [_life(rng, kind, as_of) for kind in kinds]


def _life(rng: random.Random, kind: str, as_of: date) -> Life:
    life = Life(kind)
    every = rng.choice([15, 30, 30, 30, 45, 60])
    bills = max(4, round(rng.triangular(4, 26, 12)))
    currencies = rng.choice([("EUR",)] * 9 + [("EUR", "USD")])
    last = as_of - timedelta(days=rng.randrange(every))
    dues = [last - timedelta(days=every * n + rng.randint(-2, 2)) for n in reversed(range(bills))]
    habit = _HABITS[kind](rng, dues, as_of)
    for number, due in enumerate(dues):
        deed = habit(number)
        paid = tuple(sorted(due + timedelta(days=each) for each in deed.late))
        came = tuple(on for on in paid if on <= as_of)
        life.bills.append(
            Bill(due, rng.choice(currencies), came, part=len(came) < len(paid), disputed=deed.disputed)
        )
        _speak(rng, life, deed, due, as_of)
    if rng.random() < 0.06:
        on = as_of - timedelta(days=rng.randrange(200))
        life.said.append((on, rng.choice(_REPLIES_BESIDE_THE_POINT)))
    return life


@dataclass(frozen=True, slots=True)
class Deed:
    """What becomes of one invoice. late: days after the due date on which money comes, empty for never.
    says: a reply about it, "" for silence. breaks, keeps: a promise about it."""

    late: tuple[int, ...]
    says: str = ""
    breaks: bool = False
    keeps: bool = False
    disputed: bool = False


Habit = Callable[[int], Deed]


def _speak(rng: random.Random, life: Life, deed: Deed, due: date, as_of: date) -> None:
    """What is said comes some days after the due date; a third of it by telephone."""
    on = due + timedelta(days=rng.randint(3, 25))
    if deed.says and on <= as_of:
        if rng.random() < 0.35:
            life.told.append((on, _CALLED[deed.says]))
        else:
            life.said.append((on, deed.says))
    judged = due + timedelta(days=rng.randint(20, 45))
    if (deed.breaks or deed.keeps) and judged <= as_of:
        life.verdicts.append((judged, "broken" if deed.breaks else "kept"))


def _in_time(rng: random.Random) -> int:
    """Some days before, or on the day and the bank takes its time."""
    return round(rng.gauss(-2.5, 3.0))


def _good_payer(rng: random.Random, dues: list[date], as_of: date) -> Habit:
    slips = rng.uniform(0, 0.05)
    return lambda number: Deed(
        (5 + round(rng.expovariate(1 / 5)) if rng.random() < slips else _in_time(rng),)
    )


def _casual(rng: random.Random, dues: list[date], as_of: date) -> Habit:
    """Pays in time, and has let one of the last ones go."""
    missed = len(dues) - 1 - rng.choice([0, 0, 1, 1, 2, 3])
    late = round(rng.triangular(8, 70, 20))
    says = rng.choice(["forgot", "", "", ""])
    return lambda number: Deed((late,), says) if number == missed else Deed((_in_time(rng),))


def _careless(rng: random.Random, dues: list[date], as_of: date) -> Habit:
    """Forgets many, and pays soon after somebody reminds him."""
    forgets = rng.betavariate(5, 6)

    def of(number: int) -> Deed:
        if rng.random() > forgets:
            return Deed((_in_time(rng),))
        late = 4 + round(rng.gammavariate(2.2, 4.0))
        return Deed((late,), "forgot" if rng.random() < 0.2 else "", keeps=rng.random() < 0.1)

    return of


def _chronic(rng: random.Random, dues: list[date], as_of: date) -> Habit:
    """Always at about the same distance, by habit or by the day on which the bills are paid."""
    lag, sway = max(6.0, rng.gauss(19, 7)), rng.uniform(1.5, 6)

    def of(number: int) -> Deed:
        if rng.random() < 0.07:
            return Deed((_in_time(rng),))
        return Deed((max(0, round(rng.gauss(lag, sway))),), keeps=rng.random() < 0.05)

    return of


def _stalling(rng: random.Random, dues: list[date], as_of: date) -> Habit:
    """Could pay and does not: long and never the same, with promises that are not kept."""
    breaks, refuses = rng.uniform(0.05, 0.5), rng.uniform(0, 0.2)

    def of(number: int) -> Deed:
        if rng.random() < 0.12:
            return Deed((_in_time(rng),))
        late = 8 + round(rng.expovariate(1 / 26))
        says = "will_not" if rng.random() < refuses else ""
        return Deed((late,), says, breaks=rng.random() < breaks)

    return of


def _illiquid(rng: random.Random, dues: list[date], as_of: date) -> Habit:
    """Paid well until something happened; since then late, in parts or not at all, and says so."""
    since = as_of - timedelta(days=rng.randint(60, 270))
    says, parts = rng.uniform(0.15, 0.6), rng.uniform(0.3, 0.8)

    def of(number: int) -> Deed:
        if dues[number] < since:
            return Deed((_in_time(rng),))
        worse = (dues[number] - since).days / 10
        first = 5 + round(worse + rng.expovariate(1 / 14))
        said = "cannot" if rng.random() < says else ""
        if rng.random() < 0.15:
            return Deed((), said, breaks=rng.random() < 0.1)
        if rng.random() < parts:
            steps = [rng.randint(7, 25) for _ in range(rng.randint(1, 3))]
            return Deed(tuple(first + sum(steps[:n]) for n in range(len(steps) + 1)), said)
        return Deed((first,), said, breaks=rng.random() < 0.1)

    return of


def _circumstantial(rng: random.Random, dues: list[date], as_of: date) -> Habit:
    """Pays what is right; one or two of the last ones are not, and wait."""
    wrong = {len(dues) - 1 - rng.randrange(4) for _ in range(rng.choice([1, 1, 2]))}
    recorded, slips = rng.random() < 0.75, rng.uniform(0, 0.3)

    def of(number: int) -> Deed:
        if number in wrong:
            return Deed((), "" if recorded and rng.random() < 0.5 else "disputes", disputed=recorded)
        return Deed((rng.randint(4, 15) if rng.random() < slips else _in_time(rng),))

    return of


_HABITS: Mapping[str, Callable[[random.Random, list[date], date], Habit]] = {
    "good_payer": _good_payer,
    "casual": _casual,
    "careless": _careless,
    "chronic": _chronic,
    "stalling": _stalling,
    "illiquid": _illiquid,
    "circumstantial": _circumstantial,
}
