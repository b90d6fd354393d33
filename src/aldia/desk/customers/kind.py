"""How a customer pays: what is inferred and why, and a person's word on it."""

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.notes import warn_about
from aldia.desk.today.page import now_for
from aldia.kernel.clock import business_date
from aldia.operations.kinds import NOTE_LENGTH_MAX, judge_kind
from aldia.queries.kinds import KindSeen, judgements_of, kind_of
from aldia.records.cases.models import DebtorKind
from aldia.records.parties.models import Customer
from aldia.rules.portfolio.kind_words import treatment_of
from aldia.rules.rights import Right
from aldia.ui.forms import DeskForm
from aldia.ui.other_language import said


class KindForm(DeskForm):
    """kind: a DebtorKind, or blank for what is inferred."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Cómo paga"),
        required=False,
        help_text=gettext_lazy(
            "Diga lo que hace, no cómo es: el cliente puede pedir verlo. Su estrategia lo tiene en cuenta."
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("Por qué"),
        required=False,
        max_length=NOTE_LENGTH_MAX,
        help_text=gettext_lazy("Hace falta si es distinto de lo que se deduce."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, seen: KindSeen, data: Any = None) -> None:
        super().__init__(data, initial={"kind": seen.judged.kind if seen.judged else ""})
        inferred = _("Lo que se deduce: %s") % said(seen.inferred_label).lower()
        kinds = [(kind.value, said(kind.label)) for kind in DebtorKind]
        self.fields["kind"].choices = [("", inferred), *kinds]  # type: ignore[attr-defined]


@creditor_page()
def show_kind(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """What is inferred, what it rests on, and all that was said of it."""
    return _shown(request, visit, _customer(customer_id))


@creditor_page(Right.NOTE, POST)
def change_kind(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """A person's word, or none any more; the same page again (422) where something cannot be so."""
    customer = _customer(customer_id)
    form = KindForm(_seen(visit, customer_id), request.POST)

    def act() -> str:
        note = form.cleaned_data["note"]
        judge_kind(
            creditor=visit.creditor,
            customer_id=customer_id,
            kind=form.cleaned_data["kind"],
            note=note,
            actor=visit.actor,
            now=now_for(visit.creditor),
        )
        warn_about(request, note)
        return _("Guardado. Su estrategia lo tiene en cuenta desde hoy.")

    if form.is_valid() and acted(request, visit, act):
        return redirect("desk:customer", creditor=visit.creditor.code, customer_id=customer_id)
    return _shown(request, visit, customer, form)


def _shown(
    request: HttpRequest, visit: Visit, customer: Customer, form: KindForm | None = None
) -> HttpResponse:
    seen = _seen(visit, customer.pk)
    context = {
        "customer": customer,
        "seen": seen,
        "history": judgements_of(visit.creditor, customer.pk, _today(visit)),
        "treatments": [(kind.label, treatment_of(kind.value)) for kind in DebtorKind],
        "form": form or KindForm(seen),
    }
    return render(request, "desk/customers/kind.html", context, status=422 if form else 200)


def _seen(visit: Visit, customer_id: int) -> KindSeen:
    return kind_of(visit.creditor, customer_id, _today(visit))


def _today(visit: Visit) -> date:
    return business_date(now_for(visit.creditor), visit.creditor.time_zone)


def _customer(customer_id: int) -> Customer:
    found = Customer.objects.filter(pk=customer_id).first()
    if found is None:
        raise Http404
    return found
