"""Invoices, fees, charge notes, and the credit notes that lower them."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import Http404
from ninja import Router
from pydantic import Field

from aldia.api.caller import ApiRequest, Caller
from aldia.api.customers import asked_page
from aldia.api.fields import After, Asks, Code, Currency, Day, Id, Limit, Line, Minor, PageOf, Tells, Text
from aldia.api.operation import posts, reads
from aldia.kernel import clock
from aldia.operations.ledger import Due
from aldia.operations.ledger.trace import By
from aldia.operations.postings import Posted, post_credit_note, post_document
from aldia.queries import pages
from aldia.rules.api_scopes import ApiScope

router = Router(tags=["documents"])
_LINES_MAX = 120


class DueLine(Tells):
    """Un vencimiento. payer: quien lo debe. reversed_minor: anulado; settled_on: día en que quedó a cero."""

    id: int
    payer: str
    due_date: date
    amount_minor: int
    open_minor: int
    allocated_minor: int
    reversed_minor: int
    settled_on: date | None


class Document(Tells):
    """Una factura, cuota, nota de cargo o saldo inicial. adjusts: el documento que corrige al alza."""

    id: int
    customer: str
    kind: str
    number: str
    issued_on: date
    currency: str
    total_minor: int
    net_minor: int | None
    description: str
    order_reference: str
    adjusts: int | None
    recorded_at: datetime
    lines: list[DueLine]


class Documents(PageOf):
    """Una página de documentos, por orden de registro."""

    documents: list[Document]


class NewDueLine(Asks):
    """Un vencimiento."""

    amount_minor: Minor
    due_date: Day


class NewDocument(Asks):
    """Un documento nuevo. total_minor: con impuestos; si falta, la suma de los vencimientos, y solo es mayor
    que ella cuando hay retención."""

    kind: Literal["invoice", "fee", "charge_note"] = "invoice"
    customer: Code
    number: Code
    issued_on: Day
    currency: Currency
    lines: Annotated[list[NewDueLine], Field(min_length=1, max_length=_LINES_MAX)]
    total_minor: Minor | None = None
    net_minor: Minor | None = None
    description: Text = ""
    order_reference: Line = ""


class Allocated(Tells):
    """Lo que un cobro o una rectificativa paga de un vencimiento, menos lo que se haya desaplicado."""

    id: int
    due_line: int
    document: int
    number: str
    on: date
    amount_minor: int


class CreditNote(Tells):
    """Una factura rectificativa. adjusts: el documento que rectifica. unallocated_minor: queda a cuenta."""

    id: int
    customer: str
    number: str
    issued_on: date = Field(validation_alias="effective_on")
    currency: str
    amount_minor: int
    unallocated_minor: int
    reversed_minor: int
    adjusts: int | None
    reason: str
    recorded_at: datetime
    allocations: list[Allocated]


class CreditNotes(PageOf):
    """Una página de rectificativas, por orden de registro."""

    credit_notes: list[CreditNote]


class NewCreditNote(Asks):
    """Una rectificativa nueva. adjusts: id del documento; paga lo que esté pendiente de él."""

    customer: Code
    number: Code
    issued_on: Day
    currency: Currency
    amount_minor: Minor
    adjusts: Id | None = None
    reason: Text = ""


@reads(router, "/documents", scope=ApiScope.DOCUMENTS_READ, gives=Documents)
def list_documents(
    request: ApiRequest,
    customer: Code | None = None,
    number: Code | None = None,
    after: After = 0,
    limit: Limit = 100,
) -> dict[str, Any]:
    """Los documentos, por orden de registro; de un cliente o con un número, si se dice."""
    creditor = request.auth.creditor
    page = pages.documents_page(
        creditor.pk, asked_page(creditor, customer, after, limit), number=number or ""
    )
    return {"documents": page.rows, "next_after": page.next_after}


@reads(router, "/documents/{document_id}", scope=ApiScope.DOCUMENTS_READ, gives=Document)
def get_document(request: ApiRequest, document_id: Id) -> dict[str, Any]:
    """Un documento con sus vencimientos."""
    return _document(request.auth, document_id)


@posts(router, "/documents", scope=ApiScope.DOCUMENTS_WRITE, gives=Document)
def create_document(request: ApiRequest, said: NewDocument) -> dict[str, Any]:
    """Registra una factura, cuota o nota de cargo."""
    booked = post_document(
        paper=Posted(said.customer, said.number, said.currency, said.issued_on),
        kind=said.kind,
        dues=[Due(line.amount_minor, line.due_date) for line in said.lines],
        by=by(request.auth),
        description=said.description,
        order_reference=said.order_reference,
        total_minor=said.total_minor,
        net_minor=said.net_minor,
    )
    return _document(request.auth, booked.document_id)


@reads(router, "/credit-notes", scope=ApiScope.DOCUMENTS_READ, gives=CreditNotes)
def list_credit_notes(
    request: ApiRequest, customer: Code | None = None, after: After = 0, limit: Limit = 100
) -> dict[str, Any]:
    """Las facturas rectificativas, por orden de registro."""
    creditor = request.auth.creditor
    page = pages.credits_page(creditor.pk, asked_page(creditor, customer, after, limit), "credit_note")
    return {"credit_notes": page.rows, "next_after": page.next_after}


@posts(router, "/credit-notes", scope=ApiScope.DOCUMENTS_WRITE, gives=CreditNote)
def create_credit_note(request: ApiRequest, said: NewCreditNote) -> dict[str, Any]:
    """Registra una factura rectificativa."""
    applied = post_credit_note(
        paper=Posted(said.customer, said.number, said.currency, said.issued_on),
        amount_minor=said.amount_minor,
        adjusts_id=said.adjusts,
        reason=said.reason,
        by=by(request.auth),
    )
    return found(pages.credit_of_id(request.auth.creditor.pk, applied.credit_id, "credit_note"))


def by(caller: Caller) -> By:
    """Who does it, for whom, now."""
    return By(caller.creditor.pk, caller.actor, clock.now())


def found(row: dict[str, Any] | None) -> dict[str, Any]:
    """The row; 404 where there is none."""
    if row is None:
        raise Http404
    return row


def _document(caller: Caller, document_id: int) -> dict[str, Any]:
    return found(pages.document_of_id(caller.creditor.pk, document_id))
