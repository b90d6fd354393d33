"""`aldia dispute`: what customers contest, and how it ended."""

from typing import Annotated, Any

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of, day_of
from aldia.cli.door import ACTOR, Answer, Call, On, command
from aldia.cli.paper import aligned, day, money
from aldia.kernel import clock
from aldia.operations.disputes import end_dispute
from aldia.queries.customers import customer_by_code
from aldia.queries.disputes import SHOWN_MAX, KnownDispute, disputes_of, open_disputes
from aldia.records.tenancy.scope import scope

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Incidencias: las partidas que un cliente no acepta, y cómo terminaron.",
)


@command(app, "list")
def list_(
    call: Call,
    customer: Annotated[
        str, typer.Argument(metavar="[CLIENTE]", help="Su código; si falta, las abiertas de todos.")
    ] = "",
    on: On = None,
) -> Answer:
    """Enumera las incidencias de un cliente, o las que siguen abiertas de todos; la última primero."""
    creditor = creditor_of(call)
    today = day_of(creditor, on)
    with transaction.atomic(), scope([creditor.pk]):
        if customer:
            known = disputes_of(creditor, customer_by_code(customer).pk, today)
        else:
            known = open_disputes(creditor, today)

    def show(console: Console) -> None:
        table = aligned(["n.º", "cliente", "documento", "importe", "desde", "por qué", ""], right=[0, 3])
        for each in known:
            table.add_row(
                str(each.id),
                escape(each.code),
                escape(each.number),
                money(each.amount.minor, each.amount.currency) if each.amount else "toda",
                day(each.from_on),
                escape(each.reason),
                escape(_end_of(each)),
            )
        console.print(table if known else "Ninguna.")
        if len(known) == SHOWN_MAX:
            console.print(f"Solo las {SHOWN_MAX} últimas: diga de qué cliente.")

    return Answer({"creditor": creditor.code, "disputes": [_told(each) for each in known]}, show)


@command(app, "end")
def end(
    call: Call,
    dispute: Annotated[int, typer.Argument(metavar="NÚMERO", help="El de «aldia dispute list».")],
    reason: Annotated[str, typer.Option(help="Cómo se ha resuelto; hace falta.")] = "",
) -> Answer:
    """Da por resuelta una incidencia desde hoy."""
    creditor = creditor_of(call)
    ended = end_dispute(creditor=creditor, dispute_id=dispute, reason=reason, actor=ACTOR, now=clock.now())
    sentence = "Incidencia resuelta: la partida vuelve a reclamarse desde el próximo proceso diario."
    return Answer({"dispute": dispute, "ended_on": ended}, lambda console: console.print(sentence))


def _end_of(each: KnownDispute) -> str:
    return f"resuelta el {day(each.ended_on)}: {each.end_reason}" if each.ended_on else "abierta"


def _told(each: KnownDispute) -> dict[str, Any]:
    return {
        "dispute": each.id,
        "customer": each.code,
        "line": each.line_id,
        "number": each.number,
        "amount_minor": each.amount.minor if each.amount else None,
        "open_minor": each.open.minor,
        "currency": each.open.currency,
        "from": each.from_on,
        "reason": each.reason,
        "by": each.recorded_by,
        "ended_on": each.ended_on,
        "end_reason": each.end_reason,
        "ended_by": each.ended_by,
        "in_force": each.in_force,
    }
