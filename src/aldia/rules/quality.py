"""Which acts of each collector are looked at afterwards: a few of each week, by lot, always the same ones.

docs/rules/relation.md §5.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

CALL, MESSAGE = "call", "message"

MARKS = (1, 2, 3)
"""1 missing, 2 to improve, 3 good."""


@dataclass(frozen=True, slots=True)
class Act:
    """A call somebody made, or a message they wrote or approved. kind: CALL or MESSAGE."""

    kind: str
    id: int
    member_id: int


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def drawn(acts: Iterable[Act], *, creditor_id: int, week: date, per_member: int) -> list[Act]:
    """So many acts of each member, drawn by lot from those of the week; the same whenever it is asked.

    week: its Monday. The lot of an act depends on nothing but the act and its week: a later one takes
    another's place only by a lower lot.
    """
    by_member: dict[int, list[tuple[str, Act]]] = defaultdict(list)
    for act in acts:
        by_member[act.member_id].append((_lot(act, creditor_id, week), act))
    return [
        act
        for _member, lots in sorted(by_member.items())
        for _lot_, act in sorted(lots, key=lambda each: each[0])[:per_member]
    ]


def _lot(act: Act, creditor_id: int, week: date) -> str:
    return hashlib.sha256(f"{creditor_id}:{week.isoformat()}:{act.kind}:{act.id}".encode()).hexdigest()
