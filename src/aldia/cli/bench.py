"""`aldia bench …`: how long the day takes, against what the database itself costs."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table

from aldia.connectors.postgres import ensure_server
from aldia.operations.bench.importing import measure_import
from aldia.operations.bench.measure import measure_run

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Mide la velocidad en esta máquina (no es una prueba)."
)

_AsJson = Annotated[bool, typer.Option("--json", help="Un objeto JSON.")]


@app.command("run")
def run(
    items: Annotated[
        int, typer.Option(min=1, help="Vencimientos abiertos de la cartera de prueba.")
    ] = 100_000,
    keep: Annotated[bool, typer.Option(help="Conservar la base de datos de la medición.")] = False,
    naive: Annotated[bool, typer.Option(help="Medir también el bucle ingenuo (lento).")] = False,
    as_json: _AsJson = False,
) -> None:
    """El proceso diario entero frente a leer y escribir lo mismo sin decidir nada."""
    with _bars(shown=not as_json) as progress:
        measured = measure_run(ensure_server(), items, progress, keep=keep, naive=naive).as_dict()
    if as_json:
        print(json.dumps(measured, ensure_ascii=False))
        return
    customers, items_text = _grouped(measured["customers"]), _grouped(measured["items"])
    _show(f"{items_text} vencimientos, {customers} clientes", measured["seconds"])
    console = Console()
    console.print(f"proceso ÷ solo base de datos = [bold]{measured['ratio']:.2f}[/bold]")
    console.print(f"memoria máxima {_grouped(measured['rss_mib'])} MiB")


@app.command("import")
def import_(
    rows: Annotated[int, typer.Option(min=1, help="Facturas del archivo de prueba.")] = 100_000,
    as_json: _AsJson = False,
) -> None:
    """Un archivo de facturas, de los bytes a lo anotado."""
    with _bars(shown=not as_json) as progress:
        measured = measure_import(ensure_server(), rows, progress)
    if as_json:
        print(json.dumps(measured, ensure_ascii=False))
        return
    title = f"{_grouped(measured['rows'])} facturas, {_grouped(measured['payments'])} con su cobro"
    _show(title, measured["seconds"])


@contextmanager
def _bars(*, shown: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Progress bars on the error stream, one per name."""
    tasks: dict[str, TaskID] = {}
    with Progress(console=Console(stderr=True), disable=not shown) as bars:

        def progress(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total)
            bars.update(tasks[name], completed=done)

        yield progress


def _show(title: str, seconds: dict[str, Any]) -> None:
    console = Console()
    console.print(f"[bold]{title}[/bold]")
    table = Table("fase", "segundos", box=None)
    table.columns[1].justify = "right"
    for name, value in seconds.items():
        table.add_row(name, f"{value:.2f}")
    console.print(table)


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")
