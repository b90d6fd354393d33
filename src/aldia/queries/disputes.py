"""Disputes over due lines: what is contested, why, who said so, and how it ended."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aldia.kernel.money import Money
from aldia.queries.asking import ask
from aldia.records.tenancy.models import Creditor

SHOWN_MAX = 200

_DISPUTES = """
SELECT v.id, v.customer_id, c.code, c.name, v.due_line_id AS line_id, d.number, v.amount_minor, b.currency,
       b.open_minor, v.effective_on AS from_on, v.reason, v.recorded_by, v.recorded_at,
       e.effective_on AS ended_on, coalesce(e.reason, '') AS end_reason,
       coalesce(e.recorded_by, '') AS ended_by
FROM ledger_overlay v
JOIN ledger_due_line l ON l.creditor_id = v.creditor_id AND l.id = v.due_line_id
JOIN ledger_item_balance b ON b.creditor_id = v.creditor_id AND b.due_line_id = v.due_line_id
JOIN ledger_document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id
JOIN parties_customer c ON c.creditor_id = v.creditor_id AND c.id = v.customer_id
LEFT JOIN ledger_overlay_end e ON e.creditor_id = v.creditor_id AND e.overlay_id = v.id
WHERE v.creditor_id = %(creditor)s AND v.kind = 'dispute' AND {which}
ORDER BY v.effective_on DESC, v.id DESC LIMIT %(most)s
"""
_STILL_OPEN = "e.id IS NULL AND b.settled_on IS NULL"
_OF_CUSTOMER = _DISPUTES.format(which="v.customer_id = %(customer)s")
_OF_LINE = _DISPUTES.format(which="v.due_line_id = %(line)s")
_OPEN = _DISPUTES.format(which=_STILL_OPEN)
_OPEN_OF_CUSTOMER = _DISPUTES.format(which=f"v.customer_id = %(customer)s AND {_STILL_OPEN}")
_ONE = _DISPUTES.format(which="v.id = %(dispute)s")


@dataclass(frozen=True, slots=True)
class KnownDispute:
    """A dispute over a due line. amount: the contested part as it was said, None for all of the line; open:
    what is left of the line. ended_on: the first day without it, None while it is open, with the words of who
    ended it. recorded_by, ended_by: actors, "" for rows from before. in_force: on the day asked."""

    id: int
    customer_id: int
    code: str
    name: str
    line_id: int
    number: str
    amount: Money | None
    open: Money
    from_on: date
    reason: str
    recorded_by: str
    recorded_at: datetime
    ended_on: date | None
    end_reason: str
    ended_by: str
    in_force: bool

    @property
    def can_end(self) -> bool:
        """Nobody has said yet how it ended."""
        return self.ended_on is None


def disputes_of(creditor: Creditor, customer_id: int, on: date) -> tuple[KnownDispute, ...]:
    """All of one customer, the latest first; one SELECT."""
    return _asked(_OF_CUSTOMER, creditor, on, customer=customer_id)


def disputes_of_line(creditor: Creditor, line_id: int, on: date) -> tuple[KnownDispute, ...]:
    """All of one due line, the latest first; one SELECT."""
    return _asked(_OF_LINE, creditor, on, line=line_id)


def open_disputes(creditor: Creditor, on: date) -> tuple[KnownDispute, ...]:
    """Of every customer those that are not ended, on lines with something left, the latest first."""
    return _asked(_OPEN, creditor, on)


def dispute_of(creditor: Creditor, dispute_id: int, on: date) -> KnownDispute | None:
    """One dispute; None for another creditor's, or where there is none."""
    return next(iter(_asked(_ONE, creditor, on, dispute=dispute_id)), None)


def has_open_dispute(creditor: Creditor, customer_id: int) -> bool:
    """Something that is left of the customer's lines is contested, and nobody has ended it."""
    return bool(ask(_OPEN_OF_CUSTOMER, creditor=creditor.pk, customer=customer_id, most=1))


def _asked(query: str, creditor: Creditor, on: date, **values: int) -> tuple[KnownDispute, ...]:
    rows = ask(query, creditor=creditor.pk, most=SHOWN_MAX, **values)
    return tuple(_known(row, on) for row in rows)


def _known(row: dict[str, Any], on: date) -> KnownDispute:
    currency, amount, left = row.pop("currency"), row.pop("amount_minor"), row.pop("open_minor")
    ended_on = row["ended_on"]
    return KnownDispute(
        **row,
        amount=None if amount is None else Money(amount, currency),
        open=Money(left, currency),
        in_force=row["from_on"] <= on and (ended_on is None or ended_on > on),
    )
