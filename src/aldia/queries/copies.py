"""Copies of documents: what there is of each, their contents, and whose copy a file may be."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from aldia.queries.asking import ask
from aldia.queries.copy_addresses import address_of
from aldia.records.ledger.models import CopyKind
from aldia.records.tenancy.models import Creditor
from aldia.rules.copies import CopyFile, CopyMode, Occasion, OnHand
from aldia.rules.copy_names import number_key

COPIED = """coalesce((SELECT a.id FROM ledger_document a WHERE a.creditor_id = d.creditor_id
                  AND a.id = d.adjusts_id AND a.number = d.number), d.id)"""
"""The document whose copy it is: what a table added to an invoice later is kept as a document of its own,
under the same number, and there is but one paper of both."""

# The last version of each kind, in the order of the kinds: a PDF, then XML, then a link.
_IN_FORCE = """
SELECT * FROM (
    SELECT DISTINCT ON (c.document_id, c.kind) c.document_id, d.number, c.id, c.kind, c.withdrawn,
           c.file_name, c.content_type, c.size, c.sha256, c.url, c.recorded_by, c.recorded_at
    FROM ledger_document_copy c
    JOIN ledger_document d ON d.creditor_id = c.creditor_id AND d.id = c.document_id
    WHERE c.creditor_id = %(creditor)s AND c.document_id = ANY(%(ids)s)
    ORDER BY c.document_id, c.kind, c.id DESC
) last WHERE NOT withdrawn ORDER BY document_id, CASE kind WHEN 'pdf' THEN 1 WHEN 'xml' THEN 2 ELSE 3 END
"""

_VERSIONS = """
SELECT c.id, c.document_id, d.number, c.kind, c.withdrawn, c.file_name, c.content_type, c.size, c.sha256,
       c.url, c.recorded_by, c.recorded_at
FROM ledger_document_copy c
JOIN ledger_document d ON d.creditor_id = c.creditor_id AND d.id = c.document_id
WHERE c.creditor_id = %(creditor)s AND c.document_id = %(id)s ORDER BY c.id DESC LIMIT %(most)s
"""

_CONTENTS = """
SELECT id, content FROM ledger_document_copy WHERE creditor_id = %(creditor)s AND id = ANY(%(ids)s)
"""

_BY_KEY = f"""
SELECT d.id, d.number, d.customer_id FROM ledger_document d
WHERE d.creditor_id = %(creditor)s
  AND lower(regexp_replace(d.number, '[^0-9A-Za-z]', '', 'g')) = ANY(%(keys)s) AND d.id = {COPIED}
ORDER BY d.id
"""

_DOCUMENT = """
SELECT d.id, d.number, d.customer_id, c.name FROM ledger_document d
JOIN parties_customer c ON c.creditor_id = d.creditor_id AND c.id = d.customer_id
WHERE d.creditor_id = %(creditor)s AND d.id = %(id)s
"""

_WITH_COPY = f"""
SELECT l.id FROM ledger_due_line l
JOIN ledger_document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id
WHERE l.creditor_id = %(creditor)s AND l.id = ANY(%(ids)s) AND d.customer_id = l.customer_id AND EXISTS (
    SELECT FROM ledger_document_copy c WHERE c.creditor_id = l.creditor_id AND c.document_id = {COPIED}
      AND NOT c.withdrawn AND NOT EXISTS (
        SELECT FROM ledger_document_copy later WHERE later.creditor_id = c.creditor_id
          AND later.document_id = c.document_id AND later.kind = c.kind AND later.id > c.id))
