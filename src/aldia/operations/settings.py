"""A creditor's own settings: when it runs, what counts, when the brake is put on."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.db import transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.vocabulary import aging_columns

# What may be set, with the least and the greatest value of those that are numbers.
SETTINGS: Mapping[str, tuple[int, int] | None] = {
    "run_at": None,
    "live_from": None,
    "aging_edges": None,
    "tolerance_minor": (0, 10**9),
    "reopen_days": (0, 365),
    "brake_messages_max": (0, 10**6),
    "brake_share_percent": (0, 100),
    "brake_median_times": (1, 100),
}


class SettingRefused(AldiaError):
    """A value that a setting cannot have."""

    code = "setting_refused"


def change_settings(
    *, creditor: Creditor, actor: str, now: datetime, **changes: time | date | list[int] | int | None
) -> Creditor:
    """Set the named settings, one audit entry for all of them. Raises SettingRefused; then nothing is set."""
    for name, value in changes.items():
        _check(name, value)
    with transaction.atomic(), scope([creditor.pk]):
        Creditor.objects.filter(pk=creditor.pk).update(**changes)
        creditor.refresh_from_db()
        record_event(
            creditor_id=creditor.pk,
            verb="creditor.settings_changed",
            subject=f"creditor:{creditor.pk}",
            actor=actor,
            payload={name: _plain(value) for name, value in sorted(changes.items())},
            at=now,
        )
    return creditor


def _check(name: str, value: Any) -> None:
    bounds = SETTINGS[name]
    if bounds is not None and not bounds[0] <= value <= bounds[1]:
        raise SettingRefused(
            f"El ajuste «{name}» no puede valer {value}: tiene que estar entre {bounds[0]} y {bounds[1]}.",
            setting=name,
        )
    if name == "aging_edges":
        try:
            aging_columns(value)
        except ValueError:
            raise SettingRefused(
                "Los tramos de antigüedad empiezan en 0 y van de menor a mayor, como 0,30,60,90,180,360.",
                setting=name,
            ) from None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value
