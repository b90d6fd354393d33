"""`aldia letters …`: from the tray to the post."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of
from aldia.cli.door import ACTOR, Answer, Call, On, command
from aldia.cli.files import write_file
from aldia.cli.paper import aligned, day, heading, plural
from aldia.kernel import clock
from aldia.operations.letters import (
    make_print_batch,
    mark_posted,
    note_printing,
    put_back,
    withdraw_letter,
)
from aldia.queries.letters import (
    LetterRow,
    address_file,
    batches,
    letter_counts,
    letters_in,
    letters_of_batch,
    print_file,
)
from aldia.queries.outbox import sending_moment
from aldia.records.outreach.models import PrintBatch
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Imprime las cartas de la bandeja y anota su envío."
)

Number = Annotated[int, typer.Argument(metavar="LOTE", help="El número del lote.")]
LetterId = Annotated[int, typer.Argument(metavar="CARTA", help="El número de la carta.")]
Folder = Annotated[
    Path, typer.Option("--out", metavar="CARPETA", help="Dónde dejar el PDF y las direcciones.")
]
Duplex = Annotated[
    bool, typer.Option("--duplex", help="Para imprimir a dos caras: cada carta empieza en hoja nueva.")
]


@command(app, "list")
def list_(call: Call) -> Answer:
    """Enseña la bandeja y los lotes."""
    creditor = creditor_of(call)
    with transaction.atomic(), scope([creditor.pk]):
        tray, made = letters_in(creditor, "tray"), batches(creditor)
        waiting, pages = letter_counts(creditor).get(("letter", "tray"), (0, 0))
    data = {
        "creditor": creditor.code,
        "waiting": waiting,
        "pages": pages,
        "tray": [_letter(each) for each in tray.rows],
        "batches": [
            {
                "number": each.number,
                "made_at": each.made_at,
                "letters": each.letters,
                "pages": each.pages,
                "posted_on": each.posted_on,
            }
            for each in made.rows
        ],
    }
    return Answer(data, lambda console: _show(console, creditor, data))


def _letter(each: LetterRow) -> dict[str, Any]:
    return {
        "letter": each.id,
        "customer": each.code,
        "subject": each.subject,
        "pages": each.pages,
        "state": each.state,
        "taken_at": each.taken_at,
    }


def _show(console: Console, creditor: Creditor, data: dict[str, Any]) -> None:
    said = plural(data["waiting"], "carta en la bandeja", "cartas en la bandeja")
    heading(console, creditor.name, said)
    table = aligned(["carta", "cliente", "asunto", "páginas"], right=[0, 3])
    for each in data["tray"]:
        table.add_row(
            str(each["letter"]), escape(each["customer"]), escape(each["subject"]), str(each["pages"])
        )
    if data["tray"]:
        console.print(table)
    table = aligned(["lote", "cartas", "páginas", "enviado"], right=[0, 1, 2])
    for each in data["batches"]:
        posted = day(each["posted_on"]) if each["posted_on"] else "todavía no"
        table.add_row(str(each["number"]), str(each["letters"]), str(each["pages"]), posted)
    if data["batches"]:
        console.print(table)


@command(app, "print")
def print_(
    call: Call,
    out: Folder = Path(),
    duplex: Duplex = False,
    again: Annotated[
        int | None, typer.Option("--again", metavar="LOTE", help="Volver a imprimir un lote ya hecho.")
    ] = None,
) -> Answer:
    """Hace un lote con lo que hay en la bandeja y deja su PDF y sus direcciones."""
    creditor = creditor_of(call)
    now = sending_moment(creditor, clock.now())
    if again is None:
        batch = make_print_batch(creditor=creditor, actor=ACTOR, now=now)
        number = batch.number
    else:
        number = again
    batch = note_printing(creditor=creditor, number=number, duplex=duplex, actor=ACTOR, now=now)
    pdf, addresses, letters = _files(creditor, batch, duplex)
    path = write_file(out / f"cartas-lote-{number}.pdf", pdf)
    beside = write_file(out / f"direcciones-lote-{number}.csv", addresses)
    data = {
        "creditor": creditor.code,
        "batch": number,
        "letters": letters,
        "file": str(path),
        "addresses": str(beside),
    }

    def show(console: Console) -> None:
        told = plural(letters, "carta", "cartas")
        console.print(f"Lote {number}: {told}, en {path} y {beside}.", highlight=False, markup=False)
        console.print(f"Cuando estén en Correos: aldia letters posted {number}", style="dim")

    return Answer(data, show)


def _files(creditor: Creditor, batch: PrintBatch, duplex: bool) -> tuple[bytes, bytes, int]:
    with transaction.atomic(), scope([creditor.pk]):
        letters = [each for each in letters_of_batch(creditor, batch.number) if each.state != "withdrawn"]
        pdf = print_file(creditor, batch, duplex=duplex)
        return pdf, address_file(creditor, batch.number), len(letters)


@command(app, "posted")
def posted(call: Call, number: Number, on: On = None) -> Answer:
    """Anota que las cartas de un lote se han enviado."""
    creditor = creditor_of(call)
    now = sending_moment(creditor, clock.now())
    day_of_it: date = on or clock.business_date(now, creditor.time_zone)
    done = mark_posted(creditor=creditor, number=number, on=day_of_it, actor=ACTOR, now=now)
    data = {"creditor": creditor.code, "batch": number, "letters": done, "on": day_of_it}
    told = plural(done, "carta enviada", "cartas enviadas")
    return Answer(data, lambda console: console.print(f"{told} el {day(day_of_it)}.", highlight=False))


@command(app, "back")
def back(call: Call, letter: LetterId) -> Answer:
    """Devuelve a la bandeja una carta impresa, para el lote siguiente."""
    creditor = creditor_of(call)
    now = sending_moment(creditor, clock.now())
    put_back(creditor=creditor, letter_id=letter, actor=ACTOR, now=now)
    return Answer({"creditor": creditor.code, "letter": letter}, lambda console: console.print("Hecho."))


@command(app, "withdraw")
def withdraw(
    call: Call,
    letter: LetterId,
    reason: Annotated[str, typer.Option("--reason", metavar="MOTIVO", help="Por qué no se envía.")],
) -> Answer:
    """Retira una carta antes de enviarla; su paso cuenta como hecho."""
    creditor = creditor_of(call)
    now = sending_moment(creditor, clock.now())
    withdraw_letter(creditor=creditor, letter_id=letter, reason=reason, actor=ACTOR, now=now)
    return Answer({"creditor": creditor.code, "letter": letter}, lambda console: console.print("Retirada."))
