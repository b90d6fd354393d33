"""`aldia hold`: customers who are not dunned until a day."""

from datetime import date
from typing import Annotated, Any

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of, day_of
from aldia.cli.door import ACTOR, Answer, Call, On, command
from aldia.cli.paper import aligned, day
from aldia.kernel import clock
from aldia.operations.holds import end_hold, put_on_hold
from aldia.queries.customers import customer_by_code
from aldia.queries.holds import KnownHold, holds_of
from aldia.queries.people import names_of_actors
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Pausas: clientes a los que no se reclama por un tiempo."
)

Customer = Annotated[str, typer.Argument(metavar="CLIENTE", help="El código del cliente.")]
Until = Annotated[
    date | None,
    typer.Option(
        "--until", parser=clock.read_date, metavar="AAAA-MM-DD", help="Primer día sin pausa; hace falta."
    ),
]


@command(app, "put")
def put(
    call: Call,
    *,
    customer: Customer,
    until: Until = None,
    reason: Annotated[str, typer.Option(help="Por qué; hace falta.")] = "",
    on: On = None,
) -> Answer:
    """Desde hoy, o desde «--on», no se reclama nada a un cliente. Los intereses siguen corriendo."""
    creditor = creditor_of(call)
    made = put_on_hold(
        creditor=creditor,
        customer_id=_customer_id(creditor, customer),
        until_on=until,
        reason=reason,
        on=on,
        actor=ACTOR,
        now=clock.now(),
    )
    data = {"hold": made.hold_id, "customer": customer, "from": made.on, "until": made.until_on}
    sentence = f"En pausa ({made.hold_id}): {customer}, del {day(made.on)} al {day(made.until_on)}."
    return Answer(data, lambda console: console.print(escape(sentence)))


@command(app, "end")
def end(
    call: Call,
    hold: Annotated[int, typer.Argument(metavar="NÚMERO", help="El de «aldia hold list».")],
    reason: Annotated[str, typer.Option(help="Por qué; hace falta.")] = "",
) -> Answer:
    """Da por terminada una pausa desde hoy."""
    creditor = creditor_of(call)
    ended = end_hold(creditor=creditor, hold_id=hold, reason=reason, actor=ACTOR, now=clock.now())
    return Answer({"hold": hold, "ended_on": ended}, lambda console: console.print("Pausa terminada."))


@command(app, "list")
def list_(call: Call, customer: Customer, on: On = None) -> Answer:
    """Enumera las pausas de un cliente, la última primero, con quién las puso y por qué."""
    creditor = creditor_of(call)
    today = day_of(creditor, on)
    customer_id = _customer_id(creditor, customer)
    with transaction.atomic(), scope([creditor.pk]):
        known = holds_of(creditor, customer_id, today)
        names = names_of_actors(actor for each in known for actor in (each.recorded_by, each.ended_by))

    def show(console: Console) -> None:
        table = aligned(["n.º", "desde", "hasta", "por qué", "quién", ""], right=[0])
        for each in known:
            state = "en vigor" if each.in_force else "por empezar" if each.coming else "terminada"
            last = day(each.last_on) if each.last_on else "–"
            who = escape(names.get(each.recorded_by, each.recorded_by))
            table.add_row(str(each.id), day(each.from_on), last, escape(each.reason), who, state)
        console.print(table if known else "Ninguna.")

    rows = [_told(each) for each in known]
    return Answer({"creditor": creditor.code, "customer": customer, "holds": rows}, show)


def _customer_id(creditor: Creditor, code: str) -> int:
    with transaction.atomic(), scope([creditor.pk]):
        return customer_by_code(code).pk


def _told(each: KnownHold) -> dict[str, Any]:
    return {
        "hold": each.id,
        "from": each.from_on,
        "until": each.until_on,
        "reason": each.reason,
        "by": each.recorded_by,
        "ended_on": each.ended_on,
        "end_reason": each.end_reason,
        "ended_by": each.ended_by,
        "in_force": each.in_force,
    }
