"""«Avisos»: one's own, newest first; seen one by one or all at once; the daily mail on or off."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.today.page import now_for
from aldia.desk.worklist.asking import ListState
from aldia.operations.alerts import choose_digest, mark_read
from aldia.operations.sales_notices import mark_seen
from aldia.queries.alerts import Told, alerts_of, wants_digest
from aldia.queries.sales_notices import notices_of_member
from aldia.rules.rights import Right

_DIGITS_MAX = 18


@creditor_page()
def show_alerts(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET tras: the page before that alert."""
    member = visit.membership
    rows, next_before = alerts_of(visit.creditor.pk, member.pk, before=_number(request.GET.get("tras", "")))
    told = notices_of_member(visit.creditor, member.pk)
    context = {
        "foretold": told,
        "rows": [(each, _link(visit, each)) for each in rows],
        "next_before": next_before,
        "any_new": any(each.is_new for each in rows) or any(each.is_new for each in told),
        "digest": wants_digest(visit.creditor.pk, member.pk),
    }
    return render(request, "desk/alerts/alerts.html", context)


@creditor_page(Right.LOOK, POST)
def read(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST alert: the one that has been seen; without it, all of them."""
    said = request.POST.get("alert", "")
    one = _number(said)
    now = now_for(visit.creditor)
    if one is not None or not said:
        mark_read(member=visit.membership, now=now, ids=None if one is None else [one])
    if not said:
        mark_seen(member=visit.membership, now=now)
    return redirect("desk:alerts", creditor=visit.creditor.code)


@creditor_page(Right.LOOK, POST)
def foretold(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST notice: the customer of one's own that one has seen."""
    one = _number(request.POST.get("notice", ""))
    if one is not None:
        mark_seen(member=visit.membership, now=now_for(visit.creditor), ids=[one])
    return redirect("desk:alerts", creditor=visit.creditor.code)


@creditor_page(Right.LOOK, POST)
def digest(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST on=1: the daily mail comes; without it, it does not."""
    on = bool(request.POST.get("on"))

    def act() -> str:
        choose_digest(member=visit.membership, on=on, actor=visit.actor, now=now_for(visit.creditor))
        return _("Recibirá el resumen diario.") if on else _("Ya no recibirá el resumen diario.")

    acted(request, visit, act)
    return redirect("desk:alerts", creditor=visit.creditor.code)


def _link(visit: Visit, told: Told) -> str:
    """What it is about: the mail as it was sent, the case beside the list, or the customer."""
    kind, _colon, number = told.subject.partition(":")
    creditor = {"creditor": visit.creditor.code}
    if kind == "dispatch" and number.isdecimal():
        return reverse("desk:dispatch", kwargs={**creditor, "dispatch_id": int(number)})
    if kind == "case" and number.isdecimal():
        return reverse("desk:worklist", kwargs=creditor) + ListState("all").address(opened=int(number))
    if told.customer_id is None:
        return reverse("desk:customers", kwargs=creditor)
    return reverse("desk:customer", kwargs={**creditor, "customer_id": told.customer_id})


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS_MAX else None
