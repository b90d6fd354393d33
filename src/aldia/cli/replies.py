"""`aldia reply`: what a customer answered."""

from enum import StrEnum
from typing import Annotated

import typer

from aldia.cli.asking import creditor_of, day_of, moment_of
from aldia.cli.door import ACTOR, Answer, Call, On, command
from aldia.cli.paper import day
from aldia.operations.replies import record_reply
from aldia.records.outreach.models import ReplyKind
from aldia.records.parties.models import Channel

app = typer.Typer(add_completion=False)

Kind = StrEnum("Kind", {kind.name: kind.value for kind in ReplyKind})  # type: ignore[misc]
Way = StrEnum("Way", {channel.name: channel.value for channel in Channel})  # type: ignore[misc]


@command(app, "reply")
def reply(
    call: Call,
    *,
    customer: Annotated[str, typer.Argument(metavar="CLIENTE", help="El código del cliente.")],
    kind: Annotated[Kind, typer.Argument(metavar="QUÉ", help="Qué ha contestado.")],
    on: On = None,
    channel: Annotated[Way, typer.Option(help="Por qué medio.")] = Way.EMAIL,  # type: ignore[attr-defined]
    note: Annotated[str, typer.Option(help="Lo que convenga recordar.")] = "",
) -> Answer:
    """Anota lo que ha contestado un cliente."""
    creditor = creditor_of(call)
    received_on = day_of(creditor, on)
    taken = record_reply(
        creditor=creditor,
        customer_code=customer,
        kind=kind.value,
        received_on=received_on,
        now=moment_of(creditor, received_on),
        actor=ACTOR,
        channel=channel.value,
        note=note,
    )
    data = {"reply": taken.pk, "customer": customer, "kind": taken.kind, "on": received_on}
    label = ReplyKind(taken.kind).label
    return Answer(
        data, lambda console: console.print(f"Anotado: {customer}, {label.lower()}, el {day(received_on)}.")
    )
