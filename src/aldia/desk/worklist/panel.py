"""The one panel of a case: a call, what came of it, a promise, a note, what is next; and how it is read."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.worklist.call_form import SpokenForm
from aldia.operations.casework import Dispute, Hold, Work
from aldia.records.cases.models import CaseState, Priority
from aldia.rules.cases import BY_PEOPLE
from aldia.ui.forms import DayField
from aldia.ui.other_language import said


class WorkForm(SpokenForm):
    """All that may be said of a case at once."""

    hold_until = DayField(label=gettext_lazy("Sin reclamar hasta el"), required=False)
    hold_reason = forms.CharField(label=gettext_lazy("Por qué se pausa"), required=False, max_length=200)
    disputed = forms.BooleanField(
        label=gettext_lazy("Las partidas marcadas quedan en incidencia"), required=False
    )
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Prioridad"),
        required=False,
        coerce=int,
        empty_value=None,
        show_hidden_initial=True,  # what was shown, not what a colleague has made of it since
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Estado"),
        required=False,
        help_text=gettext_lazy("Escalado: lo decide quien dirige el equipo."),
    )

    def __init__(self, *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)
        by_people = ((code, said(CaseState(code).label)) for code in BY_PEOPLE)
        self._choose("priority", [(str(code), said(label)) for code, label in Priority.choices])
        self._choose("state", [("", _("el que resulte")), *by_people])

    def clean(self) -> dict[str, Any]:
        """A pause ends; what is contested are lines."""
        data = super().clean()
        if data.get("hold_reason") and not data.get("hold_until"):
            self.add_error("hold_until", _("Una pausa necesita su fecha de fin."))
        if data.get("disputed") and not self.lines:
            self.add_error("disputed", _("Marque en la lista las partidas que no acepta."))
        return data

    def work(self, zone: str) -> Work:
        """What was said, of a valid form. zone: of the creditor."""
        data, call = self.cleaned_data, self.call()
        contested = Dispute(self.lines, data.get("dispute_reason", "")) if data.get("disputed") else None
        return Work(
            call=call,
            promise=self.promise(),
            hold=Hold(data["hold_until"], data.get("hold_reason", "")) if data.get("hold_until") else None,
            dispute=None if call and call.disputed_lines else contested,
            note="" if call else data.get("note", ""),
            next=self.following(zone),
            state=data.get("state", ""),
            priority=data.get("priority") if "priority" in self.changed_data else None,
        )


def quick_days(today: date) -> tuple[tuple[str, date], ...]:
    """Days one presses instead of typing them: today, tomorrow, the next Friday, the end of the month."""
    friday = today + timedelta(days=(4 - today.weekday()) % 7 or 7)
    month_end = (today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    days = [
        (_("hoy"), today),
        (_("mañana"), today + timedelta(days=1)),
        (_("viernes"), friday),
        (_("fin de mes"), month_end),
    ]
    return tuple(days)
