"""How a customer pays: what is inferred, what it rests on, and what a person says of it."""

from datetime import date
from typing import Any, Literal

from ninja import Router

from aldia.api.caller import ApiRequest
from aldia.api.customers import customer_row
from aldia.api.fields import Asks, Code, Day, Tells, Text
from aldia.api.operation import changes, reads
from aldia.kernel import clock
from aldia.operations.kinds import judge_kind
from aldia.queries.creditors import default_date
from aldia.queries.kinds import KindSeen, kind_of
from aldia.records.tenancy.models import Creditor
from aldia.rules.api_scopes import ApiScope

router = Router(tags=["customers"])
_Kind = Literal["casual", "stalling", "circumstantial", "careless", "chronic", "illiquid", "good_payer"]


class CustomerKind(Tells):
    """Cómo paga un cliente. kind: lo que vale; inferred: lo que se deduce, por la regla because; unknown: sin
    señales suficientes. evidence: en qué se apoya. judged_by, judged_on, note: de quien lo dijo."""

    customer: str
    kind: str
    label: str
    inferred: str
    because: str
    evidence: list[str]
    treatment: str
    judged_by: str
    judged_on: date | None
    note: str


class SaidOfKind(Asks):
    """kind: cómo paga; null lo devuelve a lo que se deduce. note: por qué; hace falta si es distinto."""

    kind: _Kind | None
    note: Text = ""


@reads(router, "/customer-kinds/{path:code}", scope=ApiScope.CUSTOMERS_READ, gives=CustomerKind)
def get_customer_kind(request: ApiRequest, code: Code, on: Day | None = None) -> dict[str, Any]:
    """Cómo paga un cliente, y en qué se apoya."""
    creditor = request.auth.creditor
    return _told(creditor, code, on or default_date(creditor, clock.now()))


@changes(router, "/customer-kinds/{path:code}", scope=ApiScope.CUSTOMERS_WRITE, gives=CustomerKind)
def judge_customer_kind(request: ApiRequest, code: Code, said: SaidOfKind) -> dict[str, Any]:
    """Dice cómo paga un cliente, o lo devuelve a lo que se deduce."""
    caller, now = request.auth, clock.now()
    judge_kind(
        creditor=caller.creditor,
        customer_id=customer_row(caller.creditor, code)["id"],
        kind=said.kind or "",
        note=said.note,
        actor=caller.actor,
        now=now,
    )
    return _told(caller.creditor, code, default_date(caller.creditor, now))


def _told(creditor: Creditor, code: str, on: date) -> dict[str, Any]:
    row = customer_row(creditor, code)
    seen: KindSeen = kind_of(creditor, row["id"], on)
    return {
        "customer": row["code"],
        "kind": seen.kind,
        "label": seen.label,
        "inferred": seen.inferred,
        "because": seen.because,
        "evidence": list(seen.evidence),
        "treatment": seen.treatment,
        "judged_by": seen.judged_by,
        "judged_on": seen.judged_on,
        "note": seen.judged.note if seen.judged else "",
    }
