"""`aldia bench …`: how long the day takes, against what the database itself costs."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table

from aldia.connectors.postgres import ensure_server
from aldia.operations.bench.measure import measure_run

app = typer.Typer(no_args_is_help=True, help="Mide la velocidad en esta máquina (no es una prueba).")


@app.command("run")
def run(
    items: Annotated[
        int, typer.Option(min=1, help="Vencimientos abiertos de la cartera de prueba.")
    ] = 100_000,
    keep: Annotated[bool, typer.Option(help="Conservar la base de datos de la medición.")] = False,
    naive: Annotated[bool, typer.Option(help="Medir también el bucle ingenuo (lento).")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Un objeto JSON.")] = False,
) -> None:
    """El proceso diario entero frente a leer y escribir lo mismo sin decidir nada."""
    tasks: dict[str, TaskID] = {}
    with Progress(console=Console(stderr=True), disable=as_json) as bars:

        def progress(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total)
            bars.update(tasks[name], completed=done)

        measured = measure_run(ensure_server(), items, progress, keep=keep, naive=naive).as_dict()
    if as_json:
        print(json.dumps(measured, ensure_ascii=False))
    else:
        _show(measured)


def _show(measured: dict[str, Any]) -> None:
    console = Console()
    console.print(f"[bold]{measured['items']:,} vencimientos, {measured['customers']:,} clientes[/bold]")
    table = Table("fase", "segundos", box=None)
    table.columns[1].justify = "right"
    for name, seconds in measured["seconds"].items():
        table.add_row(name, f"{seconds:.2f}")
    console.print(table)
    console.print(f"proceso ÷ solo base de datos = [bold]{measured['ratio']:.2f}[/bold]")
    console.print(f"memoria máxima {measured['rss_mib']} MiB")
