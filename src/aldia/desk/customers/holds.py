"""Pauses of a customer on the desk: put, ended, and how they were."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import acted, once
from aldia.desk.notes import warn_about
from aldia.desk.today.page import now_for
from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.operations.holds import REASON_LENGTH_MAX, end_hold, put_on_hold
from aldia.queries.holds import KnownHold, hold_of, holds_of
from aldia.queries.people import names_of_actors
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.rules.rights import Right
from aldia.ui.forms import DayField, DeskForm
from aldia.ui.other_language import said


class HoldForm(DeskForm):
    """Until when and why. What is too long or past the operation says, with its field."""

    until_on = DayField(
        label=gettext_lazy("Primer día sin pausa"),
        error_messages={"required": gettext_lazy("Una pausa necesita una fecha de fin.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Por qué"),
        error_messages={"required": gettext_lazy("Diga por qué se pone en pausa.")},
        max_length=REASON_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, creditor: Creditor, today: date, data: Any = None) -> None:
        super().__init__(data)
        until_on = self.fields["until_on"]
        latest = today + timedelta(days=creditor.hold_days_max)
        until_on.widget.attrs |= {"min": (today + timedelta(days=1)).isoformat(), "max": latest.isoformat()}
        until_on.help_text = _("Como mucho, %(days)s días. Los intereses siguen corriendo.") % {
            "days": creditor.hold_days_max
        }


@dataclass(frozen=True, slots=True)
class ShownHold:
    """A pause with the names of who put it and who ended it."""

    hold: KnownHold
    by: str
    ended_by: str


def shown_holds(creditor: Creditor, customer_id: int, today: date) -> tuple[ShownHold, ...]:
    """The latest first."""
    known = holds_of(creditor, customer_id, today)
    names = names_of_actors(actor for each in known for actor in (each.recorded_by, each.ended_by))
    return tuple(
        ShownHold(each, names.get(each.recorded_by, each.recorded_by), names.get(each.ended_by, ""))
        for each in known
    )


@creditor_page()
def show_holds(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """The form and the history."""
    return _page(request, visit, _customer(customer_id))


@creditor_page()
def show_card(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """The latest of them, within the sheet; else the whole page."""
    customer = _customer(customer_id)
    if not request.headers.get("HX-Request"):
        return redirect("desk:holds", creditor=visit.creditor.code, customer_id=customer_id)
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    context = {"customer": customer, "holds": shown_holds(visit.creditor, customer_id, today)}
    return render(request, "desk/holds/card.html", context)


@creditor_page(Right.NOTE, POST)
def add_hold(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """From today on nobody duns the customer; the form again (422) where it cannot be so."""
    customer, now = _customer(customer_id), now_for(visit.creditor)
    form = HoldForm(visit.creditor, business_date(now, visit.creditor.time_zone), request.POST)

    def act() -> date:
        made = put_on_hold(
            creditor=visit.creditor,
            customer_id=customer_id,
            until_on=form.cleaned_data["until_on"],
            reason=form.cleaned_data["reason"],
            actor=visit.actor,
            now=now,
        )
        return made.until_on

    if form.is_valid():
        try:
            until = once(request, visit, act)
        except AldiaError as refusal:
            field = str(refusal.facts.get("field", ""))
            form.add_error(field if field in form.fields else None, said(refusal.sentence))
        else:
            if until:
                warn_about(request, form.cleaned_data["reason"])
                messages.success(
                    request, _("En pausa hasta el %s.") % date_format(until, "SHORT_DATE_FORMAT")
                )
            return redirect("desk:customer", creditor=visit.creditor.code, customer_id=customer_id)
    return _page(request, visit, customer, form)


@creditor_page(Right.NOTE, POST)
def stop_hold(request: HttpRequest, visit: Visit, customer_id: int, pause_id: int) -> HttpResponse:
    """It ends today."""
    customer, now = _customer(customer_id), now_for(visit.creditor)
    today = business_date(now, visit.creditor.time_zone)
    known = hold_of(visit.creditor, pause_id, today)
    if known is None or known.customer_id != customer.pk:
        raise Http404
    reason = request.POST.get("reason", "").replace("\0", "")

    def act() -> str:
        end_hold(creditor=visit.creditor, hold_id=pause_id, reason=reason, actor=visit.actor, now=now)
        warn_about(request, reason)
        return _("Pausa terminada: los días vuelven a contar.")

    acted(request, visit, act)
    return redirect("desk:holds", creditor=visit.creditor.code, customer_id=customer_id)


def _page(
    request: HttpRequest, visit: Visit, customer: Customer, form: HoldForm | None = None
) -> HttpResponse:
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    context = {
        "customer": customer,
        "form": form or HoldForm(visit.creditor, today),
        "holds": shown_holds(visit.creditor, customer.pk, today),
    }
    return render(request, "desk/holds/holds.html", context, status=422 if form else 200)


def _customer(customer_id: int) -> Customer:
    found = Customer.objects.filter(pk=customer_id).first()
    if found is None:
        raise Http404
    return found
