"""One invoice or fee, as a person books it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from aldia.operations.bulk import next_ids
from aldia.operations.ledger.frames import DOCUMENTS, LINES, TAXES, shaped
from aldia.operations.ledger.trace import By, one_verb
from aldia.operations.ledger.writing import write_documents


@dataclass(frozen=True, slots=True)
class Due:
    """One dated part of a document, minor units. payer_id: its customer, where not the document's."""

    amount_minor: int
    due_date: date
    payer_id: int | None = None


@dataclass(frozen=True, slots=True)
class Tax:
    """One rate of one tax. rate_bp: basis points. Amounts: minor units."""

    kind: str
    rate_bp: int
    base_minor: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Booked:
    """A document and its due lines, in order."""

    document_id: int
    due_line_ids: tuple[int, ...]


def book_invoice(
    *,
    creditor_id: int,
    customer_id: int,
    number: str,
    issued_on: date,
    dues: Sequence[Due],
    currency: str,
    actor: str,
    now: datetime,
    net_minor: int | None = None,
    total_minor: int | None = None,
    taxes: Sequence[Tax] = (),
    beneficiary_id: int | None = None,
    description: str = "",
    order_reference: str = "",
    source_key: str = "",
    kind: str = "invoice",
    adjusts_id: int | None = None,
) -> Booked:
    """Book an invoice (or another kind of debit) with one due line per Due.

    total_minor: tax included; the sum of the dues unless a retention makes it more. source_key: identity in
    its source, else kind and number; each line adds its number. Raises SourceKeyTaken (the number is booked
    already), NoSuchRow, DueBeforeIssue, AmountNotPositive.
    """
    key = source_key or f"{kind}:{number}"
    header = {
        "id": next_ids("ledger_document", 1)[0],
        "customer_id": customer_id,
        "kind": kind,
        "number": number,
        "issued_on": issued_on,
        "currency": currency,
        "total_minor": sum(due.amount_minor for due in dues) if total_minor is None else total_minor,
        "net_minor": net_minor,
        "beneficiary_id": beneficiary_id,
        "description": description,
        "order_reference": order_reference,
        "adjusts_id": adjusts_id,
    }
    with one_verb(f"{kind}_booked", By(creditor_id, actor, now)) as trace:
        lines = _lines(header["id"], customer_id, key, dues)
        ids = write_documents(
            creditor_id, _frame([header], DOCUMENTS), lines, _taxes(header["id"], taxes), now
        )
        booked = Booked(header["id"], tuple(ids))
        trace.tell(
            f"document:{header['id']}",
            lines=list(booked.due_line_ids),
            minor=header["total_minor"],
            currency=currency,
            customer=customer_id,
        )
        return booked


def book_fee(
    *,
    creditor_id: int,
    customer_id: int,
    number: str,
    issued_on: date,
    due_date: date,
    amount_minor: int,
    currency: str,
    actor: str,
    now: datetime,
    beneficiary_id: int | None = None,
    description: str = "",
    source_key: str = "",
) -> Booked:
    """Book a fee, with one due line. Raises as `book_invoice`."""
    return book_invoice(
        creditor_id=creditor_id,
        customer_id=customer_id,
        number=number,
        issued_on=issued_on,
        dues=[Due(amount_minor, due_date)],
        currency=currency,
        actor=actor,
        now=now,
        beneficiary_id=beneficiary_id,
        description=description,
        source_key=source_key,
        kind="fee",
    )


def _lines(document_id: int, customer_id: int, key: str, dues: Sequence[Due]) -> pl.DataFrame:
    return _frame(
        [
            {
                "document_id": document_id,
                "customer_id": due.payer_id or customer_id,
                "line_number": i,
                "amount_minor": due.amount_minor,
                "due_date": due.due_date,
                "source_key": f"{key}/{i}",
            }
            for i, due in enumerate(dues, start=1)
        ],
        LINES,
    )


def _taxes(document_id: int, taxes: Sequence[Tax]) -> pl.DataFrame | None:
    rows = [
        {
            "document_id": document_id,
            "kind": tax.kind,
            "rate_bp": tax.rate_bp,
            "base_minor": tax.base_minor,
            "amount_minor": tax.amount_minor,
        }
        for tax in taxes
    ]
    return _frame(rows, TAXES) if rows else None


def _frame(rows: list[dict[str, object]], schema: pl.Schema) -> pl.DataFrame:
    given = {name: schema[name] for name in schema if name in rows[0]}
    return shaped(pl.DataFrame(rows, schema=given), schema)
