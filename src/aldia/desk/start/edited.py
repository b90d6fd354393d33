"""What a person changed of a proposal before saying yes."""

from dataclasses import replace
from datetime import time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from aldia.kernel.errors import AldiaError
from aldia.records.tenancy.models import Creditor
from aldia.rules.start import Proposal, first_day_max


class NotReadable(AldiaError):
    """A field of the proposal that cannot be read."""

    code = "not_readable"


_FIELDS = ("first_day", "run_at", "sends_from", "sends_until", "messages_per_day_max", "sends_on_weekends")


def fields_of(creditor: Creditor, proposal: Proposal, *, is_again: bool) -> dict[str, str]:
    """What the form begins with: the proposal, or what the creditor has once the questions were answered."""
    hours = {
        "run_at": creditor.run_at or proposal.run_at,
        "sends_from": creditor.sends_from if is_again else proposal.sends_from,
        "sends_until": creditor.sends_until if is_again else proposal.sends_until,
    }
    most = creditor.messages_per_day_max
    return {
        "first_day": str(proposal.tunings[proposal.name].first_day),
        **{name: f"{hour:%H:%M}" if hour else "" for name, hour in hours.items()},
        "messages_per_day_max": "" if most is None else str(most),
        "sends_on_weekends": "yes" if creditor.sends_on_weekends else "",
    }


def typed_in(given: QueryDict) -> dict[str, str]:
    """The same fields as they were typed."""
    return {name: given.get(name, "") for name in _FIELDS}


def edited(proposal: Proposal, given: QueryDict) -> Proposal:
    """With the approvals and the first day as the form says. Raises NotReadable."""
    tuning = proposal.tunings[proposal.name]
    most = first_day_max(proposal.name)
    day = _number(given.get("first_day", ""), _("Días hasta el primer aviso"))
    if day is None or not 1 <= day <= most:
        raise NotReadable(
            _("El primer aviso tiene que salir entre 1 y %(most)d días después del vencimiento.")
            % {"most": most}
        )
    return proposal.with_tuning(
        proposal.name,
        replace(tuning, first_day=day, approvals=frozenset(given.getlist("approval"))),
    )


def settings_in(given: QueryDict, form: str) -> dict[str, Any]:
    """As `change_settings` takes them. Raises NotReadable."""
    return {
        "form_of_address": form,
        "sends_from": _hour(given.get("sends_from", ""), _("Desde qué hora")),
        "sends_until": _hour(given.get("sends_until", ""), _("Hasta qué hora")),
        "sends_on_weekends": given.get("sends_on_weekends") == "yes",
        "messages_per_day_max": _number(
            given.get("messages_per_day_max", ""), _("Mensajes al día, como mucho")
        ),
        "run_at": _hour(given.get("run_at", ""), _("Hora del proceso diario")),
    }


def _hour(text: str, label: str) -> time | None:
    value: time | None = _cleaned(forms.TimeField(required=False), text, label)
    return value


def _number(text: str, label: str) -> int | None:
    field = forms.IntegerField(required=False, min_value=0, max_value=10**6)
    value: int | None = _cleaned(field, text, label)
    return value


def _cleaned(field: forms.Field, text: str, label: str) -> Any:
    try:
        return field.clean(text)
    except forms.ValidationError as error:
        raise NotReadable(f"{label}: {' '.join(error.messages)}") from None
