"""`aldia approve`, `aldia send`, `aldia outbox`, `aldia mailbox`: from the yes to the mail."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import repeat
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of
from aldia.cli.door import ACTOR, Answer, Call, Now, command
from aldia.cli.paper import aligned, day, heading, part, plural
from aldia.kernel import clock
from aldia.operations.outbox import (
    SendReport,
    approve,
    resolve_doubt,
    resume_sending,
    send_everything,
    stop_sending,
)
from aldia.queries.outbox import (
    Unit,
    doubts,
    mailbox,
    outbox_counts,
    sending_moment,
    units_not_left,
    why_label,
)
from aldia.records.outreach.models import Dispatch, MessageChannel, MessageKind, MessageState
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

app = typer.Typer(add_completion=False)

Keys = Annotated[list[str] | None, typer.Argument(metavar="CLAVE…", help="Las de «aldia outbox».")]


@command(app, "approve")
def approve_messages(
    call: Call,
    keys: Keys = None,
    every: Annotated[bool, typer.Option("--all", help="Todos los que esperan.")] = False,
    now: Now = None,
) -> Answer:
    """Da el sí a mensajes que esperan aprobación; salen con el siguiente «aldia send»."""
    if every == bool(keys):
        raise typer.BadParameter("diga qué claves, o «--all».")
    creditor = creditor_of(call)
    moment = now or sending_moment(creditor, clock.now())
    done = approve(creditor=creditor, keys=None if every else keys, actor=ACTOR, now=moment)
    data = {"creditor": creditor.code, "approved": done.units, "already": done.already}

    def show(console: Console) -> None:
        console.print(f"{plural(done.units, 'mensaje aprobado', 'mensajes aprobados')}.", highlight=False)
        if done.already:
            console.print(f"{plural(done.already, 'no esperaba', 'no esperaban')} aprobación.")

    return Answer(data, show)


@command(app, "send")
def send(
    call: Call,
    now: Now = None,
    stop: Annotated[bool, typer.Option("--stop", help="Parar los envíos: no sale nada más.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Reanudar los envíos y enviar.")] = False,
) -> Answer:
    """Envía lo que puede salir ahora. Con una fecha simulada, solo al buzón de pruebas."""
    creditor, present = creditor_of(call), clock.now()
    if stop:
        stop_sending(creditor=creditor, actor=ACTOR, now=now or present)
        stopped = {"creditor": creditor.code, "stopped": True}
        return Answer(
            stopped, lambda console: console.print("Envíos parados. Para seguir: aldia send --resume")
        )
    if resume:
        resume_sending(creditor=creditor, actor=ACTOR, now=now or present)
    moments = _moments(now or sending_moment(creditor, present), present)
    report = send_everything(creditor=creditor, moments=moments, actor=ACTOR)
    data = {"creditor": creditor.code, **report.as_dict()}
    return Answer(data, lambda console: _show_sent(console, creditor, report), failed=bool(report.trouble))


def _moments(first: datetime, present: datetime) -> Iterable[datetime]:
    """One for each batch: the clock goes on while mails leave, a rehearsed moment stands still."""
    return iter(clock.now, None) if first == present and not clock.is_simulated() else repeat(first)


def _show_sent(console: Console, creditor: Creditor, report: SendReport) -> None:
    heading(console, creditor.name, "envíos")
    lines = (
        (report.sent, "enviado", "enviados", ""),
        (report.cancelled.total(), "anulado", "anulados", _rules(report.cancelled)),
        (report.postponed.total(), "pospuesto", "pospuestos", _rules(report.postponed)),
        (report.failed, "fallido", "fallidos", ""),
        (report.unknown, "sin confirmar", "sin confirmar", "aldia outbox"),
        (report.returned, "se volverá a intentar", "se volverán a intentar", ""),
        (report.put_off, "espera su hora", "esperan su hora", "aldia outbox"),
        (report.waiting, "espera aprobación", "esperan aprobación", "aldia approve"),
        (report.waiting_channel, "espera un canal", "esperan un canal", "canal aún no disponible"),
    )
    for count, one, many, why in lines:
        if count or one == "enviado":
            console.print(plural(count, one, many) + (f" ({escape(why)})" if why else ""), highlight=False)
    if report.doubts:
        console.print(f"{plural(report.doubts, 'mensaje', 'mensajes')} en duda de un envío interrumpido.")
    for sentence in filter(None, (report.stopped, report.trouble)):
        console.print(escape(sentence), style="bold")


def _rules(counts: dict[str, int]) -> str:
    return ", ".join(f"{why_label(rule).lower()}: {count}" for rule, count in sorted(counts.items()))


@command(app, "outbox")
def outbox(
    call: Call,
    arrived: Annotated[
        str | None, typer.Option("--arrived", metavar="CLAVE", help="Un mensaje en duda que sí llegó.")
    ] = None,
    lost: Annotated[
        str | None, typer.Option("--lost", metavar="CLAVE", help="Un mensaje en duda que no llegó.")
    ] = None,
) -> Answer:
    """Enseña lo que está por salir y lo que está en duda; y resuelve dudas."""
    creditor = creditor_of(call)
    for key, sent in ((arrived, True), (lost, False)):
        if key is not None:
            resolve_doubt(creditor=creditor, key=key, sent=sent, actor=ACTOR, now=clock.now())
    now = sending_moment(creditor, clock.now())
    with transaction.atomic(), scope([creditor.pk]):
        units, unsure = units_not_left(creditor), list(doubts(creditor))
        counts = outbox_counts(creditor, now=now)
        codes = dict(Customer.objects.filter(pk__in=_customers(units, unsure)).values_list("pk", "code"))
    data = {
        "creditor": creditor.code,
        "waiting": counts.waiting_approval,
        "ready": counts.ready,
        "put_off": counts.put_off,
        "waiting_channel": counts.waiting_channel,
        "units": [_unit(each, codes) for each in units],
        "doubts": [_doubt(each, codes) for each in unsure],
    }
    return Answer(data, lambda console: _show_outbox(console, creditor, data))


def _customers(units: Sequence[Unit], unsure: Sequence[Dispatch]) -> set[int]:
    return {each.customer_id for each in units} | {each.customer_id for each in unsure}


def _unit(unit: Unit, codes: dict[int, str]) -> dict[str, Any]:
    return {
        "key": unit.key,
        "customer": codes[unit.customer_id],
        "kind": unit.kind,
        "step": unit.step,
        "channel": unit.channel,
        "state": unit.state,
        "planned_on": unit.planned_on,
        "not_before": unit.not_before_at,
        "refused_by": unit.refusal["rule"] if unit.refusal else None,
    }


def _doubt(dispatch: Dispatch, codes: dict[int, str]) -> dict[str, Any]:
    return {
        "key": dispatch.key,
        "customer": codes[dispatch.customer_id],
        "begun_at": dispatch.begun_at,
        "why": dispatch.error,
    }


def _show_outbox(console: Console, creditor: Creditor, data: dict[str, Any]) -> None:
    heading(console, creditor.name, "buzón de salida")
    table = aligned(["Clave", "Cliente", "Qué", "Canal", "Estado", "Por qué no"])
    for each in data["units"]:
        table.add_row(
            escape(each["key"]),
            escape(each["customer"]),
            MessageKind(each["kind"]).label,
            MessageChannel(each["channel"]).label,
            MessageState(each["state"]).label,
            why_label(each["refused_by"]) if each["refused_by"] else "",
        )
    console.print(table if data["units"] else "No hay nada por salir.")
    if data["doubts"]:
        part(console, "Sin confirmar: puede que hayan llegado o que no")
        for each in data["doubts"]:
            console.print(f"{escape(each['key'])} · {escape(each['customer'])} · {escape(each['why'])}")
        console.print("Averígüelo y dígalo: aldia outbox --arrived CLAVE, o --lost CLAVE", style="dim")


@command(app, "mailbox")
def show_mailbox(
    call: Call,
    key: Annotated[
        str | None, typer.Argument(metavar="CLAVE", help="Leer los mensajes de esta clave.")
    ] = None,
) -> Answer:
    """Enseña el buzón de pruebas: lo enviado que no ha salido de la casa."""
    creditor = creditor_of(call)
    mails = [each for each in mailbox(creditor) if key in (None, each.key)]
    messages = [
        {"key": each.key, "to": each.recipient, "subject": each.subject, "at": each.at} for each in mails
    ]
    data: dict[str, Any] = {"creditor": creditor.code, "messages": messages}

    def show(console: Console) -> None:
        heading(console, creditor.name, f"buzón de pruebas: {plural(len(mails), 'mensaje', 'mensajes')}")
        table = aligned(["Fecha", "Para", "Asunto", "Clave"])
        for each in mails:
            local = each.at.astimezone(ZoneInfo(creditor.time_zone))
            row = (f"{day(local.date())} {local:%H:%M}", each.recipient, each.subject, each.key)
            table.add_row(*map(escape, row))
        if mails:
            console.print(table)
        for each in mails if key else ():
            console.print(f"\n{escape(each.text)}", highlight=False)

    return Answer(data, show)
