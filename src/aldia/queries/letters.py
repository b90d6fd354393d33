"""Letters in the tray, printed, posted and withdrawn; the batches they are printed in; their files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aldia.formats.paper import joined_pdf
from aldia.formats.spreadsheet import csv_bytes
from aldia.queries.asking import ask
from aldia.queries.claimed import addressees
from aldia.queries.papers import window_of
from aldia.records.outreach.models import LetterState, PrintBatch
from aldia.records.tenancy.models import Creditor

ROWS_PER_PAGE = 50
ADDRESS_HEADS = (
    "Carta",
    "Código",
    "Línea 1",
    "Línea 2",
    "Línea 3",
    "Línea 4",
    "Línea 5",
    "Línea 6",
    "Páginas",
)

_LETTERS = """
SELECT l.id, l.dispatch_id, l.customer_id, c.code, c.name, d.subject, d.recipient, d.recipient_name, d.text,
       d.key, l.channel, l.state, l.pages, l.sha256, l.taken_at, b.number AS batch, l.posted_on, l.reason,
       l.withdrawn_at
FROM outreach_letter l
JOIN outreach_dispatch d ON d.creditor_id = l.creditor_id AND d.id = l.dispatch_id
JOIN parties_customer c ON c.creditor_id = l.creditor_id AND c.id = l.customer_id
LEFT JOIN outreach_print_batch b ON b.creditor_id = l.creditor_id AND b.id = l.batch_id
WHERE l.creditor_id = %(creditor)s {where}
"""

_BATCHES = """
SELECT b.number, b.made_at, b.posted_on, count(l.id) AS letters, coalesce(sum(l.pages), 0)::integer AS pages
FROM outreach_print_batch b
LEFT JOIN outreach_letter l
  ON l.creditor_id = b.creditor_id AND l.batch_id = b.id AND l.state IN ('printed', 'posted')
WHERE b.creditor_id = %(creditor)s AND (%(after)s::integer IS NULL OR b.number < %(after)s)
GROUP BY b.id ORDER BY b.number DESC LIMIT %(most)s
"""

_COUNTS = """
SELECT channel, state, count(*) AS letters, sum(pages)::integer AS pages
FROM outreach_letter WHERE creditor_id = %(creditor)s GROUP BY channel, state
"""

_PDFS = """
SELECT l.id, a.content
FROM outreach_letter l
JOIN outreach_dispatch_attachment a ON a.creditor_id = l.creditor_id AND a.dispatch_id = l.dispatch_id
  AND a.attempt = l.attempt AND a.sha256 = l.sha256
WHERE l.creditor_id = %(creditor)s AND l.id = ANY(%(ids)s)
"""


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter in a list. recipient: the address as it was when it was written. batch: number, None for none.
    reason: why it was withdrawn."""

    id: int
    dispatch_id: int
    customer_id: int
    code: str
    name: str
    subject: str
    recipient: str
    recipient_name: str
    text: str
    key: str
    channel: str
    state: str
    pages: int
    sha256: str
    taken_at: datetime
    batch: int | None
    posted_on: date | None
    reason: str
    withdrawn_at: datetime | None

    @property
    def state_label(self) -> str:
        """«En la bandeja»."""
        return str(LetterState(self.state).label)


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A print batch: how many letters and pages are in it now."""

    number: int
    made_at: datetime
    posted_on: date | None
    letters: int
    pages: int


@dataclass(frozen=True, slots=True)
class Page:
    """rows, and the id or number after which the next page begins; None at the end."""

    rows: tuple[Any, ...]
    next_after: int | None


def letters_in(creditor: Creditor, state: str, *, channel: str = "letter", after: int | None = None) -> Page:
    """One page of the letters in that state: the tray oldest first, else latest first. In scope."""
    oldest_first = state == "tray"
    beyond = f"AND (%(after)s::bigint IS NULL OR l.id {'>' if oldest_first else '<'} %(after)s)"
    where = f"AND l.channel = %(channel)s AND l.state = %(state)s {beyond}"
    order = f"ORDER BY l.id {'ASC' if oldest_first else 'DESC'} LIMIT %(most)s"
    rows = ask(
        _LETTERS.format(where=where) + order,
        creditor=creditor.pk,
        channel=channel,
        state=state,
        after=after,
        most=ROWS_PER_PAGE + 1,
    )
    shown = tuple(LetterRow(**row) for row in rows[:ROWS_PER_PAGE])
    return Page(shown, shown[-1].id if len(rows) > ROWS_PER_PAGE else None)


def letters_of_batch(creditor: Creditor, number: int) -> list[LetterRow]:
    """Those that are in it, in the order of printing; withdrawn ones among them. In scope."""
    return _letters(creditor, "AND b.number = %(number)s ORDER BY l.id", number=number)


def letter_of_id(creditor: Creditor, letter_id: int) -> LetterRow | None:
    """One of them, or None. In scope."""
    found = _letters(creditor, "AND l.id = %(id)s", id=letter_id)
    return found[0] if found else None


def _letters(creditor: Creditor, where: str, **values: Any) -> list[LetterRow]:
    rows = ask(_LETTERS.format(where=where), creditor=creditor.pk, **values)
    return [LetterRow(**row) for row in rows]


def batches(creditor: Creditor, *, after: int | None = None) -> Page:
    """Latest first. In scope."""
    rows = ask(_BATCHES, creditor=creditor.pk, after=after, most=ROWS_PER_PAGE + 1)
    shown = tuple(BatchRow(**row) for row in rows[:ROWS_PER_PAGE])
    return Page(shown, shown[-1].number if len(rows) > ROWS_PER_PAGE else None)


def batch_of(creditor: Creditor, number: int) -> PrintBatch | None:
    """By its number. In scope."""
    return PrintBatch.objects.filter(creditor_id=creditor.pk, number=number).first()


def letter_counts(creditor: Creditor) -> dict[tuple[str, str], tuple[int, int]]:
    """(channel, state) → letters, pages. In scope."""
    rows = ask(_COUNTS, creditor=creditor.pk)
    return {(row["channel"], row["state"]): (row["letters"], row["pages"]) for row in rows}


def pdfs_of(creditor: Creditor, letter_ids: Sequence[int]) -> list[bytes]:
    """The finished PDFs in the order of the ids. In scope."""
    rows = ask(_PDFS, creditor=creditor.pk, ids=list(letter_ids))
    found = {row["id"]: bytes(row["content"]) for row in rows}
    return [found[each] for each in letter_ids]


def print_file(creditor: Creditor, batch: PrintBatch, *, duplex: bool) -> bytes:
    """All letters of the batch as one PDF, without those that were withdrawn. duplex: each begins on a front.

    Raises PaperFailed. In scope.
    """
    ids = [each.id for each in letters_of_batch(creditor, batch.number) if each.state != "withdrawn"]
    title = f"Cartas, lote {batch.number} · {creditor.name}"
    return joined_pdf(pdfs_of(creditor, ids), title=title, at=batch.made_at, duplex=duplex)


def address_file(creditor: Creditor, number: int) -> bytes:
    """The addresses of the batch as CSV, one letter to a line, in the order of printing. In scope."""
    shown = [each for each in letters_of_batch(creditor, number) if each.state != "withdrawn"]
    customers = addressees(creditor, {each.customer_id for each in shown})
    rows = []
    for each in shown:
        lines = window_of(creditor, customers[each.customer_id], each.recipient_name, each.recipient)
        cells = (*lines[:5], ", ".join(lines[5:]))
        rows.append((each.id, each.code, *cells, *("" for _ in range(6 - len(cells))), each.pages))
    return csv_bytes(ADDRESS_HEADS, rows)
