"""`aldia evidence`: the contacts with one customer as a ZIP that anybody can verify."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of
from aldia.cli.door import ACTOR, Answer, Call, Now, command
from aldia.cli.paper import plural
from aldia.kernel import clock
from aldia.kernel.clock import BadMoment, read_date
from aldia.kernel.errors import AldiaError
from aldia.operations.evidence import export_evidence
from aldia.queries.outbox import sending_moment

app = typer.Typer(add_completion=False)


class FileNotWritten(AldiaError):
    """The file cannot be written, or there is one already."""

    code = "file_not_written"


def _day(text: str) -> date:
    try:
        return read_date(text)
    except BadMoment as error:
        raise typer.BadParameter(error.sentence) from None


@command(app, "evidence")
def evidence(
    call: Call,
    *,
    customer: Annotated[str, typer.Argument(metavar="CLIENTE", help="El código del cliente.")],
    out: Annotated[Path, typer.Option("--out", metavar="ARCHIVO.zip", help="El archivo nuevo.")],
    since: Annotated[
        date | None,
        typer.Option("--from", parser=_day, metavar="AAAA-MM-DD", help="Desde este día, incluido."),
    ] = None,
    until: Annotated[
        date | None,
        typer.Option("--until", parser=_day, metavar="AAAA-MM-DD", help="Hasta este día, incluido."),
    ] = None,
    now: Now = None,
) -> Answer:
    """Exporta los contactos con un cliente: PDF, mensajes y la cadena que los prueba, en un ZIP."""
    creditor = creditor_of(call)
    if out.exists():
        raise FileNotWritten(f"«{out}» ya existe, y no se escribe encima: elija otro nombre.", path=str(out))
    pack = export_evidence(
        creditor=creditor,
        customer_code=customer,
        actor=ACTOR,
        now=now or sending_moment(creditor, clock.now()),
        since=since,
        until=until,
    )
    try:
        out.write_bytes(pack.content)
    except OSError as trouble:
        raise FileNotWritten(f"No se puede escribir «{out}»: {trouble.strerror}.", path=str(out)) from None
    data = {
        "creditor": creditor.code,
        "customer": customer,
        "path": str(out),
        "sha256": pack.sha256,
        "entries": pack.entries,
        "shown": pack.shown,
        "missing": pack.missing,
        "head": pack.head,
    }

    def show(console: Console) -> None:
        shown = "" if pack.shown == pack.entries else f", {pack.shown} a la vista"
        told = f"{plural(pack.entries, 'anotación', 'anotaciones')}{shown}"
        console.print(f"[bold]Expediente hecho[/bold]: {escape(str(out))} ({told})", highlight=False)
        console.print(f"Última huella: {pack.head}", highlight=False)
        if pack.missing:
            console.print(
                f"De {plural(pack.missing, 'texto o archivo', 'textos o archivos')} solo queda la huella."
            )
        console.print("Se comprueba con: python3 verificar.py (dentro del ZIP)", highlight=False)

    return Answer(data, show)
