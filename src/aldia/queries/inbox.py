"""«Bandeja»: what customers answered and whether somebody has looked, beside what stands around it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from aldia.kernel.money import Money
from aldia.queries.asking import ask
from aldia.queries.copies import lines_with_copy
from aldia.queries.creditors import all_creditors
from aldia.records.outreach.models import InboundKind, InboundMessage, InboxAccount, MessageChannel
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

ROWS_PER_PAGE = 40
_EXCERPT = 160
_LINES_MAX = 40
_BETWEEN_MAX = 6
NOBODYS = "nobody"
"""Instead of a kind: those of which nobody knows whose they are."""

_ROWS = """
SELECT m.id, m.customer_id, coalesce(c.code, '') AS code, coalesce(c.name, '') AS name, m.channel, m.sender,
       m.sender_name, m.subject, left(m.text, %(excerpt)s) AS excerpt, m.kind, m.state, m.received_at,
       m.handled_by
FROM outreach_inbound_message m
LEFT JOIN parties_customer c ON c.creditor_id = m.creditor_id AND c.id = m.customer_id
WHERE m.creditor_id = %(creditor)s AND (m.state = 'new') = %(new)s
  AND (%(kind)s = '' OR m.kind = %(kind)s) AND (NOT %(nobodys)s OR m.customer_id IS NULL)
  AND (%(after)s::bigint IS NULL OR (m.received_at, m.id) < (
      SELECT l.received_at, l.id FROM outreach_inbound_message l
      WHERE l.creditor_id = %(creditor)s AND l.id = %(after)s))
ORDER BY m.received_at DESC, m.id DESC LIMIT %(most)s
"""

_COUNTS = """
SELECT kind, count(*) AS count, count(*) FILTER (WHERE customer_id IS NULL) AS nobodys
FROM outreach_inbound_message WHERE creditor_id = %(creditor)s AND state = 'new' GROUP BY kind
"""

_BETWEEN = """
SELECT * FROM (
    (SELECT 'ours' AS side, coalesce(finished_at, claimed_at) AS at, channel, subject,
            left(text, %(excerpt)s) AS excerpt
     FROM outreach_dispatch WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s
       AND state IN ('sent', 'unknown') ORDER BY claimed_at DESC LIMIT %(most)s)
    UNION ALL
    (SELECT 'theirs', received_at, channel, subject, left(text, %(excerpt)s)
     FROM outreach_inbound_message WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s
       AND id <> %(but)s ORDER BY received_at DESC LIMIT %(most)s)
) said ORDER BY at DESC LIMIT %(most)s
"""

_OPEN_LINES = """
SELECT l.id, coalesce(nullif(d.number, ''), l.source_key) AS number, l.due_date, l.currency, b.open_minor,
       EXISTS (SELECT FROM outreach_dispatch_line t WHERE t.creditor_id = l.creditor_id
               AND t.due_line_id = l.id AND t.dispatch_id = %(dispatch)s) AS was_told
FROM ledger_item_balance b
JOIN ledger_due_line l ON l.creditor_id = b.creditor_id AND l.id = b.due_line_id
JOIN ledger_document d ON d.creditor_id = l.creditor_id AND d.id = l.document_id
WHERE b.creditor_id = %(creditor)s AND l.customer_id = %(customer)s AND b.open_minor > 0
ORDER BY l.due_date, l.id LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A line of the list. customer_id: None while nobody knows whose it is."""

    id: int
    customer_id: int | None
    code: str
    name: str
    channel: str
    sender: str
    sender_name: str
    subject: str
    excerpt: str
    kind: str
    state: str
    received_at: datetime
    handled_by: str

    @property
    def kind_label(self) -> str:
        """«Dice que ha pagado»."""
        return str(InboundKind(self.kind).label)

    @property
    def channel_label(self) -> str:
        """«Correo electrónico»."""
        return str(MessageChannel(self.channel).label)


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Latest first. next_after: id of the last row, None where there are no more."""

    rows: tuple[InboxRow, ...]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """Of what nobody has looked at. by_kind: (kind, label, count), the most first."""

    total: int
    nobodys: int
    by_kind: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A message between the two. side: ours or theirs."""

    side: str
    at: datetime
    channel: str
    subject: str
    excerpt: str

    @property
    def channel_label(self) -> str:
        """«Correo electrónico»."""
        return str(MessageChannel(self.channel).label)


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A due line that may be what is contested or asked for. has_copy: of its document there is a copy.
    was_told: the message of ours that is answered speaks of it."""

    id: int
    number: str
    due_date: date
    open: Money
    has_copy: bool = False
    was_told: bool = False


