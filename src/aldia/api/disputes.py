"""Disputes of a customer: shown, ended. They are opened with a call."""

from datetime import date, datetime
from typing import Any

from django.http import Http404
from ninja import Router

from aldia.api.caller import ApiRequest, Caller
from aldia.api.customers import customer_row
from aldia.api.fields import Asks, Code, Id, Line, Tells
from aldia.api.operation import posts, reads
from aldia.kernel import clock
from aldia.kernel.clock import business_date
from aldia.operations.disputes import end_dispute
from aldia.queries.disputes import KnownDispute, dispute_of, disputes_of
from aldia.rules.api_scopes import ApiScope

router = Router(tags=["disputes"])
_AS_KNOWN = ("id", "number", "from_on", "reason", "recorded_by", "recorded_at")
_ITS_END = ("ended_on", "end_reason", "ended_by", "in_force")


class Dispute(Tells):
    """Una incidencia: lo que el cliente no acepta de un vencimiento. `amount_minor`: la parte; null, todo.
    `open_minor`: lo que queda del vencimiento. `ended_on`: el primer día sin ella, y `end_reason`, cómo se
    resolvió; null mientras sigue abierta. `recorded_by`, `ended_by`: quién, como en la auditoría."""

    id: int
    customer: str
    due_line_id: int
    number: str
    amount_minor: int | None
    open_minor: int
    currency: str
    from_on: date
    reason: str
    recorded_by: str
    recorded_at: datetime
    ended_on: date | None
    end_reason: str
    ended_by: str
    in_force: bool


class Disputes(Tells):
    """Las incidencias de un cliente, la última primero."""

    disputes: list[Dispute]


class DisputeEnd(Asks):
    """Cómo se ha resuelto; hace falta."""

    reason: Line = ""


@reads(router, "/disputes", scope=ApiScope.CUSTOMERS_READ, gives=Disputes)
def list_disputes(request: ApiRequest, customer: Code) -> dict[str, Any]:
    """Las incidencias de un cliente: motivo, autor y cómo terminaron."""
    caller = request.auth
    customer_id = customer_row(caller.creditor, customer)["id"]
    known = disputes_of(caller.creditor, customer_id, _today(caller))
    return {"disputes": [_told(each) for each in known]}


@posts(router, "/disputes/{dispute_id}/end", scope=ApiScope.CUSTOMERS_WRITE, gives=Dispute)
def end_a_dispute(request: ApiRequest, dispute_id: Id, said: DisputeEnd) -> dict[str, Any]:
    """Da por resuelta una incidencia desde hoy: el vencimiento vuelve a reclamarse."""
    caller = request.auth
    _dispute(caller, dispute_id)
    end_dispute(
        creditor=caller.creditor,
        dispute_id=dispute_id,
        reason=said.reason,
        actor=caller.actor,
        now=clock.now(),
    )
    return _dispute(caller, dispute_id)


def _dispute(caller: Caller, dispute_id: int) -> dict[str, Any]:
    known = dispute_of(caller.creditor, dispute_id, _today(caller))
    if known is None:
        raise Http404
    return _told(known)


def _told(each: KnownDispute) -> dict[str, Any]:
    return {name: getattr(each, name) for name in (*_AS_KNOWN, *_ITS_END)} | {
        "customer": each.code,
        "due_line_id": each.line_id,
        "amount_minor": each.amount.minor if each.amount else None,
        "open_minor": each.open.minor,
        "currency": each.open.currency,
    }


def _today(caller: Caller) -> date:
    return business_date(clock.now(), caller.creditor.time_zone)
