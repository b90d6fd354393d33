"""`aldia certified …`: letters that can be proved."""

from pathlib import Path
from typing import Annotated, Any

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of
from aldia.cli.door import ACTOR, Answer, Call, On, command
from aldia.cli.files import write_file
from aldia.cli.paper import aligned, day, heading
from aldia.jurisdictions.certified import CertifiedKind, certified_kind, certified_kinds
from aldia.kernel import clock
from aldia.operations.certified import HandedOver, add_certificate, hand_over, record_result
from aldia.operations.letters import LettersRefused
from aldia.queries.certified import CertifiedRow, certified_letters
from aldia.queries.handover import handover_file
from aldia.queries.letters import letter_of_id
from aldia.queries.outbox import sending_moment
from aldia.records.outreach.models import CertifiedEventKind
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Cartas certificadas: entrega, resultado y certificado.",
)

LetterId = Annotated[int, typer.Argument(metavar="CARTA", help="El número de la carta.")]
Service = Annotated[
    str, typer.Option("--service", metavar="SERVICIO", help="Cuál; los hay en «aldia certified services».")
]


@command(app, "list")
def list_(call: Call) -> Answer:
    """Enseña las cartas certificadas y lo que falta de cada una."""
    creditor = creditor_of(call)
    with transaction.atomic(), scope([creditor.pk]):
        rows: tuple[CertifiedRow, ...] = certified_letters(creditor).rows
    data = {"creditor": creditor.code, "letters": [_told(each) for each in rows]}

    def show(console: Console) -> None:
        heading(console, creditor.name, "cartas certificadas")
        table = aligned(["carta", "cliente", "servicio", "enviada", "resultado", "falta"], right=[0])
        for each in rows:
            table.add_row(
                str(each.id),
                escape(each.code),
                each.kind_title,
                day(each.posted_on) if each.posted_on else "–",
                each.result_label or "–",
                ", ".join(each.missing) or "nada",
            )
        console.print(table if rows else "No hay ninguna carta certificada.")

    return Answer(data, show)


def _told(each: CertifiedRow) -> dict[str, Any]:
    return {
        "letter": each.id,
        "customer": each.code,
        "state": each.state,
        "service": each.service,
        "carrier": each.carrier,
        "tracking_number": each.tracking_number,
        "posted_on": each.posted_on,
        "result": each.result,
        "result_on": each.result_on,
        "certificates": each.certificates,
        "missing": list(each.missing),
    }


@command(app, "services")
def services(call: Call) -> Answer:
    """Los servicios de cada país, con su fuente."""
    creditor = creditor_of(call)
    kinds = certified_kinds(creditor.country)

    def show(console: Console) -> None:
        table = aligned(["servicio", "qué es", "fuente"])
        for each in kinds:
            table.add_row(each.id, escape(each.title), escape(f"{each.source} ({each.confidence.label})"))
        console.print(table)

    told = [{"id": each.id, "title": each.title, "service": each.service} for each in kinds]
    return Answer({"creditor": creditor.code, "services": told}, show)


@command(app, "file")
def file(
    call: Call,
    letter: LetterId,
    service: Service,
    out: Annotated[Path | None, typer.Option("--out", metavar="ARCHIVO", help="Dónde guardarlo.")] = None,
) -> Answer:
    """Guarda lo que se entrega al servicio: el PDF, y quién envía qué a quién."""
    creditor = creditor_of(call)
    kind = _kind(service)
    with transaction.atomic(), scope([creditor.pk]):
        found = letter_of_id(creditor, letter)
        if found is None or found.channel != "certified":
            raise LettersRefused("No hay ninguna carta certificada así.", letter=letter)
        content = handover_file(creditor, [found], kind)
    path = write_file(out or Path(f"certificada-{letter}.zip"), content)
    data = {"creditor": creditor.code, "letter": letter, "file": str(path)}
    return Answer(data, lambda console: console.print(f"Guardado en {path}", highlight=False, markup=False))


def _kind(service: str) -> CertifiedKind:
    kind = certified_kind(service)
    if kind is None:
        raise LettersRefused(f"No hay ningún servicio «{service}»: véalos con «aldia certified services».")
    return kind


@command(app, "sent")
def sent(
    call: Call,
    letter: LetterId,
    *,
    service: Service,
    carrier: Annotated[str, typer.Option("--carrier", metavar="QUIÉN", help="Con quién se envió.")],
    tracking: Annotated[
        str, typer.Option("--tracking", metavar="NÚMERO", help="Número de seguimiento.")
    ] = "",
    on: On = None,
) -> Answer:
    """Anota cuándo, con quién y con qué número se envió."""
    creditor = creditor_of(call)
    now = sending_moment(creditor, clock.now())
    said = HandedOver(on or clock.business_date(now, creditor.time_zone), service, carrier, tracking)
    hand_over(creditor=creditor, letter_id=letter, said=said, actor=ACTOR, now=now)
    return _done(creditor, letter)


@command(app, "result")
def result(
    call: Call,
    letter: LetterId,
    kind: Annotated[
        str,
        typer.Argument(metavar="QUÉ", help="delivered, refused, not_collected o returned."),
    ],
    on: On = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXTO", help="Lo que convenga recordar.")] = "",
) -> Answer:
    """Anota qué pasó con ella."""
    creditor = creditor_of(call)
    now = sending_moment(creditor, clock.now())
    day_of_it = on or clock.business_date(now, creditor.time_zone)
    if kind not in CertifiedEventKind.values:
        raise LettersRefused("Diga qué pasó: delivered, refused, not_collected o returned.", kind=kind)
    record_result(
        creditor=creditor, letter_id=letter, kind=kind, on=day_of_it, actor=ACTOR, now=now, note=note
    )
    return _done(creditor, letter)


@command(app, "certificate")
def certificate(
    call: Call,
    letter: LetterId,
    path: Annotated[Path, typer.Argument(metavar="ARCHIVO", help="PDF, JPEG o PNG.", exists=True)],
) -> Answer:
    """Guarda el certificado junto a su carta."""
    creditor = creditor_of(call)
    now = sending_moment(creditor, clock.now())
    content = path.read_bytes()
    add_certificate(
        creditor=creditor, letter_id=letter, name=path.name, content=content, actor=ACTOR, now=now
    )
    return _done(creditor, letter)


def _done(creditor: Creditor, letter: int) -> Answer:
    return Answer({"creditor": creditor.code, "letter": letter}, lambda console: console.print("Anotado."))
