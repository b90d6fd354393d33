"""Promises to pay: listed, taken down, taken back."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import Http404
from ninja import Router
from pydantic import Field

from aldia.api.caller import ApiRequest, Caller
from aldia.api.customers import customer_row
from aldia.api.fields import Asks, Code, Currency, Day, Id, Line, Minor, Tells, Text
from aldia.api.operation import posts, reads
from aldia.kernel import clock
from aldia.kernel.clock import business_date
from aldia.operations.promises import NewPromise as Said
from aldia.operations.promises import PromiseRefused, record_promise, withdraw_promise
from aldia.queries.promises import PromiseSeen, promise_seen, promises_of
from aldia.rules.api_scopes import ApiScope

router = Router(tags=["promises"])
Method = Literal["", "transfer", "card", "direct_debit", "cash", "cheque", "other"]
Source = Literal["call", "reply", "portal", "desk"]
State = Literal["open", "kept", "partly_kept", "broken", "released", "withdrawn"]
Lines = Annotated[
    list[Id],
    Field(
        max_length=200,
        description="Vencimientos; sin ninguno, lo pendiente en esa moneda, lo más antiguo antes.",
    ),
]
_OURS = {"amount": "amount_minor", "lines": "due_line_ids"}


class Promise(Tells):
    """Un compromiso de pago. `required_minor`: lo que queda por cumplir de él, descontados los abonos;
    `paid_minor`: el dinero aplicado que cuenta. `until_on`: el último día, con su margen. `decided_on`: desde
    cuándo está así; null mientras sigue abierto. `taken_by`: quién lo anotó; vacío, un programa. `reason`: de
    quien lo retiró."""

    id: int
    customer: str
    amount_minor: int
    required_minor: int
    paid_minor: int
    currency: str
    made_on: date
    promised_on: date
    until_on: date
    state: State
    decided_on: date | None
    method: Method
    source: Source
    promised_by: str
    taken_by: str
    note: str
    documents: list[str]
    reason: str
    waits_for_matching: bool


class Promises(Tells):
    """Los compromisos de un cliente, el último primero."""

    promises: list[Promise]


class NewPromise(Asks):
    """Un compromiso nuevo. `receipt`: si se le manda al cliente el acuse con lo anotado."""

    customer: Code
    amount_minor: Minor
    currency: Currency
    promised_on: Day
    method: Method = ""
    promised_by: Line = ""
    source: Source = "desk"
    note: Text = ""
    due_line_ids: Lines = Field(default_factory=list)
    receipt: bool = True


class Withdrawal(Asks):
    """Por qué se retira; hace falta."""

    reason: Line = ""


@reads(router, "/promises", scope=ApiScope.CUSTOMERS_READ, gives=Promises)
def list_promises(request: ApiRequest, customer: Code) -> dict[str, Any]:
    """Los compromisos de pago de un cliente, como están hoy."""
    caller = request.auth
    customer_id = customer_row(caller.creditor, customer)["id"]
    known = promises_of(caller.creditor, customer_id, _today(caller))
    return {"promises": [_told(each) for each in known]}


@posts(router, "/promises", scope=ApiScope.CUSTOMERS_WRITE, gives=Promise)
def record_a_promise(request: ApiRequest, said: NewPromise) -> dict[str, Any]:
    """Anota lo que un cliente se compromete a pagar. Hasta ese día no se le reclama."""
    caller = request.auth
    details = said.model_dump(exclude={"customer", "due_line_ids"})
    try:
        made = record_promise(
            creditor=caller.creditor,
            customer_id=customer_row(caller.creditor, said.customer)["id"],
            new=Said(**details, due_line_ids=tuple(said.due_line_ids)),
            actor=caller.actor,
            now=clock.now(),
        )
    except PromiseRefused as refusal:
        field = str(refusal.facts["field"])
        raise PromiseRefused(refusal.sentence, **refusal.facts | {"field": _OURS.get(field, field)}) from None
    return _promise(caller, made.pk)


@posts(router, "/promises/{promise_id}/withdraw", scope=ApiScope.CUSTOMERS_WRITE, gives=Promise)
def withdraw_a_promise(request: ApiRequest, promise_id: Id, said: Withdrawal) -> dict[str, Any]:
    """Retira un compromiso abierto: el seguimiento continúa como si no se hubiera hecho."""
    caller = request.auth
    _promise(caller, promise_id)
    withdraw_promise(
        creditor=caller.creditor,
        promise_id=promise_id,
        reason=said.reason,
        actor=caller.actor,
        now=clock.now(),
    )
    return _promise(caller, promise_id)


def _promise(caller: Caller, promise_id: int) -> dict[str, Any]:
    known = promise_seen(caller.creditor, promise_id, _today(caller))
    if known is None:
        raise Http404
    return _told(known)


def _told(each: PromiseSeen) -> dict[str, Any]:
    names = ("id", "made_on", "promised_on", "until_on", "state", "decided_on", "promised_by", "note")
    return {name: getattr(each, name) for name in names} | {
        "customer": each.code,
        "amount_minor": each.amount.minor,
        "required_minor": each.required.minor,
        "paid_minor": each.paid.minor,
        "currency": each.amount.currency,
        "method": each.method_code,
        "source": each.source_code,
        "taken_by": each.taken_by,
        "documents": list(each.numbers),
        "reason": each.reason,
        "waits_for_matching": each.waits_for_matching,
    }


def _today(caller: Caller) -> date:
    return business_date(clock.now(), caller.creditor.time_zone)
