"""Cases: the states of one, who may work them and to whom a new one goes. docs/rules/worklist.md §1–2.

The database holds the same table of states in the trigger `case_moves`; a test compares the two.
"""

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from aldia.rules.rights import Right

WORKS = Right.NOTE
"""The right of whoever works cases."""

LOCK_MINUTES = 5
"""A case somebody has open is theirs for so long, unless they keep it up."""

UNDO_MINUTES = 10
"""What was said of a case is taken back within so long, by who said it; later it is put right instead."""

_OPEN = ("working", "waiting", "promised", "escalated")

MOVES: Mapping[str, tuple[str, ...]] = {
    "new": (*_OPEN, "closed"),
    "working": ("waiting", "promised", "escalated", "closed"),
    "waiting": ("working", "promised", "escalated", "closed"),
    "promised": ("working", "waiting", "escalated", "closed"),
    "escalated": ("working", "waiting", "promised", "closed"),
    "closed": ("working",),
}
"""State → those it may become. A run alone closes and takes up again; nothing becomes new."""

BY_PEOPLE = ("working", "waiting", "escalated")
"""States a person gives with their hand; a promise that is recorded gives `promised`."""


def may_become(state: str, other: str) -> bool:
    """Whether a case in the one state may go to the other; a state may stay what it is."""
    return state == other or other in MOVES.get(state, ())


def after_work(state: str, *, has_next: bool, has_hold: bool) -> str:
    """The state of an open case somebody has worked, where they have not said another: a new one is under
    way; one that waits goes on waiting only for a next action or the end of a hold."""
    if state == "waiting":
        return "waiting" if has_next or has_hold else "working"
    return "working" if state == "new" else state


@dataclass(frozen=True, slots=True)
class Worker:
    """A collector who takes new cases. load: open cases they have; capacity: cases per day, at least 1."""

    member_id: int
    capacity: int
    load: int


@dataclass(frozen=True, slots=True)
class Opening:
    """A case without an owner yet. customer_owner: who works the customer, if they can work cases. large: the
    overdue is that of a large account. group: of customers worked together, None for none."""

    customer_id: int
    customer_owner: int | None
    large: bool
    group: int | None


def owners_of(
    openings: Iterable[Opening],
    *,
    workers: Collection[Worker],
    large_owner: int | None,
    of_groups: Mapping[int, int],
) -> Iterator[tuple[int, int | None, str]]:
    """Customer, owner and why (customer, large, group, load, or "" where nobody takes it), in their order.

    The customer's own; for a large account the person named for those; whoever works another case of the
    group; else the collector with the least load for their capacity, the lower id where two are equal.
    large_owner: None where nobody is named. of_groups: group → who works its cases already.
    """
    free = [(Fraction(each.load, each.capacity), each.member_id, each.capacity) for each in workers]
    heapq.heapify(free)
    groups = dict(of_groups)
    for case in openings:
        owner, why = _owner(case, large_owner, groups, free)
        if case.group is not None and owner is not None:
            groups.setdefault(case.group, owner)
        yield case.customer_id, owner, why


def _owner(
    case: Opening, large_owner: int | None, groups: Mapping[int, int], free: list[tuple[Fraction, int, int]]
) -> tuple[int | None, str]:
    if case.customer_owner is not None:
        return case.customer_owner, "customer"
    if case.large and large_owner is not None:
        return large_owner, "large"
    if case.group is not None and case.group in groups:
        return groups[case.group], "group"
    if not free:
        return None, ""
    load, member_id, capacity = free[0]
    heapq.heapreplace(free, (load + Fraction(1, capacity), member_id, capacity))
    return member_id, "load"