"""

_COPIED = f"""
SELECT d.id, {COPIED} AS copied FROM ledger_document d
WHERE d.creditor_id = %(creditor)s AND d.id = ANY(%(ids)s)
"""

VERSIONS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Copy:
    """One version of a copy. number: of its document. recorded_by: actor."""

    id: int
    document_id: int
    number: str
    kind: str
    withdrawn: bool
    file_name: str
    content_type: str
    size: int
    sha256: str
    url: str
    recorded_by: str
    recorded_at: datetime

    @property
    def kind_label(self) -> str:
        """Spanish."""
        return str(CopyKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class Copies:
    """Of one document. in_force: at most one of each kind, the PDF first. versions: all, the latest first."""

    in_force: tuple[Copy, ...] = ()
    versions: tuple[Copy, ...] = field(default=())


def copied_documents(creditor_id: int, document_ids: Iterable[int]) -> dict[int, int]:
    """Document → the one whose copy is its own as well, mostly itself; none for what the scope lacks."""
    rows = ask(_COPIED, creditor=creditor_id, ids=sorted(set(document_ids)))
    return {row["id"]: row["copied"] for row in rows}


def copies_of(creditor: Creditor, document_id: int) -> Copies:
    """What there is of a document and how it came to be; three SELECTs, in scope."""
    document_id = copied_documents(creditor.pk, [document_id]).get(document_id, document_id)
    rows = ask(_IN_FORCE, creditor=creditor.pk, ids=[document_id])
    versions = ask(_VERSIONS, creditor=creditor.pk, id=document_id, most=VERSIONS_SHOWN)
    return Copies(tuple(Copy(**row) for row in rows), tuple(Copy(**row) for row in versions))


def copies_on_hand(creditor: Creditor, document_ids: Iterable[int], *, today: date) -> dict[int, OnHand]:
    """By document, what may go with a message; without contents. One SELECT, none for no documents."""
    ids = sorted(set(document_ids))
    if not ids:
        return {}
    found: dict[int, list[Mapping[str, Any]]] = {}
    for row in ask(_IN_FORCE, creditor=creditor.pk, ids=ids):
        found.setdefault(row["document_id"], []).append(row)
    return {document: _on_hand(creditor, document, rows, today) for document, rows in found.items()}


def _on_hand(creditor: Creditor, document: int, rows: Sequence[Mapping[str, Any]], today: date) -> OnHand:
    files = tuple(
        CopyFile(row["id"], row["kind"], row["content_type"], row["size"], row["sha256"])
        for row in rows
        if row["kind"] != "link"
    )
    return OnHand(
        document_id=document,
        number=rows[0]["number"],
        files=files,
        link=next((row["url"] for row in rows if row["kind"] == "link"), ""),
        address=address_of(creditor, document, today=today) if files else "",
    )


def mode_of(creditor: Creditor, occasion: Occasion) -> CopyMode:
    """What the creditor has chosen; who asks for a copy gets it attached."""
    chosen = {
        Occasion.DELIVERY: creditor.copies_at_delivery,
        Occasion.REMINDERS: creditor.copies_in_reminders,
        Occasion.DEMANDS: creditor.copies_in_demands,
        Occasion.REQUEST: CopyMode.ATTACHED,
    }
    return CopyMode(chosen[occasion])


def contents_of(creditor: Creditor, copy_ids: Collection[int]) -> dict[int, bytes]:
    """The files themselves by id; one SELECT, none for no ids. In scope."""
    rows = ask(_CONTENTS, creditor=creditor.pk, ids=sorted(copy_ids)) if copy_ids else []
    return {row["id"]: bytes(row["content"]) for row in rows}


def file_of(creditor: Creditor, document_id: int, kind: str = "") -> tuple[Copy, bytes] | None:
    """The file in force of that kind, else the PDF, else the XML; None where there is none."""
    rows = ask(_IN_FORCE, creditor=creditor.pk, ids=[document_id])
    chosen = next((row for row in rows if row["kind"] != "link" and kind in ("", row["kind"])), None)
    if chosen is None:
        return None
    return Copy(**chosen), contents_of(creditor, [chosen["id"]])[chosen["id"]]


def version_of(creditor: Creditor, document_id: int, copy_id: int) -> tuple[Copy, bytes] | None:
    """A file as it was, also one that has been replaced."""
    document_id = copied_documents(creditor.pk, [document_id]).get(document_id, document_id)
    rows = ask(_VERSIONS, creditor=creditor.pk, id=document_id, most=10_000)
    chosen = next((row for row in rows if row["id"] == copy_id and row["size"]), None)
    return (Copy(**chosen), contents_of(creditor, [copy_id])[copy_id]) if chosen else None


def document_named(creditor: Creditor, document_id: int) -> Mapping[str, Any] | None:
    """id, number, customer_id and name of the customer; None for what the scope does not hold."""
    return next(iter(ask(_DOCUMENT, creditor=creditor.pk, id=document_id)), None)


def documents_by_key(creditor: Creditor, keys: Collection[str]) -> dict[str, list[Mapping[str, Any]]]:
    """number_key → documents that have it; one SELECT, none for no keys."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in ask(_BY_KEY, creditor=creditor.pk, keys=sorted(keys)) if keys else []:
        found.setdefault(number_key(row["number"]), []).append(row)
    return found


def lines_with_copy(creditor: Creditor, line_ids: Collection[int]) -> frozenset[int]:
    """Those of the due lines whose document has a copy in force."""
    rows = ask(_WITH_COPY, creditor=creditor.pk, ids=sorted(line_ids)) if line_ids else []
    return frozenset(row["id"] for row in rows)
