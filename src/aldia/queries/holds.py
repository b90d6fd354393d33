"""Holds of a customer: why, by whom, until when, and how they ended."""

from dataclasses import dataclass
from datetime import date, datetime

from aldia.queries.asking import ask
from aldia.records.tenancy.models import Creditor

_HOLDS = """
SELECT v.id, v.customer_id, v.effective_on AS from_on, v.until_on, v.reason, v.recorded_by, v.recorded_at,
       e.effective_on AS ended_on, coalesce(e.reason, '') AS end_reason,
       coalesce(e.recorded_by, '') AS ended_by
FROM ledger_overlay v
LEFT JOIN ledger_overlay_end e ON e.creditor_id = v.creditor_id AND e.overlay_id = v.id
WHERE v.creditor_id = %(creditor)s AND v.kind = 'hold' AND {which}
ORDER BY v.effective_on DESC, v.id DESC LIMIT 100
"""
_OF_CUSTOMER = _HOLDS.format(which="v.customer_id = %(customer)s")
_ONE = _HOLDS.format(which="v.id = %(hold)s")


@dataclass(frozen=True, slots=True)
class KnownHold:
    """A hold. until_on: the first day without it as it was put, None where nobody said; ended_on: the first
    day without it because somebody ended it, with their words. recorded_by, ended_by: actors, "" for rows
    from before. in_force, coming: on the day asked."""

    id: int
    customer_id: int
    from_on: date
    until_on: date | None
    reason: str
    recorded_by: str
    recorded_at: datetime
    ended_on: date | None
    end_reason: str
    ended_by: str
    in_force: bool
    coming: bool

    @property
    def last_on(self) -> date | None:
        """The first day without it, however it came; None while nobody knows."""
        return min((day for day in (self.until_on, self.ended_on) if day), default=None)

    @property
    def can_end(self) -> bool:
        """It is in force or still to come, so somebody may end it."""
        return self.in_force or self.coming


def holds_of(creditor: Creditor, customer_id: int, on: date) -> tuple[KnownHold, ...]:
    """All of one customer, the latest first; one SELECT."""
    rows = ask(_OF_CUSTOMER, creditor=creditor.pk, customer=customer_id)
    return tuple(_known(row, on) for row in rows)


def hold_of(creditor: Creditor, hold_id: int, on: date) -> KnownHold | None:
    """One hold; None for another creditor's, or where there is none."""
    return next((_known(row, on) for row in ask(_ONE, creditor=creditor.pk, hold=hold_id)), None)


def _known(row: dict[str, object], on: date) -> KnownHold:
    begins, ends = row["from_on"], [row["until_on"], row["ended_on"]]
    assert isinstance(begins, date)
    stands = all(end is None or (isinstance(end, date) and end > max(on, begins)) for end in ends)
    return KnownHold(
        **row,  # type: ignore[arg-type]
        in_force=stands and begins <= on,
        coming=stands and begins > on,
    )
