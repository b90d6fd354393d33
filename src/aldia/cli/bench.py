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
from aldia.operations.bench.desk import FIRST_VIEW_BYTES_MAX, Load, measure_desk
from aldia.operations.bench.importing import measure_import
from aldia.operations.bench.kinds import measure_kinds
from aldia.operations.bench.letters import bench_letters
from aldia.operations.bench.measure import measure_run
from aldia.operations.bench.outreach import measure_outreach
from aldia.operations.bench.worklist import PAGE_MS_MAX, measure_worklist
from aldia.rules.portfolio.kind_words import kind_label
from aldia.rules.portfolio.kinds import Kind

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


@app.command("desk")
def desk(
    *,
    lines: Annotated[int, typer.Option(min=1, help="Vencimientos abiertos de la cartera.")] = 1_000_000,
    clients: Annotated[int, typer.Option(min=1, max=16, help="Personas que piden a la vez.")] = 4,
    requests: Annotated[
        int, typer.Option(min=1, max=2_000, help="Peticiones por página, entre todas.")
    ] = 100,
    pause: Annotated[
        float, typer.Option(min=0, max=60, help="Segundos entre dos peticiones de una persona.")
    ] = 0.0,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Procesos del servidor.")] = 2,
    keep: Annotated[bool, typer.Option(help="Conservar la base de datos de la medición.")] = False,
    as_json: _AsJson = False,
) -> None:
    """Cada página, pedida al servidor de verdad, frente a una respuesta vacía en el mismo momento."""
    load = Load(clients=clients, requests=requests, pause=pause, workers=workers)
    with _bars(shown=not as_json) as progress:
        measured = measure_desk(ensure_server(), lines, load, progress, keep=keep).as_dict()
    if as_json:
        print(json.dumps(measured, ensure_ascii=False))
        return
    _show_desk(measured)


@app.command("outreach")
def outreach(
    *,
    mails: Annotated[int, typer.Option(min=1, help="Correos que salen.")] = 3_000,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Procesos que envían.")] = 4,
    letters: Annotated[int, typer.Option(min=1, help="Cartas que se componen.")] = 500,
    keep: Annotated[bool, typer.Option(help="Conservar la base de datos de la medición.")] = False,
    as_json: _AsJson = False,
) -> None:
    """Correos por segundo hasta un servidor de esta máquina, junto al límite de ese servidor; y cartas."""
    with _bars(shown=not as_json) as progress:
        measured = measure_outreach(ensure_server(), mails, workers, progress, keep=keep).as_dict()
    measured["letters"] = on_paper = bench_letters(letters).as_dict()
    if as_json:
        print(json.dumps(measured, ensure_ascii=False))
        return
    console = Console()
    console.print(
        f"[bold]{_grouped(measured['mails'])} correos[/bold], {_grouped(measured['different'])} distintos,"
        f" {measured['workers']} procesos: {measured['mails_per_second']:g} por segundo"
    )
    console.print(f"el servidor por sí solo: {measured['sink_mails_per_second']:g} por segundo")
    console.print(
        f"[bold]{_grouped(on_paper['letters'])} cartas[/bold] ({_grouped(on_paper['pages'])} páginas), un"
        f" núcleo: {on_paper['letters_per_second']:g} por segundo"
    )


@app.command("worklist")
def worklist(
    *,
    cases: Annotated[int, typer.Option(min=1, help="Expedientes abiertos.")] = 10_000,
    keep: Annotated[bool, typer.Option(help="Conservar la base de datos de la medición.")] = False,
    as_json: _AsJson = False,
) -> None:
    """Una página de la cola de trabajo, de la pregunta a las filas con su motivo."""
    with _bars(shown=not as_json) as progress:
        measured = measure_worklist(ensure_server(), cases, progress, keep=keep)
    if as_json:
        print(json.dumps(measured, ensure_ascii=False))
        return
    console, table = Console(), Table("qué", "p50 ms", "p95 ms", "cpu ms", "", box=None)
    console.print(
        f"[bold]{_grouped(measured['cases'])} expedientes abiertos[/bold]; meta {PAGE_MS_MAX} ms"
        f" por página; carga {measured['environment']['load']}"
    )
    for each in measured["asked"]:
        mark = "" if each["within"] else "fuera"
        times = (f"{each[name]:.0f}" for name in ("p50_ms", "p95_ms", "cpu_ms"))
        table.add_row(each["name"], *times, mark)
    console.print(table)


@app.command("kinds")
def kinds(
    *,
    customers: Annotated[int, typer.Option(min=1, max=200_000, help="Clientes de la cartera.")] = 3_000,
    seed: Annotated[int, typer.Option(min=0, help="La semilla de la que sale todo.")] = 11,
    as_json: _AsJson = False,
) -> None:
    """Cuántas veces se deduce la forma de pagar que se había sembrado; no mide velocidad."""
    confusion = measure_kinds(customers, seed)
    measured = confusion.as_dict()
    if as_json:
        print(json.dumps(measured, ensure_ascii=False))
        return
    table = Table("sembrado", *(kind_label(each) for each in Kind), "hallados", "acierto")
    for planted, named in measured["table"].items():
        score = confusion.score(planted)
        shares = f"{score.recall:.0%}", f"{score.precision:.0%}"
        table.add_row(kind_label(planted), *(str(named[each] or "") for each in Kind), *shares)
    console = Console()
    console.print(table)
    told = f"{_grouped(measured['customers'])} clientes, semilla {seed}"
    console.print(f"{told}: acierta [bold]{confusion.accuracy:.1%}[/bold]; de {confusion.told:.1%} dice algo")


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


def _show_desk(measured: dict[str, Any]) -> None:
    console, load = Console(), measured["load"]
    console.print(
        f"[bold]{_grouped(measured['lines'])} vencimientos[/bold]; {load['clients']} personas a la vez,"
        f" pausa {load['pause']:g} s, {load['workers']} procesos, carga {measured['environment']['load']}"
    )
    heads = ("página", "n", "p50", "p95", "máx.", "÷ vacía", "cpu ms", "bytes", "consultas", "")
    table = Table(*heads, box=None)
    for column in table.columns[:-1]:
        column.no_wrap = True
    for column in table.columns[1:-1]:
        column.justify = "right"
    for page in measured["pages"]:
        times = (f"{page[name]:.0f}" for name in ("p50_ms", "p95_ms", "max_ms"))
        asked = f"{page['queries']}+{page['bulk']}" if page["bulk"] else str(page["queries"])
        mark = "" if page["within"] else "fuera"
        weight = (f"{page['ratio']:.1f}", f"{page['cpu_ms']:.0f}", _grouped(page["size_bytes"]), asked)
        table.add_row(page["title"], str(page["requests"]), *times, *weight, mark)
    console.print(table)
    view = measured["first_view"]["bytes"]
    console.print(f"primera visita {_grouped(view)} bytes (meta {_grouped(FIRST_VIEW_BYTES_MAX)})")
    if measured["missing"]:
        console.print(f"no hay: {', '.join(measured['missing'])}")


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")
