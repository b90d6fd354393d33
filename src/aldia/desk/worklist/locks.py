"""Who has a case open: taken as it opens, kept up, left; taken over by who leads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.today.page import now_for
from aldia.desk.worklist.asking import state_of
from aldia.operations.cases import NoSuchCase, leave_case, take_case, take_over
from aldia.records.cases.models import Case
from aldia.rules.rights import Right


@creditor_page(Right.NOTE, POST)
def take(request: HttpRequest, visit: Visit, case_id: int) -> HttpResponse:
    """204 where it is ours now; 409 with who has it."""
    now = now_for(visit.creditor)
    try:
        taken = take_case(creditor=visit.creditor, case_id=case_id, member=visit.membership, now=now)
    except NoSuchCase:
        return HttpResponse(status=404)
    if taken.by_me:
        return HttpResponse(status=204)
    card = {"case_id": case_id, "holder": {"name": taken.by_name, "until_at": taken.until_at}}
    context = {"card": card, "here": state_of(request).here}
    return render(request, "desk/worklist/lock.html", context, status=409)


@creditor_page(Right.TEAM, POST)
def take_it_over(request: HttpRequest, visit: Visit, case_id: int) -> HttpResponse:
    """Whoever has it open is told so when they save."""

    def act() -> str:
        now = now_for(visit.creditor)
        take_over(
            creditor=visit.creditor, case_id=case_id, member=visit.membership, actor=visit.actor, now=now
        )
        return _("Ahora lo tiene abierto usted.")

    acted(request, visit, act)
    address = reverse("desk:worklist", kwargs={"creditor": visit.creditor.code})
    return redirect(address + state_of(request).address(opened=case_id))


@creditor_page(Right.NOTE, POST)
def leave(request: HttpRequest, visit: Visit, case_id: int) -> HttpResponse:
    """204, whoever had it."""
    if not Case.objects.filter(pk=case_id).exists():
        return HttpResponse(status=404)
    now = now_for(visit.creditor)
    leave_case(creditor=visit.creditor, case_id=case_id, member=visit.membership, now=now)
    return HttpResponse(status=204)
