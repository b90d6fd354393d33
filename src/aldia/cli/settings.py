"""`aldia settings`: what a creditor has set for itself."""

from collections.abc import Callable
from datetime import date, time
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aldia.cli.asking import creditor_of
from aldia.cli.door import ACTOR, Answer, Call, command
from aldia.cli.paper import day, heading
from aldia.kernel import clock
from aldia.operations.settings import SETTINGS, SettingRefused, change_settings
from aldia.records.tenancy.models import Creditor

app = typer.Typer(add_completion=False)

_NONE, _OFF = "no", object()
_LABELS = {
    "name": "nombre",
    "tax_id": "número fiscal",
    "form_of_address": "tratamiento en los textos",
    "run_at": "hora del proceso diario",
    "live_from": "se avisan las facturas emitidas desde",
    "aging_edges": "tramos de antigüedad (días)",
    "tolerance_minor": "importe que ya no cuenta (en céntimos)",
    "reopen_days": "días en que una deuda que vuelve retoma su episodio",
    "sends_from": "se envía desde las",
    "sends_until": "se envía hasta las",
    "sends_on_weekends": "se envía en fin de semana, donde la ley lo deja",
    "messages_per_day_max": "mensajes en un día, como mucho",
    "bank_data_days_max": "días laborables de los datos de cobros a partir de los que no se reclama",
    "address_messages_max": "mensajes a una misma dirección, como mucho",
    "address_days": "en cuántos días se cuentan los de una dirección",
    "agreed_channels": "canales que los clientes autorizan en el contrato",
    "unread_reply_days": "días laborables que una respuesta sin mirar detiene las reclamaciones",
    "brake_messages_max": "freno: mensajes en un día",
    "brake_share_percent": "freno: parte de los clientes (%)",
    "brake_median_times": "freno: veces lo habitual",
    "promise_days_max": "un compromiso de pago es a estos días, como mucho",
    "promise_grace_days": "días de margen tras la fecha de un compromiso",
    "promise_tolerance_minor": "lo que puede faltar a un compromiso (en céntimos)",
    "hold_days_max": "días que dura una pausa, como mucho",
    "quality_sample": "actos por gestor y semana que se revisan",
    "street": "calle y número, en las cartas",
    "postcode": "código postal",
    "city": "población",
    "iban": "cuenta en la que se paga (IBAN)",
    "window_side": "ventana del sobre",
}


