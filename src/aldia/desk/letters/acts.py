"""The buttons of the letters: print, posted, back to the tray, withdraw."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import acted, once
from aldia.desk.letters.forms import DayForm, ReasonForm
from aldia.desk.letters.lists import batch_page, letter_page
from aldia.desk.today.page import now_for
from aldia.kernel.errors import AldiaError
from aldia.operations.letters import (
    make_print_batch,
    mark_posted,
    note_printing,
    put_back,
    withdraw_letter,
)
from aldia.queries.letters import letter_of_id, print_file
from aldia.rules.rights import Right
from aldia.ui.downloads import file_response
from aldia.ui.other_language import said


@creditor_page(Right.APPROVE, POST)
def make_batch(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everything in the tray becomes a batch; its page says what to do next."""
    creditor = visit.creditor
    try:
        batch = once(
            request,
            visit,
            lambda: make_print_batch(creditor=creditor, actor=visit.actor, now=now_for(creditor)),
        )
    except AldiaError as refusal:
        messages.error(request, said(refusal.sentence))
        return redirect("desk:letters", creditor=creditor.code)
    if batch is None:
        return redirect("desk:letters", creditor=creditor.code)
    messages.success(request, _("Lote %(n)s hecho. Imprímalo y anote el envío.") % {"n": batch.number})
    return redirect("desk:print-batch", creditor=creditor.code, number=batch.number)


@creditor_page(Right.APPROVE, POST)
def print_batch(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """The file for the printer, noted down: for the first time or again. duplex: 1 for both sides."""
    duplex = bool(request.POST.get("duplex"))
    try:
        batch = note_printing(
            creditor=visit.creditor,
            number=number,
            duplex=duplex,
            actor=visit.actor,
            now=now_for(visit.creditor),
        )
        pdf = print_file(visit.creditor, batch, duplex=duplex)
    except AldiaError as refusal:
        messages.error(request, said(refusal.sentence))
        return redirect("desk:letters", creditor=visit.creditor.code)
    return file_response(f"cartas-lote-{number}.pdf", pdf, "application/pdf")


@creditor_page(Right.APPROVE, POST)
def post_batch(request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """They went to the post on that day."""
    form = DayForm(request.POST)
    if not form.is_valid():
        return batch_page(request, visit, number, form)

    def act() -> str:
        count = mark_posted(
            creditor=visit.creditor,
            number=number,
            on=form.cleaned_data["on"],
            actor=visit.actor,
            now=now_for(visit.creditor),
        )
        told = ngettext("%(n)s carta anotada como enviada.", "%(n)s cartas anotadas como enviadas.", count)
        return told % {"n": count}

    acted(request, visit, act)
    return redirect("desk:print-batch", creditor=visit.creditor.code, number=number)


@creditor_page(Right.APPROVE, POST)
def back_to_tray(request: HttpRequest, visit: Visit, letter_id: int) -> HttpResponse:
    """To be printed with the next ones."""
    _there(visit, letter_id)

    def act() -> str:
        put_back(creditor=visit.creditor, letter_id=letter_id, actor=visit.actor, now=now_for(visit.creditor))
        return _("La carta ha vuelto a la bandeja: saldrá con el lote siguiente.")

    acted(request, visit, act)
    return redirect("desk:letter", creditor=visit.creditor.code, letter_id=letter_id)


@creditor_page(Right.APPROVE, POST)
def withdraw(request: HttpRequest, visit: Visit, letter_id: int) -> HttpResponse:
    """It will not be posted, and why."""
    found = _there(visit, letter_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return letter_page(request, visit, letter_id, form)

    def act() -> str:
        withdraw_letter(
            creditor=visit.creditor,
            letter_id=letter_id,
            reason=form.cleaned_data["reason"],
            actor=visit.actor,
            now=now_for(visit.creditor),
        )
        return _("La carta se ha retirado. Su paso cuenta como hecho.")

    acted(request, visit, act)
    if found == "certified":
        return redirect("desk:certified-letter", creditor=visit.creditor.code, certified_id=letter_id)
    return redirect("desk:letter", creditor=visit.creditor.code, letter_id=letter_id)


def _there(visit: Visit, letter_id: int) -> str:
    """The channel of a letter that there is."""
    found = letter_of_id(visit.creditor, letter_id)
    if found is None:
        raise Http404
    return found.channel
