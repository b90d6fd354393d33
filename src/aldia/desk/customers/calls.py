"""A call or a promise written down on the sheet of a customer, and a call of today put right."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from aldia.desk.access import FORM, Visit, creditor_page
from aldia.desk.acting import once
from aldia.desk.notes import warn_about
from aldia.desk.today.page import now_for
from aldia.desk.worklist.call_form import CallForm, SpokenForm
from aldia.desk.worklist.panel import quick_days
from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.operations.call_effects import contested_in
from aldia.operations.calls import NewCall, correct_call
from aldia.operations.casework import Work, record_talk
from aldia.queries.calls import CallSheet, KnownCall, call_sheet, calls_to_correct
from aldia.queries.inbox import OpenLine, open_lines_of
from aldia.queries.promises import free_to_promise
from aldia.queries.sheet_case import sheet_work
from aldia.records.cases.models import Call
from aldia.records.parties.models import Customer
from aldia.rules.outcomes import Effect
from aldia.rules.rights import Right


class TalkForm(SpokenForm):
    """What is said where there is no case to be worked."""

    def clean(self) -> dict[str, Any]:
        """What is next was agreed in a call: no case keeps it."""
        data = super().clean()
        agreed = data.get("next_action") or data.get("next_on")
        if agreed and not data.get("outcome") and "outcome" not in self.errors:
            self.add_error("outcome", _("Diga en qué quedó la llamada."))
        return data


@creditor_page(Right.NOTE, FORM)
def take_down(request: HttpRequest, visit: Visit, customer_id: int) -> HttpResponse:
    """A call, a promise, a note; the page again (422) where it cannot be so. A case is worked in its list."""
    customer, now = _customer(customer_id), now_for(visit.creditor)
    today = business_date(now, visit.creditor.time_zone)
    case = sheet_work(visit.creditor, customer_id, today).case
    if case is not None and request.method != "POST":
        address = reverse("desk:worklist", kwargs={"creditor": visit.creditor.code})
        return redirect(f"{address}?quien=all&ver={case.id}")
    sheet, lines = call_sheet(visit.creditor, customer_id, now=now), _open_lines(visit, customer_id)
    free = free_to_promise(visit.creditor, customer_id, today)
    currencies = dict.fromkeys([*(each.currency for each in free), *(each.open.currency for each in lines)])
    form = TalkForm(
        sheet,
        currencies or (visit.creditor.currency,),
        _typed(request),
        initial={"kind": "call", "direction": "out", "amount": free[0].minor if free else None},
    )
    if form.is_valid() and _done(request, visit, form, lambda: _talked(visit, customer_id, form, now)):
        messages.success(request, _("Anotado."))
        return _to_sheet(visit, customer_id)
    first = next((each.value for each in sheet.numbers if not each.greyed), "")
    return _page(
        request, "take_down", customer, form, {"lines": lines, "first_number": first, "today": today}
    )


def _talked(visit: Visit, customer_id: int, form: TalkForm, now: datetime) -> Any:
    call = form.call()
    return record_talk(
        creditor=visit.creditor,
        customer_id=customer_id,
        work=Work(
            call=call,
            promise=form.promise(),
            note="" if call else form.cleaned_data["note"],
            next=form.following(visit.creditor.time_zone),
        ),
        member=visit.membership,
        actor=visit.actor,
        now=now,
    )


@creditor_page(Right.NOTE, FORM)
def correct(request: HttpRequest, visit: Visit, customer_id: int, call_id: int) -> HttpResponse:
    """The call as it was written down, to be put right; the same page again (422) where it cannot be so."""
    customer, now = _customer(customer_id), now_for(visit.creditor)
    wrong = _to_be_corrected(visit, customer_id, call_id, now)
    if wrong is None:
        told = _("Una llamada se corrige una vez y el mismo día: anote lo que falte en una nota.")
        messages.error(request, told)
        return _to_sheet(visit, customer_id)
    sheet = call_sheet(visit.creditor, customer_id, now=now)
    form = CallForm(sheet, _typed(request), initial=_as_it_was(visit, wrong, sheet, now))
    form.fields["at"].help_text = _("Vacío: cuando estaba anotada.")
    form.fields["reached"].required = True
    if form.is_valid() and _done(request, visit, form, lambda: _corrected(visit, wrong, form, now)):
        messages.success(request, _("Llamada corregida: vale lo que ha anotado ahora."))
        return _to_sheet(visit, customer_id)
    more = {
        "lines": _open_lines(visit, customer_id),
        "first_number": "",
        "call": wrong,
        "is_made": wrong.direction == "out",
    }
    return _page(request, "correct_call", customer, form, more | {"today": _today(visit, now)})


def _corrected(visit: Visit, wrong: KnownCall, form: CallForm, now: datetime) -> Call:
    said, following = form.call(), form.following(visit.creditor.time_zone)
    assert said is not None, "who answered is required, and so is what came of it"
    if following is not None:
        said = replace(said, next_action=following.action, next_on=following.on, next_at=following.at)
    return correct_call(
        creditor=visit.creditor,
        call_id=wrong.id,
        new=_as_volunteered(said, wrong),
        actor=visit.actor,
        now=now,
        member=visit.membership,
    )


def _as_volunteered(said: NewCall, wrong: KnownCall) -> NewCall:
    """A reason that stays was told as it was told."""
    return replace(said, volunteered=wrong.volunteered) if said.reason == wrong.reason else said


def _as_it_was(visit: Visit, wrong: KnownCall, sheet: CallSheet, now: datetime) -> dict[str, Any]:
    """The form of the call as it stands. A number that is not to be chosen any more is written out."""
    usable = {each.value for each in sheet.numbers if not each.greyed}
    contested = list(contested_in(Call.objects.get(pk=wrong.id)))
    hour = wrong.next_at if wrong.next_at and wrong.next_at > now else None
    names = ("kind", "direction", "number_status", "reached", "outcome", "reason", "note")
    known = {name: getattr(wrong, name) for name in names} | _left_out(wrong, sheet)
    return known | {
        "number": wrong.number if wrong.number in usable else "",
        "typed_number": "" if wrong.number in usable else wrong.number,
        "next_action": wrong.next_action,
        "next_on": wrong.next_on,
        "next_time": hour.astimezone(ZoneInfo(visit.creditor.time_zone)).time() if hour else None,
        "lines": [each.due_line_id for each in contested],
        "dispute_reason": contested[0].reason if contested else "",
    }


def _left_out(wrong: KnownCall, sheet: CallSheet) -> dict[str, str]:
    """What its outcome had said by itself, lest it outlive the outcome."""
    effect = next((each.effect for each in sheet.outcomes if each.code == wrong.outcome), None)
    if effect is Effect.WRONG_NUMBER:
        return {"number_status": ""}
    by_itself = {Effect.HARDSHIP: "no_liquidity", Effect.INSOLVENCY: "insolvency"}
    return {"reason": ""} if effect and by_itself.get(effect) == wrong.reason else {}


def _to_be_corrected(visit: Visit, customer_id: int, call_id: int, now: datetime) -> KnownCall | None:
    """None for one that may not be put right any more; another customer's does not exist."""
    known = calls_to_correct(visit.creditor, customer_id, _today(visit, now))
    found = next((each for each in known if each.id == call_id), None)
    if found is None and not Call.objects.filter(customer_id=customer_id, pk=call_id).exists():
        raise Http404
    return found


def _done(request: HttpRequest, visit: Visit, form: CallForm, act: Any) -> bool:
    """False where it was refused: the form says why."""
    try:
        once(request, visit, act)
    except AldiaError as refusal:
        form.refuse(refusal)
        return False
    warn_about(request, form.cleaned_data["note"])
    return True


def _page(
    request: HttpRequest, name: str, customer: Customer, form: CallForm, more: dict[str, Any]
) -> HttpResponse:
    context = {
        "customer": customer,
        "form": form,
        "sheet": form.sheet,
        "quick_days": quick_days(more["today"]),
        **more,
    }
    return render(request, f"desk/calls/{name}.html", context, status=422 if form.is_bound else 200)


def _typed(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _open_lines(visit: Visit, customer_id: int) -> list[OpenLine]:
    return open_lines_of(visit.creditor, customer_id)


def _today(visit: Visit, now: datetime) -> date:
    return business_date(now, visit.creditor.time_zone)


def _customer(customer_id: int) -> Customer:
    found = Customer.objects.filter(pk=customer_id).first()
    if found is None:
        raise Http404
    return found


def _to_sheet(visit: Visit, customer_id: int) -> HttpResponse:
    return redirect("desk:customer", creditor=visit.creditor.code, customer_id=customer_id)
