"""What is done with cases: one worked and the next one opened, many changed at once, the last work undone."""

from collections.abc import Callable, Mapping
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
from aldia.desk.worklist.done import forget_done, keep_done, keep_many, kept_of
from aldia.desk.worklist.pages import queue_of, worklist_page
from aldia.desk.worklist.panel import WorkForm
from aldia.desk.worklist.telling import told
from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.operations.cases import (
    CaseChanged,
    CaseIsTaken,
    Many,
    must_not_be_taken,
    postpone,
    prioritise,
    reassign,
    undo_many,
)
from aldia.operations.cases.bulk import AT_ONCE_MAX
from aldia.operations.casework import Worked, note_cases, record_work
from aldia.operations.casework_undo import undo_work
from aldia.operations.tasks import close_task
from aldia.rules.rights import Right

_NOTE_MAX = 4_000
_Seen = Mapping[int, int]
_Act = Callable[[HttpRequest, Visit, _Seen], tuple[str, Many]]


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
        form.refuse(refusal)
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


@creditor_page(Right.APPROVE, POST)
def close(request: HttpRequest, visit: Visit, case_id: int, task_id: int) -> HttpResponse:
    """POST done=1: the task has been done; else it is left out. The same case opens again."""
    now = now_for(visit.creditor)

    def act() -> str:
        must_not_be_taken(creditor=visit.creditor, case_id=case_id, member=visit.membership, now=now)
        done = bool(request.POST.get("done"))
        on = business_date(now, visit.creditor.time_zone)
        close_task(creditor=visit.creditor, task_id=task_id, done=done, on=on, actor=visit.actor, now=now)
        return _("Tarea hecha.") if done else _("Tarea omitida.")

    acted(request, visit, act)
    return _on(visit, state_of(request), case_id)


@creditor_page(Right.NOTE, POST)
def change_many(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST case …, each id.version; what: next (on), priority, note."""
    acts = {"next": _put_off, "priority": _prioritised, "note": _noted}
    chosen = acts.get(request.POST.get("what", ""))
    return _with_many(request, visit, chosen)


@creditor_page(Right.TEAM, POST)
def assign(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST case …, each id.version; owner: a member, "" for nobody."""
    return _with_many(request, visit, _given)


def _with_many(request: HttpRequest, visit: Visit, act: _Act | None) -> HttpResponse:
    """Do it to the cases that are ticked, as they were seen; it can be taken back from where it is said."""

    def do() -> str:
        seen = _ticked(request)
        if not seen:
            raise NotAsSaid(_("Marque primero los expedientes."))
        if act is None:
            raise NotAsSaid(_("Elija qué se hace con los marcados."))
        sentence, done = act(request, visit, seen)
        if done.sequence is None:
            return sentence
        keep_many(request, visit, sequence=done.sequence, sentence=sentence)
        return ""

    acted(request, visit, do)
    return _on(visit, state_of(request))


def _ticked(request: HttpRequest) -> dict[int, int]:
    """Case → its version when the list was shown."""
    pairs = (numbers(each.split(".", 1)) for each in request.POST.getlist("case")[:AT_ONCE_MAX])
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


@creditor_page(Right.NOTE, POST)
def undo(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST done: what was saved last, while there is time; its case opens again."""
    kept = kept_of(request, visit)

    def act() -> str:
        if kept is None or kept["sequence"] != number(request.POST.get("done", "")):
            raise NotAsSaid(_("Eso ya no se puede deshacer desde aquí: corríjalo en la ficha del cliente."))
        said = _undone(visit, kept)
        forget_done(request)
        return said

    acted(request, visit, act)
    return _on(visit, state_of(request), (kept["case"] or None) if kept else None)


def _undone(visit: Visit, kept: dict[str, Any]) -> str:
    if kept["case"]:
        undo_work(
            **_by(visit), sequence=kept["sequence"], next_action=kept["action"], member=visit.membership
        )
        return _("Deshecho: queda como estaba, y consta en la línea de tiempo.")
    done, left = undo_many(**_by(visit), sequence=kept["sequence"])
    said = ngettext(
        "Deshecho: %(n)s expediente queda como estaba.",
        "Deshecho: %(n)s expedientes quedan como estaban.",
        done,
    ) % {"n": done}
    if not left:
        return said
    return f"{said} " + ngettext(
        "%(n)s no se toca: alguien lo ha cambiado después.",
        "%(n)s no se tocan: alguien los ha cambiado después.",
        left,
    ) % {"n": left}


def _put_off(request: HttpRequest, visit: Visit, seen: _Seen) -> tuple[str, Many]:
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        raise NotAsSaid(_("Diga hasta qué día.")) from None
    done = postpone(**_by(visit), **_of(visit, seen), next_on=on)
    return ngettext(
        "%(n)s expediente queda para ese día.", "%(n)s expedientes quedan para ese día.", done.cases
    ) % {"n": done.cases}, done


def _prioritised(request: HttpRequest, visit: Visit, seen: _Seen) -> tuple[str, Many]:
    said = request.POST.get("priority", "")
    if said not in ("-1", "0", "1"):
        raise NotAsSaid(_("Elija una prioridad."))
    done = prioritise(**_by(visit), **_of(visit, seen), priority=int(said))
    return ngettext(
        "%(n)s expediente cambia de prioridad.", "%(n)s expedientes cambian de prioridad.", done.cases
    ) % {"n": done.cases}, done


def _noted(request: HttpRequest, visit: Visit, seen: _Seen) -> tuple[str, Many]:
    text = request.POST.get("note", "")[:_NOTE_MAX]
    done = note_cases(**_by(visit), case_ids=list(seen), text=text)
    warn_about(request, text)
    return ngettext("Nota escrita en %(n)s expediente.", "Nota escrita en %(n)s expedientes.", done.cases) % {
        "n": done.cases
    }, done


def _given(request: HttpRequest, visit: Visit, seen: _Seen) -> tuple[str, Many]:
    owner = number(request.POST.get("owner", ""))
    done = reassign(**_by(visit), **_of(visit, seen), owner_id=owner)
    return ngettext(
        "%(n)s expediente cambia de manos.", "%(n)s expedientes cambian de manos.", done.cases
    ) % {"n": done.cases}, done


def _of(visit: Visit, seen: _Seen) -> dict[str, Any]:
    return {"case_ids": list(seen), "seen_versions": seen, "member": visit.membership}


def _by(visit: Visit) -> dict[str, Any]:
    return {"creditor": visit.creditor, "actor": visit.actor, "now": now_for(visit.creditor)}


def _on(visit: Visit, state: ListState, opened: int | None = None) -> HttpResponse:
    """Back to the list, where the next best case opens by itself, or that one."""
    address = reverse("desk:worklist", kwargs={"creditor": visit.creditor.code})
    return redirect(address + state.address(page=state.page if opened else 1, opened=opened))
