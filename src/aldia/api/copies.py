"""Copies of documents: the file or the address that goes with messages."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Router
from pydantic import Field

from aldia.api.caller import ApiRequest, Caller
from aldia.api.documents import found
from aldia.api.fields import Asks, Id, Line, Tells
from aldia.api.operation import deletes, puts, reads
from aldia.formats.copies import FILE_BYTES_MAX
from aldia.kernel import clock
from aldia.operations.copies import put_copy, put_copy_link, withdraw_copy
from aldia.queries.copies import copies_of, document_named
from aldia.records.ledger.models import COPY_URL_MAX
from aldia.rules.api_scopes import ApiScope

router = Router(tags=["documents"])


class Copy(Tells):
    """Una copia vigente. size: bytes; sha256: del contenido; en blanco si es un enlace."""

    kind: str
    file_name: str
    content_type: str
    size: int
    sha256: str
    url: str
    recorded_at: datetime


class DocumentCopies(Tells):
    """Las copias vigentes de un documento: como mucho un PDF, un XML y un enlace."""

    document: int
    copies: list[Copy]


class NewLink(Asks):
    """Dónde se puede abrir el documento sin clave. url: empieza por https://."""

    url: Annotated[str, Field(min_length=1, max_length=COPY_URL_MAX)]


@reads(router, "/documents/{document_id}/copy", scope=ApiScope.DOCUMENTS_READ, gives=DocumentCopies)
def get_document_copy(request: ApiRequest, document_id: Id) -> dict[str, Any]:
    """Las copias vigentes de un documento, sin su contenido."""
    return _told(request.auth, document_id)


@puts(
    router,
    "/documents/{document_id}/copy",
    scope=ApiScope.DOCUMENTS_WRITE,
    gives=DocumentCopies,
    media=("application/pdf", "application/xml"),
)
def put_document_copy(request: ApiRequest, document_id: Id, file_name: Line = "") -> dict[str, Any]:
    """Guarda el archivo del cuerpo como copia del documento.

    Un PDF o una factura electrónica en XML, de hasta 5 MiB, tal cual en el cuerpo; qué es lo dice su
    contenido. Sustituye a la copia de la misma clase; repetirlo con el mismo archivo no cambia nada.
    """
    content = request.read(FILE_BYTES_MAX + 1)
    put_copy(document_id=document_id, file_name=file_name or "copia", content=content, **_who(request.auth))
    return _told(request.auth, document_id)


@puts(router, "/documents/{document_id}/copy-link", scope=ApiScope.DOCUMENTS_WRITE, gives=DocumentCopies)
def put_document_copy_link(request: ApiRequest, document_id: Id, said: NewLink) -> dict[str, Any]:
    """Guarda la dirección en la que el cliente puede abrir el documento."""
    put_copy_link(document_id=document_id, url=said.url, **_who(request.auth))
    return _told(request.auth, document_id)


@deletes(router, "/documents/{document_id}/copy/{kind}", scope=ApiScope.DOCUMENTS_WRITE, gives=DocumentCopies)
def delete_document_copy(
    request: ApiRequest, document_id: Id, kind: Literal["pdf", "xml", "link"]
) -> dict[str, Any]:
    """Retira la copia de esa clase: ya no va con ningún mensaje. La historia queda."""
    withdraw_copy(document_id=document_id, kind=kind, **_who(request.auth))
    return _told(request.auth, document_id)


def _who(caller: Caller) -> dict[str, Any]:
    return {"creditor": caller.creditor, "actor": caller.actor, "now": clock.now()}


def _told(caller: Caller, document_id: int) -> dict[str, Any]:
    document = found(dict(document_named(caller.creditor, document_id) or {}) or None)
    copies = copies_of(caller.creditor, document_id)
    return {"document": document["id"], "copies": [asdict(each) for each in copies.in_force]}
