"""One answer opened: what it says, what the rules make of it, and what stands around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.kernel.money import Money, known_currencies
from aldia.operations.promises import NewPromise
from aldia.queries.inbox import OpenLine, Said, open_lines_of, said_between
from aldia.queries.live import live
from aldia.queries.people import name_of_actor
from aldia.queries.promises import free_to_promise
from aldia.records.outreach.models import InboundKind, InboundMessage, InboundState
from aldia.records.tenancy.models import Creditor
from aldia.rules.copy_names import asked_for
from aldia.rules.inbound import because_sentence
from aldia.ui.forms import DayField, DeskForm, MoneyField

_NOTE_MAX = 2_000
_LINES_MAX = 100
_NUMBER_MAX = 19
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "promise_refused": {
        "amount": "promise_amount",
        "promised_on": "promise_on",
        "currency": "promise_amount",
    },
    "hold_refused": {"until_on": "hold_until", "reason": "note"},
}
"""Code of a refusal → its field → the field of the form."""


class ConfirmForm(DeskForm):
    """What the person sees in the answer, and what follows. currency: of a promise, if it says none."""

    kind = forms.ChoiceField(label=gettext_lazy("Qué dice"), choices=InboundKind.choices)
    promise_amount = MoneyField(
        label=gettext_lazy("Pagará"),
        required=False,
        help_text=gettext_lazy("Con importe y día queda anotado el compromiso; sin ellos, no."),
        show_hidden_initial=True,  # what was proposed is not what somebody has typed
    )
    promise_on = DayField(label=gettext_lazy("Qué día"), required=False, show_hidden_initial=True)
    promise_currency = forms.CharField(required=False, widget=forms.HiddenInput)
    hold_until = DayField(
        label=gettext_lazy("Volver a reclamarle desde el"),
        required=False,
        help_text=gettext_lazy("Hasta ese día no se le reclama. Vacío: sin pausa."),
    )
    note = forms.CharField(
        label=gettext_lazy("Nota"),
        required=False,
        max_length=_NOTE_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Vacía: se guardan sus propias palabras."),
    )

    def __init__(self, currency: str, data: Any = None, **names: Any) -> None:
        super().__init__(data, **names)
        said = self.data.get("promise_currency") if self.is_bound else self.initial.get("promise_currency")
        self.fields["promise_amount"].currency = said if said in known_currencies() else currency  # type: ignore[attr-defined]
        self.lines = numbers(data.getlist("line")) if data else ()

    def clean(self) -> dict[str, Any]:
        """A promise needs both, how much and when; and nothing is promised by who says something else."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        amount, on = cleaned.get("promise_amount"), cleaned.get("promise_on")
        if cleaned.get("kind") != InboundKind.PROMISE:
            if self._is_typed("promise_amount") or self._is_typed("promise_on"):
                told = _("Ha escrito un compromiso: elija «Promete pagar», o borre el importe y el día.")
                self.add_error("kind", told)
        elif amount and not on:
            self.add_error("promise_on", _("Diga también qué día: o deje los dos en blanco."))
        elif on and not amount:
            self.add_error("promise_amount", _("Diga también cuánto: o deje los dos en blanco."))
        return cleaned

    def _is_typed(self, name: str) -> bool:
        return bool(self.cleaned_data.get(name)) and name in self.changed_data

    def refuse(self, refusal: AldiaError) -> None:
        """Its sentence beside the field it is about, else above the form."""
        said = str(refusal.facts.get("field", ""))
        field = _FIELDS.get(refusal.code, {}).get(said, said)
        self.add_error(field if field in self.fields else None, refusal.sentence)

    @property
    def promise(self) -> NewPromise | None:
        """What is taken down as promised, None where the person says nothing of it."""
        data = self.cleaned_data
        if data["kind"] != InboundKind.PROMISE or not data["promise_amount"]:
            return None
        currency = self.fields["promise_amount"].currency  # type: ignore[attr-defined]
        return NewPromise(data["promise_amount"], currency, data["promise_on"])


