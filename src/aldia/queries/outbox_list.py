"""The outbox as lists: what is about to leave, what is in doubt, what left, and what did not and why."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aldia.queries.asking import ask
from aldia.queries.outbox import units_free
from aldia.records.outreach.models import (
    DeliveryEvent,
    DeliveryState,
    Dispatch,
    DispatchAttachment,
    MessageChannel,
    MessageKind,
)
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor

ROWS_PER_PAGE = 50

_NOT_SENT = """
SELECT m.id, m.customer_id, c.code, c.name, m.kind, m.step, m.channel, m.state, m.reason, m.refusal,
       m.planned_on
FROM outreach_message m
JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = m.customer_id
WHERE m.creditor_id = %(creditor)s AND m.state IN ('cancelled', 'failed', 'skipped')
  AND (%(after)s::bigint IS NULL OR m.id < %(after)s)
ORDER BY m.id DESC LIMIT %(most)s
"""

_SENT = """
SELECT d.id, d.key, d.customer_id, c.code, c.name, d.channel, d.recipient, d.subject, d.state,
       d.finished_at, d.error, d.delivery
FROM outreach_dispatch d
JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = d.customer_id
WHERE d.creditor_id = %(creditor)s AND d.state = %(state)s
  AND (%(after)s::bigint IS NULL OR d.id < %(after)s)
ORDER BY d.id DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A line of any of the lists. at: when it left, or not before when. why: code of the refusal or failure.

    refusal: the gate's no as {rule, source, facts}. key: of the unit; dispatch_id: of what was sent.
    delivery: how far it is known to have come.
    """

    id: int
    customer_id: int
    code: str
    name: str
    what: str
    channel: str
    state: str
    at: datetime | None = None
    on: date | None = None
    why: str = ""
    refusal: dict[str, Any] | None = None
    key: str = ""
    recipient: str = ""
    delivery: str = ""

    @property
    def delivery_label(self) -> str:
        """«Devuelto», "" for no news."""
        return str(DeliveryState(self.delivery).label) if self.delivery else ""

    @property
    def channel_label(self) -> str:
        """«Correo electrónico»."""
        return str(MessageChannel(self.channel).label)


@dataclass(frozen=True, slots=True)
class OutboxPage:
    """next_after: id where the next page begins; None where this is the last."""

    rows: tuple[OutboxRow, ...]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class LeavingPage:
    """next_after: place of the last row, where the next page begins; None where this is the last."""

    rows: tuple[OutboxRow, ...]
    next_after: tuple[date, int] | None


def leaving(creditor: Creditor, titles: dict[str, str], *, after: tuple[date, int] | None) -> LeavingPage:
    """Approved, or in no need of it, and not yet gone; soonest first. why: what was said at the last try."""
    found = units_free(creditor, limit=ROWS_PER_PAGE + 1, after=after)
    units = [unit for _place, unit in found[:ROWS_PER_PAGE]]
    names = {c.pk: c for c in Customer.objects.filter(pk__in={each.customer_id for each in units})}
    rows = tuple(
        OutboxRow(
            id=each.message_ids[0],
            customer_id=each.customer_id,
            code=names[each.customer_id].code,
            name=names[each.customer_id].name,
            what=_title(each.kind, each.step, titles),
            channel=each.channel,
            state=each.state,
            at=each.not_before_at,
            on=each.planned_on,
            why=each.error,
            refusal=each.refusal,
            key=each.key,
        )
        for each in units
    )
    return LeavingPage(rows, found[ROWS_PER_PAGE - 1][0] if len(found) > ROWS_PER_PAGE else None)


def dispatched(creditor: Creditor, state: str, *, after: int | None) -> OutboxPage:
    """Dispatches that were sent, or that nobody knows the fate of (unknown); latest first."""
    rows = ask(_SENT, creditor=creditor.pk, state=state, after=after, most=ROWS_PER_PAGE + 1)
    made = tuple(
        OutboxRow(
            id=row["id"],
            customer_id=row["customer_id"],
            code=row["code"],
            name=row["name"],
            what=row["subject"],
            channel=row["channel"],
            state=row["state"],
            at=row["finished_at"],
            why=row["error"],
            key=row["key"],
            recipient=row["recipient"],
            delivery=row["delivery"],
        )
        for row in rows[:ROWS_PER_PAGE]
    )
    return OutboxPage(made, made[-1].id if len(rows) > ROWS_PER_PAGE else None)


def not_sent(creditor: Creditor, titles: dict[str, str], *, after: int | None) -> OutboxPage:
    """Messages that were withdrawn, refused, left out or failed; latest first."""
    rows = ask(_NOT_SENT, creditor=creditor.pk, after=after, most=ROWS_PER_PAGE + 1)
    made = tuple(
        OutboxRow(
            id=row["id"],
            customer_id=row["customer_id"],
            code=row["code"],
            name=row["name"],
            what=_title(row["kind"], row["step"], titles),
            channel=row["channel"],
            state=row["state"],
            on=row["planned_on"],
            why=row["reason"],
        )
        for row in rows[:ROWS_PER_PAGE]
    )
    return OutboxPage(made, made[-1].id if len(rows) > ROWS_PER_PAGE else None)


def dispatch_of(creditor: Creditor, dispatch_id: int) -> Dispatch | None:
    """What was sent, word for word."""
    found = Dispatch.objects.filter(creditor=creditor, pk=dispatch_id).select_related("customer")
    return found.first()


def news_of(dispatch: Dispatch) -> list[DeliveryEvent]:
    """What the other side has told of it, in order."""
    told = DeliveryEvent.objects.filter(creditor_id=dispatch.creditor_id, dispatch=dispatch)
    return list(told.order_by("at", "pk"))


def files_of(dispatch: Dispatch) -> list[DispatchAttachment]:
    """What its last attempt carried, without the contents."""
    carried = DispatchAttachment.objects.filter(creditor_id=dispatch.creditor_id, dispatch=dispatch)
    return list(carried.filter(attempt=dispatch.attempts).defer("content").order_by("name"))


def _title(kind: str, step: str, titles: dict[str, str]) -> str:
    return titles.get(step) or str(MessageKind(kind).label)
