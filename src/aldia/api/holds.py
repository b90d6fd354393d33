"""Holds of a customer: shown, put, ended."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.http import Http404
from ninja import Router

from aldia.api.caller import ApiRequest, Caller
from aldia.api.customers import customer_row
from aldia.api.fields import Asks, Code, Day, Id, Tells, Text
from aldia.api.operation import posts, reads
from aldia.kernel import clock
from aldia.kernel.clock import business_date
from aldia.operations.holds import end_hold, put_on_hold
from aldia.queries.holds import hold_of, holds_of
from aldia.rules.api_scopes import ApiScope

router = Router(tags=["holds"])


class Hold(Tells):
    """Una pausa. Del `from_on` al día antes de `until_on` no se reclama nada; `ended_on`: el primer día sin
    ella si alguien la terminó antes. `recorded_by`, `ended_by`: quién, como en la auditoría."""

    id: int
    from_on: date
    until_on: date | None
    reason: str
    recorded_by: str
    recorded_at: datetime
    ended_on: date | None
    end_reason: str
    ended_by: str
    in_force: bool


class Holds(Tells):
    """Las pausas de un cliente, la última primero."""

    holds: list[Hold]


class NewHold(Asks):
    """Una pausa nueva. `until_on`: el primer día sin ella; hace falta. `on`: el primero con ella; si falta,
    hoy. `reason`: por qué; hace falta."""

    customer: Code
    until_on: Day | None = None
    on: Day | None = None
    reason: Text = ""


class HoldEnd(Asks):
    """Por qué se termina; hace falta."""

    reason: Text = ""


@reads(router, "/holds", scope=ApiScope.CUSTOMERS_READ, gives=Holds)
def list_holds(request: ApiRequest, customer: Code) -> dict[str, Any]:
    """Las pausas de un cliente: motivo, autor y fin."""
    caller = request.auth
    customer_id = customer_row(caller.creditor, customer)["id"]
    known = holds_of(caller.creditor, customer_id, _today(caller))
    return {"holds": [asdict(each) for each in known]}


@posts(router, "/holds", scope=ApiScope.CUSTOMERS_WRITE, gives=Hold)
def put_a_hold(request: ApiRequest, said: NewHold) -> dict[str, Any]:
    """Pone a un cliente en pausa. Los intereses siguen corriendo."""
    caller = request.auth
    made = put_on_hold(
        creditor=caller.creditor,
        customer_id=customer_row(caller.creditor, said.customer)["id"],
        until_on=said.until_on,
        reason=said.reason,
        on=said.on,
        actor=caller.actor,
        now=clock.now(),
    )
    return _hold(caller, made.hold_id)


@posts(router, "/holds/{hold_id}/end", scope=ApiScope.CUSTOMERS_WRITE, gives=Hold)
def end_a_hold(request: ApiRequest, hold_id: Id, said: HoldEnd) -> dict[str, Any]:
    """Termina una pausa desde hoy."""
    caller = request.auth
    _hold(caller, hold_id)
    end_hold(
        creditor=caller.creditor,
        hold_id=hold_id,
        reason=said.reason,
        actor=caller.actor,
        now=clock.now(),
    )
    return _hold(caller, hold_id)


def _hold(caller: Caller, hold_id: int) -> dict[str, Any]:
    known = hold_of(caller.creditor, hold_id, _today(caller))
    if known is None:
        raise Http404
    return asdict(known)


def _today(caller: Caller) -> date:
    return business_date(clock.now(), caller.creditor.time_zone)