@command(app, "settings")
def settings(
    call: Call,
    *,
    name: Annotated[str | None, typer.Option(help="Nombre de la empresa.")] = None,
    tax_id: Annotated[str | None, typer.Option(help="Número fiscal.")] = None,
    form_of_address: Annotated[str | None, typer.Option(help="Tratamiento: tu, usted o vos.")] = None,
    run_at: Annotated[
        str | None, typer.Option(help="Hora del proceso diario, como 07:30; «no» la quita.")
    ] = None,
    live_from: Annotated[
        str | None, typer.Option(help="Desde qué fecha de emisión se avisa; «no»: nunca.")
    ] = None,
    aging_edges: Annotated[str | None, typer.Option(help="Tramos, como 0,30,60,90.")] = None,
    tolerance_minor: Annotated[int | None, typer.Option(help="Céntimos que ya no cuentan.")] = None,
    reopen_days: Annotated[int | None, typer.Option(help="Días para retomar un episodio.")] = None,
    sends_from: Annotated[str | None, typer.Option(help="Se envía desde esta hora; «no» la quita.")] = None,
    sends_until: Annotated[str | None, typer.Option(help="Se envía hasta esta hora; «no» la quita.")] = None,
    sends_on_weekends: Annotated[bool | None, typer.Option(help="Se envía también en fin de semana.")] = None,
    messages_per_day_max: Annotated[
        str | None, typer.Option(help="Mensajes en un día, como mucho; «no»: sin tope.")
    ] = None,
    bank_data_days_max: Annotated[
        str | None,
        typer.Option(help="Días laborables de los datos de cobros; más viejos, no se reclama; «no»: nunca."),
    ] = None,
    address_messages_max: Annotated[
        str | None, typer.Option(help="Mensajes a una misma dirección, como mucho; «no»: sin tope.")
    ] = None,
    address_days: Annotated[
        int | None, typer.Option(help="Días en que se cuentan los de una dirección.")
    ] = None,
    agreed_channels: Annotated[
        str | None,
        typer.Option(help="Canales autorizados en el contrato, como email,sms; «no»: ninguno."),
    ] = None,
    unread_reply_days: Annotated[
        int | None, typer.Option(help="Días laborables que espera una respuesta sin mirar; 0: no espera.")
    ] = None,
    brake_messages_max: Annotated[int | None, typer.Option(help="Mensajes que frenan un proceso.")] = None,
    brake_share_percent: Annotated[int | None, typer.Option(help="Parte de clientes que lo frena.")] = None,
    brake_median_times: Annotated[int | None, typer.Option(help="Veces lo habitual que lo frenan.")] = None,
    promise_days_max: Annotated[
        int | None, typer.Option(help="Un compromiso de pago es a estos días, como mucho.")
    ] = None,
    promise_grace_days: Annotated[
        int | None, typer.Option(help="Días de margen tras la fecha de un compromiso.")
    ] = None,
    promise_tolerance_minor: Annotated[
        int | None, typer.Option(help="Céntimos que pueden faltar a un compromiso.")
    ] = None,
    hold_days_max: Annotated[int | None, typer.Option(help="Días que dura una pausa, como mucho.")] = None,
    quality_sample: Annotated[
        int | None, typer.Option(help="Llamadas y mensajes que se revisan por gestor y semana.")
    ] = None,
    street: Annotated[str | None, typer.Option(help="Calle y número, en el membrete de las cartas.")] = None,
    postcode: Annotated[str | None, typer.Option(help="Código postal.")] = None,
    city: Annotated[str | None, typer.Option(help="Población.")] = None,
    iban: Annotated[str | None, typer.Option(help="Cuenta en la que se paga; vacío la quita.")] = None,
    window_side: Annotated[str | None, typer.Option(help="Ventana del sobre: right o left.")] = None,
) -> Answer:
    """Muestra los ajustes del acreedor, o cambia los que se digan."""
    creditor = creditor_of(call)
    said = {
        "name": name,
        "tax_id": tax_id,
        "form_of_address": form_of_address,
        "tolerance_minor": tolerance_minor,
        "reopen_days": reopen_days,
        "sends_on_weekends": sends_on_weekends,
        "unread_reply_days": unread_reply_days,
        "brake_messages_max": brake_messages_max,
        "brake_share_percent": brake_share_percent,
        "brake_median_times": brake_median_times,
        "promise_days_max": promise_days_max,
        "promise_grace_days": promise_grace_days,
        "promise_tolerance_minor": promise_tolerance_minor,
        "hold_days_max": hold_days_max,
        "quality_sample": quality_sample,
        "street": street,
        "postcode": postcode,
        "city": city,
        "iban": iban,
        "window_side": window_side,
        "run_at": _read(run_at, _time),
        "live_from": _read(live_from, clock.read_date),
        "aging_edges": _read(aging_edges, _edges),
        "sends_from": _read(sends_from, _time),
        "sends_until": _read(sends_until, _time),
        "messages_per_day_max": _read(messages_per_day_max, _number),
        "bank_data_days_max": _read(bank_data_days_max, _number),
        "address_messages_max": _read(address_messages_max, _number),
        "address_days": address_days,
        "agreed_channels": [] if agreed_channels == _NONE else _read(agreed_channels, _channels),
    }
    changes: dict[str, Any] = {
        setting: None if value is _OFF else value for setting, value in said.items() if value is not None
    }
    if changes:
        creditor = change_settings(creditor=creditor, actor=ACTOR, now=clock.now(), **changes)
    return Answer(_data(creditor), lambda console: _show(console, creditor))


def _read(text: str | None, reading: Callable[[str], Any]) -> Any:
    """None: not said. «no» takes the setting off."""
    if text is None:
        return None
    return _OFF if text == _NONE else reading(text)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise SettingRefused(f"No se entiende el número «{text}»: escríbalo con cifras, o «no».")
    return int(text)


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


def _channels(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _data(creditor: Creditor) -> dict[str, Any]:
    return {"creditor": creditor.code} | {name: getattr(creditor, name) for name in SETTINGS}


def _show(console: Console, creditor: Creditor) -> None:
    heading(console, creditor.name, "ajustes")
    table = Table(box=None, show_header=False)
    for name, value in _data(creditor).items():
        if name in _LABELS:
            table.add_row(_LABELS[name], escape(_text(value)), f"--{name.replace('_', '-')}")
    console.print(table)


def _text(value: time | date | list[int] | list[str] | int | str | None) -> str:
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return day(value) if isinstance(value, date) else str(value)
