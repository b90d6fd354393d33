"""One answer opened: what it says, what the rules make of it, and what stands around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from aldia.kernel.clock import business_date
from aldia.kernel.money import Money
from aldia.queries.inbox import OpenLine, Said, open_lines_of, said_between
from aldia.queries.live import live
from aldia.queries.people import name_of_actor
from aldia.records.outreach.models import InboundKind, InboundMessage, InboundState
from aldia.records.tenancy.models import Creditor
from aldia.rules.copy_names import asked_for
from aldia.rules.inbound import because_sentence
from aldia.ui.forms import DayField, DeskForm

_NOTE_MAX = 2_000


class ConfirmForm(DeskForm):
    """What the person sees in the answer, and what follows."""

    kind = forms.ChoiceField(label=gettext_lazy("Qué dice"), choices=InboundKind.choices)
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
    return Card(
        message=message,
        because=because_sentence(message.kind, told.get("because", ())),
        opted_out=bool(told.get("opt_out")),
        pay_on=pay_on,
        readings=tuple(date.fromisoformat(each) for each in told.get("readings", ())),
        amount=Money(minor, told["currency"]) if minor else None,
        also=tuple(str(InboundKind(each).label) for each in told.get("also", ())),
        amounts=_owed(creditor, customer, today) if customer else (),
        lines=lines,
        asked_for=_asked_for(message, lines),
        between=tuple(said_between(creditor, customer, but=message.pk)) if customer else (),
        handled_by=name_of_actor(message.handled_by),
        form=form or ConfirmForm(initial=_proposed(message, pay_on, today)),
    )


def _asked_for(message: InboundMessage, lines: Sequence[OpenLine]) -> frozenset[int]:
    copied = [line for line in lines if line.has_copy]
    return asked_for(
        message.subject + message.text,
        {line.id: line.number for line in copied},
        told=[line.id for line in copied if line.was_told],
    )


def _proposed(message: InboundMessage, pay_on: date | None, today: date) -> dict[str, Any]:
    """The kind as suggested; after a promise with a day, the day after it."""
    after = pay_on + timedelta(days=1) if pay_on else None
    return {"kind": message.kind, "hold_until": after if after and after > today else None}


def _owed(creditor: Creditor, customer_id: int, today: date) -> tuple[tuple[Money, Money], ...]:
    rows = live(creditor, [customer_id], today).rows
    return tuple(
        (Money(row["overdue_minor"], currency), Money(row["open_minor"], currency))
        for (_customer, currency), row in sorted(rows.items())
        if row["open_minor"]
    )
