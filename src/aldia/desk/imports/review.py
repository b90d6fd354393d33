"""Step two: what the file would do, column by column, before anything is booked; and after, what it did."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.errands import hand_over
from aldia.desk.imports import choices
from aldia.desk.imports.batch import get_batch, go, is_long_to_read
from aldia.desk.imports.questions import questions_of
from aldia.desk.imports.sight import columns_seen, findings_by_severity, first_rows, proofs
from aldia.desk.imports.waiting import waiting_context
from aldia.desk.imports.words import STATES, booked_in_words, figures_of, kind_label, labels_of
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.imports import look_again
from aldia.queries.errands import last_errand
from aldia.queries.import_batches import customers_of_batch, people_by_actor
from aldia.records.intake.models import ImportBatch
from aldia.rules.rights import Right

CUSTOMERS_SHOWN = 12


@creditor_page(Right.IMPORT)
def show_import(request: HttpRequest, visit: Visit, batch_id: int) -> HttpResponse:
    """The page of an import, whatever stage it is at."""
    batch = get_batch(visit, batch_id)
    errand = last_errand(visit.creditor.pk, batch.pk)
    if errand is not None and errand.finished_at is None:
        return render(request, "desk/imports/wait.html", _head(batch) | waiting_context(errand, clock.now()))
    if batch.state == "staged":
        given_up = errand.refusal if errand and not batch.counts.get("errors") else ""
        return render(request, "desk/imports/review.html", review_context(batch) | {"refusal": given_up})
    return render(request, "desk/imports/result.html", _result_context(visit, batch))


@creditor_page(Right.IMPORT, methods=POST)
def read_again(request: HttpRequest, visit: Visit, batch_id: int) -> HttpResponse:
    """POST of the review form: the file under other words. Answers the review anew."""
    batch, now = get_batch(visit, batch_id), clock.now()
    choice = choices.chosen(batch, request.POST, request.headers.get("HX-Trigger-Name", ""))
    if batch.state == "staged" and is_long_to_read(_size(batch)):
        hand_over(visit, "read", now=now, batch_id=batch.pk, wishes=choice.as_wishes())
        return go(request, "import", visit, batch_id=batch.pk)
    try:
        batch = look_again(
            creditor=visit.creditor,
            batch_id=batch.pk,
            options=choice.options,
            mapping=choice.mapping,
            source_name=choice.source,
            now=now,
        )
    except AldiaError as error:
        messages.error(request, error.sentence)
        return go(request, "import", visit, batch_id=batch_id)
    return render(request, "desk/imports/review.html#review", review_context(batch))


def _size(batch: ImportBatch) -> int:
    """Of the content, which is not loaded for it."""
    return int(batch.options.get("facts", {}).get("bytes", 0))


def review_context(batch: ImportBatch) -> dict[str, Any]:
    """A staged batch, as understood so far."""
    heads, rows = first_rows(batch)
    facts = batch.options.get("facts", {})
    errors = int(batch.counts.get("errors", 0))
    blocking = any(each["severity"] == "error" and each["row"] is None for each in batch.findings)
    usable = sum(int(batch.counts.get(name, 0)) for name in ("new", "changed", "unchanged", "questioned"))
    return _head(batch) | {
        "figures": figures_of(batch.counts),
        "booked": booked_in_words(batch.counts),
        "questions": questions_of(batch),
        "errors": errors,
        "blocking": blocking,
        "usable": usable,
        "may_commit": bool(batch.counts) and not errors,
        "may_commit_partly": bool(errors) and not blocking and usable > 0,
        "groups": findings_by_severity(batch),
        "columns": columns_seen(batch),
        "labels": labels_of(batch.kind),
        "heads": heads,
        "rows": rows,
        "proofs": proofs(batch),
        "said": choices.as_it_is(batch).options,
        "facts": facts,
        "sheets": choices.sheets_of(batch),
        "date_formats": choices.DATE_FORMATS,
        "delimiters": choices.DELIMITERS,
        "encodings": choices.ENCODINGS,
        "source": batch.options.get("source", "default"),
        "seen": choices.fingerprint(batch),
    }


def _head(batch: ImportBatch) -> dict[str, Any]:
    state, mark = STATES[batch.state]
    return {"batch": batch, "kind": kind_label(batch.kind), "state": state, "mark": mark}


def _result_context(visit: Visit, batch: ImportBatch) -> dict[str, Any]:
    customers = (
        customers_of_batch(visit.creditor.pk, batch.pk, most=CUSTOMERS_SHOWN)
        if batch.state == "committed"
        else []
    )
    return _head(batch) | {
        "figures": figures_of(batch.counts),
        "booked": booked_in_words(batch.counts),
        "groups": findings_by_severity(batch),
        "customers": customers,
        "who": people_by_actor(visit.creditor.pk).get(batch.actor, batch.actor),
    }
