"""Step three: book the file, put it aside, or take it back."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.errands import hand_over
from aldia.desk.imports import choices
from aldia.desk.imports.batch import get_batch, go, is_long_to_book
from aldia.desk.imports.sight import for_screen
from aldia.desk.once import first_time
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.imports import ImportRefused, commit, discard, look_as_it_is, undo
from aldia.records.intake.models import ImportBatch
from aldia.rules.rights import Right


@creditor_page(Right.IMPORT, methods=POST)
def commit_import(request: HttpRequest, visit: Visit, batch_id: int) -> HttpResponse:
    """POST seen (fingerprint of what was looked at), partial («yes»: only the sound rows)."""
    batch = get_batch(visit, batch_id)
    if not first_time(request, visit):
        return _already(request, visit, batch)
    unseen = not batch.counts or request.POST.get("seen") != choices.fingerprint(batch)
    if batch.state == "staged" and unseen:
        messages.error(
            request, _("El archivo se ha leído de otra manera desde que usted lo miró. Mírelo otra vez.")
        )
        return go(request, "import", visit, batch_id=batch.pk)
    partial, now = request.POST.get("partial") == "yes", clock.now()
    if batch.state == "staged" and is_long_to_book(visit, int(batch.counts.get("rows", 0))):
        hand_over(visit, "import", now=now, batch_id=batch.pk, wishes={"partial": partial})
        return go(request, "import", visit, batch_id=batch.pk)
    return _commit_now(request, visit, batch, partial, now)


def _commit_now(
    request: HttpRequest, visit: Visit, batch: ImportBatch, partial: bool, now: datetime
) -> HttpResponse:
    try:
        commit(creditor=visit.creditor, batch_id=batch.pk, actor=visit.actor, now=now, partial=partial)
        messages.success(request, _("La importación está anotada."))
    except ImportRefused as refusal:
        look_as_it_is(creditor=visit.creditor, batch_id=batch.pk, now=now)
        messages.error(request, for_screen(refusal.sentence))
    except AldiaError as error:
        messages.error(request, error.sentence)
    return go(request, "import", visit, batch_id=batch.pk)


@creditor_page(Right.IMPORT, methods=POST)
def discard_import(request: HttpRequest, visit: Visit, batch_id: int) -> HttpResponse:
    """A staged file is put aside."""
    batch = get_batch(visit, batch_id)
    if not first_time(request, visit):
        return _already(request, visit, batch)
    try:
        discard(creditor=visit.creditor, batch_id=batch.pk, actor=visit.actor, now=clock.now())
        messages.success(request, _("El archivo está descartado. No se ha anotado nada."))
    except AldiaError as error:
        messages.error(request, error.sentence)
    return go(request, "imports", visit)


@creditor_page(Right.IMPORT, methods=POST)
def undo_import(request: HttpRequest, visit: Visit, batch_id: int) -> HttpResponse:
    """What the import booked never was."""
    batch = get_batch(visit, batch_id)
    if not first_time(request, visit):
        return _already(request, visit, batch)
    now = clock.now()
    if batch.state == "committed" and is_long_to_book(visit, int(batch.counts.get("rows", 0))):
        hand_over(visit, "undo", now=now, batch_id=batch.pk)
        return go(request, "import", visit, batch_id=batch.pk)
    try:
        undo(creditor=visit.creditor, batch_id=batch.pk, actor=visit.actor, now=now)
        messages.success(request, _("La importación está deshecha."))
    except AldiaError as error:
        messages.error(request, error.sentence)
    return go(request, "import", visit, batch_id=batch.pk)


def _already(request: HttpRequest, visit: Visit, batch: ImportBatch) -> HttpResponse:
    messages.info(request, _("Ya estaba hecho."))
    return go(request, "import", visit, batch_id=batch.pk)
