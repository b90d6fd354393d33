"""`aldia circumstance`: what forbids writing to a customer."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of, day_of
from aldia.cli.door import ACTOR, Answer, Call, On, command
from aldia.cli.paper import aligned, day
from aldia.kernel import clock
from aldia.operations.circumstances import NewCircumstance, end_circumstance, record_circumstance
from aldia.queries.circumstances import KnownCircumstance, circumstances_of
from aldia.queries.customers import customer_by_code
from aldia.records.parties.models import CircumstanceKind
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Lo que impide escribir a un cliente, o solo a través de otro.",
)

Kind = StrEnum("Kind", {kind.name: kind.value for kind in CircumstanceKind})  # type: ignore[misc]
Customer = Annotated[str, typer.Argument(metavar="CLIENTE", help="El código del cliente.")]
Until = Annotated[
    date | None,
    typer.Option(
        "--until",
        parser=clock.read_date,
        metavar="AAAA-MM-DD",
        help="Hasta cuándo; sin fecha, hasta nuevo aviso.",
    ),
]
Note = Annotated[str, typer.Option(help="Lo que convenga recordar.")]


@command(app, "add")
def add(
    call: Call,
    *,
    customer: Customer,
    kind: Annotated[Kind, typer.Argument(metavar="QUÉ", help="Qué pasa con él.")],
    on: On = None,
    until: Until = None,
    note: Note = "",
) -> Answer:
    """Anota una circunstancia: desde ese día no se le escribe, o solo a su abogado."""
    creditor = creditor_of(call)
    new = NewCircumstance(kind.value, day_of(creditor, on), until, note)
    made = record_circumstance(
        creditor=creditor,
        customer_id=_customer_id(creditor, customer),
        new=new,
        actor=ACTOR,
        now=clock.now(),
    )
    data = {"circumstance": made.pk, "customer": customer, "kind": made.kind, "from": made.from_on}
    label = CircumstanceKind(made.kind).label
    sentence = f"Anotado ({made.pk}): {customer}, {label.lower()}, desde el {day(made.from_on)}."
    return Answer(data | {"until": made.until_on}, lambda console: console.print(escape(sentence)))


@command(app, "end")
def end(
    call: Call,
    circumstance: Annotated[int, typer.Argument(metavar="NÚMERO", help="El de «aldia circumstance list».")],
    note: Note = "",
) -> Answer:
    """Da por terminada una circunstancia desde hoy."""
    creditor = creditor_of(call)
    ended = end_circumstance(
        creditor=creditor, circumstance_id=circumstance, actor=ACTOR, now=clock.now(), note=note
    )
    data = {"circumstance": ended.pk, "kind": ended.kind, "ended_on": ended.ended_on}
    label = CircumstanceKind(ended.kind).label
    return Answer(data, lambda console: console.print(escape(f"Terminada: {label.lower()}.")))


@command(app, "list")
def list_(call: Call, customer: Customer, on: On = None) -> Answer:
    """Enumera las de un cliente, las abiertas primero."""
    creditor = creditor_of(call)
    today = day_of(creditor, on)
    customer_id = _customer_id(creditor, customer)
    with transaction.atomic(), scope([creditor.pk]):
        known = circumstances_of(creditor, customer_id, today)

    def show(console: Console) -> None:
        table = aligned(["n.º", "circunstancia", "desde", "hasta", "nota"], right=[0])
        for each in known:
            until = day(each.until_on) if each.until_on else "–"
            table.add_row(str(each.id), escape(each.label), day(each.from_on), until, escape(each.note))
        console.print(table if known else "Ninguna.")

    data = {"creditor": creditor.code, "customer": customer}
    return Answer(data | {"circumstances": [_told(each) for each in known]}, show)


def _customer_id(creditor: Creditor, code: str) -> int:
    with transaction.atomic(), scope([creditor.pk]):
        return customer_by_code(code).pk


def _told(each: KnownCircumstance) -> dict[str, Any]:
    return {
        "circumstance": each.id,
        "kind": each.kind,
        "from": each.from_on,
        "until": each.until_on,
        "in_force": each.in_force,
        "note": each.note,
    }
