"""A creditor's own settings: who it is, when it runs and sends, what counts, when the brake is put on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from stdnum import iban

from aldia.channels.http import base_url_of
from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.creditors import checked_tax_id
from aldia.records.parties.models import ConsentChannel
from aldia.records.tenancy.models import AddressForm, CopyChoice, Creditor, WindowSide
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.vocabulary import aging_columns


@dataclass(frozen=True, slots=True)
class Setting:
    """bounds: least and greatest value of a number. may_be_none: it can be taken off. private: a person wrote
    it, so the audit chain says only that it was changed."""

    bounds: tuple[int, int] | None = None
    may_be_none: bool = False
    private: bool = False


SETTINGS: Mapping[str, Setting] = {
    "name": Setting(private=True),
    "tax_id": Setting(private=True),
    "form_of_address": Setting(),
    "run_at": Setting(may_be_none=True),
    "live_from": Setting(may_be_none=True),
    "aging_edges": Setting(),
    "tolerance_minor": Setting((0, 10**9)),
    "reopen_days": Setting((0, 365)),
    "sends_from": Setting(may_be_none=True),
    "sends_until": Setting(may_be_none=True),
    "sends_on_weekends": Setting(),
    "messages_per_day_max": Setting((0, 10**6), may_be_none=True),
    "bank_data_days_max": Setting((0, 365), may_be_none=True),
    "address_messages_max": Setting((1, 1000), may_be_none=True),
    "address_days": Setting((1, 31)),
    "agreed_channels": Setting(),
    "unread_reply_days": Setting((0, 60)),
    "brake_messages_max": Setting((0, 10**6)),
    "brake_share_percent": Setting((0, 100)),
    "brake_median_times": Setting((1, 100)),
    "promise_days_max": Setting((1, 365)),
    "promise_grace_days": Setting((0, 30)),
    "promise_tolerance_minor": Setting((0, 10**9)),
    "hold_days_max": Setting((1, 730)),
    "quality_sample": Setting((0, 50)),
    "street": Setting(private=True),
    "postcode": Setting(private=True),
    "city": Setting(private=True),
    "iban": Setting(private=True),
    "window_side": Setting(),
    "copies_at_delivery": Setting(),
    "copies_in_reminders": Setting(),
    "copies_in_demands": Setting(),
    "copies_mb_max": Setting((1, 25)),
    "public_url": Setting(),
}
"""What may be set on the creditor's row."""

_COPIES = ("copies_at_delivery", "copies_in_reminders", "copies_in_demands")
_URL_MAX = 200
_ADDRESS_MAX = {"street": 120, "postcode": 12, "city": 80}


class SettingRefused(AldiaError):
    """A value that a setting cannot have."""

    code = "setting_refused"


def change_settings(
    *,
    creditor: Creditor,
    actor: str,
    now: datetime,
    **changes: time | date | list[int] | list[str] | int | str | None,
) -> Creditor:
    """Set the named settings, one audit entry for all of them. Raises SettingRefused, CreditorRefused; then
    nothing is set."""
    values: dict[str, Any] = {name: _read(creditor, name, value) for name, value in changes.items()}
    _refuse_no_hours(creditor, values)
    with transaction.atomic(), scope([creditor.pk]):
        Creditor.objects.filter(pk=creditor.pk).update(**values)
        creditor.refresh_from_db()
        payload = {name: _told(name, value) for name, value in sorted(values.items())}
        _record("creditor.settings_changed", creditor, actor, now, payload)
    return creditor


