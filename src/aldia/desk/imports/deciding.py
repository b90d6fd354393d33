"""Step three: book the file, put it aside, or take it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import NotAsSaid, acted, once
from aldia.desk.errands import hand_over
from aldia.desk.imports import choices
from aldia.desk.imports.batch import get_batch, go, is_long_to_book
from aldia.desk.imports.sight import for_screen
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.imports import ImportRefused, commit, discard, look_as_it_is, undo
from aldia.records.intake.models import ImportBatch
from aldia.rules.rights import Right


@creditor_page(Right.IMPORT, methods=POST)
def commit_import(request: HttpRequest, visit: Visit, batch_id: int) -> HttpResponse:
    """POST seen (fingerprint of what was looked at), partial («yes»: only the sound rows)."""
    batch, now = get_batch(visit, batch_id), clock.now()
    partial = request.POST.get("partial") == "yes"

    def act() -> str:
        if batch.state == "staged":
            _refuse_unseen(request, batch)
            if is_long_to_book(visit, int(batch.counts.get("rows", 0))):
                hand_over(visit, "import", now=now, batch_id=batch.pk, wishes={"partial": partial})
                return ""
        commit(creditor=visit.creditor, batch_id=batch.pk, actor=visit.actor, now=now, partial=partial)
        return _("La importación está anotada.")

    try:
        done = once(request, visit, act)
    except ImportRefused as refusal:
        look_as_it_is(creditor=visit.creditor, batch_id=batch.pk, now=now)
        messages.error(request, for_screen(refusal.sentence))
    except AldiaError as error:
        messages.error(request, error.sentence)
    else:
        if done:
            messages.success(request, done)
    return go(request, "import", visit, batch_id=batch.pk)


def _refuse_unseen(request: HttpRequest, batch: ImportBatch) -> None:
    if not batch.counts or request.POST.get("seen") != choices.fingerprint(batch):
        raise NotAsSaid(_("El archivo se ha leído de otra manera desde que usted lo miró. Mírelo otra vez."))


@creditor_page(Right.IMPORT, methods=POST)
def discard_import(request: HttpRequest, visit: Visit, batch_id: int) -> HttpResponse:
    """A staged file is put aside."""
    batch = get_batch(visit, batch_id)

    def act() -> str:
        discard(creditor=visit.creditor, batch_id=batch.pk, actor=visit.actor, now=clock.now())
        return _("El archivo está descartado. No se ha anotado nada.")

    acted(request, visit, act)
    return go(request, "imports", visit)


@creditor_page(Right.IMPORT, methods=POST)
def undo_import(request: HttpRequest, visit: Visit, batch_id: int) -> HttpResponse:
    """What the import booked never was."""
    batch, now = get_batch(visit, batch_id), clock.now()

    def act() -> str:
        if batch.state == "committed" and is_long_to_book(visit, int(batch.counts.get("rows", 0))):
            hand_over(visit, "undo", now=now, batch_id=batch.pk)
            return ""
        undo(creditor=visit.creditor, batch_id=batch.pk, actor=visit.actor, now=now)
        return _("La importación está deshecha.")

    acted(request, visit, act)
    return go(request, "import", visit, batch_id=batch.pk)
