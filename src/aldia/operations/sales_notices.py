"""Telling salespeople that their customers are about to hear something firm. docs/rules/contact.md.

Told once per episode. Written in the transaction of what they tell of, before its audit entry.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from aldia.queries.places import holidays_of_creditor
from aldia.queries.salespeople_sql import HEARS_FIRST, IS_FIRM, NOTHING_FIRM_BEFORE
from aldia.records.parties.models import SalesNotice
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from aldia.rules.calendars import next_business_day
from aldia.rules.gate import FIRM_TONES
from aldia.rules.portfolio.coming import coming_steps
from aldia.rules.portfolio.engine import Decided

_TELL = f"""
INSERT INTO parties_sales_notice
    (creditor_id, customer_id, salesperson_id, once_key, step, tone, on_date, from_on, at)
SELECT DISTINCT ON (m.customer_id, m.episode_id)
       m.creditor_id, m.customer_id, s.id, 'episode:' || m.episode_id, m.step, m.tone,
       %(on)s, %(from_on)s, %(at)s
FROM {{rows}} m
{HEARS_FIRST}
WHERE {{which}} AND {NOTHING_FIRM_BEFORE}
ORDER BY m.customer_id, m.episode_id, m.rank DESC
ON CONFLICT DO NOTHING
"""

_PLANNED = _TELL.format(
    rows="outreach_message",
    which="m.creditor_id = %(creditor)s AND m.state IN ('planned', 'waiting_approval', 'approved')"
    f" AND {IS_FIRM}",
)
_THESE = _TELL.format(
    rows="outreach_message",
    which=f"m.creditor_id = %(creditor)s AND m.id = ANY(%(ids)s) AND {IS_FIRM}",
)
_COMING = _TELL.format(
    rows="(SELECT %(creditor)s::bigint AS creditor_id, 0 AS rank, t.* FROM unnest("
    "%(customers)s::bigint[], %(episodes)s::bigint[], %(steps)s::text[], %(tones)s::text[])"
    " AS t(customer_id, episode_id, step, tone))",
    which="true",
)


def tell_of_coming(
    *, creditor: Creditor, decided: Decided, customer_ids: Sequence[int], on: date, at: datetime
) -> int:
    """Tell of the firm steps that may fall due by the next working day, so that none has to wait; how many.

    customer_ids: those who have a salesperson.
    """
    if not customer_ids:
        return 0
    until = _next(creditor, on)
    coming = coming_steps(decided, until, customer_ids=customer_ids, tones=FIRM_TONES)
    if coming.is_empty():
        return 0
    return _told(
        _COMING,
        creditor,
        on,
        at,
        customers=coming["customer_id"].to_list(),
        episodes=coming["episode_id"].to_list(),
        steps=coming["step"].to_list(),
        tones=coming["tone"].to_list(),
    )


def tell_of_planned(*, creditor: Creditor, on: date, at: datetime) -> int:
    """Tell of every firm message that has not left and nobody was told of; how many."""
    return _told(_PLANNED, creditor, on, at)


def tell_of(*, creditor: Creditor, message_ids: Sequence[int], on: date, at: datetime) -> int:
    """Tell of these messages, where nobody was told; how many. For what a run did not foresee."""
    return _told(_THESE, creditor, on, at, ids=list(message_ids)) if message_ids else 0


def mark_seen(*, member: Membership, now: datetime, ids: Sequence[int] | None = None) -> int:
    """The person has seen these of their notices, or all of them (None); how many were new to them."""
    with transaction.atomic(), scope([member.creditor_id]):
        unread = SalesNotice.objects.filter(
            creditor_id=member.creditor_id, salesperson__member=member, read_at=None
        )
        return (unread if ids is None else unread.filter(pk__in=ids)).update(read_at=now)


def _next(creditor: Creditor, on: date) -> date:
    return next_business_day(on, holidays_of_creditor(creditor, on))


def _told(query: str, creditor: Creditor, on: date, at: datetime, **values: Any) -> int:
    assert connection.in_atomic_block, "a notice belongs to the transaction of what it tells"
    said = {"creditor": creditor.pk, "on": on, "from_on": _next(creditor, on), "at": at, **values}
    with connection.cursor() as cursor:
        cursor.execute(query, said)
        return int(cursor.rowcount)