def _read(creditor: Creditor, name: str, value: Any) -> Any:
    """The value as it is stored."""
    setting = SETTINGS[name]
    if value is None and not setting.may_be_none:
        raise SettingRefused(f"El ajuste «{name}» no puede quedar vacío.", setting=name)
    bounds = setting.bounds
    if bounds is not None and value is not None and not bounds[0] <= value <= bounds[1]:
        raise SettingRefused(
            f"El ajuste «{name}» no puede valer {value}: tiene que estar entre {bounds[0]} y {bounds[1]}.",
            setting=name,
        )
    if name == "aging_edges":
        return _edges(value)
    if name == "agreed_channels":
        return _channels(value)
    if name == "name":
        return _name(value)
    if name == "tax_id":
        return checked_tax_id(creditor.country, value)[0]
    if name in _ADDRESS_MAX:
        return _address(name, value)
    if name == "iban":
        return _iban(value)
    if name == "window_side" and value not in WindowSide.values:
        raise SettingRefused(
            f"La ventana del sobre no puede estar en «{value}»: elija entre {', '.join(WindowSide.values)}.",
            setting=name,
        )
    if name == "public_url":
        return _public_url(value)
    if name in _COPIES and value not in CopyChoice.values:
        raise SettingRefused(
            f"Las copias no van «{value}»: elija entre {', '.join(CopyChoice.values)}.", setting=name
        )
    if name == "form_of_address" and value not in AddressForm.values:
        raise SettingRefused(
            f"El tratamiento «{value}» no existe: elija entre {', '.join(AddressForm.values)}.", setting=name
        )
    return value


def _edges(value: list[int]) -> list[int]:
    try:
        aging_columns(value)
    except ValueError:
        raise SettingRefused(
            "Los tramos de antigüedad empiezan en 0 y van de menor a mayor, como 0,30,60,90,180,360.",
            setting="aging_edges",
        ) from None
    return value


def _channels(value: list[str]) -> list[str]:
    wrong = [each for each in value if each not in ConsentChannel.values]
    if wrong:
        raise SettingRefused(
            f"El canal «{wrong[0]}» no existe: elija entre {', '.join(ConsentChannel.values)}.",
            setting="agreed_channels",
        )
    return [each for each in ConsentChannel.values if each in value]


def _address(name: str, value: str) -> str:
    line = " ".join(value.split())
    if len(line) > _ADDRESS_MAX[name] or not line.isprintable():
        raise SettingRefused(
            f"El ajuste «{name}» es una sola línea de {_ADDRESS_MAX[name]} caracteres como mucho.",
            setting=name,
        )
    return line


def _iban(value: str) -> str:
    """Without spaces, in capitals; "" takes it away."""
    plain = "".join(value.split()).upper()
    if plain and not iban.is_valid(plain):
        raise SettingRefused(
            "Eso no es un IBAN: repase las cifras, que empiezan por el país, como ES91 2100 …", setting="iban"
        )
    return plain


def _public_url(value: str) -> str:
    """Without a slash at its end; "" takes it away."""
    said = value.strip()
    address = base_url_of(said)
    if said and (not address or len(said) > _URL_MAX or not said.isascii() or " " in said):
        raise SettingRefused(
            "La dirección pública es como https://aldia.suempresa.es, sin nada detrás de «?» o «#».",
            setting="public_url",
        )
    return address


def _name(value: str) -> str:
    name = " ".join(value.split())
    if not name or not name.isprintable():
        raise SettingRefused("La empresa necesita un nombre.", setting="name")
    return name


def _refuse_no_hours(creditor: Creditor, values: Mapping[str, Any]) -> None:
    opens = values.get("sends_from", creditor.sends_from)
    closes = values.get("sends_until", creditor.sends_until)
    if opens is not None and closes is not None and closes <= opens:
        raise SettingRefused(
            "La hora hasta la que se envía tiene que ser posterior a aquella desde la que se envía.",
            setting="sends_until",
        )


def _told(name: str, value: Any) -> Any:
    if SETTINGS[name].private:
        return "changed"
    return value.isoformat() if isinstance(value, date | time) else value


def _record(verb: str, creditor: Creditor, actor: str, now: datetime, payload: dict[str, Any]) -> None:
    record_event(
        creditor_id=creditor.pk,
        verb=verb,
        subject=f"creditor:{creditor.pk}",
        actor=actor,
        payload=payload,
        at=now,
    )
