"""Copies of documents are brought, one by one or many at once, and withdrawn. docs/rules/copies.md."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from aldia.formats.copies import CopyRefused, Found, ReadCopy, files_in, read_copy
from aldia.operations.audit import record_event
from aldia.operations.refusals import NoSuchRow
from aldia.queries.copies import copied_documents, documents_by_key
from aldia.records.ledger.models import COPY_URL_MAX, CopyKind, Document, DocumentCopy
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.copy_names import keys_in, match_by_name

_NAME_MAX = 200
_By = tuple[str, datetime]  # who, when


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one file. number: of its document, "" where it has none. why: Spanish, where it was not
    kept. again: the document had just this file already."""

    file_name: str
    document_id: int | None = None
    number: str = ""
    why: str = ""
    again: bool = False

    @property
    def is_kept(self) -> bool:
        """It is the copy of its document now."""
        return self.document_id is not None and not self.why


def put_copy(
    *, creditor: Creditor, document_id: int, file_name: str, content: bytes, actor: str, now: datetime
) -> bool:
    """The file is the document's copy of its kind from now on; what was before stays as an older version.

    False: it was so already, byte by byte. Raises NoSuchRow, CopyRefused.
    """
    read = read_copy(content, file_name)
    with transaction.atomic(), scope([creditor.pk]):
        document = _locked(creditor, document_id)
        if not _keep(document, read, file_name, actor, now):
            return False
        payload = {"kind": read.kind, "size": len(read.content), "sha256": read.sha256}
        _record(creditor, "copy.brought", f"document:{document.pk}", (actor, now), payload)
    return True


def put_copy_link(*, creditor: Creditor, document_id: int, url: str, actor: str, now: datetime) -> bool:
    """The document can be had there from now on. False: it was so already. Raises NoSuchRow, CopyRefused."""
    address = checked_link(url)
    with transaction.atomic(), scope([creditor.pk]):
        document = _locked(creditor, document_id)
        before = _last(document, CopyKind.LINK)
        if before is not None and before.url == address:
            return False
        DocumentCopy.objects.create(
            creditor_id=creditor.pk,
            document=document,
            kind=CopyKind.LINK,
            url=address,
            recorded_by=actor,
            recorded_at=now,
        )
        _record(creditor, "copy.linked", f"document:{document.pk}", (actor, now), {})
    return True


def withdraw_copy(*, creditor: Creditor, document_id: int, kind: str, actor: str, now: datetime) -> bool:
    """There is none of that kind any more: it goes with no message, and its address answers nothing.

    False: there was none. Raises NoSuchRow.
    """
    with transaction.atomic(), scope([creditor.pk]):
        document = _locked(creditor, document_id)
        if kind not in CopyKind.values or _last(document, kind) is None:
            return False
        DocumentCopy.objects.create(
            creditor_id=creditor.pk,
            document=document,
            kind=kind,
            withdrawn=True,
            recorded_by=actor,
            recorded_at=now,
        )
        _record(creditor, "copy.withdrawn", f"document:{document.pk}", (actor, now), {"kind": kind})
    return True


def put_copies(
    *, creditor: Creditor, uploads: Iterable[tuple[str, bytes]], actor: str, now: datetime
) -> list[Brought]:
    """Many files, or a ZIP of them, each to the document whose number its name says.

    What is certain is kept, in one transaction; what is not is told with its reason, and nothing of it stays.
    Raises CopyRefused: too many files, too large, an archive that cannot be opened; then nothing is kept.
    """
    found = files_in(uploads)
    with transaction.atomic(), scope([creditor.pk]):
        told = _matched(creditor, found)
        kept = 0
        for place, (brought, read) in enumerate(told):
            if brought.document_id is None or read is None or brought.why:
                continue
            document = _locked(creditor, brought.document_id)
            if _keep(document, read, brought.file_name, actor, now):
                kept += 1
            else:
                again = Brought(brought.file_name, document.pk, document.number, again=True)
                told[place] = (again, read)
        if kept:
            payload = {"files": len(found), "kept": kept}
            _record(creditor, "copy.many_brought", f"creditor:{creditor.pk}", (actor, now), payload)
    return [brought for brought, _read in told]


