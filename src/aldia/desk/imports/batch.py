"""An import of the creditor, or 404; where a page goes next; what is too long for a request."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from aldia.desk.access import Visit
from aldia.queries.errands import open_errands, somebody_attends
from aldia.queries.import_batches import batch_of
from aldia.records.intake.models import ImportBatch

READ_AT_ONCE_BYTES = 1_000_000
"""Reading so much takes about a second; more is read behind the page."""

BOOK_AT_ONCE_ROWS = 5_000
"""Booking so many rows takes about a second; more are booked behind the page."""


def get_batch(visit: Visit, batch_id: int) -> ImportBatch:
    """Without its content. Raises Http404 for another creditor's."""
    batch = batch_of(visit.creditor.pk, batch_id)
    if batch is None:
        raise Http404
    return batch


def go(request: HttpRequest, name: str, visit: Visit, **names: int) -> HttpResponse:
    """To another page of the desk, whether a browser or htmx asks."""
    address = reverse(f"desk:{name}", kwargs={"creditor": visit.creditor.code, **names})
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def is_long_to_read(size: int) -> bool:
    """Whether the worker should read a file of so many bytes: if there is one."""
    return size > READ_AT_ONCE_BYTES and somebody_attends()


def is_long_to_book(visit: Visit, rows: int) -> bool:
    """Whether the worker should book or undo so many rows; also while other long work is under way, for
    imports of one creditor wait for each other."""
    is_long = rows > BOOK_AT_ONCE_ROWS or bool(open_errands(visit.creditor.pk))
    return is_long and somebody_attends()
