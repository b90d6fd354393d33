"""Certified letters, what is known of each and what is still missing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from aldia.jurisdictions.certified import CertifiedKind, certified_kind, certified_kinds
from aldia.queries.asking import ask
from aldia.queries.claimed import addressees
from aldia.queries.letters import ROWS_PER_PAGE, LetterRow, Page, letter_of_id
from aldia.records.outreach.models import Certificate, CertifiedEvent, CertifiedEventKind
from aldia.records.tenancy.models import Creditor

_MISSING = {
    "handed_over": "anotar cuándo y con quién se envió",
    "tracking_number": "el número de seguimiento",
    "result": "saber si se entregó",
    "certificate": "el certificado",
}

_LIST = """
SELECT l.id, l.customer_id, c.code, c.name, d.subject, l.state, l.taken_at, l.posted_on, l.reason,
       h.service, h.carrier, h.tracking_number, r.kind AS result, r.on AS result_on,
       (SELECT count(*) FROM outreach_certificate f
        WHERE f.creditor_id = l.creditor_id AND f.letter_id = l.id) AS certificates
FROM outreach_letter l
JOIN outreach_dispatch d ON d.creditor_id = l.creditor_id AND d.id = l.dispatch_id
JOIN parties_customer c ON c.creditor_id = l.creditor_id AND c.id = l.customer_id
LEFT JOIN LATERAL (SELECT service, carrier, tracking_number FROM outreach_certified_event e
    WHERE e.creditor_id = l.creditor_id AND e.letter_id = l.id AND e.kind = 'handed_over'
    ORDER BY e.id DESC LIMIT 1) h ON true
LEFT JOIN LATERAL (SELECT kind, "on" FROM outreach_certified_event e
    WHERE e.creditor_id = l.creditor_id AND e.letter_id = l.id AND e.kind <> 'handed_over'
    ORDER BY e.id DESC LIMIT 1) r ON true
WHERE l.creditor_id = %(creditor)s AND l.channel = 'certified' {where}
ORDER BY l.id DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class CertifiedRow:
    """A certified letter. service, carrier, tracking_number: of its last handing over; result: the last thing
    that was learnt of it; None before."""

    id: int
    customer_id: int
    code: str
    name: str
    subject: str
    state: str
    taken_at: Any
    posted_on: date | None
    reason: str
    service: str | None
    carrier: str | None
    tracking_number: str | None
    result: str | None
    result_on: date | None
    certificates: int

    @property
    def missing(self) -> tuple[str, ...]:
        """What a person still has to do or to find out, as Spanish words; nothing once it is withdrawn."""
        if self.state == "withdrawn":
            return ()
        found = {
            "handed_over": self.posted_on,
            "tracking_number": self.tracking_number,
            "result": self.result,
            "certificate": self.certificates,
        }
        if not self.posted_on:
            return (_MISSING["handed_over"],)
        return tuple(_MISSING[name] for name, value in found.items() if not value)

    @property
    def result_label(self) -> str:
        """«Entregada al destinatario»; "" before."""
        return str(CertifiedEventKind(self.result).label) if self.result else ""

    @property
    def kind_title(self) -> str:
        """«Burofax»; "" before it was handed over."""
        kind = certified_kind(self.service or "")
        return kind.title if kind else ""


@dataclass(frozen=True, slots=True)
class CertifiedSheet:
    """One certified letter with all that is known of it. kinds: those to choose from for this customer."""

    letter: LetterRow
    row: CertifiedRow
    events: tuple[CertifiedEvent, ...]
    certificates: tuple[Certificate, ...]
    kinds: tuple[CertifiedKind, ...]


def certified_letters(creditor: Creditor, *, after: int | None = None) -> Page:
    """Latest first. In scope."""
    where = "AND (%(after)s::bigint IS NULL OR l.id < %(after)s)"
    rows = _rows(creditor, where, after=after, most=ROWS_PER_PAGE + 1)
    shown = tuple(rows[:ROWS_PER_PAGE])
    return Page(shown, shown[-1].id if len(rows) > ROWS_PER_PAGE else None)


def certified_sheet(creditor: Creditor, letter_id: int) -> CertifiedSheet | None:
    """One of them; None for none. In scope."""
    found = _rows(creditor, "AND l.id = %(id)s", id=letter_id, most=1)
    letter = letter_of_id(creditor, letter_id)
    if not found or letter is None:
        return None
    events = CertifiedEvent.objects.filter(creditor=creditor, letter_id=letter_id).order_by("pk")
    kept = Certificate.objects.filter(creditor=creditor, letter_id=letter_id).defer("content").order_by("pk")
    customer = addressees(creditor, {letter.customer_id})[letter.customer_id]
    return CertifiedSheet(
        letter=letter,
        row=found[0],
        events=tuple(events),
        certificates=tuple(kept),
        kinds=certified_kinds(customer.country or creditor.country),
    )


def _rows(creditor: Creditor, where: str, **values: Any) -> list[CertifiedRow]:
    return [CertifiedRow(**row) for row in ask(_LIST.format(where=where), creditor=creditor.pk, **values)]
