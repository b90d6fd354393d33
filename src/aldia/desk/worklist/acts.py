"""What is done with cases: one worked and the next one opened, many changed at once, the last work undone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import NotAsSaid, acted, once
from aldia.desk.notes import warn_about
from aldia.desk.today.page import now_for
from aldia.desk.worklist.asking import ListState, number, numbers, state_of
from aldia.desk.worklist.card import card_of
from aldia.desk.worklist.done import forget_done, keep_done, kept_of
from aldia.desk.worklist.pages import queue_of, worklist_page
from aldia.desk.worklist.panel import WorkForm, faults_of
from aldia.desk.worklist.telling import told
from aldia.kernel.errors import AldiaError
from aldia.operations.cases import CaseChanged, CaseIsTaken, postpone, prioritise, reassign
from aldia.operations.casework import Worked, note_cases, record_work
from aldia.operations.casework_undo import undo_work
from aldia.rules.rights import Right

_NOTE_MAX = 4_000


@creditor_page(Right.NOTE, POST)
def work(request: HttpRequest, visit: Visit, case_id: int) -> HttpResponse:
    """Everything said of one case, and the next one opens; the same page again (422, 409) where it cannot."""
    card = card_of(visit, case_id, data=request.POST)
    if card is None:
        raise Http404
    form = card.form
    assert form is not None
    if not form.is_valid():
        return _again(request, visit, case_id, form)
    try:
        done = once(request, visit, lambda: _worked(request, visit, case_id, form))
    except (CaseChanged, CaseIsTaken) as other:
        return _again(request, visit, case_id, form, changed=other.sentence, status=409)
    except AldiaError as refusal:
        for field, sentence in faults_of(refusal).items():
            form.add_error(field or None, sentence)
        return _again(request, visit, case_id, form)
    if done is not None:
        warn_about(request, form.cleaned_data["note"])
        keep_done(
            request,
            visit,
            sequence=done.sequence,
            case_id=case_id,
            name=card.sheet.customer.name or card.sheet.customer.code,
            sentence=told(form.work(visit.creditor.time_zone), done),
            action=card.case.next_action,
        )
    return _on(visit, state_of(request), case_id if request.POST.get("stay") else None)


def _worked(request: HttpRequest, visit: Visit, case_id: int, form: WorkForm) -> Worked:
    return record_work(
        creditor=visit.creditor,
        case_id=case_id,
        work=form.work(visit.creditor.time_zone),
        seen_version=number(request.POST.get("version", "")),
        member=visit.membership,
        actor=visit.actor,
        now=now_for(visit.creditor),
    )


def _again(
    request: HttpRequest,
    visit: Visit,
    case_id: int,
    form: WorkForm,
    *,
    changed: str = "",
    status: int = 422,
) -> HttpResponse:
    """The page with what was typed, its faults beside it, and the case as it is now."""
    card = card_of(visit, case_id, data=request.POST)
    if card is None:
        raise Http404
    shown = replace(card, form=form, changed=changed)
    queue = queue_of(visit, replace(state_of(request), opened=case_id))
    return worklist_page(request, visit, queue, shown, status=status)


@creditor_page(Right.NOTE, POST)
def change_many(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST case …; what: next (on), priority, note."""
    ids = numbers(request.POST.getlist("case"))
    acts: dict[str, Callable[[], str]] = {
        "next": lambda: _put_off(request, visit, ids),
        "priority": lambda: _prioritised(request, visit, ids),
        "note": lambda: _noted(request, visit, ids),
    }

    def act() -> str:
        if not ids:
            raise NotAsSaid(_("Marque primero los expedientes."))
        chosen = acts.get(request.POST.get("what", ""))
        if chosen is None:
            raise NotAsSaid(_("Elija qué se hace con los marcados."))
        return chosen()

    acted(request, visit, act)
    return _on(visit, state_of(request))


@creditor_page(Right.TEAM, POST)
def assign(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST case …; owner: a member, "" for nobody."""
    ids = numbers(request.POST.getlist("case"))

    def act() -> str:
        if not ids:
            raise NotAsSaid(_("Marque primero los expedientes."))
        count = reassign(**_by(visit), case_ids=ids, owner_id=number(request.POST.get("owner", "")))
        return ngettext("%(n)s expediente cambia de manos.", "%(n)s expedientes cambian de manos.", count) % {
            "n": count
        }

    acted(request, visit, act)
    return _on(visit, state_of(request))


@creditor_page(Right.NOTE, POST)
def undo(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST done: what was saved last, while there is time; its case opens again."""
    kept = kept_of(request, visit)

    def act() -> str:
        if kept is None or kept["sequence"] != number(request.POST.get("done", "")):
            raise NotAsSaid(_("Eso ya no se puede deshacer desde aquí: corríjalo en la ficha del cliente."))
        undo_work(
            **_by(visit), sequence=kept["sequence"], next_action=kept["action"], member=visit.membership
        )
        forget_done(request)
        return _("Deshecho: queda como estaba, y consta en la línea de tiempo.")

    acted(request, visit, act)
    return _on(visit, state_of(request), kept["case"] if kept else None)


def _put_off(request: HttpRequest, visit: Visit, ids: tuple[int, ...]) -> str:
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        raise NotAsSaid(_("Diga hasta qué día.")) from None
    count = postpone(**_by(visit), case_ids=ids, next_on=on)
    return ngettext(
        "%(n)s expediente queda para ese día.", "%(n)s expedientes quedan para ese día.", count
    ) % {"n": count}


def _prioritised(request: HttpRequest, visit: Visit, ids: tuple[int, ...]) -> str:
    said = request.POST.get("priority", "")
    if said not in ("-1", "0", "1"):
        raise NotAsSaid(_("Elija una prioridad."))
    count = prioritise(**_by(visit), case_ids=ids, priority=int(said))
    return ngettext(
        "%(n)s expediente cambia de prioridad.", "%(n)s expedientes cambian de prioridad.", count
    ) % {"n": count}


def _noted(request: HttpRequest, visit: Visit, ids: tuple[int, ...]) -> str:
    text = request.POST.get("note", "")[:_NOTE_MAX]
    count = note_cases(**_by(visit), case_ids=ids, text=text)
    warn_about(request, text)
    return ngettext("Nota escrita en %(n)s expediente.", "Nota escrita en %(n)s expedientes.", count) % {
        "n": count
    }


def _by(visit: Visit) -> dict[str, Any]:
    return {"creditor": visit.creditor, "actor": visit.actor, "now": now_for(visit.creditor)}


def _on(visit: Visit, state: ListState, opened: int | None = None) -> HttpResponse:
    """Back to the list, where the next best case opens by itself, or that one."""
    address = reverse("desk:worklist", kwargs={"creditor": visit.creditor.code})
    return redirect(address + state.address(page=state.page if opened else 1, opened=opened))
