"""Documents, credit notes and payments as a program posts them: under the customer's code, each once.

A table may bring the same document; whichever comes second is known by its number. Source keys begin with a
colon, as no source of a table can.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.imports.batches import beside_imports
from aldia.operations.imports.context import escaped_text
from aldia.operations.ledger import Applied, Booked, Due, book_invoice, record_credit_note, record_payment
from aldia.operations.ledger.trace import By
from aldia.operations.refusals import AnotherCustomer, NoSuchRow, spoken
from aldia.queries.bank_data import PAYMENT_MARK
from aldia.queries.customers import UnknownCustomer
from aldia.queries.imports import credit_notes
from aldia.queries.ledger import customers_by_code, lines_by_number, lines_of_document
from aldia.records.tenancy.scope import scope


class DocumentExists(AldiaError):
    """The customer has a document of that number and currency. facts: document."""

    code = "document_exists"


class CreditNoteExists(AldiaError):
    """The customer has a credit note of that number and currency. facts: credit."""

    code = "credit_note_exists"


@dataclass(frozen=True, slots=True)
class Posted:
    """What every posted paper says of itself. customer: its code. amounts: minor units of currency."""

    customer: str
    number: str
    currency: str
    issued_on: date


def post_document(
    *,
    paper: Posted,
    kind: str,
    dues: Sequence[Due],
    by: By,
    total_minor: int | None = None,
    net_minor: int | None = None,
    description: str = "",
    order_reference: str = "",
) -> Booked:
    """Book an invoice, fee or charge note.

    Raises UnknownCustomer, DocumentExists, ImportUnderWay, and as `ledger.book_invoice`.
    """
    with spoken(), transaction.atomic(), scope([by.creditor_id]):
        beside_imports(by.creditor_id)
        customer_id = _customer_id(by.creditor_id, paper.customer)
        _refuse_known_document(by.creditor_id, customer_id, paper)
        return book_invoice(
            **_common(by),
            customer_id=customer_id,
            number=paper.number,
            issued_on=paper.issued_on,
            currency=paper.currency,
            dues=dues,
            kind=kind,
            source_key=_key(kind, paper),
            total_minor=total_minor,
            net_minor=net_minor,
            description=description,
            order_reference=order_reference,
        )


def post_credit_note(
    *, paper: Posted, amount_minor: int, adjusts_id: int | None, reason: str, by: By
) -> Applied:
    """Record a credit note; it pays what is open of the document it adjusts.

    Raises UnknownCustomer, CreditNoteExists, NoSuchRow, AnotherCustomer, ImportUnderWay, and as
    `ledger.record_credit_note`.
    """
    with spoken(), transaction.atomic(), scope([by.creditor_id]):
        beside_imports(by.creditor_id)
        customer_id = _customer_id(by.creditor_id, paper.customer)
        _refuse_known_credit_note(by.creditor_id, customer_id, paper)
        if adjusts_id is not None:
            _check_adjusted(by.creditor_id, customer_id, adjusts_id)
        return record_credit_note(
            **_common(by),
            customer_id=customer_id,
            number=paper.number,
            amount_minor=amount_minor,
            currency=paper.currency,
            issued_on=paper.issued_on,
            adjusts_id=adjusts_id,
            reason=reason,
            source_key=_key("credit_note", paper),
        )


def post_payment(
    *,
    customer: str | None,
    amount_minor: int,
    currency: str,
    value_on: date,
    external_id: str,
    by: By,
    due_line_ids: Sequence[int] = (),
    names_document: str = "",
    reference: str = "",
    payer_name: str = "",
    method: str = "",
) -> Applied:
    """Record money that came in. customer: its code; None while nobody knows whose it is. external_id: the
    program's own, which no two payments share; blank for none. Else as `ledger.record_payment`.

    Raises UnknownCustomer, SourceKeyTaken, and as `ledger.record_payment`.
    """
    with spoken(), transaction.atomic(), scope([by.creditor_id]):
        return record_payment(
            **_common(by),
            customer_id=None if customer is None else _customer_id(by.creditor_id, customer),
            amount_minor=amount_minor,
            currency=currency,
            value_on=value_on,
            due_line_ids=due_line_ids,
            source_key=f"{PAYMENT_MARK}{external_id}" if external_id else "",
            names_document=names_document,
            reference=reference,
            payer_name=payer_name,
            method=method,
        )


def _common(by: By) -> dict[str, Any]:
    return {"creditor_id": by.creditor_id, "actor": by.actor, "now": by.now}


def _customer_id(creditor_id: int, code: str) -> int:
    found = customers_by_code(creditor_id, [code])
    if found.is_empty():
        raise UnknownCustomer(f"No hay ningún cliente con el código «{code}».", code=code, near=[])
    return int(found["customer_id"][0])


def _key(kind: str, paper: Posted) -> str:
    parts = (escaped_text(part) for part in (paper.customer, paper.number, paper.currency))
    return f":api:{kind}:{':'.join(parts)}"


def _refuse_known_document(creditor_id: int, customer_id: int, paper: Posted) -> None:
    known = _of(lines_by_number(creditor_id, [paper.number]), customer_id, paper)
    for document_id in known["document_id"].head(1):
        raise DocumentExists(
            f"El cliente «{paper.customer}» ya tiene un documento con el número «{paper.number}».",
            document=document_id,
        )


def _refuse_known_credit_note(creditor_id: int, customer_id: int, paper: Posted) -> None:
    known = _of(credit_notes(creditor_id, [paper.number]), customer_id, paper)
    for credit_id in known["credit_id"].head(1):
        raise CreditNoteExists(
            f"El cliente «{paper.customer}» ya tiene una rectificativa con el número «{paper.number}».",
            credit=credit_id,
        )


def _of(rows: pl.DataFrame, customer_id: int, paper: Posted) -> pl.DataFrame:
    return rows.filter(customer_id=customer_id, currency=paper.currency)


def _check_adjusted(creditor_id: int, customer_id: int, document_id: int) -> None:
    lines = lines_of_document(creditor_id, document_id)
    if lines.is_empty():
        raise NoSuchRow(f"No existe el documento {document_id}.", id=document_id)
    if customer_id not in set(lines["customer_id"]):
        raise AnotherCustomer("La factura que se rectifica es de otro cliente.", id=document_id)
