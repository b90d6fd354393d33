"""Calls and visits: listed, written down, put right; and whether a customer may be called now."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import Http404
from ninja import Router
from pydantic import AwareDatetime, Field

from aldia.api.caller import ApiRequest, Caller
from aldia.api.customers import customer_row
from aldia.api.fields import After, Asks, Code, Day, Id, Limit, Line, PageOf, Tells, Text
from aldia.api.operation import posts, reads
from aldia.kernel import clock
from aldia.operations.calls import NewCall, correct_call, record_call
from aldia.queries.calls import call_of, calls_of, may_call
from aldia.rules.api_scopes import ApiScope

router = Router(tags=["calls"])
_Kind = Literal["call", "visit"]
_Direction = Literal["out", "in"]
_Reached = Literal["right_party", "third_party", "voicemail", "nobody"]
_Status = Literal["", "good", "wrong", "disconnected"]
_Outcome = Annotated[str, Field(min_length=1, max_length=40, pattern="^[a-z][a-z0-9_]*$")]
_Reason = Annotated[str, Field(max_length=40, pattern="^[a-z_]*$")]


class Call(Tells):
    """Una llamada o visita. `outcome`: el código del resultado, con su nombre. `corrected_by`: la que la
    corrige; null mientras vale. `refusal`: lo que había en contra cuando se hizo; null si se podía."""

    id: int
    kind: str
    direction: str
    number: str
    number_status: str
    reached: str
    outcome: str
    outcome_label: str
    reason: str
    volunteered: bool
    note: str
    next_action: str
    next_on: date | None
    next_at: datetime | None
    at: datetime
    on_date: date
    by: str
    task_id: int | None
    corrects_id: int | None
    corrected_by: int | None
    refusal: dict[str, Any] | None
    recorded_at: datetime


class Calls(PageOf):
    """Una página de llamadas, la última primero."""

    calls: list[Call]


class Leave(Tells):
    """Si se le puede llamar ahora. `sentence`: por qué no; `source`: en qué se apoya. `retry_at`: desde
    cuándo; null si no depende de la hora."""

    allowed: bool
    sentence: str
    source: str
    rule: str
    retry_at: datetime | None


class SaidOfCall(Asks):
    """Lo que se dice de una llamada. `at`: cuándo fue; si falta, ahora. `volunteered`: contó el motivo sin
    que se le preguntara. `made_anyway`: se hizo aunque no se podía. `disputed_lines`: las que discute;
    `dispute_reason`: qué no acepta de ellas."""

    kind: _Kind = "call"
    direction: _Direction = "out"
    number: Annotated[Line, Field(max_length=40)] = ""
    number_status: _Status = ""
    reached: _Reached
    outcome: _Outcome
    reason: _Reason = ""
    volunteered: bool = False
    note: Text = ""
    next_action: Line = ""
    next_on: Day | None = None
    next_at: AwareDatetime | None = None
    at: AwareDatetime | None = None
    made_anyway: bool = False
    disputed_lines: Annotated[list[Id], Field(max_length=100)] = []
    dispute_reason: Line = ""

    def as_new(self, task_id: int | None = None) -> NewCall:
        """As the operation takes it."""
        said = self.model_dump(exclude={"customer", "task_id", "disputed_lines"})
        return NewCall(**said, task_id=task_id, disputed_lines=tuple(self.disputed_lines))


class NewCallBody(SaidOfCall):
    """Una llamada nueva. `task_id`: la llamada prevista que hace."""

    customer: Code
    task_id: Id | None = None


@reads(router, "/calls", scope=ApiScope.CUSTOMERS_READ, gives=Calls)
def list_calls(request: ApiRequest, customer: Code, after: After = 0, limit: Limit = 100) -> dict[str, Any]:
    """Las llamadas y visitas de un cliente, la última primero."""
    creditor = request.auth.creditor
    customer_id = customer_row(creditor, customer)["id"]
    found = calls_of(creditor, customer_id, most=limit + 1, before=after or None)
    shown = found[:limit]
    return {
        "calls": [_told(each) for each in shown],
        "next_after": shown[-1].id if len(found) > limit else None,
    }


@reads(router, "/calls/leave", scope=ApiScope.CUSTOMERS_READ, gives=Leave)
def may_call_customer(request: ApiRequest, customer: Code) -> dict[str, Any]:
    """Si se le puede llamar ahora, y por qué no."""
    creditor = request.auth.creditor
    leave = may_call(creditor, customer_row(creditor, customer)["id"], now=clock.now())
    return {name: getattr(leave, name) for name in Leave.model_fields}


@posts(router, "/calls", scope=ApiScope.CUSTOMERS_WRITE, gives=Call)
def create_call(request: ApiRequest, said: NewCallBody) -> dict[str, Any]:
    """Anota una llamada o visita, con lo que sigue de su resultado."""
    caller = request.auth
    made = record_call(
        creditor=caller.creditor,
        customer_id=customer_row(caller.creditor, said.customer)["id"],
        new=said.as_new(said.task_id),
        actor=caller.actor,
        now=clock.now(),
    )
    return _call(caller, made.pk)


@posts(router, "/calls/{call_id}/corrections", scope=ApiScope.CUSTOMERS_WRITE, gives=Call)
def correct_a_call(request: ApiRequest, call_id: Id, said: SaidOfCall) -> dict[str, Any]:
    """Corrige una llamada el mismo día, con otra que dice lo que fue."""
    caller = request.auth
    _call(caller, call_id)
    made = correct_call(
        creditor=caller.creditor, call_id=call_id, new=said.as_new(), actor=caller.actor, now=clock.now()
    )
    return _call(caller, made.pk)


def _call(caller: Caller, call_id: int) -> dict[str, Any]:
    known = call_of(caller.creditor, call_id)
    if known is None:
        raise Http404
    return _told(known)


def _told(known: Any) -> dict[str, Any]:
    return {name: getattr(known, name) for name in Call.model_fields}
