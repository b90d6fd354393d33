"""`/copias/…`: the copy of a document, by the signed address that stood in a message."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from aldia.kernel import clock
from aldia.queries.copies import file_of
from aldia.queries.copy_addresses import opened
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.copies import attached_name

METHODS = ("GET", "HEAD")
_GONE = (
    "Este enlace ha caducado o la copia se ha retirado. Pídala a quien se la envió.\n"
    "This link has expired or the copy was withdrawn. Please ask whoever sent it to you.\n"
)
_NOT_THERE = "Aquí no hay nada. / There is nothing here.\n"


def give_copy(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """The file in force of the document the token names; whatever is wrong with the token, the same 404."""
    if request.method not in METHODS:
        return _kept_private(HttpResponse(status=405, headers={"Allow": ", ".join(METHODS)}))
    creditor = Creditor.objects.filter(code=code).first()
    said = opened(creditor, token) if creditor else None
    if creditor is None or said is None:
        return _plain(_NOT_THERE, HTTPStatus.NOT_FOUND)
    if clock.business_date(clock.now(), creditor.time_zone) > said.until:
        return _plain(_GONE, HTTPStatus.GONE)
    return _file(creditor, said.document_id)


def _file(creditor: Creditor, document_id: int) -> HttpResponse:
    with scope([creditor.pk], until_commit=True):
        found = file_of(creditor, document_id)
    if found is None:
        return _plain(_GONE, HTTPStatus.GONE)
    copy, content = found
    name = attached_name(copy.number, copy.kind, set())
    response = HttpResponse(content, content_type=copy.content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return _kept_private(response)


def _plain(text: str, status: int) -> HttpResponse:
    return _kept_private(HttpResponse(text, status=status, content_type="text/plain; charset=utf-8"))


def _kept_private(response: HttpResponse) -> HttpResponse:
    """For whoever opened it alone: no shared cache, no search engine, no word to other pages."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    return response
