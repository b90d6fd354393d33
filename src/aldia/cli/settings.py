"""`aldia settings`: what a creditor has set for itself."""

from datetime import date, time
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from aldia.cli.asking import creditor_of
from aldia.cli.door import ACTOR, Answer, Call, command
from aldia.cli.paper import day, heading
from aldia.kernel import clock
from aldia.operations.settings import SETTINGS, SettingRefused, change_settings
from aldia.records.tenancy.models import Creditor

app = typer.Typer(add_completion=False)

_NONE = "no"
_LABELS = {
    "run_at": "hora del proceso diario",
    "live_from": "se avisan las facturas emitidas desde",
    "aging_edges": "tramos de antigüedad (días)",
    "tolerance_minor": "importe que ya no cuenta (en céntimos)",
    "reopen_days": "días en que una deuda que vuelve retoma su episodio",
    "brake_messages_max": "freno: mensajes en un día",
    "brake_share_percent": "freno: parte de los clientes (%)",
    "brake_median_times": "freno: veces lo habitual",
}


@command(app, "settings")
def settings(
    call: Call,
    *,
    run_at: Annotated[
        str | None, typer.Option(help="Hora del proceso diario, como 07:30; «no» la quita.")
    ] = None,
    live_from: Annotated[
        str | None, typer.Option(help="Desde qué fecha de emisión se avisa; «no»: nunca.")
    ] = None,
    aging_edges: Annotated[str | None, typer.Option(help="Tramos, como 0,30,60,90.")] = None,
    tolerance_minor: Annotated[int | None, typer.Option(help="Céntimos que ya no cuentan.")] = None,
    reopen_days: Annotated[int | None, typer.Option(help="Días para retomar un episodio.")] = None,
    brake_messages_max: Annotated[int | None, typer.Option(help="Mensajes que frenan un proceso.")] = None,
    brake_share_percent: Annotated[int | None, typer.Option(help="Parte de clientes que lo frena.")] = None,
    brake_median_times: Annotated[int | None, typer.Option(help="Veces lo habitual que lo frenan.")] = None,
) -> Answer:
    """Muestra los ajustes del acreedor, o cambia los que se digan."""
    creditor = creditor_of(call)
    numbers = {
        "tolerance_minor": tolerance_minor,
        "reopen_days": reopen_days,
        "brake_messages_max": brake_messages_max,
        "brake_share_percent": brake_share_percent,
        "brake_median_times": brake_median_times,
    }
    changes: dict[str, Any] = {name: value for name, value in numbers.items() if value is not None}
    if run_at is not None:
        changes["run_at"] = None if run_at == _NONE else _time(run_at)
    if live_from is not None:
        changes["live_from"] = None if live_from == _NONE else clock.read_date(live_from)
    if aging_edges is not None:
        changes["aging_edges"] = _edges(aging_edges)
    if changes:
        creditor = change_settings(creditor=creditor, actor=ACTOR, now=clock.now(), **changes)
    return Answer(_data(creditor), lambda console: _show(console, creditor))


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise SettingRefused(f"No se entiende la hora «{text}»: escríbala como 07:30.") from None


def _edges(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise SettingRefused(f"No se entienden los tramos «{text}»: escríbalos como 0,30,60,90.") from None


def _data(creditor: Creditor) -> dict[str, Any]:
    return {"creditor": creditor.code} | {name: getattr(creditor, name) for name in SETTINGS}


def _show(console: Console, creditor: Creditor) -> None:
    heading(console, creditor.name, "ajustes")
    table = Table(box=None, show_header=False)
    for name in SETTINGS:
        value = getattr(creditor, name)
        table.add_row(_LABELS[name], _text(value), f"--{name.replace('_', '-')}")
    console.print(table)


def _text(value: time | date | list[int] | int | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return (
        value.strftime("%H:%M")
        if isinstance(value, time)
        else day(value)
        if isinstance(value, date)
        else str(value)
    )