def inbox_page(
    creditor: Creditor, *, new: bool = True, kind: str = "", after: int | None = None
) -> InboxPage:
    """kind: an InboundKind, NOBODYS, or "" for all. Inside a transaction in scope."""
    rows = ask(
        _ROWS,
        creditor=creditor.pk,
        new=new,
        kind="" if kind == NOBODYS else kind,
        nobodys=kind == NOBODYS,
        after=after,
        excerpt=_EXCERPT,
        most=ROWS_PER_PAGE + 1,
    )
    shown = tuple(InboxRow(**row) for row in rows[:ROWS_PER_PAGE])
    return InboxPage(shown, shown[-1].id if len(rows) > ROWS_PER_PAGE else None)


def inbox_counts(creditor_id: int) -> InboxCounts:
    """Inside a transaction in scope."""
    rows = ask(_COUNTS, creditor=creditor_id)
    by_kind = sorted(rows, key=lambda row: (-row["count"], row["kind"]))
    return InboxCounts(
        total=sum(row["count"] for row in rows),
        nobodys=sum(row["nobodys"] for row in rows),
        by_kind=tuple((row["kind"], str(InboundKind(row["kind"]).label), row["count"]) for row in by_kind),
    )


def inbound_message(creditor: Creditor, message_id: int) -> InboundMessage | None:
    """One answer with its customer and the message of ours that it answers."""
    rows = InboundMessage.objects.select_related("customer", "dispatch", "reply")
    return rows.filter(creditor_id=creditor.pk, pk=message_id).first()


def unread_of(creditor_id: int, customer_id: int) -> list[InboundMessage]:
    """What the customer answered and nobody has looked at, latest first; at most three."""
    rows = InboundMessage.objects.filter(creditor_id=creditor_id, customer_id=customer_id, state="new")
    return list(rows.order_by("-received_at", "-pk")[:3])


def said_between(creditor: Creditor, customer_id: int, *, but: int) -> list[Said]:
    """The last messages of both, latest first, without that answer."""
    rows = ask(
        _BETWEEN, creditor=creditor.pk, customer=customer_id, but=but, excerpt=_EXCERPT, most=_BETWEEN_MAX
    )
    return [Said(**row) for row in rows]


def open_lines_of(creditor: Creditor, customer_id: int, *, dispatch_id: int | None = None) -> list[OpenLine]:
    """The oldest forty. dispatch_id: of ours, that is answered."""
    rows: list[dict[str, Any]] = ask(
        _OPEN_LINES, creditor=creditor.pk, customer=customer_id, dispatch=dispatch_id, most=_LINES_MAX
    )
    copied = lines_with_copy(creditor, [row["id"] for row in rows])
    return [
        OpenLine(
            row["id"],
            row["number"],
            row["due_date"],
            Money(row["open_minor"], row["currency"]),
            has_copy=row["id"] in copied,
            was_told=row["was_told"],
        )
        for row in rows
    ]


def inbox_account(creditor: Creditor) -> InboxAccount | None:
    """The box that answers come into. Inside a transaction in scope."""
    return InboxAccount.objects.filter(creditor_id=creditor.pk).first()


def creditors_with_inbox() -> list[int]:
    """Ids of the creditors whose box is to be looked into. Opens its own transactions."""
    found = []
    for creditor in all_creditors():
        with transaction.atomic(), scope([creditor.pk]):
            if InboxAccount.objects.filter(creditor_id=creditor.pk).exists():
                found.append(creditor.pk)
    return found
