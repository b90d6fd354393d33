"""One due line or one credit with everything that was applied to it or taken back, oldest first."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from aldia.kernel.money import Money
from aldia.queries.asking import ask
from aldia.records.ledger.models import CreditKind, DocumentKind, ReversalKind

_LINE = """
SELECT l.id, l.document_id, d.number, d.kind, d.issued_on, d.description, l.customer_id, c.code, c.name,
       l.due_date, l.currency, l.amount_minor, b.open_minor
FROM ledger_due_line l
JOIN ledger_document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id
JOIN ledger_item_balance b ON b.creditor_id = l.creditor_id AND b.due_line_id = l.id
JOIN parties_customer c ON c.creditor_id = l.creditor_id AND c.id = l.customer_id
WHERE l.creditor_id = %(creditor)s AND l.id = %(id)s
"""

_CREDIT = """
SELECT k.id, k.kind, k.effective_on, k.reference, k.number, k.payer_name, k.method, k.names_document,
       k.customer_id, c.code, c.name, k.currency, k.amount_minor,
       b.allocated_minor, b.refunded_minor, b.reversed_minor, b.unallocated_minor
FROM ledger_credit k
JOIN ledger_credit_balance b ON b.creditor_id = k.creditor_id AND b.credit_id = k.id
LEFT JOIN parties_customer c ON c.creditor_id = k.creditor_id AND c.id = k.customer_id
WHERE k.creditor_id = %(creditor)s AND k.id = %(id)s
"""

_ALLOCATED = """
SELECT a.id, a.effective_on, a.amount_minor, a.credit_id, a.due_line_id, k.kind, k.currency, d.number,
       coalesce((SELECT sum(r.amount_minor) FROM ledger_reversal r
                 WHERE r.creditor_id = a.creditor_id AND r.allocation_id = a.id), 0)::bigint AS back_minor
FROM ledger_allocation a
JOIN ledger_credit k ON k.creditor_id = a.creditor_id AND k.id = a.credit_id
JOIN ledger_due_line l ON l.creditor_id = a.creditor_id AND l.id = a.due_line_id
JOIN ledger_document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id
WHERE a.creditor_id = %(creditor)s AND a.{which} = %(id)s ORDER BY a.effective_on, a.id
"""

_REVERSED = """
SELECT r.id, r.effective_on, r.amount_minor, r.kind, r.reason FROM ledger_reversal r
WHERE r.creditor_id = %(creditor)s AND r.{which} = %(id)s ORDER BY r.effective_on, r.id
"""

_REFUNDS = """
SELECT f.id, f.effective_on, f.amount_minor FROM ledger_refund f
WHERE f.creditor_id = %(creditor)s AND f.credit_id = %(id)s ORDER BY f.effective_on, f.id
"""


@dataclass(frozen=True, slots=True)
class Movement:
    """kind: allocation, reversal or refund. left: what still stands of an allocation. label: Spanish."""

    id: int
    kind: str
    on: date
    label: str
    amount: Money
    left: Money
    credit_id: int | None = None
    due_line_id: int | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """row: the columns of the line or credit; amounts: those that are money, by name."""

    row: dict[str, Any]
    amounts: dict[str, Money]
    label: str
    movements: tuple[Movement, ...]


def line_with_movements(creditor_id: int, line_id: int) -> Opened | None:
    """A due line; None for what the scope does not hold."""
    found = ask(_LINE, creditor=creditor_id, id=line_id)
    if not found:
        return None
    row = found[0]
    moves = [*_allocations(creditor_id, "due_line_id", line_id), *_reversals(creditor_id, "due_line_id", row)]
    return Opened(row, _money(row), str(DocumentKind(row["kind"]).label), _sorted(moves))


def credit_with_movements(creditor_id: int, credit_id: int) -> Opened | None:
    """A credit of any kind; None for what the scope does not hold."""
    found = ask(_CREDIT, creditor=creditor_id, id=credit_id)
    if not found:
        return None
    row = found[0]
    moves = [
        *_allocations(creditor_id, "credit_id", credit_id),
        *_reversals(creditor_id, "credit_id", row),
        *_refunds(creditor_id, row),
    ]
    return Opened(row, _money(row), str(CreditKind(row["kind"]).label), _sorted(moves))


def _money(row: dict[str, Any]) -> dict[str, Money]:
    return {
        name.removesuffix("_minor"): Money(value, row["currency"])
        for name, value in row.items()
        if name.endswith("_minor")
    }


def _allocations(creditor_id: int, which: str, id_: int) -> list[Movement]:
    rows = ask(_ALLOCATED.format(which=which), creditor=creditor_id, id=id_)
    return [
        Movement(
            row["id"],
            "allocation",
            row["effective_on"],
            str(CreditKind(row["kind"]).label),
            Money(row["amount_minor"], row["currency"]),
            Money(row["amount_minor"] - row["back_minor"], row["currency"]),
            row["credit_id"],
            row["due_line_id"],
            row["number"],
        )
        for row in rows
    ]


def _reversals(creditor_id: int, which: str, of: dict[str, Any]) -> list[Movement]:
    rows = ask(_REVERSED.format(which=which), creditor=creditor_id, id=of["id"])
    return [_plain(row, "reversal", str(ReversalKind(row["kind"]).label), of) for row in rows]


def _refunds(creditor_id: int, of: dict[str, Any]) -> list[Movement]:
    rows = ask(_REFUNDS, creditor=creditor_id, id=of["id"])
    return [_plain(row, "refund", "Devuelto al cliente", of) for row in rows]


def _plain(row: dict[str, Any], kind: str, label: str, of: dict[str, Any]) -> Movement:
    amount = Money(row["amount_minor"], of["currency"])
    return Movement(row["id"], kind, row["effective_on"], label, amount, amount)


def _sorted(moves: list[Movement]) -> tuple[Movement, ...]:
    return tuple(sorted(moves, key=lambda each: (each.on, each.id)))
