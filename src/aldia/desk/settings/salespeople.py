"""Who sells to the customers, where they are told, and whether they hear first."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import FORM, POST, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.settings.tabs import tabs
from aldia.desk.today.page import now_for
from aldia.operations.salespeople import change_salesperson, choose_tells_first
from aldia.queries.salespeople import listed_salespeople, tells_salespeople_first
from aldia.records.parties.models import Salesperson
from aldia.rules.rights import Right
from aldia.ui.forms import DeskForm


class SellerForm(DeskForm):
    """Name and address of a salesperson."""

    name = forms.CharField(label=gettext_lazy("Nombre"), max_length=200)
    email = forms.EmailField(
        label=gettext_lazy("Correo"),
        required=False,
        help_text=gettext_lazy("A él llega su resumen diario cuando no tiene acceso a Al Día."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


@creditor_page()
def show_salespeople(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The list, and the choice."""
    context = {
        "tabs": tabs(visit, "salespeople"),
        "rows": listed_salespeople(visit.creditor.pk),
        "first": tells_salespeople_first(visit.creditor.pk),
    }
    return render(request, "desk/settings/salespeople.html", context)


@creditor_page(Right.SETTINGS, POST)
def choose(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST on=1: they hear first; without it, they do not."""
    on = bool(request.POST.get("on"))

    def act() -> str:
        choose_tells_first(on=on, **_who(visit))
        return _("Se avisa antes al comercial.") if on else _("Ya no se avisa antes al comercial.")

    acted(request, visit, act)
    return redirect("desk:salespeople", creditor=visit.creditor.code)


@creditor_page(Right.SETTINGS, FORM)
def change(request: HttpRequest, visit: Visit, salesperson_id: int) -> HttpResponse:
    """One of them; the same page again (422) where something cannot be so."""
    found = Salesperson.objects.filter(pk=salesperson_id).select_related("member__user").first()
    if found is None:
        raise Http404
    initial = {"name": found.name, "email": found.email}
    form = SellerForm(request.POST if request.method == "POST" else None, initial=initial)

    def act() -> str:
        change_salesperson(salesperson_id=salesperson_id, **form.cleaned_data, **_who(visit))
        return _("Guardado.")

    if form.is_valid() and acted(request, visit, act):
        return redirect("desk:salespeople", creditor=visit.creditor.code)
    context = {"tabs": tabs(visit, "salespeople"), "form": form, "found": found}
    status = 422 if form.is_bound else 200
    return render(request, "desk/settings/salesperson.html", context, status=status)


def _who(visit: Visit) -> dict[str, Any]:
    return {"creditor": visit.creditor, "actor": visit.actor, "now": now_for(visit.creditor)}
