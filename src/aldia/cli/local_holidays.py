"""`aldia holiday`: holidays of a municipality, which no library knows."""

from datetime import date
from typing import Annotated

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of, day_of
from aldia.cli.door import ACTOR, Answer, Call, command
from aldia.cli.paper import aligned, day
from aldia.kernel import clock
from aldia.operations.contact_calendar import NewLocalHoliday, add_local_holiday, remove_local_holiday
from aldia.queries.circumstances import local_days
from aldia.records.tenancy.scope import scope

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Los festivos de cada municipio.")


@command(app, "add")
def add(
    call: Call,
    *,
    on_date: Annotated[date, typer.Argument(parser=clock.read_date, metavar="AAAA-MM-DD", help="Qué día.")],
    prefix: Annotated[str, typer.Argument(metavar="CÓDIGO", help="Comienzo de sus códigos postales.")],
    municipality: Annotated[str, typer.Argument(metavar="MUNICIPIO", help="Cómo se llama.")],
    name: Annotated[str, typer.Option(help="Qué se celebra.")] = "",
    country: Annotated[str | None, typer.Option(help="País; por defecto, el de la empresa.")] = None,
) -> Answer:
    """Anota un festivo: ese día no se escribe a quien vive allí."""
    creditor = creditor_of(call)
    new = NewLocalHoliday(country or creditor.country, municipality, prefix, on_date, name)
    made = add_local_holiday(creditor=creditor, new=new, actor=ACTOR, now=clock.now())
    data = {"holiday": made.pk, "country": made.country, "prefix": made.prefix, "on": made.on_date}
    sentence = f"Anotado ({made.pk}): {made.municipality}, {day(made.on_date)}."
    return Answer(data, lambda console: console.print(escape(sentence)))


@command(app, "remove")
def remove(
    call: Call, holiday: Annotated[int, typer.Argument(metavar="NÚMERO", help="El de «aldia holiday list».")]
) -> Answer:
    """Quita un festivo."""
    creditor = creditor_of(call)
    remove_local_holiday(creditor=creditor, holiday_id=holiday, actor=ACTOR, now=clock.now())
    return Answer({"holiday": holiday}, lambda console: console.print("Festivo quitado."))


@command(app, "list")
def list_(call: Call) -> Answer:
    """Enumera los que están por venir."""
    creditor = creditor_of(call)
    with transaction.atomic(), scope([creditor.pk]):
        known = local_days(creditor, day_of(creditor, None))

    def show(console: Console) -> None:
        table = aligned(["n.º", "día", "municipio", "códigos", "qué"], right=[0])
        for each in known:
            area = f"{each.country} {each.prefix}"
            table.add_row(str(each.id), day(each.on_date), escape(each.municipality), area, escape(each.name))
        console.print(table if known else "Ninguno.")

    rows = [
        {
            "holiday": each.id,
            "country": each.country,
            "municipality": each.municipality,
            "prefix": each.prefix,
            "on": each.on_date,
            "name": each.name,
        }
        for each in known
    ]
    return Answer({"creditor": creditor.code, "holidays": rows}, show)
