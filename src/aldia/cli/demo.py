"""`aldia demo`: a portfolio to look at."""

import os
import sys
from typing import Annotated

import typer
from django.db import connections
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from aldia.cli.daily import show_run
from aldia.cli.door import ACTOR, Answer, Call, command
from aldia.cli.serving import HOST, refuse_taken_port
from aldia.kernel import clock
from aldia.operations.demo import answers_of_the_night, load_demo, weeks_of_collecting
from aldia.operations.people import ensure_demo_user
from aldia.operations.run import backfill_snapshots, daily_run

app = typer.Typer(add_completion=False)


@command(app, "demo", migrates=True)
def demo(
    call: Call,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="No abrir la página al terminar.")] = False,
    port: Annotated[int, typer.Option(help="Puerto de la página.")] = 8000,
    seed: Annotated[int, typer.Option(help="Semilla: la misma da la misma cartera.")] = 7,
) -> Answer:
    """Carga una cartera inventada de 24 meses, hace su proceso diario y lo enseña."""
    if not (no_serve or call.as_json):
        refuse_taken_port(HOST, port)
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
    if not loaded.already_there:
        backfill_snapshots(creditor=creditor, until=on, now=moment, actor=ACTOR)
        weeks_of_collecting(creditor=creditor, on=on, actor=ACTOR, now=clock.now())
    report = daily_run(creditor=creditor, on=on, now=moment, actor=ACTOR)
    answers_of_the_night(creditor=creditor, now=moment, actor=ACTOR)
    email, password = ensure_demo_user(creditor.pk, now=clock.now(), actor=ACTOR)

    def show(console: Console) -> None:
        show_run(console, creditor, report)
        console.print(
            f"\nPara entrar en la página: [bold]{email}[/bold], contraseña [bold]{password}[/bold]",
            highlight=False,
        )
        console.print("\nPruebe: aldia decisions · aldia explain CLIENTE · aldia portfolio", style="dim")
        if not no_serve:
            _serve(port)

    data = {
        "creditor": creditor.code,
        "counts": dict(loaded.counts),
        "run": report.as_dict(),
        "log_in": {"email": email, "password": password},
    }
    return Answer(data, show)


def _serve(port: int) -> None:
    """Become `aldia serve`, until it is stopped."""
    sys.stdout.flush()
    connections.close_all()
    words = ["-m", "aldia.cli.main", "serve", "--port", str(port)]
    os.execv(sys.executable, [sys.executable, *words])
