"""`aldia alerts`: what people of the house have been told, and the daily mail."""

import dataclasses
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of
from aldia.cli.door import ACTOR, Answer, Call, Now, command
from aldia.cli.paper import aligned, plural
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.alerts import mark_read
from aldia.operations.digests import send_due_digests
from aldia.queries.alerts import alerts_of
from aldia.queries.outbox import sending_moment
from aldia.queries.people import membership_of
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope

app = typer.Typer(add_completion=False, help="Los avisos a las personas de la casa.")

Who = Annotated[str, typer.Argument(metavar="CORREO", help="De quién, por su correo.")]


class UnknownPerson(AldiaError):
    """Nobody with access to the creditor has this address."""

    code = "unknown_person"


def _member(creditor: Creditor, email: str) -> Membership:
    found = membership_of(creditor.pk, email)
    if found is None:
        raise UnknownPerson(f"Nadie con el correo «{email}» tiene acceso a «{creditor.name}».", email=email)
    return found


@command(app, "list")
def list_(call: Call, who: Who) -> Answer:
    """Enumera los cien últimos avisos de una persona."""
    creditor = creditor_of(call)
    with transaction.atomic(), scope([creditor.pk]):
        rows, _more = alerts_of(creditor.pk, _member(creditor, who).pk)

    def show(console: Console) -> None:
        table = aligned(["aviso", "cuándo", "qué", "cliente", ""], right=[0])
        for each in rows:
            about = (
                f"{each.name} ({each.code})"
                if each.customer_id
                else plural(each.count, "cliente", "clientes")
            )
            what = each.label + (f": {each.detail}" if each.detail else "")
            when = f"{each.at.astimezone(ZoneInfo(creditor.time_zone)):%d/%m/%Y %H:%M}"
            table.add_row(str(each.id), when, escape(what), escape(about), "nuevo" if each.is_new else "")
        console.print(table if rows else "Sin avisos.")

    return Answer({"creditor": creditor.code, "alerts": [dataclasses.asdict(each) for each in rows]}, show)


@command(app, "read")
def read(
    call: Call,
    who: Who,
    ids: Annotated[
        list[int] | None, typer.Argument(metavar="AVISO…", help="Los de «aldia alerts list».")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Todos.")] = False,
    now: Now = None,
) -> Answer:
    """Marca avisos de una persona como leídos."""
    if every == bool(ids):
        raise typer.BadParameter("diga qué avisos, o «--all».")
    creditor = creditor_of(call)
    seen = mark_read(member=_member(creditor, who), now=now or clock.now(), ids=None if every else ids)
    return Answer(
        {"creditor": creditor.code, "read": seen},
        lambda console: console.print(f"{plural(seen, 'aviso leído', 'avisos leídos')}.", highlight=False),
    )


@command(app, "digest")
def digest(call: Call, now: Now = None) -> Answer:
    """Envía ahora el resumen del día a quien no lo haya recibido; nadie recibe dos."""
    creditor = creditor_of(call)
    moment = now or sending_moment(creditor, clock.now())
    report = send_due_digests(creditor=creditor, now=moment, actor=ACTOR, at_any_hour=True)

    def show(console: Console) -> None:
        console.print(f"{plural(report.sent, 'resumen enviado', 'resúmenes enviados')}.", highlight=False)
        if report.waiting:
            console.print(f"{plural(report.waiting, 'se volverá', 'se volverán')} a intentar.")
        if report.failed:
            console.print(f"{plural(report.failed, 'fallido', 'fallidos')}.")
        if report.trouble:
            console.print(escape(report.trouble), style="bold")

    data = {"creditor": creditor.code, **dataclasses.asdict(report)}
    return Answer(data, show, failed=bool(report.trouble))
