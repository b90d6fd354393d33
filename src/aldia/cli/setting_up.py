"""`aldia init` and `aldia demo`: the first creditor, and a portfolio to look at."""

import subprocess
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from aldia.cli.daily import show_run
from aldia.cli.door import ACTOR, Answer, Call, command
from aldia.cli.paper import day, heading
from aldia.kernel import clock
from aldia.operations.creditors import NewCreditor, create_creditor
from aldia.operations.demo import load_demo
from aldia.operations.run import daily_run

app = typer.Typer()


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
    )
    creditor = made.creditor
    data = {
        "creditor": creditor.code,
        "name": creditor.name,
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


@command(app, "demo", migrates=True)
def demo(
    call: Call,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="No abrir la página al terminar.")] = False,
    port: Annotated[int, typer.Option(help="Puerto de la página.")] = 8000,
    seed: Annotated[int, typer.Option(help="Semilla: la misma da la misma cartera.")] = 1,
) -> Answer:
    """Carga una cartera inventada de 24 meses, hace su proceso diario y lo enseña."""
    columns = (TextColumn("Cargando"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=call.as_json) as bar:
        task = bar.add_task("", total=None)
        loaded = load_demo(
            seed=seed,
            now=clock.now(),
            actor=ACTOR,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    creditor, on = loaded.creditor, loaded.last_date
    moment = clock.morning_of(on, creditor.time_zone)
    report = daily_run(creditor=creditor, on=on, now=moment, actor=ACTOR)

    def show(console: Console) -> None:
        show_run(console, creditor, report)
        console.print("\nPruebe: aldia decisions · aldia explain CLIENTE · aldia portfolio", style="dim")
        if not no_serve:
            _serve(port)

    data = {"creditor": creditor.code, "counts": dict(loaded.counts), "run": report.as_dict()}
    return Answer(data, show)


def _serve(port: int) -> None:
    """Hand over to `aldia serve` until it is stopped."""
    subprocess.run([sys.executable, "-m", "aldia.cli.main", "serve", "--port", str(port)], check=False)
