"""The relation with a customer: for life or not, and the plan B."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.kept_words import kept_words
from aldia.desk.notes import warn_about
from aldia.desk.today.page import now_for
from aldia.kernel.clock import business_date
from aldia.operations.plans_b import TEXT_LENGTH_MAX, write_plan_b
from aldia.operations.relation import REASON_LENGTH_MAX, set_for_life
from aldia.queries.plans_b import PlansSeen, plans_of
from aldia.queries.relation import relation_of
from aldia.records.parties.models import Customer
from aldia.rules.portfolio.strategy import TONES
from aldia.rules.rights import Right
from aldia.ui.forms import DayField, DeskForm


class ForLifeForm(DeskForm):
    """Why the customer is to be kept whatever happens, or no longer."""

    reason = forms.CharField(
        label=gettext_lazy("Por qué"),
        max_length=REASON_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PlanForm(DeskForm):
    """What is done if the customer does not pay."""

    for_on = DayField(label=gettext_lazy("Para el vencimiento del"))
    text = forms.CharField(
        label=gettext_lazy("Qué se hará si no paga"),
        max_length=TEXT_LENGTH_MAX,
        help_text=gettext_lazy("Quién llama y a quién, qué se ofrece, qué se deja de servir, hasta cuándo."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )


@creditor_page()
def show_relation(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """Both forms, and the plans there were."""
    return _shown(request, visit, _customer(customer_id))


@creditor_page()
def show_card(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """GET tono: that of the next step. Within the sheet; else the whole page."""
    customer = _customer(customer_id)
    if not request.headers.get("HX-Request"):
        return redirect("desk:relation", creditor=visit.creditor.code, customer_id=customer_id)
    tone = request.GET.get("tono", "")
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    seen = relation_of(
        visit.creditor,
        customer_id,
        today,
        next_tone=tone if tone in TONES else "",
        for_life=customer.for_life,
    )
    context = {
        "customer": customer,
        "relation": seen,
        "kept": kept_words(seen.kept_rate),
        "plans": plans_of(visit.creditor, customer_id),
    }
    return render(request, "desk/relation/card.html", context)


@creditor_page(Right.NOTE, POST)
def change_for_life(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """POST for_life: «1» for yes."""
    customer, form = _customer(customer_id), ForLifeForm(request.POST)
    wanted = request.POST.get("for_life") == "1"

    def act() -> str:
        reason = form.cleaned_data["reason"]
        set_for_life(customer_id=customer_id, for_life=wanted, reason=reason, **_who(visit))
        warn_about(request, reason)
        if wanted:
            return _("Anotado: nada firme ni formal le sale sin que una persona lo apruebe.")
        return _("Anotado: vuelve a tratarse como dice su estrategia.")

    return _done(request, visit, customer, act, for_life=form)


@creditor_page(Right.NOTE, POST)
def add_plan(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """The plan is kept, and the task that asked for it is done."""
    customer, form = _customer(customer_id), PlanForm(request.POST)

    def act() -> str:
        write_plan_b(customer_id=customer_id, **form.cleaned_data, **_who(visit))
        warn_about(request, form.cleaned_data["text"])
        return _("Plan B guardado.")

    return _done(request, visit, customer, act, plan=form)


def _who(visit: Visit) -> dict[str, Any]:
    return {"creditor": visit.creditor, "actor": visit.actor, "now": now_for(visit.creditor)}


def _done(
    request: HttpRequest, visit: Visit, customer: Customer, act: Callable[[], str], **forms_: DeskForm
) -> HttpResponse:
    if all(form.is_valid() for form in forms_.values()) and acted(request, visit, act):
        return redirect("desk:customer", creditor=visit.creditor.code, customer_id=customer.pk)
    return _shown(request, visit, customer, **forms_)


def _shown(request: HttpRequest, visit: Visit, customer: Customer, **forms_: DeskForm) -> HttpResponse:
    seen: PlansSeen = plans_of(visit.creditor, customer.pk)
    context = {
        "customer": customer,
        "plans": seen,
        "for_life": ForLifeForm(),
        "plan": PlanForm(initial={"for_on": seen.asked_for}),
    }
    status = 422 if forms_ else 200
    return render(request, "desk/relation/relation.html", context | forms_, status=status)


def _customer(customer_id: int) -> Customer:
    found = Customer.objects.filter(pk=customer_id).first()
    if found is None:
        raise Http404
    return found
