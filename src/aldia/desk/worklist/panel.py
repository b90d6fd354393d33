"""The one panel of a case: a call, what came of it, a promise, a note, what is next; and how it is read."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.worklist.asking import numbers
from aldia.kernel.errors import AldiaError
from aldia.operations.calls import NewCall
from aldia.operations.casework import Dispute, Hold, Next, Work
from aldia.operations.promises import NewPromise
from aldia.queries.calls import CallSheet
from aldia.records.cases.models import (
    CallDirection,
    CallKind,
    NumberStatus,
    PaymentMethod,
    Priority,
    Reached,
)
from aldia.rules.outcomes import Effect, Outcome
from aldia.ui.forms import DayField, DeskForm, MoneyField
from aldia.ui.other_language import said

_LINES_MAX = 200
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "call_refused": {"next_at": "next_time", "disputed_lines": "disputed"},
    "promise_refused": {"lines": "amount"},
    "hold_refused": {"until_on": "hold_until", "reason": "hold_reason"},
    "work_refused": {"lines": "disputed"},
    "case_refused": {"next_at": "next_time"},
}
"""Code of a refusal → its field → the field of the form, where they bear different names."""


class OutcomeSelect(forms.Select):
    """Each outcome carries who may have answered for it, and what follows from it."""

    outcomes: Mapping[str, Outcome] = MappingProxyType({})

    def create_option(self, name: str, value: Any, *args: Any, **names: Any) -> dict[str, Any]:
        """With `data-reached` and `data-effect`."""
        option: dict[str, Any] = super().create_option(name, value, *args, **names)
        outcome = self.outcomes.get(str(value))
        if outcome is not None:
            option["attrs"] |= {
                "data-reached": " ".join(sorted(outcome.reached)),
                "data-effect": outcome.effect.value,
            }
        return option


class WorkForm(DeskForm):
    """sheet: what a call to the customer may be and may ask. currencies: those in which something is owed."""

    kind = forms.ChoiceField(label=gettext_lazy("Qué ha sido"), required=False, choices=CallKind.choices)
    direction = forms.ChoiceField(
        label=gettext_lazy("Quién llama"), required=False, choices=CallDirection.choices
    )
    number = forms.CharField(label=gettext_lazy("Número"), required=False, max_length=254)
    typed_number = forms.CharField(label=gettext_lazy("Otro número"), required=False, max_length=40)
    number_status = forms.ChoiceField(
        label=gettext_lazy("El número es"),
        required=False,
        choices=[("", gettext_lazy("sin novedad")), *NumberStatus.choices],
    )
    reached = forms.ChoiceField(
        label=gettext_lazy("Quién contesta"),
        required=False,
        choices=Reached.choices,
        widget=forms.RadioSelect,
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("En qué queda"),
        required=False,
        widget=OutcomeSelect(attrs={"class": "form-select"}),
    )
    reason = forms.ChoiceField(label=gettext_lazy("Por qué no ha pagado"), required=False)
    made_anyway = forms.BooleanField(
        label=gettext_lazy("La llamada se hizo: anotarla aunque no tocara"), required=False
    )
    amount = MoneyField(label=gettext_lazy("Importe"), required=False)
    currency = forms.ChoiceField(label=gettext_lazy("Moneda"), required=False)
    promised_on = DayField(label=gettext_lazy("Paga el"), required=False)
    method = forms.ChoiceField(
        label=gettext_lazy("Cómo"),
        required=False,
        choices=[("", gettext_lazy("sin decir")), *PaymentMethod.choices],
    )
    promised_by = forms.CharField(label=gettext_lazy("Quién lo dice"), required=False, max_length=120)
    note = forms.CharField(
        label=gettext_lazy("Nota"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "data-key": "n", "aria-keyshortcuts": "n"}),
    )
    next_action = forms.CharField(label=gettext_lazy("Qué toca después"), required=False, max_length=200)
    next_on = DayField(label=gettext_lazy("Qué día"), required=False)
    next_time = forms.TimeField(
        label=gettext_lazy("A qué hora"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    hold_until = DayField(label=gettext_lazy("Sin reclamar hasta el"), required=False)
    hold_reason = forms.CharField(label=gettext_lazy("Por qué se pausa"), required=False, max_length=200)
    disputed = forms.BooleanField(
        label=gettext_lazy("Las partidas marcadas quedan en incidencia"), required=False
    )
    dispute_reason = forms.CharField(label=gettext_lazy("Qué no acepta"), required=False, max_length=200)
    priority = forms.TypedChoiceField(
        label=gettext_lazy("Prioridad"),
        required=False,
        choices=Priority.choices,
        coerce=int,
        empty_value=None,
        show_hidden_initial=True,  # what was shown, not what a colleague has made of it since
    )

    def __init__(self, sheet: CallSheet, currencies: Iterable[str], data: Any = None, **names: Any) -> None:
        super().__init__(data, **names)
        self.sheet = sheet
        chosen = tuple(currencies) or ("EUR",)
        currency = str(data.get("currency", "")) if data else ""
        self.outcomes = {each.code: each for each in sheet.outcomes}
        self.fields["outcome"].widget.outcomes = self.outcomes
        self._choose(
            "outcome", [("", _("Elija…")), *((each.code, said(each.label)) for each in sheet.outcomes)]
        )
        self._choose(
            "reason", [("", _("No consta")), *((code, said(label)) for code, label in sheet.reasons)]
        )
        self._choose("currency", [(each, each) for each in chosen])
        self.fields["amount"].currency = currency if currency in chosen else chosen[0]  # type: ignore[attr-defined]
        self.lines = numbers(data.getlist("line"), _LINES_MAX) if data else ()

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def one_currency(self) -> bool:
        """Nothing to choose."""
        return len(self.fields["currency"].choices) == 1  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What only makes sense together; what goes without saying is filled in."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("reached") and not data.get("outcome") and "outcome" not in self.errors:
            data["outcome"] = self._understood(data)
        self._call_is_whole(data)
        effect = self._effect(data)
        if effect is Effect.PROMISE and not data.get("promised_on") and "promised_on" not in self.errors:
            self.add_error("promised_on", _("Diga qué día paga."))
        if data.get("promised_on") and not data.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _("Diga cuánto promete pagar."))
        if data.get("next_time") and not data.get("next_on"):
            self.add_error("next_on", _("Una hora necesita su día."))
        if data.get("hold_reason") and not data.get("hold_until"):
            self.add_error("hold_until", _("Una pausa necesita su fecha de fin."))
        if data.get("disputed") and not self.lines:
            self.add_error("disputed", _("Marque en la lista las partidas que no acepta."))
        return data

    def _understood(self, data: dict[str, Any]) -> str:
        """The outcome that who answered leaves no doubt about; "" where it does."""
        wanted = {
            Reached.VOICEMAIL: Effect.VOICEMAIL,
            Reached.NOBODY: Effect.NO_ANSWER,
            Reached.THIRD_PARTY: Effect.THIRD_PARTY,
        }.get(data["reached"])
        if data["reached"] == Reached.RIGHT_PARTY and data.get("promised_on"):
            wanted = Effect.PROMISE
        return next((each.code for each in self.sheet.outcomes if each.effect is wanted), "")

    def _effect(self, data: dict[str, Any]) -> Effect | None:
        outcome = self.outcomes.get(data.get("outcome", ""))
        return outcome.effect if outcome else None

    def _call_is_whole(self, data: dict[str, Any]) -> None:
        if data.get("reached") and not data.get("outcome") and "outcome" not in self.errors:
            self.add_error("outcome", _("Diga en qué quedó la llamada."))
        if data.get("outcome") and not data.get("reached") and "reached" not in self.errors:
            self.add_error("reached", _("Diga quién contestó."))

    def work(self, zone: str) -> Work:
        """What was said, of a valid form. zone: of the creditor."""
        data = self.cleaned_data
        call = self._call() if data.get("outcome") else None
        contested = Dispute(self.lines, data.get("dispute_reason", "")) if data.get("disputed") else None
        return Work(
            call=call,
            promise=self._promise() if data.get("promised_on") else None,
            hold=Hold(data["hold_until"], data.get("hold_reason", "")) if data.get("hold_until") else None,
            dispute=None if call and call.disputed_lines else contested,
            note="" if call else data.get("note", ""),
            next=self._next(zone),
            priority=data.get("priority") if "priority" in self.changed_data else None,
        )

    def _call(self) -> NewCall:
        data = self.cleaned_data
        kind = data.get("kind") or CallKind.CALL.value
        direction = data.get("direction") or CallDirection.OUT.value
        dialled = data.get("typed_number", "").strip() or data.get("number", "")
        reason = data.get("reason", "")
        return NewCall(
            kind=kind,
            direction=direction,
            number=dialled if kind == CallKind.CALL else "",
            number_status=data.get("number_status", ""),
            reached=data["reached"],
            outcome=data["outcome"],
            reason=reason,
            volunteered=bool(reason) and not self.sheet.asks_reason,
            note=data.get("note", ""),
            made_anyway=bool(data.get("made_anyway")),
            task_id=self.sheet.task_id if direction == CallDirection.OUT else None,
            disputed_lines=self.lines if self._effect(data) is Effect.DISPUTE else (),
        )

    def _promise(self) -> NewPromise:
        data = self.cleaned_data
        return NewPromise(
            amount_minor=data["amount"],
            currency=self.fields["amount"].currency,  # type: ignore[attr-defined]
            promised_on=data["promised_on"],
            method=data.get("method", ""),
            promised_by=data.get("promised_by", ""),
            due_line_ids=() if self._contests(data) else self.lines,
        )

    def _contests(self, data: dict[str, Any]) -> bool:
        """The ticked lines are those that are contested, not those that are promised."""
        return bool(data.get("disputed")) or self._effect(data) is Effect.DISPUTE

    def _next(self, zone: str) -> Next | None:
        data = self.cleaned_data
        if not (data.get("next_action") or data.get("next_on")):
            return None
        at = data.get("next_time")
        return Next(data.get("next_action", ""), data.get("next_on"), _instant(data.get("next_on"), at, zone))


def _instant(on: date | None, at: time | None, zone: str) -> datetime | None:
    """That hour of that day, where the creditor is."""
    return datetime.combine(on, at, ZoneInfo(zone)) if on and at else None


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


def faults_of(refusal: AldiaError) -> Mapping[str, str]:
    """Field of the form → its sentence; "" for what is about no field of it."""
    names = _FIELDS.get(refusal.code, {})
    faults = refusal.facts.get("faults") or {str(refusal.facts.get("field", "")): refusal.sentence}
    return {
        names.get(field, field) if field in WorkForm.base_fields or field in names else "": sentence
        for field, sentence in faults.items()
    }
