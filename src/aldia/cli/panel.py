"""`aldia panel`: the key figures of the last close, each with the condition that opens its customers."""

from collections.abc import Sequence
from typing import Annotated

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aldia.cli.asking import creditor_of, day_of
from aldia.cli.door import ACTOR, Answer, Call, command
from aldia.cli.paper import aligned, day, heading, money, number, part, plural, sums
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.run import backfill_snapshots
from aldia.queries.panel import panel_of
from aldia.queries.panel_page import Attention, CurrencyPanel, ExpectedCash, Freshness, Panel, Ratio
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.kpi_words import RATIO_LABELS, STANDING_LABELS, bucket_words

app = typer.Typer(add_completion=False)

_CELLS = 20
_SPARKS = "▁▂▃▄▅▆▇█"


class NoFigures(AldiaError):
    """No day has been closed yet."""

    code = "no_figures"


@command(app, "panel")
def panel(
    call: Call,
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Antes, calcular los viernes de las últimas 26 semanas sin proceso."),
    ] = False,
) -> Answer:
    """Enseña las cifras del último cierre: pendiente, vencido, antigüedad, plazos, cobro previsto."""
    creditor = creditor_of(call)
    if rebuild:
        until = day_of(creditor, None)
        backfill_snapshots(creditor=creditor, until=until, now=clock.now(), actor=ACTOR)
    with transaction.atomic(), scope([creditor.pk]):
        found = panel_of(creditor)
    if found is None:
        raise NoFigures("Aún no hay cifras: haga el proceso diario con «aldia run».")
    data = {"creditor": creditor.code, **found.as_dict()}
    return Answer(data, lambda console: _show(console, creditor, found))


def _show(console: Console, creditor: Creditor, found: Panel) -> None:
    heading(console, f"{creditor.name} · {day(found.on)}", _fresh(found.freshness))
    for each in found.currencies:
        _show_currency(console, each)
    part(console, "Necesita a una persona")
    for need in found.attention:
        console.print(f"· {escape(_need(need))}", highlight=False)
    if not found.attention:
        console.print("Nada.")


def _fresh(freshness: Freshness) -> str:
    run = f"último proceso, {day(freshness.run_on)}" if freshness.run_on else "sin proceso diario"
    paid = f"cobros hasta el {day(freshness.payments_until)}" if freshness.payments_until else "sin cobros"
    return f"{run}; {paid}"


def _show_currency(console: Console, shown: CurrencyPanel) -> None:
    outstanding, overdue = (money(f.minor, shown.currency) for f in (shown.outstanding, shown.overdue))
    part(console, f"Pendiente en {shown.currency}")
    console.print(
        f"[bold]{escape(outstanding)}[/bold] de {plural(shown.customers, 'cliente', 'clientes')};"
        f" [bold]{escape(overdue)}[/bold] vencidos ({_percent(shown.overdue.share_bp)})",
        highlight=False,
    )
    console.print(_aging(shown))
    for ratio in shown.ratios:
        console.print(f"{RATIO_LABELS[ratio.name]}: [bold]{_ratio(ratio)}[/bold]", highlight=False)
        console.print(f"  {ratio.formula}", style="dim", highlight=False)
    if len(shown.trend) > 1:
        part(console, f"Tendencia de {len(shown.trend)} semanas")
        console.print(_trend(shown))
    if shown.since:
        part(console, f"Desde el {day(shown.since)}")
        console.print(_movement(shown))
    if shown.expected:
        part(console, "Cobro previsto de lo ya facturado")
        _show_expected(console, shown.expected, shown.currency)


def _aging(shown: CurrencyPanel) -> Table:
    table = aligned(["", "", "", ""], right=[1, 2])
    table.show_header = False
    for bucket in shown.aging:
        cells = -(-bucket.share_bp * _CELLS // 10_000)
        table.add_row(
            bucket_words(bucket.name),
            money(bucket.minor, shown.currency),
            _percent(bucket.share_bp),
            f"[cyan]{'█' * cells}[/cyan]",
        )
    return table


def _ratio(ratio: Ratio) -> str:
    if ratio.value is None:
        return "sin datos"
    return _percent(ratio.value) if ratio.name == "cei" else f"{_tenths(ratio.value)} días"


def _trend(shown: CurrencyPanel) -> Table:
    table = aligned(["", "", "de", "a"], right=[2, 3])
    amounts = {
        "pendiente": [point.outstanding_minor for point in shown.trend],
        "vencido": [point.overdue_minor for point in shown.trend],
    }
    for label, values in amounts.items():
        first, last = money(values[0], shown.currency), money(values[-1], shown.currency)
        table.add_row(label, sparkline(values), first, last)
    days = [point.dso_tenths for point in shown.trend if point.dso_tenths is not None]
    if days:
        table.add_row("DSO (días)", sparkline(days), _tenths(days[0]), _tenths(days[-1]))
    return table


def sparkline(values: Sequence[int]) -> str:
    """A row of blocks, from nothing to the largest value."""
    most = max(*values, 1)
    return "".join(_SPARKS[value * (len(_SPARKS) - 1) // most] for value in values)


def _movement(shown: CurrencyPanel) -> Table:
    table = aligned(["", "clientes", "vencido"], right=[1, 2])
    for moved in shown.movement:
        table.add_row(
            STANDING_LABELS[moved.standing], number(moved.customers), money(moved.minor, shown.currency)
        )
    return table


def _show_expected(console: Console, cash: ExpectedCash, currency: str) -> None:
    table = aligned(["semana desde", "vence", "previsto", "entre", "y"], right=[1, 2, 3, 4])
    for week in cash.weeks:
        amounts = (money(minor, currency) for minor in (week.due, week.expected, week.low, week.high))
        table.add_row(day(week.starts), *amounts)
    whole = (money(minor, currency) for minor in (cash.expected, cash.low, cash.high))
    table.add_row("[bold]en total[/bold]", "", *whole)
    console.print(table)
    basis = (
        f"Según {plural(cash.payments, 'cobro', 'cobros')} de los últimos 24 meses; ocho de cada diez"
        " semanas quedan dentro de la banda."
        if cash.from_history
        else "Aún hay pocos cobros para conocer las costumbres: se muestra lo que vence."
    )
    console.print(basis, style="dim", highlight=False)


def _need(need: Attention) -> str:
    match need.kind:
        case "stopped":
            return "los envíos están parados por una persona"
        case "doubts":
            return f"{plural(need.count, 'mensaje', 'mensajes')} sin confirmar: mire si llegaron"
        case "brake":
            return f"{plural(need.count, 'mensaje frenado', 'mensajes frenados')}: aldia release"
        case "bank_stale":
            return f"los datos de cobros tienen {plural(need.count, 'día', 'días')}: importe los últimos"
        case "unidentified":
            return f"{sums(need.amounts or {})} cobrados sin identificar"
        case "tasks_overdue":
            return f"{plural(need.count, 'tarea atrasada', 'tareas atrasadas')}"
        case _:
            return f"{plural(need.count, 'cliente', 'clientes')} con deuda y sin ninguna dirección"


def _percent(basis_points: int) -> str:
    return f"{basis_points // 100},{basis_points % 100 // 10} %"


def _tenths(value: int) -> str:
    return f"{value // 10},{value % 10}"