@dataclass(frozen=True, slots=True)
class Card:
    """because: why the kind is suggested. pay_on, readings, amount: of a promise. also: what else it says, as
    labels. amounts: (overdue, owed) per currency. lines: that may be contested, or of which a copy is asked
    for; asked_for: those among them that it most likely is about. handled_by: a name."""

    message: InboundMessage
    because: str
    opted_out: bool
    pay_on: date | None
    readings: tuple[date, ...]
    amount: Money | None
    also: tuple[str, ...]
    amounts: tuple[tuple[Money, Money], ...]
    lines: tuple[OpenLine, ...]
    asked_for: frozenset[int]
    between: tuple[Said, ...]
    handled_by: str
    form: ConfirmForm

    @property
    def is_new(self) -> bool:
        """Nobody has decided about it."""
        return self.message.state == InboundState.NEW

    @property
    def copied(self) -> tuple[OpenLine, ...]:
        """The lines of which a copy can be sent."""
        return tuple(line for line in self.lines if line.has_copy)

    @property
    def kind_label(self) -> str:
        """«Promete pagar»."""
        return str(InboundKind(self.message.kind).label)


def card_of(
    creditor: Creditor, message: InboundMessage, *, now: datetime, form: ConfirmForm | None = None
) -> Card:
    """Inside a request's transaction and scope."""
    told, customer = message.suggestion, message.customer_id
    lines = tuple(open_lines_of(creditor, customer, dispatch_id=message.dispatch_id)) if customer else ()
    pay_on = date.fromisoformat(told["pay_on"]) if told.get("pay_on") else None
    today = business_date(now, creditor.time_zone)
    minor = told.get("amount_minor")
    amount = Money(minor, told["currency"]) if minor else None
    amounts = _owed(creditor, customer, today) if customer else ()
    return Card(
        message=message,
        because=because_sentence(message.kind, told.get("because", ())),
        opted_out=bool(told.get("opt_out")),
        pay_on=pay_on,
        readings=tuple(date.fromisoformat(each) for each in told.get("readings", ())),
        amount=amount,
        also=tuple(str(InboundKind(each).label) for each in told.get("also", ())),
        amounts=amounts,
        lines=lines,
        asked_for=_asked_for(message, lines),
        between=tuple(said_between(creditor, customer, but=message.pk)) if customer else (),
        handled_by=name_of_actor(message.handled_by),
        form=form
        or ConfirmForm(creditor.currency, initial=_proposed(creditor, message, today, pay_on, amount)),
    )


def numbers(texts: list[str]) -> tuple[int, ...]:
    """What cannot be an id counts as not said."""
    fit = (text for text in texts[:_LINES_MAX] if text.isascii() and text.isdecimal())
    return tuple(int(text) for text in fit if len(text) < _NUMBER_MAX)


def _asked_for(message: InboundMessage, lines: Sequence[OpenLine]) -> frozenset[int]:
    copied = [line for line in lines if line.has_copy]
    return asked_for(
        message.subject + message.text,
        {line.id: line.number for line in copied},
        told=[line.id for line in copied if line.was_told],
    )


def _proposed(
    creditor: Creditor, message: InboundMessage, today: date, pay_on: date | None, amount: Money | None
) -> dict[str, Any]:
    """The kind as suggested; of a promise with a day the day, and what was said of how much, else what may be
    promised of what is overdue: its days are a pause of their own."""
    proposed: dict[str, Any] = {"kind": message.kind}
    if message.kind != InboundKind.PROMISE or message.customer_id is None or not pay_on or pay_on < today:
        return proposed | {"promise_currency": amount.currency if amount else creditor.currency}
    said = amount or next(iter(free_to_promise(creditor, message.customer_id, today)), None)
    if said is None:
        return proposed | {"promise_currency": creditor.currency}
    return proposed | {"promise_currency": said.currency, "promise_on": pay_on, "promise_amount": said.minor}


def _owed(creditor: Creditor, customer_id: int, today: date) -> tuple[tuple[Money, Money], ...]:
    rows = live(creditor, [customer_id], today).rows
    return tuple(
        (Money(row["overdue_minor"], currency), Money(row["open_minor"], currency))
        for (_customer, currency), row in sorted(rows.items())
        if row["open_minor"]
    )
