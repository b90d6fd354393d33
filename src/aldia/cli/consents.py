"""`aldia consent`: what a customer agrees to, refuses, takes back; per channel or per address."""

from enum import StrEnum
from typing import Annotated

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of
from aldia.cli.door import ACTOR, Answer, Call, command
from aldia.cli.paper import aligned, day
from aldia.kernel import clock
from aldia.operations.consents import NewConsent, record_consent
from aldia.queries.circumstances import said_consents
from aldia.queries.customers import customer_by_code
from aldia.records.parties.models import ConsentChannel, ConsentSource, ConsentState
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Por dónde deja un cliente que se le escriba, y por dónde no.",
)

Way = StrEnum("Way", {each.name: each.value for each in ConsentChannel})  # type: ignore[misc]
State = StrEnum("State", {each.name: each.value for each in ConsentState})  # type: ignore[misc]
Source = StrEnum("Source", {each.name: each.value for each in ConsentSource})  # type: ignore[misc]
Customer = Annotated[str, typer.Argument(metavar="CLIENTE", help="El código del cliente.")]


@command(app, "add")
def add(
    call: Call,
    *,
    customer: Customer,
    channel: Annotated[Way, typer.Argument(metavar="CANAL", help="Por dónde.")],
    state: Annotated[
        State,
        typer.Argument(
            metavar="QUÉ", help="granted: lo autoriza; refused: no lo quiere; lifted: retira su negativa."
        ),
    ],
    address: Annotated[str, typer.Option(help="Solo esta dirección; sin ella, todo el canal.")] = "",
    source: Annotated[Source, typer.Option(help="Cómo se sabe.")] = Source.PERSON,  # type: ignore[attr-defined]
    note: Annotated[str, typer.Option(help="Dónde consta.")] = "",
) -> Answer:
    """Anota lo que ha dicho un cliente; vale desde el siguiente mensaje."""
    creditor = creditor_of(call)
    made = record_consent(
        creditor=creditor,
        customer_id=_customer_id(creditor, customer),
        new=NewConsent(channel.value, state.value, address, source.value, note),
        actor=ACTOR,
        now=clock.now(),
    )
    data = {
        "consent": made.pk,
        "customer": customer,
        "channel": made.channel,
        "address": made.address,
        "state": made.state,
    }
    words = f"{ConsentChannel(made.channel).label}, {ConsentState(made.state).label.lower()}"
    return Answer(data, lambda console: console.print(escape(f"Anotado: {customer}, {words}.")))


@command(app, "list")
def list_(call: Call, customer: Customer) -> Answer:
    """Enumera lo que ha dicho, lo último primero; de lo que hable de una dirección vale lo último."""
    creditor = creditor_of(call)
    customer_id = _customer_id(creditor, customer)
    with transaction.atomic(), scope([creditor.pk]):
        known = said_consents(creditor, customer_id)

    def show(console: Console) -> None:
        table = aligned(["canal", "dirección", "qué", "cómo se sabe", "cuándo"])
        for each in known:
            table.add_row(
                each.channel_label,
                escape(each.address or "todas"),
                each.state_label,
                each.source_label,
                day(each.recorded_at.date()),
            )
        console.print(table if known else "No ha dicho nada.")

    rows = [
        {
            "consent": each.id,
            "channel": each.channel,
            "address": each.address,
            "state": each.state,
            "at": each.recorded_at,
        }
        for each in known
    ]
    return Answer({"creditor": creditor.code, "customer": customer, "consents": rows}, show)


def _customer_id(creditor: Creditor, code: str) -> int:
    with transaction.atomic(), scope([creditor.pk]):
        return customer_by_code(code).pk
