"""While long work is under way: how far it is, asked every second; and where to go when it is done."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import Visit, creditor_page
from aldia.desk.imports.batch import get_batch, go
from aldia.desk.imports.sight import for_screen
from aldia.kernel import clock
from aldia.queries.errands import last_errand, progress_of, somebody_attends
from aldia.records.intake.models import Errand
from aldia.rules.rights import Right

_PATIENCE_SECONDS = 5
_DOING = {
    "read": gettext_lazy("Leyendo el archivo y comparándolo con lo anotado"),
    "import": gettext_lazy("Importando"),
    "undo": gettext_lazy("Deshaciendo la importación"),
    "run": gettext_lazy("Haciendo el proceso diario"),
}
_DONE = {
    "read": gettext_lazy("El archivo está leído."),
    "import": gettext_lazy("La importación está anotada."),
    "undo": gettext_lazy("La importación está deshecha."),
    "run": gettext_lazy("El proceso diario está hecho."),
}


@creditor_page(Right.IMPORT)
def progress(request: HttpRequest, visit: Visit, batch_id: int) -> HttpResponse:
    """The bar, or the way to the import's page once the work is done."""
    batch = get_batch(visit, batch_id)
    errand = last_errand(visit.creditor.pk, batch.pk)
    if errand is None or errand.finished_at is not None:
        tell_end(request, errand)
        return go(request, "import", visit, batch_id=batch.pk)
    return render(
        request, "desk/imports/wait.html#bar", {"batch": batch} | waiting_context(errand, clock.now())
    )


def tell_end(request: HttpRequest, errand: Errand | None) -> None:
    """A message for the next page."""
    if errand is not None and not errand.refusal:
        messages.success(request, _DONE[errand.kind])
    elif errand is not None:
        messages.error(request, for_screen(errand.refusal))


def waiting_context(errand: Errand, now: datetime) -> dict[str, Any]:
    """doing: in words. share: done and total, None while unknown. unattended: nobody will do it."""
    far = progress_of(errand.pk)
    waited = (now - errand.asked_at).total_seconds()
    return {
        "errand": errand,
        "doing": _(str(_DOING[errand.kind])),
        "far": far if far and far.total else None,
        "is_begun": far is not None,
        "unattended": far is None and waited > _PATIENCE_SECONDS and not somebody_attends(),
    }
