"""Payments: recorded, allocated by hand, reversed."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Router
from pydantic import Field

from aldia.api.caller import ApiRequest, Caller
from aldia.api.customers import asked_page
from aldia.api.documents import Allocated, by, found
from aldia.api.fields import After, Asks, Code, Currency, Day, Id, Limit, Line, Minor, PageOf, Tells, Text
from aldia.api.operation import posts, reads
from aldia.kernel import clock
from aldia.operations.ledger import allocate_credit, reverse_credit
from aldia.operations.postings import post_payment
from aldia.queries import pages
from aldia.queries.bank_data import PAYMENT_MARK
from aldia.rules.api_scopes import ApiScope

router = Router(tags=["payments"])
Lines = Annotated[list[Id], Field(min_length=1, max_length=100, description="Ids de vencimientos.")]


class Payment(Tells):
    """Un cobro. customer: null mientras no se sepa de quién es. document: el número que dice pagar.
    unallocated_minor: lo que queda sin aplicar. external_id: el que le dio quien lo registró por aquí."""

    id: int
    customer: str | None
    value_on: date
    currency: str
    amount_minor: int
    unallocated_minor: int
    refunded_minor: int
    reversed_minor: int
    document: str
    reference: str
    payer_name: str
    method: str
    external_id: str
    recorded_at: datetime
    allocations: list[Allocated]


class Payments(PageOf):
    """Una página de cobros, por orden de registro."""

    payments: list[Payment]


class NewPayment(Asks):
    """Un cobro nuevo. Paga los vencimientos de `due_lines` o, sin ellos, los del documento de ese número; el
    resto queda sin aplicar. external_id: el de su programa o su banco; dos cobros no lo comparten nunca."""

    customer: Code | None = None
    value_on: Day
    currency: Currency
    amount_minor: Minor
    due_lines: Annotated[list[Id], Field(max_length=100)] = []
    document: Line = ""
    reference: Line = ""
    payer_name: Line = ""
    method: Annotated[str, Field(max_length=40, pattern="^[a-z_]*$")] = ""
    external_id: Line = ""


class NewAllocation(Asks):
    """A qué vencimientos se aplica, del más antiguo al último. amount_minor: si falta, lo que quepa."""

    due_lines: Lines
    amount_minor: Minor | None = None


class NewReversal(Asks):
    """Qué se anula. amount_minor: si falta, todo lo que quede del cobro."""

    on: Day
    amount_minor: Minor | None = None
    kind: Literal["returned_debit", "undo", "correction", "chargeback", "other"] = "undo"
    reason: Text = ""


@reads(router, "/payments", scope=ApiScope.PAYMENTS_READ, gives=Payments)
def list_payments(
    request: ApiRequest, customer: Code | None = None, after: After = 0, limit: Limit = 100
) -> dict[str, Any]:
    """Los cobros, por orden de registro."""
    creditor = request.auth.creditor
    page = pages.credits_page(creditor.pk, asked_page(creditor, customer, after, limit), "payment")
    return {"payments": [_told(row) for row in page.rows], "next_after": page.next_after}


@reads(router, "/payments/{payment_id}", scope=ApiScope.PAYMENTS_READ, gives=Payment)
def get_payment(request: ApiRequest, payment_id: Id) -> dict[str, Any]:
    """Un cobro con lo que paga."""
    return _payment(request.auth, payment_id)


@posts(router, "/payments", scope=ApiScope.PAYMENTS_WRITE, gives=Payment)
def create_payment(request: ApiRequest, said: NewPayment) -> dict[str, Any]:
    """Registra un cobro."""
    applied = post_payment(
        customer=said.customer,
        amount_minor=said.amount_minor,
        currency=said.currency,
        value_on=said.value_on,
        external_id=said.external_id,
        due_line_ids=sorted(set(said.due_lines)),
        names_document=said.document,
        reference=said.reference,
        payer_name=said.payer_name,
        method=said.method,
        by=by(request.auth),
    )
    return _payment(request.auth, applied.credit_id)


@posts(router, "/payments/{payment_id}/allocations", scope=ApiScope.PAYMENTS_WRITE, gives=Payment)
def allocate_payment(request: ApiRequest, payment_id: Id, said: NewAllocation) -> dict[str, Any]:
    """Aplica lo que queda de un cobro, o una parte, a vencimientos."""
    _payment(request.auth, payment_id)
    allocate_credit(
        creditor_id=request.auth.creditor.pk,
        credit_id=payment_id,
        due_line_ids=sorted(set(said.due_lines)),
        amount_minor=said.amount_minor,
        actor=request.auth.actor,
        now=clock.now(),
    )
    return _payment(request.auth, payment_id)


@posts(router, "/payments/{payment_id}/reversals", scope=ApiScope.PAYMENTS_WRITE, gives=Payment)
def reverse_payment(request: ApiRequest, payment_id: Id, said: NewReversal) -> dict[str, Any]:
    """Anula un cobro entero o en parte: lo que pagaba vuelve a estar pendiente."""
    _payment(request.auth, payment_id)
    reverse_credit(
        creditor_id=request.auth.creditor.pk,
        credit_id=payment_id,
        on=said.on,
        amount_minor=said.amount_minor,
        kind=said.kind,
        reason=said.reason,
        actor=request.auth.actor,
        now=clock.now(),
    )
    return _payment(request.auth, payment_id)


def _payment(caller: Caller, payment_id: int) -> dict[str, Any]:
    return _told(found(pages.credit_of_id(caller.creditor.pk, payment_id, "payment")))


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """The row in the words of this page."""
    key = row["source_key"]
    return row | {
        "value_on": row["effective_on"],
        "document": row["names_document"],
        "external_id": key.removeprefix(PAYMENT_MARK) if key.startswith(PAYMENT_MARK) else "",
    }
