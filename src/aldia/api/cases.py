"""Cases and the worklist, for programs that show a collector's day elsewhere."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Router
from pydantic import Field

from aldia.api.caller import ApiRequest
from aldia.api.customers import customer_row
from aldia.api.fields import Code, Line, Tells
from aldia.api.operation import reads
from aldia.kernel import clock
from aldia.kernel.clock import business_date
from aldia.kernel.money import Money
from aldia.queries.cases import CaseSeen, case_history, cases_of, notes_of
from aldia.queries.worklist import PAGE, Wanted, WorkRow, worklist
from aldia.rules.api_scopes import ApiScope

router = Router(tags=["cases"])

Owner = Annotated[
    Literal["all", "nobody"], Field(description="`all`: todos; `nobody`: los que no lleva nadie.")
]
Tier = Annotated[int, Field(ge=1, le=7, description="Grupo de la cola.")]
Page = Annotated[int, Field(ge=1, le=1_000_000, description="Página, desde la 1.")]


class Sum(Tells):
    """Unidades menores de una moneda."""

    currency: str
    minor: int


class Case(Tells):
    """Un expediente. `owner`: quién lo lleva, vacío si nadie; `owner_gone`: ya no puede llevarlo. `next_on`,
    `next_at`: día y hora de la próxima acción. `closed_on`: null mientras está abierto."""

    id: int
    state: str
    state_since: date
    owner: str
    owner_gone: bool
    team: str
    priority: int
    next_action: str
    next_on: date | None
    next_at: datetime | None
    touched_at: datetime | None
    opened_on: date
    closed_on: date | None
    reopened_times: int
    version: int


class Happening(Tells):
    """Algo que pasó con un expediente. `kind`: qué; `words`: qué cambió; `by`: quién."""

    case_id: int
    kind: str
    label: str
    words: str
    at: datetime
    by: str


class Note(Tells):
    """Una nota. `case_id`: null si no había expediente abierto."""

    id: int
    case_id: int | None
    text: str
    at: datetime
    by: str


class Cases(Tells):
    """Los expedientes de un cliente, el último primero, con su historia y sus notas (las cien últimas)."""

    customer: str
    cases: list[Case]
    history: list[Happening]
    notes: list[Note]


class Ranked(Tells):
    """Un expediente en la cola. `tier`: grupo; `why` y `reason`: por qué está ahí; `chance`: ocasión de
    cobrar, en %. Los importes son los de este momento."""

    rank: int
    case_id: int
    customer: str
    name: str
    group: str
    state: str
    owner: str
    owner_gone: bool
    priority: int
    tier: int
    why: str
    reason: str
    chance: int
    overdue: list[Sum]
    dunnable: list[Sum]
    days_overdue: int
    kind: str
    next_action: str
    next_on: date | None
    next_at: datetime | None
    locked_by: str
    version: int


class Worklist(Tells):
    """Una página de la cola de trabajo."""

    on: date
    total: int
    page: int
    pages: int
    cases: list[Ranked]


@reads(router, "/cases/{path:code}", scope=ApiScope.CASES_READ, gives=Cases)
def get_cases(request: ApiRequest, code: Code) -> dict[str, Any]:
    """Los expedientes de un cliente."""
    creditor = request.auth.creditor
    customer_id = customer_row(creditor, code)["id"]
    return {
        "customer": code,
        "cases": [_case(each) for each in cases_of(creditor, customer_id)],
        "history": [asdict(each) for each in case_history(creditor, customer_id)],
        "notes": [asdict(each) for each in notes_of(creditor, customer_id)],
    }


@reads(router, "/worklist", scope=ApiScope.CASES_READ, gives=Worklist)
def get_worklist(
    request: ApiRequest, owner: Owner = "all", tier: Tier | None = None, text: Line = "", page: Page = 1
) -> dict[str, Any]:
    """Los expedientes abiertos en el orden en que se trabajan, de 50 en 50."""
    creditor, now = request.auth.creditor, clock.now()
    on = business_date(now, creditor.time_zone)
    wanted = Wanted(owner=owner, tier=tier, text=text, page=page)
    found = worklist(creditor, member=None, on=on, now=now, wanted=wanted)
    first = (found.page - 1) * PAGE + 1
    return {
        "on": on,
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "cases": [_ranked(rank, row) for rank, row in enumerate(found.rows, start=first)],
    }


def _case(seen: CaseSeen) -> dict[str, Any]:
    return {name: getattr(seen, name) for name in Case.model_fields}


def _ranked(rank: int, row: WorkRow) -> dict[str, Any]:
    own = {"rank": rank, "customer": row.code, "overdue": _sums(row.overdue), "dunnable": _sums(row.dunnable)}
    return own | {name: getattr(row, name) for name in Ranked.model_fields if name not in own}


def _sums(amounts: tuple[Money, ...]) -> list[dict[str, Any]]:
    return [{"currency": each.currency, "minor": each.minor} for each in amounts]
