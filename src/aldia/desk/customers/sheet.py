"""The customer's sheet: everything about one customer on one screen."""

from datetime import date

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.customers.rhythm import HEIGHT, WIDTH, picture_of
from aldia.desk.notes import warn_about
from aldia.desk.promise_tones import TONES
from aldia.desk.today.page import now_for
from aldia.kernel.clock import business_date
from aldia.kernel.money import Money
from aldia.operations.replies import record_reply
from aldia.queries.calls import calls_to_correct
from aldia.queries.inbox import unread_of
from aldia.queries.own_words import words_waiting
from aldia.queries.promises import PromiseSeen, promises_of
from aldia.queries.reasons import step_titles
from aldia.queries.sheet import customer_sheet, settled_page
from aldia.queries.sheet_case import sheet_work
from aldia.queries.sheet_page import Standing
from aldia.queries.terms import strategies_in_force
from aldia.queries.timeline import timeline
from aldia.queries.today_page import Balance
from aldia.records.outreach.models import ReplyKind
from aldia.records.parties.models import Channel, Customer
from aldia.rules.rights import Right
from aldia.ui.ageing import AgeingBar, ageing_bar
from aldia.ui.forms import DayField, DeskForm


class ReplyForm(DeskForm):
    """What the customer answered."""

    kind = forms.ChoiceField(label=gettext_lazy("Qué ha contestado"), choices=ReplyKind.choices)
    channel = forms.ChoiceField(label=gettext_lazy("Por dónde"), choices=Channel.choices)
    received_on = DayField(label=gettext_lazy("Cuándo"))
    note = forms.CharField(
        label=gettext_lazy("Lo que convenga recordar"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@creditor_page()
def show_customer(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """As of this moment; a customer of another creditor does not exist."""
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    sheet = customer_sheet(visit.creditor, customer_id, today)
    if sheet is None:
        raise Http404
    work = sheet_work(visit.creditor, customer_id, today)
    context = {
        "sheet": sheet,
        "currencies": [(each, _bar(each)) for each in sheet.standing if _has_anything(each)],
        "pictures": [picture_of(each, today) for each in sheet.rhythm if each.dots],
        "picture_size": (WIDTH, HEIGHT),
        "words": words_waiting(visit.creditor, customer_id),
        "unread": unread_of(visit.creditor.pk, customer_id),
        "case": work.case,
        "calls": calls_to_correct(visit.creditor, customer_id, today) if work.has_calls else (),
        "promises": _promises(visit, customer_id, today) if work.has_promises else [],
        "reply": ReplyForm(initial={"received_on": today}),
    }
    return render(request, "desk/customers/sheet.html", context)


@creditor_page()
def show_history(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """GET en: the next page of what happened; within the sheet, or as a page of its own."""
    customer = _customer(customer_id)
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    titles = step_titles(strategies_in_force(visit.creditor).strategies)
    place = request.GET.get("en", "").replace("\0", "")[:400]
    page = timeline(visit.creditor, customer_id, titles=titles, until=today, place=place)
    name = "history" if request.headers.get("HX-Request") else "history_page"
    context = {"timeline": page, "customer_id": customer_id, "customer": customer}
    return render(request, f"desk/customers/{name}.html", context)


@creditor_page()
def show_settled(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """GET en: the customer's paid lines."""
    customer = _customer(customer_id)
    page = settled_page(visit.creditor.pk, customer_id, request.GET.get("en", "").replace("\0", "")[:400])
    return render(request, "desk/customers/settled.html", {"page": page, "customer": customer})


@creditor_page(Right.NOTE, POST)
def note_reply(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """Take down what the customer answered."""
    customer = _customer(customer_id)
    form = ReplyForm(request.POST)

    def act() -> str:
        data = form.cleaned_data
        record_reply(
            creditor=visit.creditor,
            customer_code=customer.code,
            kind=data["kind"],
            received_on=data["received_on"],
            now=now_for(visit.creditor),
            actor=visit.actor,
            channel=data["channel"],
            note=data["note"],
        )
        warn_about(request, data["note"])
        return _("Anotado lo que ha contestado.")

    if form.is_valid():
        acted(request, visit, act)
        return redirect("desk:customer", creditor=visit.creditor.code, customer_id=customer_id)
    return render(request, "desk/customers/reply.html", {"form": form, "customer": customer}, status=422)


def _customer(customer_id: int) -> Customer:
    found = Customer.objects.filter(pk=customer_id).first()
    if found is None:
        raise Http404
    return found


def _promises(visit: Visit, customer_id: int, today: date) -> list[tuple[PromiseSeen, str]]:
    """What was promised, the latest first, with how it looks."""
    return [(each, TONES.get(each.state, "")) for each in promises_of(visit.creditor, customer_id, today)]


def _has_anything(standing: Standing) -> bool:
    return bool(standing.open.minor or standing.unapplied.minor)


def _bar(standing: Standing) -> AgeingBar | None:
    if not standing.open.minor:
        return None
    return ageing_bar(Balance(standing.open, standing.overdue, _named(standing)))


def _named(standing: Standing) -> tuple[tuple[str, Money], ...]:
    return tuple((name.removeprefix("aging_"), amount) for name, amount in standing.aging)
