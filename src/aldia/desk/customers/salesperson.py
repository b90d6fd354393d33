"""Who sells to the customer: somebody known, a person of the house, or a new name with an e-mail."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import FORM, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.today.page import now_for
from aldia.operations.salespeople import Seller, set_salesperson
from aldia.queries.salespeople import listed_salespeople, members_who_may, tells_salespeople_first
from aldia.records.parties.models import Customer
from aldia.rules.rights import Right
from aldia.ui.forms import DeskForm

_NEW = "new"


class SalespersonForm(DeskForm):
    """who: `s:17` for somebody known, `m:3` for a person of the house, `new`, or blank for nobody."""

    who = forms.ChoiceField(label=gettext_lazy("Quién le vende"), required=False)
    name = forms.CharField(
        label=gettext_lazy("Nombre, si no está en la lista"), required=False, max_length=200
    )
    email = forms.EmailField(
        label=gettext_lazy("Su correo"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, visit: Visit, customer: Customer, data: Any = None) -> None:
        now = customer.salesperson_id
        super().__init__(data, initial={"who": f"s:{now}" if now else ""})
        known = [(f"s:{each.id}", each.name) for each in listed_salespeople(visit.creditor.pk)]
        house = [(f"m:{each.pk}", each.user.name) for each in members_who_may(visit.creditor.pk)]
        groups = ((_("Comerciales"), known), (_("Otras personas de la casa"), house))
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("", _("Nadie")),
            *((title, choices) for title, choices in groups if choices),
            (_NEW, _("Otra persona, con su nombre y su correo")),
        ]

    def clean(self) -> dict[str, Any]:
        """Somebody new is told at an address. Who writes a name means it, whoever is chosen above."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("who") == _NEW or data.get("name") or data.get("email"):
            data["who"] = _NEW
            for name in ("name", "email"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Hace falta para avisarle."))
        return data

    @property
    def seller(self) -> Seller:
        """What was said, of a valid form."""
        kind, _colon, number = self.cleaned_data["who"].partition(":")
        if kind == "s":
            return Seller(salesperson_id=int(number))
        if kind == "m":
            return Seller(member_id=int(number))
        return Seller(name=self.cleaned_data["name"], email=self.cleaned_data["email"])


@creditor_page(Right.NOTE, FORM)
def show_salesperson(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """The form; the same page again (422) where something cannot be so."""
    customer = Customer.objects.filter(pk=customer_id).first()
    if customer is None:
        raise Http404
    form = SalespersonForm(visit, customer, request.POST if request.method == "POST" else None)

    def act() -> str:
        found = set_salesperson(
            creditor=visit.creditor,
            customer_id=customer_id,
            seller=form.seller,
            actor=visit.actor,
            now=now_for(visit.creditor),
        )
        return _("Guardado: su comercial es %s.") % found.name if found else _("Guardado: sin comercial.")

    if form.is_valid() and acted(request, visit, act):
        return redirect("desk:customer", creditor=visit.creditor.code, customer_id=customer_id)
    context = {"form": form, "customer": customer, "first": tells_salespeople_first(visit.creditor.pk)}
    status = 422 if form.is_bound else 200
    return render(request, "desk/customers/salesperson.html", context, status=status)
