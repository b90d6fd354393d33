"""`aldia area-hold`: nobody in some postcodes is written to for a while."""

from datetime import date
from typing import Annotated

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of, day_of
from aldia.cli.door import ACTOR, Answer, Call, On, command
from aldia.cli.paper import aligned, day
from aldia.kernel import clock
from aldia.operations.contact_calendar import NewAreaHold, end_area_hold, record_area_hold
from aldia.queries.circumstances import area_pauses
from aldia.records.tenancy.scope import scope

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Pausas por código postal, tras una catástrofe."
)


@command(app, "add")
def add(
    call: Call,
    *,
    prefixes: Annotated[
        list[str], typer.Argument(metavar="CÓDIGO…", help="Comienzos de códigos postales, como 46 o 2803.")
    ],
    reason: Annotated[str, typer.Option(help="Por qué.")],
    until: Annotated[
        date, typer.Option("--until", parser=clock.read_date, metavar="AAAA-MM-DD", help="Hasta cuándo.")
    ],
    on: On = None,
    country: Annotated[str | None, typer.Option(help="País; por defecto, el de la empresa.")] = None,
) -> Answer:
    """Desde ese día no se escribe a nadie de esos códigos postales."""
    creditor = creditor_of(call)
    new = NewAreaHold(country or creditor.country, prefixes, reason, day_of(creditor, on), until)
    made = record_area_hold(creditor=creditor, new=new, actor=ACTOR, now=clock.now())
    data = {"area_hold": made.pk, "country": made.country, "prefixes": made.prefixes}
    sentence = f"En pausa ({made.pk}) hasta el {day(made.until_on)}: {', '.join(made.prefixes)}."
    said = {"from": made.from_on, "until": made.until_on}
    return Answer(data | said, lambda console: console.print(escape(sentence)))


@command(app, "end")
def end(
    call: Call, hold: Annotated[int, typer.Argument(metavar="NÚMERO", help="El de «aldia area-hold list».")]
) -> Answer:
    """Da por terminada una pausa desde hoy."""
    creditor = creditor_of(call)
    ended = end_area_hold(creditor=creditor, hold_id=hold, actor=ACTOR, now=clock.now())
    data = {"area_hold": ended.pk, "ended_on": ended.ended_on}
    return Answer(data, lambda console: console.print("Pausa terminada."))


@command(app, "list")
def list_(call: Call, on: On = None) -> Answer:
    """Enumera las pausas que no han pasado."""
    creditor = creditor_of(call)
    today = day_of(creditor, on)
    with transaction.atomic(), scope([creditor.pk]):
        known = area_pauses(creditor, today)

    def show(console: Console) -> None:
        table = aligned(["n.º", "zona", "desde", "hasta", "por qué", ""], right=[0])
        for each in known:
            area = f"{each.country} {', '.join(each.prefixes)}"
            state = "" if each.in_force else "terminada" if each.ended_on else "por empezar"
            table.add_row(
                str(each.id), area, day(each.from_on), day(each.until_on), escape(each.reason), state
            )
        console.print(table if known else "Ninguna.")

    rows = [
        {
            "area_hold": each.id,
            "country": each.country,
            "prefixes": list(each.prefixes),
            "reason": each.reason,
            "from": each.from_on,
            "until": each.until_on,
            "in_force": each.in_force,
        }
        for each in known
    ]
    return Answer({"creditor": creditor.code, "area_holds": rows}, show)
