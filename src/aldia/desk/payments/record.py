"""«Anotar un cobro»: whose, how much, when, and what it pays."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import FORM, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.today.page import now_for
from aldia.kernel.clock import business_date
from aldia.kernel.money import Money, UnknownCurrency, known_currencies, minor_units
from aldia.operations.ledger import Applied, record_payment
from aldia.queries.customer_list import search_customers
from aldia.queries.ledger import open_lines
from aldia.records.parties.models import Customer
from aldia.rules.rights import Right
from aldia.ui.forms import DayField, DeskForm, MoneyField
from aldia.ui.templatetags.written import money_of

_APPLY = ("auto", "chosen", "none")
_METHODS = (
    ("", "—"),
    ("transfer", gettext_lazy("Transferencia")),
    ("card", gettext_lazy("Tarjeta")),
    ("cash", gettext_lazy("Efectivo")),
    ("direct_debit", gettext_lazy("Domiciliación")),
    ("cheque", gettext_lazy("Cheque")),
    ("other", gettext_lazy("Otro")),
)


class PaymentForm(DeskForm):
    """A payment. whose: 0 while nobody knows."""

    amount = MoneyField(label=gettext_lazy("Importe"))
    currency = forms.CharField(label=gettext_lazy("Moneda"), max_length=3, min_length=3)
    value_on = DayField(label=gettext_lazy("Fecha en que entró el dinero"))
    method = forms.ChoiceField(label=gettext_lazy("Cómo"), choices=_METHODS, required=False)
    reference = forms.CharField(label=gettext_lazy("Referencia"), max_length=140, required=False)
    payer_name = forms.CharField(
        label=gettext_lazy("Quién pagó, si no fue el cliente"), max_length=140, required=False
    )

    def clean_currency(self) -> str:
        """An ISO code that exists."""
        code = str(self.cleaned_data["currency"]).upper()
        try:
            minor_units(code)
        except UnknownCurrency as error:
            raise forms.ValidationError(error.sentence) from None
        return code


@creditor_page(Right.RECORD_MONEY, FORM)
def new_payment(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET q: words to find the customer; cliente: the one chosen; partida: a line to be paid."""
    said = request.POST if request.method == "POST" else request.GET
    whose = said.get("cliente", "")
    customer = _customer(whose)
    lines = open_lines(visit.creditor.pk, customer.pk).to_dicts() if customer else []
    chosen = {each for each in said.getlist("partida") if each.isdecimal()}
    form = _form(request, visit, lines, chosen)
    if request.method == "POST" and whose and form.is_valid():
        paid = _paid_lines(_apply(request, lines, chosen), form, lines, chosen)
        if _booked(request, visit, form, customer, paid):
            return redirect(_after(visit, customer))
    words = said.get("q", "").replace("\0", "").strip()[:100]
    context = {
        "form": form,
        "keep": _keep(request, customer),
        "apply": _apply(request, lines, chosen),
        "customer": customer,
        "lines": [(row, _open(row), str(row["due_line_id"]) in chosen) for row in lines],
        "words": words,
        "found": search_customers(visit.creditor.pk, words) if words and not customer else [],
        "nobody": whose == "0",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/payments/new.html", context, status=status)


def _open(row: dict[str, Any]) -> Money:
    return Money(row["open_minor"], row["currency"])


def _customer(text: str) -> Customer | None:
    """Whose it is: None for 0, nobody knows, and while nothing is said. Whoever is not found is a 404: a
    customer's money never is booked as nobody's."""
    if text in ("", "0"):
        return None
    readable = text.isascii() and text.isdecimal() and len(text) < 19
    found = Customer.objects.filter(pk=int(text)).first() if readable else None
    if found is None:
        raise Http404
    return found


def _apply(request: HttpRequest, lines: list[dict[str, Any]], chosen: set[str]) -> str:
    """What it pays: as the form says; before it said anything, the lines one came from, else the oldest."""
    said = request.POST.get("apply", "")
    if said in _APPLY:
        return said
    return "chosen" if any(str(row["due_line_id"]) in chosen for row in lines) else "auto"


def _keep(request: HttpRequest, customer: Customer | None) -> str:
    """Under which name the browser keeps what is typed: of this customer, and of the lines one came from."""
    lines = sorted(each for each in request.GET.getlist("partida") if each.isdecimal())
    return "-".join(["payment", str(customer.pk if customer else 0), *lines])


def _form(request: HttpRequest, visit: Visit, lines: list[dict[str, Any]], chosen: set[str]) -> PaymentForm:
    paid = [row for row in lines if str(row["due_line_id"]) in chosen]
    currency = (paid or lines or [{"currency": visit.creditor.currency}])[0]["currency"]
    due = sum(row["open_minor"] for row in paid if row["currency"] == currency)
    initial = {
        "currency": currency,
        "value_on": business_date(now_for(visit.creditor), visit.creditor.time_zone),
        "amount": due or None,
    }
    form = PaymentForm(request.POST if request.method == "POST" else None, initial=initial)
    said = request.POST.get("currency", currency).upper()
    form.fields["amount"].currency = said if said in known_currencies() else currency  # type: ignore[attr-defined]
    return form


def _booked(
    request: HttpRequest, visit: Visit, form: PaymentForm, customer: Customer | None, due_line_ids: list[int]
) -> bool:
    data = form.cleaned_data

    def act() -> str:
        applied = record_payment(
            creditor_id=visit.creditor.pk,
            customer_id=customer.pk if customer else None,
            amount_minor=data["amount"],
            currency=data["currency"],
            value_on=data["value_on"],
            actor=visit.actor,
            now=now_for(visit.creditor),
            due_line_ids=due_line_ids,
            reference=data["reference"],
            payer_name=data["payer_name"],
            method=data["method"],
        )
        return _told(applied, data["amount"], data["currency"])

    return acted(request, visit, act)


def _paid_lines(how: str, form: PaymentForm, lines: list[dict[str, Any]], chosen: set[str]) -> list[int]:
    """how: oldest first over all lines of the currency (auto), over the ticked ones (chosen), or none."""
    if how == "none":
        return []
    ids = [row["due_line_id"] for row in lines if row["currency"] == form.cleaned_data["currency"]]
    return [each for each in ids if str(each) in chosen] if how == "chosen" else ids


def _told(applied: Applied, amount: int, currency: str) -> str:
    said = _("Cobro anotado: %(amount)s.") % {"amount": money_of(amount, currency)}
    if applied.rest_minor == amount:
        return f"{said} " + _("Queda sin aplicar.")
    if applied.rest_minor:
        rest = money_of(applied.rest_minor, currency)
        return f"{said} " + _("Quedan %(rest)s sin aplicar.") % {"rest": rest}
    return said


def _after(visit: Visit, customer: Customer | None) -> str:
    if customer is None:
        return reverse("desk:payments", args=[visit.creditor.code]) + "?ver=unidentified"
    return reverse("desk:customer", args=[visit.creditor.code, customer.pk])
