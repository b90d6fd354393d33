"""The portfolio in the words of the vocabulary, the decisions of the last run, and one customer explained."""

from datetime import date
from typing import Annotated, Any

from ninja import Router
from pydantic import ConfigDict, Field, create_model

from aldia.api.caller import ApiRequest
from aldia.api.customers import customer_row
from aldia.api.fields import After, Code, Day, Limit, PageOf, Tells, Text
from aldia.api.operation import reads
from aldia.kernel import clock
from aldia.queries.creditors import default_date
from aldia.queries.explained import Explanation
from aldia.queries.portfolio_pages import (
    condition_of,
    customer_range,
    decisions_of,
    explained,
    portfolio_of,
)
from aldia.queries.runs import last_run
from aldia.rules.api_scopes import ApiScope
from aldia.rules.portfolio.vocabulary import VOCABULARY, Column, Unit

router = Router(tags=["portfolio"])
Where = Annotated[Text, Field(description="Una condición como las de las estrategias: `days_overdue > 30`.")]
_AGEING = "aging_"  # its columns follow the creditor's own edges
_TYPES: dict[Unit, Any] = {
    Unit.MINOR: int,
    Unit.DAYS: int,
    Unit.COUNT: int,
    Unit.SHARE: float,
    Unit.DATE: date,
    Unit.TEXT: str,
    Unit.FLAG: bool,
}


def _described(column: Column) -> tuple[Any, Any]:
    kind = float if column.statistic else _TYPES[column.unit]
    help_ = f"{column.label} ({column.unit})" + (f"; null: {column.null_means}" if column.null_means else "")
    return (kind | None if column.null_means else kind, Field(description=help_))


class _Ageing(Tells):
    """Una fila de la cartera: un cliente en una moneda. Los tramos de antigüedad (`aging_…_minor`) siguen los
    ajustes de la empresa."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, int]


_FIELDS: dict[str, Any] = {
    column.name: _described(column) for column in VOCABULARY if not column.name.startswith(_AGEING)
}
PortfolioRow: Any = create_model("PortfolioRow", __base__=_Ageing, __doc__=_Ageing.__doc__, **_FIELDS)


class Portfolio(PageOf):
    """Las filas de una página de clientes. Con `where` puede no haber ninguna: siga mientras haya
    `next_after`."""

    on: date
    rows: list[PortfolioRow]


class Decision(Tells):
    """Qué se decidió de un cliente y por qué. outcome: un paso o un motivo."""

    customer: str
    name: str
    outcome: str
    step: str | None
    title: str
    next_on: date | None
    sentence: str


class Decisions(PageOf):
    """Las decisiones del último proceso diario. on: su día; null si todavía no hubo ninguno."""

    on: date | None
    decisions: list[Decision]


@reads(router, "/portfolio", scope=ApiScope.PORTFOLIO_READ, gives=Portfolio)
def get_portfolio(
    request: ApiRequest,
    on: Day | None = None,
    where: Where = "",
    after: After = 0,
    limit: Limit = 100,
) -> dict[str, Any]:
    """La cartera en un día, de `limit` clientes en `limit` clientes."""
    creditor = request.auth.creditor
    as_of = on or default_date(creditor, clock.now())
    condition = condition_of(creditor, where) if where else None
    customers = customer_range(creditor.pk, after=after, limit=limit)
    rows = portfolio_of(creditor, customers, as_of, condition).to_dicts() if customers.names else []
    return {"on": as_of, "rows": [_row(row) for row in rows], "next_after": customers.next_after}


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "customer_id"}


@reads(router, "/decisions", scope=ApiScope.DECISIONS_READ, gives=Decisions)
def list_decisions(request: ApiRequest, after: After = 0, limit: Limit = 100) -> dict[str, Any]:
    """Las decisiones del último proceso diario, con su motivo en una frase."""
    creditor = request.auth.creditor
    run = last_run(creditor.pk)
    customers = customer_range(creditor.pk, after=after, limit=limit)
    if run is None or not customers.names:
        return {"on": run and run.on_date, "decisions": [], "next_after": None}
    decisions = [each.as_dict() for each in decisions_of(creditor, customers, run.on_date)]
    return {"on": run.on_date, "decisions": decisions, "next_after": customers.next_after}


@reads(router, "/explain/{path:code}", scope=ApiScope.DECISIONS_READ, gives=Explanation)
def explain_customer(request: ApiRequest, code: Code, on: Day | None = None) -> Explanation:
    """Un cliente explicado: qué debe, qué se decide ese día y por qué, hasta el último día de intereses."""
    creditor = request.auth.creditor
    customer = customer_row(creditor, code)
    return explained(creditor, customer["id"], on or default_date(creditor, clock.now()))
