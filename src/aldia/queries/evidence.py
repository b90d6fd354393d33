"""What an evidence pack about one customer holds: the log's chain, and the words and files it names."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aldia.kernel.clock import business_date
from aldia.queries.asking import ask
from aldia.queries.verify_contacts import CANONICAL
from aldia.records.outreach.models import ContactHead
from aldia.records.tenancy.models import Creditor
from aldia.rules.contact_chain import digest_of, fingerprints_in, is_confidential

_ENTRIES = f"""
SELECT e.seq, e.entry_hash, {CANONICAL} AS canonical, e.at, e.kind, e.channel, e.address, e.subject, e.actor,
       e.payload
FROM outreach_contact_entry e
WHERE e.creditor_id = %(creditor)s AND e.customer_id = %(customer)s ORDER BY e.seq
"""

_ANCHORS = """
SELECT a.seq, a.entry_hash, r.on_date, g.sequence
FROM outreach_contact_anchor a
JOIN cases_daily_run r ON r.creditor_id = a.creditor_id AND r.id = a.run_id
LEFT JOIN audit_entry g ON g.creditor_id = a.creditor_id AND g.verb = 'contacts.anchored'
      AND g.subject = 'run:' || a.run_id
WHERE a.creditor_id = %(creditor)s AND a.customer_id = %(customer)s ORDER BY a.seq, a.id
"""

# Where words and files are that entries name by their SHA-256: sha256, name, content. All of the customer's.
SOURCES = (
    """
SELECT encode(sha256(convert_to(text, 'UTF8')), 'hex'), 'mensaje.txt', convert_to(text, 'UTF8')
FROM outreach_dispatch WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s AND text <> ''
""",
    """
SELECT encode(sha256(convert_to(html, 'UTF8')), 'hex'), 'mensaje.html', convert_to(html, 'UTF8')
FROM outreach_dispatch WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s AND html <> ''
""",
    """
SELECT sha256, name, content FROM outreach_dispatch_attachment
WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s AND content <> ''
""",
    """
SELECT a.sha256, a.name, c.content FROM outreach_dispatch_attachment a
JOIN ledger_document_copy c ON c.creditor_id = a.creditor_id AND c.sha256 = a.sha256
WHERE a.creditor_id = %(creditor)s AND a.customer_id = %(customer)s AND a.content = ''
""",
    """
SELECT encode(sha256(convert_to(note, 'UTF8')), 'hex'), 'nota.txt', convert_to(note, 'UTF8')
FROM outreach_reply WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s AND note <> ''
""",
    """
SELECT encode(sha256(convert_to(reason, 'UTF8')), 'hex'), 'nota.txt', convert_to(reason, 'UTF8')
FROM cases_task WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s AND reason <> ''
""",
    """
SELECT encode(sha256(convert_to(note, 'UTF8')), 'hex'), 'nota.txt', convert_to(note, 'UTF8')
FROM cases_call WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s AND note <> ''
""",
)


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry of the log. canonical: the text its hash covers. shown: whether it goes into the pack; one
    that does not is there by place and digest alone."""

    seq: int
    entry_hash: str
    canonical: str
    at: datetime
    kind: str
    channel: str
    address: str
    subject: str
    actor: str
    payload: dict[str, Any]
    shown: bool

    @property
    def digest(self) -> str:
        """Of the canonical text."""
        return digest_of(self.canonical)


@dataclass(frozen=True, slots=True)
class Content:
    """Words or a file. name: as it was sent, or what it is."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of the chain as a daily run found it; audit_sequence: the audit entry that says so."""

    seq: int
    entry_hash: str
    on_date: date
    audit_sequence: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """entries: the whole chain. contents: by SHA-256, what the shown entries name; missing: what they name
    and the house no longer has."""

    entries: tuple[LoggedEntry, ...]
    contents: dict[str, Content]
    missing: tuple[str, ...]
    anchors: tuple[Anchor, ...]


def log_length(creditor_id: int, customer_id: int) -> int:
    """How many entries the customer's log has. Inside a transaction in scope."""
    ends = ContactHead.objects.filter(creditor_id=creditor_id, customer_id=customer_id)
    return ends.values_list("seq", flat=True).first() or 0


def evidence_of(
    creditor: Creditor, customer_id: int, *, since: date | None = None, until: date | None = None
) -> Evidence:
    """The chain of one customer with everything it names. since, until: days of the creditor, both included;
    what lies outside is not shown, nor what is confidential. Inside a transaction in scope."""
    rows = [
        {**row, "payload": json.loads(row["payload"])}  # a raw cursor answers jsonb as its text
        for row in ask(_ENTRIES, creditor=creditor.pk, customer=customer_id)
    ]
    secret = {row["subject"] for row in rows if row["subject"] and is_confidential(row["payload"])}
    entries = tuple(
        LoggedEntry(**row, shown=_is_in(row, creditor, since, until) and not _is_secret(row, secret))
        for row in rows
    )
    wanted = set().union(*(fingerprints_in(each.payload) for each in entries if each.shown))
    contents = _contents(creditor, customer_id, wanted)
    return Evidence(
        entries=entries,
        contents=contents,
        missing=tuple(sorted(wanted - set(contents))),
        anchors=tuple(_anchor(row) for row in ask(_ANCHORS, creditor=creditor.pk, customer=customer_id)),
    )


def _is_in(row: dict[str, Any], creditor: Creditor, since: date | None, until: date | None) -> bool:
    day = business_date(row["at"], creditor.time_zone)
    return (since is None or since <= day) and (until is None or day <= until)


def _is_secret(row: dict[str, Any], secret: Collection[str]) -> bool:
    """Confidential itself, or about something that is: its delivery, its doubt, an answer to it."""
    payload = row["payload"]
    return is_confidential(payload) or row["subject"] in secret or payload.get("about") in secret


def _contents(creditor: Creditor, customer_id: int, wanted: Collection[str]) -> dict[str, Content]:
    parts = " UNION ALL ".join(f"SELECT * FROM ({each}) part (sha256, name, content)" for each in SOURCES)
    query = (
        f"SELECT DISTINCT ON (sha256) sha256, name, content FROM ({parts}) found"
        " WHERE sha256 = ANY (%(wanted)s) ORDER BY sha256, name"
    )
    rows = ask(query, creditor=creditor.pk, customer=customer_id, wanted=sorted(wanted)) if wanted else []
    return {row["sha256"]: Content(row["name"], bytes(row["content"])) for row in rows}


def _anchor(row: dict[str, Any]) -> Anchor:
    return Anchor(row["seq"], row["entry_hash"], row["on_date"], row["sequence"])