def checked_link(url: str) -> str:
    """The address as it is kept. Raises CopyRefused."""
    address = url.strip()
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    printed = address.isascii() and address.isprintable() and " " not in address
    if not printed or parts.scheme != "https" or "." not in host or parts.username is not None:
        raise CopyRefused("El enlace tiene que ser una dirección completa que empiece por https://.", file="")
    if len(address) > COPY_URL_MAX:
        raise CopyRefused(f"El enlace pasa de {COPY_URL_MAX} caracteres.", file="")
    return address


def _matched(creditor: Creditor, found: Sequence[Found]) -> list[tuple[Brought, ReadCopy | None]]:
    """Every file with what it is and whose; two that would be the same copy of one document are neither."""
    read = [_read(each) for each in found]
    keys = set().union(
        *(keys_in(each.name) for each, (_copy, why) in zip(found, read, strict=True) if not why)
    )
    documents = documents_by_key(creditor, keys)
    numbers = {row["id"]: row["number"] for rows in documents.values() for row in rows}
    ids = {key: [row["id"] for row in rows] for key, rows in documents.items()}
    told: list[tuple[Brought, ReadCopy | None]] = []
    for each, (copy, why) in zip(found, read, strict=True):
        match = match_by_name(each.name, ids)
        document = match.document_id if not why else None
        told.append((Brought(each.name, document, numbers.get(document or 0, ""), why or match.why), copy))
    wanted = Counter(
        (brought.document_id, copy.kind) for brought, copy in told if brought.document_id and copy
    )
    return [
        (_twice(brought), copy)
        if copy and brought.document_id and wanted[brought.document_id, copy.kind] > 1
        else (brought, copy)
        for brought, copy in told
    ]


def _read(found: Found) -> tuple[ReadCopy | None, str]:
    if found.why:
        return None, found.why
    try:
        return read_copy(found.content, found.name), ""
    except CopyRefused as refusal:
        return None, refusal.sentence[:1].lower() + refusal.sentence[1:].rstrip(".")


def _twice(brought: Brought) -> Brought:
    return Brought(brought.file_name, None, "", f"hay varios archivos para «{brought.number}»: elija uno")


def _locked(creditor: Creditor, document_id: int) -> Document:
    """The document whose copy it is; who brings copies of it at the same time waits. Raises NoSuchRow."""
    own = copied_documents(creditor.pk, [document_id]).get(document_id, document_id)
    rows = Document.objects.select_for_update(no_key=True).filter(creditor_id=creditor.pk, pk=own)
    document = rows.first()
    if document is None:
        raise NoSuchRow("No hay ningún documento así.", document=document_id)
    return document


def _last(document: Document, kind: str) -> DocumentCopy | None:
    """The version in force, without its content."""
    rows = DocumentCopy.objects.filter(creditor_id=document.creditor_id, document=document, kind=kind)
    last = rows.defer("content").order_by("-pk").first()
    return None if last is None or last.withdrawn else last


def _keep(document: Document, read: ReadCopy, file_name: str, actor: str, now: datetime) -> bool:
    before = _last(document, read.kind)
    if before is not None and before.sha256 == read.sha256:
        return False
    DocumentCopy.objects.create(
        creditor_id=document.creditor_id,
        document=document,
        kind=read.kind,
        file_name=file_name[:_NAME_MAX] or "archivo",
        content_type=read.content_type,
        size=len(read.content),
        sha256=read.sha256,
        content=read.content,
        recorded_by=actor,
        recorded_at=now,
    )
    return True


def _record(creditor: Creditor, verb: str, subject: str, by: _By, payload: dict[str, Any]) -> None:
    actor, now = by
    record_event(creditor_id=creditor.pk, verb=verb, subject=subject, actor=actor, payload=payload, at=now)
