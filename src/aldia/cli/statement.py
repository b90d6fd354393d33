"""`aldia statement`: what a customer owes, on paper."""

from pathlib import Path
from typing import Annotated

import typer
from django.db import transaction

from aldia.cli.asking import creditor_of, day_of, moment_of
from aldia.cli.door import Answer, Call, On, command
from aldia.cli.files import write_file
from aldia.queries.papers import statement_of
from aldia.records.tenancy.scope import scope

app = typer.Typer(add_completion=False)


@command(app, "statement")
def statement(
    call: Call,
    customer: Annotated[str, typer.Argument(metavar="CLIENTE", help="El código del cliente.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="ARCHIVO", help="Dónde guardarlo; si no, aquí mismo.")
    ] = None,
    interest: Annotated[
        bool, typer.Option(help="Con los intereses devengados, a empresas y administraciones.")
    ] = True,
    on: On = None,
) -> Answer:
    """Guarda en PDF el estado de cuenta de un cliente."""
    creditor = creditor_of(call)
    day = day_of(creditor, on)
    with transaction.atomic(), scope([creditor.pk]):
        now = moment_of(creditor, day)
        found = statement_of(creditor, customer, now=now, interest=interest, on=day)
    path = write_file(out or Path(found.name), found.pdf)
    data = {"creditor": creditor.code, "customer": customer, "on": day, "file": str(path)}
    return Answer(data, lambda console: console.print(f"Guardado en {path}", highlight=False, markup=False))
