"""`aldia call`: calls and visits, with what came of them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of
from aldia.cli.door import ACTOR, Answer, Call, command
from aldia.cli.paper import aligned, day
from aldia.kernel import clock
from aldia.operations.calls import NewCall, record_call
from aldia.queries.calls import KnownCall, call_sheet, calls_of, outcomes_of
from aldia.queries.customers import customer_by_code
from aldia.records.cases.models import NonPaymentReason, NumberStatus, Reached
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Llamadas y visitas, y lo que sale de ellas."
)

Who = StrEnum("Who", {each.name: each.value for each in Reached})  # type: ignore[misc]
Why = StrEnum("Why", {each.name: each.value for each in NonPaymentReason})  # type: ignore[misc]
Status = StrEnum("Status", {each.name: each.value for each in NumberStatus})  # type: ignore[misc]
Customer = Annotated[str, typer.Argument(metavar="CLIENTE", help="El código del cliente.")]


@command(app, "record")
def record(
    call: Call,
    *,
    customer: Customer,
    reached: Annotated[Who, typer.Argument(metavar="QUIÉN", help="Quién contestó.")],
    outcome: Annotated[str, typer.Argument(metavar="RESULTADO", help="De «aldia call outcomes».")],
    visit: Annotated[bool, typer.Option("--visit", help="Fue una visita.")] = False,
    incoming: Annotated[bool, typer.Option("--incoming", help="Llamó el cliente.")] = False,
    number: Annotated[str, typer.Option(help="El número que se marcó.")] = "",
    status: Annotated[Status | None, typer.Option(help="Qué se vio del número.")] = None,
    reason: Annotated[Why | None, typer.Option(help="Por qué no ha pagado, si lo dijo.")] = None,
    volunteered: Annotated[
        bool, typer.Option("--volunteered", help="Lo contó sin que se preguntara.")
    ] = False,
    note: Annotated[str, typer.Option(help="Lo que convenga recordar.")] = "",
    next_action: Annotated[str, typer.Option("--next", help="Qué hay que hacer ahora.")] = "",
    next_on: Annotated[
        date | None,
        typer.Option("--next-on", parser=clock.read_date, metavar="AAAA-MM-DD", help="Qué día."),
    ] = None,
    next_at: Annotated[
        datetime | None,
        typer.Option("--next-at", parser=clock.read_moment, metavar="ISO", help="A qué hora de ese día."),
    ] = None,
    at: Annotated[
        datetime | None,
        typer.Option("--at", parser=clock.read_moment, metavar="ISO", help="Cuándo fue; si falta, ahora."),
    ] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Se hizo aunque no se podía.")] = False,
) -> Answer:
    """Anota una llamada o visita, con lo que sigue de su resultado."""
    creditor = creditor_of(call)
    new = NewCall(
        kind="visit" if visit else "call",
        direction="in" if incoming else "out",
        reached=reached.value,
        outcome=outcome,
        number=number,
        number_status=status.value if status else "",
        reason=reason.value if reason else "",
        volunteered=volunteered,
        note=note,
        next_action=next_action,
        next_on=next_on,
        next_at=next_at,
        at=at,
        made_anyway=anyway,
    )
    made = record_call(
        creditor=creditor,
        customer_id=_customer_id(creditor, customer),
        new=new,
        actor=ACTOR,
        now=clock.now(),
    )
    with transaction.atomic(), scope([creditor.pk]):
        follows = {each.code: each.follows for each in outcomes_of(creditor)}[made.outcome]
    data = {"call": made.pk, "customer": customer, "outcome": made.outcome, "refusal": made.refusal}
    sentence = f"Anotada ({made.pk}): {customer}. {follows}"
    return Answer(data, lambda console: console.print(escape(sentence)))


@command(app, "may")
def may(call: Call, customer: Customer) -> Answer:
    """Dice si se puede llamar ahora a un cliente, a qué número y, si no, por qué."""
    creditor = creditor_of(call)
    with transaction.atomic(), scope([creditor.pk]):
        sheet = call_sheet(creditor, customer_by_code(customer).pk, now=clock.now())
    leave = sheet.leave
    data = {
        "customer": customer,
        "allowed": leave.allowed,
        "sentence": leave.sentence,
        "source": leave.source,
        "rule": leave.rule,
        "retry_at": leave.retry_at,
        "asks_reason": sheet.asks_reason,
        "numbers": [{"number": each.value, "greyed": each.greyed, "why": each.why} for each in sheet.numbers],
    }

    def show(console: Console) -> None:
        said = "Se le puede llamar ahora." if leave.allowed else f"{leave.sentence} ({leave.source})"
        console.print(escape(said))
        for each in sheet.numbers:
            console.print(
                escape(f"{each.value} {each.person} {'– ' + each.why if each.greyed else ''}".strip())
            )
        if not sheet.asks_reason:
            console.print(escape(f"No se le pregunta por qué no ha pagado ({sheet.reason_source})."))

    return Answer(data, show)


@command(app, "list")
def list_(call: Call, customer: Customer) -> Answer:
    """Enumera las llamadas y visitas de un cliente, la última primero."""
    creditor = creditor_of(call)
    customer_id = _customer_id(creditor, customer)
    with transaction.atomic(), scope([creditor.pk]):
        known = calls_of(creditor, customer_id)

    def show(console: Console) -> None:
        table = aligned(["n.º", "día", "qué", "contestó", "resultado", "motivo", "quién", ""], right=[0])
        for each in known:
            state = "corregida" if each.corrected_by else "fuera de norma" if each.refusal else ""
            cells = (each.kind_label, each.reached_label, each.outcome_label, each.reason_label, each.by)
            table.add_row(str(each.id), day(each.on_date), *map(escape, cells), state)
        console.print(table if known else "Ninguna.")

    rows = [_told(each) for each in known]
    return Answer({"creditor": creditor.code, "customer": customer, "calls": rows}, show)


@command(app, "outcomes")
def outcomes(call: Call) -> Answer:
    """Enumera los resultados del catálogo, con lo que sigue de cada uno."""
    creditor = creditor_of(call)
    with transaction.atomic(), scope([creditor.pk]):
        known = outcomes_of(creditor)

    def show(console: Console) -> None:
        table = aligned(["código", "resultado", "qué sigue"])
        for each in known:
            table.add_row(each.code, escape(each.label), escape(each.follows))
        console.print(table)

    rows = [{"code": each.code, "label": each.label, "effect": each.effect.value} for each in known]
    return Answer({"creditor": creditor.code, "outcomes": rows}, show)


def _customer_id(creditor: Creditor, code: str) -> int:
    with transaction.atomic(), scope([creditor.pk]):
        return customer_by_code(code).pk


def _told(each: KnownCall) -> dict[str, Any]:
    return {
        "call": each.id,
        "kind": each.kind,
        "direction": each.direction,
        "on": each.on_date,
        "at": each.at,
        "number": each.number,
        "reached": each.reached,
        "outcome": each.outcome,
        "reason": each.reason,
        "volunteered": each.volunteered,
        "note": each.note,
        "next_on": each.next_on,
        "by": each.by,
        "corrected_by": each.corrected_by,
        "refusal": each.refusal,
    }
