"""`aldia init`: the first creditor."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from aldia.cli.door import ACTOR, Answer, Call, command
from aldia.cli.paper import day, heading
from aldia.kernel import clock
from aldia.operations.creditors import NewCreditor, create_creditor
from aldia.records.tenancy.models import CreditorKind

app = typer.Typer(add_completion=False)

Kind = StrEnum("Kind", {kind.name: kind.value for kind in CreditorKind})  # type: ignore[misc]


@command(app, "init", migrates=True)
def init(
    call: Call,
    *,
    name: Annotated[str, typer.Option(help="Nombre del acreedor.")],
    country: Annotated[str, typer.Option(help="País, como ES.")],
    currency: Annotated[str | None, typer.Option(help="Moneda, como EUR; por defecto, la del país.")] = None,
    tax_id: Annotated[str, typer.Option(help="Número fiscal.")] = "",
    time_zone: Annotated[str | None, typer.Option(help="Huso horario; por defecto, el del país.")] = None,
    code: Annotated[str | None, typer.Option(help="Código; por defecto, el nombre abreviado.")] = None,
    place: Annotated[str, typer.Option(help="Lugar del calendario de festivos, como ES-MD.")] = "",
    kind: Annotated[Kind, typer.Option(help="Qué es el acreedor en derecho.")] = Kind.BUSINESS,  # type: ignore[attr-defined]
) -> Answer:
    """Crea un acreedor con las estrategias de la casa en vigor."""
    made = create_creditor(
        name=name,
        country=country,
        now=clock.now(),
        actor=ACTOR,
        code=code,
        currency=currency,
        tax_id=tax_id,
        time_zone=time_zone,
        place=place,
        kind=CreditorKind(kind.value),
    )
    creditor = made.creditor
    data = {
        "creditor": creditor.code,
        "name": creditor.name,
        "kind": creditor.creditor_kind,
        "country": creditor.country,
        "currency": creditor.currency,
        "time_zone": creditor.time_zone,
        "live_from": creditor.live_from,
        "warnings": list(made.warnings),
    }
    return Answer(data, lambda console: _show_new(console, made))


def _show_new(console: Console, made: NewCreditor) -> None:
    creditor = made.creditor
    heading(console, f"{creditor.name} está en marcha", f"código {creditor.code}")
    console.print(
        f"País {creditor.country}, moneda {creditor.currency}, hora de {creditor.time_zone}."
        f" Las facturas emitidas desde el {day(creditor.live_from)} se avisarán; las de antes son historia.",
        highlight=False,
    )
    console.print("Estrategias: «particulares» para todos, «pymes» y «administraciones» por segmento.")
    for warning in made.warnings:
        console.print(f"Aviso: {escape(warning)}")
    console.print("Ahora importe sus facturas: aldia import invoices ARCHIVO")
