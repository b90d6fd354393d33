"""How each kind of debtor pays: how late, in how many parts, or not at all."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from aldia.operations.demo.values import DebtorKind, DemoCustomer

_SPELL_DAYS = 120


@dataclass(frozen=True, slots=True)
class Habit:
    """Days after the due date: usually within `usual`, in `late_percent` of cases within `late`.

    part_percent: of invoices paid in parts; never_percent: of invoices never paid; fail_percent: of direct
    debits that come back.
    """

    usual: tuple[int, int]
    late: tuple[int, int]
    late_percent: int
    part_percent: int = 0
    never_percent: int = 0
    fail_percent: int = 1


HABITS = {
    DebtorKind.GOOD_PAYER: Habit((-7, 0), (1, 3), 6),
    DebtorKind.CASUAL: Habit((-4, 2), (8, 30), 11, fail_percent=2),
    DebtorKind.CARELESS: Habit((-2, 4), (10, 45), 45, fail_percent=9),
    DebtorKind.CHRONIC: Habit((12, 38), (39, 55), 15, part_percent=4, fail_percent=8),
    DebtorKind.STALLING: Habit((30, 75), (76, 130), 25, part_percent=35, fail_percent=25),
    DebtorKind.CIRCUMSTANTIAL: Habit((-3, 3), (5, 10), 10, part_percent=3, fail_percent=2),
    DebtorKind.ILLIQUID: Habit((20, 70), (71, 210), 45, part_percent=40, never_percent=7, fail_percent=40),
}
_SPELL = Habit((35, 90), (91, 130), 30, part_percent=25, never_percent=3, fail_percent=60)
_WORN_OUT = Habit((50, 120), (121, 260), 35, part_percent=45, never_percent=14, fail_percent=70)


def habit_of(customer: DemoCustomer, due: date, spell: date | None, last: date) -> Habit:
    """The habit on that day: a spell of trouble changes it, and the illiquid get worse in the last year."""
    if spell is not None and spell <= due < spell + timedelta(days=_SPELL_DAYS):
        return _SPELL
    if customer.debtor_kind is DebtorKind.ILLIQUID and due > last - timedelta(days=365):
        return _WORN_OUT
    return HABITS[customer.debtor_kind]


def spell_of(rng: Random, customer: DemoCustomer, last: date) -> date | None:
    """When the circumstantial get into trouble; for a third of them that is now."""
    if customer.debtor_kind is not DebtorKind.CIRCUMSTANTIAL:
        return None
    days = rng.randint(20, 110) if rng.randint(1, 3) == 1 else rng.randint(150, 600)
    return last - timedelta(days=days)


def parts_of(rng: Random, habit: Habit, amount_minor: int) -> list[int]:
    """The amounts in which somebody pays: all at once, or first a round sum and then the rest."""
    if rng.randint(1, 100) > habit.part_percent or amount_minor < 10_000:
        return [amount_minor]
    round_to = 10_000 if amount_minor > 50_000 else 5_000
    first = max(amount_minor * rng.randint(25, 60) // 100 // round_to * round_to, round_to)
    rest = amount_minor - first
    if rest > 4 * round_to and rng.randint(1, 2) == 1:
        return [first, first // 2, rest - first // 2] if rest > first // 2 else [first, rest]
    return [first, rest]


def days_late(rng: Random, habit: Habit) -> int | None:
    """Days from the due date to the payment, negative when early; None for never."""
    if rng.randint(1, 100) <= habit.never_percent:
        return None
    return rng.randint(*(habit.late if rng.randint(1, 100) <= habit.late_percent else habit.usual))
