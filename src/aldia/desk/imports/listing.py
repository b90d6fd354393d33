"""All imports, the latest first."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aldia.desk.access import Visit, creditor_page
from aldia.desk.imports.words import STATES, kind_label, rows_in_words
from aldia.queries.errands import open_errands
from aldia.queries.import_batches import batches, people_by_actor
from aldia.records.intake.models import ImportBatch
from aldia.rules.rights import Right

SHOWN = 30
_ID_DIGITS_MAX = 18


@dataclass(frozen=True, slots=True)
class Row:
    """state, mark: its label and the class of its chip. is_busy: long work is under way about it."""

    batch: ImportBatch
    kind: str
    who: str
    rows: int
    result: str
    state: str
    mark: str
    is_busy: bool


@creditor_page(Right.IMPORT)
def show_imports(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET tras: the page after that import."""
    found = batches(visit.creditor.pk, before=_after(request), most=SHOWN + 1)
    busy = {errand.batch_id for errand in open_errands(visit.creditor.pk)}
    people = people_by_actor(visit.creditor.pk)
    rows = [_row(batch, people, batch.pk in busy) for batch in found[:SHOWN]]
    context = {
        "rows": rows,
        "next_after": found[SHOWN - 1].pk if len(found) > SHOWN else None,
        "is_busy": any(row.is_busy for row in rows),
        "is_first_page": "tras" not in request.GET,
    }
    return render(request, "desk/imports/list.html", context)


def _after(request: HttpRequest) -> int | None:
    text = request.GET.get("tras", "")
    readable = text.isdecimal() and text.isascii() and len(text) <= _ID_DIGITS_MAX
    return int(text) if readable else None


def _row(batch: ImportBatch, people: dict[str, str], is_busy: bool) -> Row:
    state, mark = STATES[batch.state]
    return Row(
        batch=batch,
        kind=kind_label(batch.kind),
        who=people.get(batch.actor, batch.actor),
        rows=int(batch.counts.get("rows", 0)),
        result=rows_in_words(batch.counts),
        state=str(state),
        mark=mark,
        is_busy=is_busy,
    )
