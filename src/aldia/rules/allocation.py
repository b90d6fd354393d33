"""How money meets debt: in what order it is given, taken back, and from which day. docs/rules/ledger.md.

Amounts are whole minor units of one currency. Nothing here ever creates or loses one.
"""

from collections.abc import Sequence
from datetime import date
from itertools import accumulate

GIVEN_UP = frozenset({"write_off", "forgiveness", "small_difference"})
"""Kinds of credit with no money behind them: each closes the line it was made for, and pays nothing else."""


def allocate_in_order(amount_minor: int, lines: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the amount to lines (id, open) in their order, each up to what is open; lines that get nothing
    are left out. The sum given is the smaller of the amount and all that is open.

    Raises ValueError for a negative amount or open amount.
    """
    _refuse_negative(amount_minor, lines)
    given: list[tuple[int, int]] = []
    left = amount_minor
    for line_id, open_minor in lines:
        share = min(left, open_minor)
        if share:
            given.append((line_id, share))
        left -= share
    return given


def take_newest_first(
    amount_minor: int, allocations: Sequence[tuple[int, date, int]]
) -> list[tuple[int, int]]:
    """Take the amount back from allocations (id, effective_on, what is left of it): latest day first, then
    highest id. Answers (id, taken) in that order; never more than is left of any.

    Raises ValueError for a negative amount, or one that all of them together do not hold.
    """
    newest_first = sorted(allocations, key=lambda each: (each[1], each[0]), reverse=True)
    taken = allocate_in_order(amount_minor, [(id_, left) for id_, _, left in newest_first])
    if sum(minor for _, minor in taken) < amount_minor:
        raise ValueError("more to take than was allocated")
    return taken


def allocation_day(value_date: date, issued_on: date) -> date:
    """The day from which an allocation counts: the later of the money's value date and the line's issue."""
    return max(value_date, issued_on)


def first_day_with_room(
    movements: Sequence[tuple[date, int]], amount_minor: int, not_before: date
) -> date | None:
    """The first day from which, for ever after, at least the amount is left; None if there is none.

    movements: (day, what came or, negative, went) of one credit or line, in any order. Money that was taken
    back on a later day is not there before that day: so law I1 holds as of every day, not only at the end.
    """
    days = sorted({not_before, *(day for day, _ in movements)})
    totals = accumulate(sum(minor for day, minor in movements if day == each) for each in days)
    found = None
    for day, left in reversed(list(zip(days, totals, strict=True))):
        if left < amount_minor or day < not_before:
            break
        found = day
    return found


def first_day_below_zero(movements: Sequence[tuple[date, int]]) -> date | None:
    """The first day on which more has gone than came; None if law I1 holds on every day."""
    for each in sorted({day for day, _ in movements}):
        if sum(minor for day, minor in movements if day <= each) < 0:
            return each
    return None


def _refuse_negative(amount_minor: int, lines: Sequence[tuple[int, int]]) -> None:
    if amount_minor < 0 or any(open_minor < 0 for _, open_minor in lines):
        raise ValueError("amounts are not negative")
