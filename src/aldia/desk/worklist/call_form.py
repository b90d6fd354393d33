"""The form of a call or visit and of what was promised in it, wherever it stands, and how it is read."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.worklist.asking import numbers
from aldia.kernel.errors import AldiaError
from aldia.operations.calls import NewCall
from aldia.operations.casework import Next
from aldia.operations.promises import NewPromise
from aldia.queries.calls import CallSheet
from aldia.records.cases.models import CallDirection, CallKind, NumberStatus, PaymentMethod, Reached
from aldia.rules.calls import DISPUTE_REASON_MAX
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


class CallForm(DeskForm):
    """sheet: what a call to the customer may be and may ask."""

    kind = forms.ChoiceField(label=gettext_lazy("Qué ha sido"), required=False, choices=CallKind.choices)
    direction = forms.ChoiceField(
        label=gettext_lazy("Quién llama"), required=False, choices=CallDirection.choices
    )
    at = forms.DateTimeField(
        label=gettext_lazy("Cuándo"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Vacío: ahora."),
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
    dispute_reason = forms.CharField(
        label=gettext_lazy("Qué no acepta"), required=False, max_length=DISPUTE_REASON_MAX
    )

    def __init__(self, sheet: CallSheet, data: Any = None, **names: Any) -> None:
        super().__init__(data, **names)
        self.sheet = sheet
        self.outcomes = {each.code: each for each in sheet.outcomes}
        self.fields["outcome"].widget.outcomes = self.outcomes
        self._choose(
            "outcome", [("", _("Elija…")), *((each.code, said(each.label)) for each in sheet.outcomes)]
        )
        self._choose(
            "reason", [("", _("No consta")), *((code, said(label)) for code, label in sheet.reasons)]
        )
        ticked = numbers(data.getlist("line"), _LINES_MAX) if data else ()
        self.lines = ticked if self.is_bound else tuple(self.initial.get("lines", ()))

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What only makes sense together; what goes without saying is filled in."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("reached") and not data.get("outcome") and "outcome" not in self.errors:
            data["outcome"] = self._understood(data)
        self._call_is_whole(data)
        if data.get("next_time") and not data.get("next_on"):
            self.add_error("next_on", _("Una hora necesita su día."))
        if data.get("dispute_reason") and not self._contests(data):
            told = _("Para que conste, marque las partidas que no acepta; si no, escríbalo en la nota.")
            self.add_error("dispute_reason", told)
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

    def _contests(self, data: dict[str, Any]) -> bool:
        """The ticked lines are those that are contested, not those that are promised."""
        return bool(data.get("disputed")) or self._effect(data) is Effect.DISPUTE

    def _call_is_whole(self, data: dict[str, Any]) -> None:
        took_place = data.get("reached") or data.get("at")
        if took_place and not data.get("outcome") and "outcome" not in self.errors:
            self.add_error("outcome", _("Diga en qué quedó la llamada."))
        if data.get("outcome") and not data.get("reached") and "reached" not in self.errors:
            self.add_error("reached", _("Diga quién contestó."))

    def call(self) -> NewCall | None:
        """What was said of the call, of a valid form; None where there was none."""
        data = self.cleaned_data
        if not data.get("outcome"):
            return None
        kind = data.get("kind") or CallKind.CALL.value
        direction = data.get("direction") or CallDirection.OUT.value
        dialled = data.get("typed_number", "").strip() or data.get("number", "")
        reason = data.get("reason", "")
        contests = self._effect(data) is Effect.DISPUTE
        return NewCall(
            kind=kind,
            direction=direction,
            at=data.get("at"),
            number=dialled if kind == CallKind.CALL else "",
            number_status=data.get("number_status", ""),
            reached=data["reached"],
            outcome=data["outcome"],
            reason=reason,
            volunteered=bool(reason) and not self.sheet.asks_reason,
            note=data.get("note", ""),
            made_anyway=bool(data.get("made_anyway")),
            task_id=self.sheet.task_id if direction == CallDirection.OUT else None,
            disputed_lines=self.lines if contests else (),
            dispute_reason=data.get("dispute_reason", "") if contests else "",
        )

    def following(self, zone: str) -> Next | None:
        """What is next, of a valid form. zone: of the creditor."""
        data = self.cleaned_data
        if not (data.get("next_action") or data.get("next_on")):
            return None
        at = data.get("next_time")
        return Next(data.get("next_action", ""), data.get("next_on"), _instant(data.get("next_on"), at, zone))

    def refuse(self, refusal: AldiaError) -> None:
        """Each sentence of it beside the field it is about, else above the form."""
        names = _FIELDS.get(refusal.code, {})
        faults = refusal.facts.get("faults") or {str(refusal.facts.get("field", "")): refusal.sentence}
        for fault, sentence in faults.items():
            field = names.get(fault, fault)
            self.add_error(field if field in self.fields else None, sentence)


class SpokenForm(CallForm):
    """A call and what was promised in it. currencies: those in which something is owed."""

    amount = MoneyField(label=gettext_lazy("Importe"), required=False)
    currency = forms.ChoiceField(label=gettext_lazy("Moneda"), required=False)
    promised_on = DayField(label=gettext_lazy("Paga el"), required=False)
    method = forms.ChoiceField(
        label=gettext_lazy("Cómo"),
        required=False,
        choices=[("", gettext_lazy("sin decir")), *PaymentMethod.choices],
    )
    promised_by = forms.CharField(label=gettext_lazy("Quién lo dice"), required=False, max_length=120)

    def __init__(self, sheet: CallSheet, currencies: Iterable[str], data: Any = None, **names: Any) -> None:
        super().__init__(sheet, data, **names)
        chosen = tuple(currencies) or ("EUR",)
        currency = str(data.get("currency", "")) if data else ""
        self._choose("currency", [(each, each) for each in chosen])
        self.fields["amount"].currency = currency if currency in chosen else chosen[0]  # type: ignore[attr-defined]

    @property
    def one_currency(self) -> bool:
        """Nothing to choose."""
        return len(self.fields["currency"].choices) == 1  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A promise says how much and when."""
        data = super().clean()
        effect = self._effect(data)
        if effect is Effect.PROMISE and not data.get("promised_on") and "promised_on" not in self.errors:
            self.add_error("promised_on", _("Diga qué día paga."))
        if data.get("promised_on") and not data.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _("Diga cuánto promete pagar."))
        return data

    def promise(self) -> NewPromise | None:
        """What was promised, of a valid form; None for nothing."""
        data = self.cleaned_data
        if not data.get("promised_on"):
            return None
        return NewPromise(
            amount_minor=data["amount"],
            currency=self.fields["amount"].currency,  # type: ignore[attr-defined]
            promised_on=data["promised_on"],
            method=data.get("method", ""),
            promised_by=data.get("promised_by", ""),
            due_line_ids=() if self._contests(data) else self.lines,
        )


def _instant(on: date | None, at: time | None, zone: str) -> datetime | None:
    """That hour of that day, where the creditor is."""
    return datetime.combine(on, at, ZoneInfo(zone)) if on and at else None
