"""Messages about a promise to pay: its receipt, and the reminder of the day before."""

from collections.abc import Iterable
from datetime import datetime

from aldia.kernel.clock import business_date
from aldia.queries.outbox import sendable
from aldia.queries.ways import open_ways
from aldia.records.cases.models import Promise
from aldia.records.outreach.models import NOT_LEFT, Message, MessageKind, MessageLine
from aldia.rules.portfolio.promise_messages import CHANNELS, RECEIPT, TEMPLATES, TONE

_WITHDRAWN = "withdrawn"


def plan_receipt(promise: Promise, lines: Iterable[tuple[int, int]], *, now: datetime) -> str | None:
    """The customer is told what was taken down; the key of the message, None where there is no way to them.

    lines: (due line, minor units of it). In the transaction of the promise.
    """
    creditor = promise.creditor
    ways = open_ways(creditor, promise.customer_id, CHANNELS, now=now)
    channel = next((each for each in CHANNELS if each in ways and each in sendable(creditor)), None)
    if channel is None:
        return None
    message = Message.objects.create(
        creditor=creditor,
        once_key=f"promise:{promise.pk}/{RECEIPT}/1",
        customer_id=promise.customer_id,
        promise=promise,
        kind=MessageKind.PROMISE,
        step=RECEIPT,
        channel=channel,
        tone=TONE,
        template=TEMPLATES[RECEIPT],
        planned_on=business_date(now, creditor.time_zone),
    )
    MessageLine.objects.bulk_create(
        MessageLine(
            creditor=creditor,
            message=message,
            customer_id=promise.customer_id,
            due_line_id=line,
            currency=promise.currency,
            open_minor=minor,
            days_overdue=0,
        )
        for line, minor in lines
    )
    return message.once_key


def cancel_promise_messages(promise: Promise) -> int:
    """What was planned to be said of it and has not left is not said any more; how many messages."""
    rows = Message.objects.filter(promise=promise, kind=MessageKind.PROMISE, state__in=NOT_LEFT)
    return rows.update(state="cancelled", reason=_WITHDRAWN)
