"""`aldia inbox …`: where answers come in, what came, and what is made of it."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of
from aldia.cli.door import ACTOR, Answer, Call, command
from aldia.cli.paper import aligned, day, heading, plural
from aldia.kernel import clock
from aldia.kernel.clock import BadMoment, read_date
from aldia.kernel.errors import AldiaError
from aldia.operations.inbound import (
    Confirmation,
    FetchReport,
    assign,
    confirm,
    dismiss,
    fetch,
    keep_raw_mail,
    remove_inbox,
    set_inbox,
    take_in_waiting,
    try_inbox,
)
from aldia.queries.inbox import NOBODYS, InboxRow, inbound_message, inbox_page
from aldia.records.outreach.models import InboundKind, InboundMessage
from aldia.records.tenancy.scope import scope
from aldia.rules.inbound import because_sentence

app = typer.Typer(add_completion=False, no_args_is_help=True)

MessageId = Annotated[int, typer.Argument(metavar="NÚMERO", help="El de «aldia inbox list».")]
_FILE_BYTES_MAX = 60_000_000


class NoSuchFile(AldiaError):
    """A file that cannot be read."""

    code = "no_such_file"


class NoSuchAnswer(AldiaError):
    """No answer has this number."""

    code = "no_such_inbound"


def _day(text: str) -> date:
    try:
        return read_date(text)
    except BadMoment as error:
        raise typer.BadParameter(error.sentence) from None


@command(app, "set")
def set_account(
    call: Call,
    *,
    host: Annotated[str, typer.Argument(metavar="SERVIDOR", help="Como imap.ejemplo.es.")],
    user: Annotated[str, typer.Option(help="Usuario del buzón.")],
    password_file: Annotated[
        Path | None, typer.Option(help="Archivo con la contraseña; sin él, sigue la de ahora.")
    ] = None,
    port: Annotated[int, typer.Option(help="Puerto.")] = 993,
    security: Annotated[str, typer.Option(help="tls, starttls o none.")] = "tls",
    folder: Annotated[str, typer.Option(help="Carpeta.")] = "INBOX",
    mark_read: Annotated[bool, typer.Option(help="Marcar como leído en el servidor.")] = False,
) -> Answer:
    """Dice en qué buzón entran las respuestas; se recogen las que lleguen desde hoy."""
    creditor = creditor_of(call)
    password = _read(password_file).decode("utf-8", "replace").strip("\r\n") if password_file else None
    set_inbox(
        creditor=creditor,
        host=host,
        username=user,
        password=password,
        port=port,
        security=security,
        folder=folder,
        marks_read=mark_read,
        actor=ACTOR,
        now=clock.now(),
    )
    data = {"creditor": creditor.code, "host": host, "folder": folder}
    return Answer(data, lambda console: console.print("Buzón guardado. Pruébelo: aldia inbox test"))


@command(app, "test")
def try_account(call: Call) -> Answer:
    """Abre el buzón y mira, sin cambiar nada en él."""
    creditor = creditor_of(call)
    waiting = try_inbox(creditor=creditor, actor=ACTOR, now=clock.now())
    told = f"El buzón se lee bien: {plural(waiting, 'mensaje', 'mensajes')} por recoger."
    return Answer({"creditor": creditor.code, "waiting": waiting}, lambda console: console.print(told))


@command(app, "remove")
def remove_account(call: Call) -> Answer:
    """Deja de leer el buzón; lo que llegó se queda."""
    creditor = creditor_of(call)
    removed = remove_inbox(creditor=creditor, actor=ACTOR, now=clock.now())
    told = "Ya no se lee ningún buzón." if removed else "No había ningún buzón."
    return Answer({"creditor": creditor.code, "removed": removed}, lambda console: console.print(told))


@command(app, "fetch")
def fetch_answers(
    call: Call,
    from_file: Annotated[
        list[Path] | None,
        typer.Option("--from-file", metavar="ARCHIVO.eml", help="Un correo guardado, en lugar del buzón."),
    ] = None,
) -> Answer:
    """Recoge lo que ha llegado y propone qué es; lo ya recogido no se repite."""
    creditor, now = creditor_of(call), clock.now()
    if from_file:
        report = FetchReport()
        for path in from_file:
            is_new = keep_raw_mail(creditor=creditor, content=_read(path), at=now)
            report.fetched += is_new
            report.known += not is_new
        report.taken = take_in_waiting(creditor=creditor, actor=ACTOR, now=now)
    else:
        report = fetch(creditor=creditor, actor=ACTOR, now=now)
    data = {"creditor": creditor.code, **report.as_dict()}

    def show(console: Console) -> None:
        new = plural(report.fetched, "correo nuevo", "correos nuevos")
        console.print(f"{new}, {report.known} ya conocidos.", highlight=False)
        console.print(
            f"{plural(report.taken.answers, 'respuesta', 'respuestas')} por mirar,"
            f" {report.taken.bounces} devueltos o retrasados, {report.taken.opted_out} bajas.",
            highlight=False,
        )

    return Answer(data, show)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_FILE_BYTES_MAX)
    except OSError as error:
        raise NoSuchFile(f"No se puede leer «{path}»: {error.strerror}.") from None


@command(app, "list")
def list_answers(
    call: Call,
    done: Annotated[bool, typer.Option("--done", help="Las que ya se han mirado.")] = False,
    kind: Annotated[str, typer.Option(help="Solo las de esta clase.")] = "",
    nobodys: Annotated[bool, typer.Option("--nobodys", help="Solo las que no se sabe de quién son.")] = False,
) -> Answer:
    """Enseña lo que han contestado y nadie ha mirado; las últimas cuarenta."""
    creditor = creditor_of(call)
    if kind and kind not in InboundKind.values:
        raise typer.BadParameter(f"elija entre {', '.join(InboundKind.values)}.")
    with transaction.atomic(), scope([creditor.pk]):
        page = inbox_page(creditor, new=not done, kind=NOBODYS if nobodys else kind)
    rows = [_row(each) for each in page.rows]
    data = {"creditor": creditor.code, "answers": rows, "more": page.next_after is not None}

    def show(console: Console) -> None:
        heading(console, creditor.name, "bandeja")
        table = aligned(["Número", "Cuándo", "Cliente", "De", "Qué dice", "Asunto"])
        for each in page.rows:
            local = each.received_at.astimezone(ZoneInfo(creditor.time_zone))
            when, whose = f"{day(local.date())} {local:%H:%M}", each.code or "sin cliente"
            cells = (str(each.id), when, whose, each.sender, each.kind_label, each.subject)
            table.add_row(*map(escape, cells))
        console.print(table if rows else "Nada por mirar.")

    return Answer(data, show)


def _row(row: InboxRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "customer": row.code or None,
        "channel": row.channel,
        "sender": row.sender,
        "subject": row.subject,
        "kind": row.kind,
        "state": row.state,
        "received_at": row.received_at,
    }


@command(app, "show")
def show_answer(call: Call, number: MessageId) -> Answer:
    """Enseña una respuesta, lo que se propone y por qué."""
    creditor = creditor_of(call)
    with transaction.atomic(), scope([creditor.pk]):
        found = inbound_message(creditor, number)
    if found is None:
        raise NoSuchAnswer(f"No hay ninguna respuesta con el número {number}.", id=number)
    data = _whole(found)

    def show(console: Console) -> None:
        whose = f"{found.sender} · {data['customer'] or 'sin cliente'}"
        heading(console, escape(found.subject or "Sin asunto"), escape(whose))
        why = because_sentence(found.kind, found.suggestion.get("because", ()))
        console.print(f"{InboundKind(found.kind).label}. {escape(why)}")
        if found.suggestion.get("pay_on"):
            console.print(f"Paga: {day(date.fromisoformat(found.suggestion['pay_on']))}")
        console.print(f"\n{escape(found.text)}", highlight=False)

    return Answer(data, show)


def _whole(found: InboundMessage) -> dict[str, Any]:
    return {
        "id": found.pk,
        "customer": found.customer.code if found.customer else None,
        "channel": found.channel,
        "sender": found.sender,
        "subject": found.subject,
        "text": found.text,
        "kind": found.kind,
        "state": found.state,
        "suggestion": found.suggestion,
        "received_at": found.received_at,
        "answers": found.dispatch.key if found.dispatch else None,
        "handled_by": found.handled_by or None,
        "reason": found.reason or None,
    }


@command(app, "confirm")
def confirm_answer(
    call: Call,
    number: MessageId,
    *,
    kind: Annotated[str | None, typer.Option(help="Qué dice de verdad; por defecto, lo propuesto.")] = None,
    customer: Annotated[str | None, typer.Option(help="De qué cliente es, por su código.")] = None,
    hold_until: Annotated[
        date | None,
        typer.Option(parser=_day, metavar="AAAA-MM-DD", help="Volver a reclamarle desde ese día."),
    ] = None,
    note: Annotated[str, typer.Option(help="Lo que convenga recordar.")] = "",
) -> Answer:
    """Anota la respuesta como se dice, con lo que de ello se sigue."""
    creditor, now = creditor_of(call), clock.now()
    if customer:
        assign(creditor=creditor, message_id=number, customer_code=customer, actor=ACTOR, now=now)
    with transaction.atomic(), scope([creditor.pk]):
        found = inbound_message(creditor, number)
    proposed = found.kind if found else ""
    done = confirm(
        creditor=creditor,
        message_id=number,
        confirmation=Confirmation(kind=kind or proposed, note=note, hold_until=hold_until),
        actor=ACTOR,
        now=now,
    )
    data = {"id": done.pk, "kind": done.kind, "state": done.state, "reply": done.reply_id}
    label = str(InboundKind(done.kind).label)
    return Answer(data, lambda console: console.print(f"Anotado: {label.lower()}."))


@command(app, "dismiss")
def dismiss_answer(
    call: Call,
    number: MessageId,
    reason: Annotated[str, typer.Argument(metavar="MOTIVO", help="Por qué no cuenta.")],
) -> Answer:
    """Deja una respuesta aparte, con su motivo."""
    creditor = creditor_of(call)
    done = dismiss(creditor=creditor, message_id=number, reason=reason, actor=ACTOR, now=clock.now())
    return Answer({"id": done.pk, "state": done.state}, lambda console: console.print("Descartada."))
