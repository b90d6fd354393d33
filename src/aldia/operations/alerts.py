"""Telling people of the house: who works the case or the customer, or those who lead where nobody does.

Told once per key and person. Written in the transaction of what they tell of, before its audit entry.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from aldia.operations.audit import record_event
from aldia.queries.work_members import WORKING_ROLES
from aldia.records.outreach.models import Alert, AlertChoice, AlertKind
from aldia.records.tenancy.models import Membership
from aldia.records.tenancy.scope import scope

ARREARS_ONE_BY_ONE_MAX = 20
"""More customers than these who begin to owe in one run are told to a person as one number."""

# Whose the open case is, while able to work it; else whose the customer is, while that person has access;
# else the managers, else the administrators.
_RECIPIENTS = """
CROSS JOIN LATERAL (SELECT coalesce(
    (SELECT k.owner_id FROM cases_case k
     JOIN tenancy_membership o ON o.creditor_id = k.creditor_id AND o.id = k.owner_id
     JOIN tenancy_user u ON u.id = o.user_id
     WHERE k.creditor_id = c.creditor_id AND k.customer_id = c.id AND k.state <> 'closed'
       AND o.ended_at IS NULL AND u.is_active AND o.role = ANY(%(working)s)),
    (SELECT o.id FROM tenancy_membership o
     WHERE o.creditor_id = c.creditor_id AND o.id = c.owner_id AND o.ended_at IS NULL)) AS id) w
JOIN tenancy_membership m ON m.creditor_id = c.creditor_id AND m.ended_at IS NULL AND CASE
    WHEN w.id IS NOT NULL THEN m.id = w.id
    WHEN EXISTS (SELECT FROM tenancy_membership l WHERE l.creditor_id = c.creditor_id
                 AND l.role = 'manager' AND l.ended_at IS NULL) THEN m.role = 'manager'
    ELSE m.role = 'administrator' END
"""

# Who leads the team of the member, else the managers, else the administrators.
_LEADS = """
JOIN tenancy_membership m ON m.creditor_id = c.creditor_id AND m.ended_at IS NULL AND CASE
    WHEN EXISTS (SELECT FROM cases_collector k
                 JOIN cases_team t ON t.creditor_id = k.creditor_id AND t.id = k.team_id
                 JOIN tenancy_membership l ON l.creditor_id = t.creditor_id AND l.id = t.lead_id
                 WHERE k.creditor_id = c.creditor_id AND k.member_id = %(led_by)s AND l.ended_at IS NULL)
    THEN m.id = (SELECT t.lead_id FROM cases_collector k
                 JOIN cases_team t ON t.creditor_id = k.creditor_id AND t.id = k.team_id
                 WHERE k.creditor_id = c.creditor_id AND k.member_id = %(led_by)s)
    WHEN EXISTS (SELECT FROM tenancy_membership l WHERE l.creditor_id = c.creditor_id
                 AND l.role = 'manager' AND l.ended_at IS NULL) THEN m.role = 'manager'
    ELSE m.role = 'administrator' END
"""

_ALERT = """
INSERT INTO outreach_alert (creditor_id, member_id, customer_id, kind, once_key, subject, detail, count, at)
SELECT c.creditor_id, m.id, c.id, %(kind)s, %(once_key)s, %(subject)s, %(detail)s, 1, %(at)s
FROM parties_customer c {recipients}
WHERE c.creditor_id = %(creditor)s AND c.id = %(customer)s
ORDER BY m.id ON CONFLICT DO NOTHING
"""
_ONE = _ALERT.format(recipients=_RECIPIENTS)
_ONE_TO_LEADS = _ALERT.format(recipients=_LEADS)

_DISPATCH = f"""
INSERT INTO outreach_alert (creditor_id, member_id, customer_id, kind, once_key, subject, detail, count, at)
SELECT c.creditor_id, m.id, c.id,
       CASE WHEN d.state = 'unknown' THEN 'doubt'
            WHEN EXISTS (SELECT FROM outreach_message g WHERE g.creditor_id = d.creditor_id
                         AND g.dispatch_id = d.id AND g.reason = 'bad_address') THEN 'bounce'
            ELSE 'failed' END,
       'dispatch:' || d.id || '/' || d.state, 'dispatch:' || d.id, left(d.subject, 200), 1, %(at)s
FROM outreach_dispatch d
JOIN parties_customer c ON c.creditor_id = d.creditor_id AND c.id = d.customer_id {_RECIPIENTS}
WHERE d.creditor_id = %(creditor)s AND d.id = %(dispatch)s
ORDER BY m.id ON CONFLICT DO NOTHING
"""

# One per person and customer, or one number per person where there would be too many.
_ARREARS = f"""
WITH begun AS (
    SELECT creditor_id, customer_id, min(id) AS episode FROM cases_episode
    WHERE creditor_id = %(creditor)s AND id > %(after)s GROUP BY creditor_id, customer_id
), told AS (
    SELECT m.id AS member, c.id AS customer, b.episode, count(*) OVER (PARTITION BY m.id) AS all_of_them
    FROM begun b
    JOIN parties_customer c ON c.creditor_id = b.creditor_id AND c.id = b.customer_id {_RECIPIENTS}
)
INSERT INTO outreach_alert (creditor_id, member_id, customer_id, kind, once_key, subject, detail, count, at)
SELECT %(creditor)s, member, customer, 'arrear', 'episode:' || episode, 'episode:' || episode, '', 1, %(at)s
FROM told WHERE all_of_them <= %(most)s
UNION ALL
SELECT %(creditor)s, member, NULL, 'arrear', 'arrears:' || %(run)s, 'run:' || %(run)s, '', count(*), %(at)s
FROM told WHERE all_of_them > %(most)s GROUP BY member
ON CONFLICT DO NOTHING
"""


def raise_alert(
    *,
    creditor_id: int,
    customer_id: int,
    kind: str,
    once_key: str,
    at: datetime,
    subject: str = "",
    detail: str = "",
) -> int:
    """Tell of something about a customer; how many people are told now. Inside a transaction in scope.

    kind: an AlertKind. once_key: what it is told once for (`promise:7/broken`). subject: `promise:7`. detail:
    Spanish, a few words; no words of the customer's.
    """
    return _written(
        _ONE,
        creditor=creditor_id,
        customer=customer_id,
        kind=AlertKind(kind).value,
        once_key=once_key,
        subject=subject,
        detail=detail[:200],
        at=at,
    )


def alert_leads(
    *,
    creditor_id: int,
    customer_id: int,
    member_id: int | None,
    kind: str,
    once_key: str,
    at: datetime,
    subject: str = "",
    detail: str = "",
) -> int:
    """As `raise_alert`, but told to who leads the member's team, else to those who lead the house."""
    return _written(
        _ONE_TO_LEADS,
        creditor=creditor_id,
        customer=customer_id,
        led_by=member_id,
        kind=AlertKind(kind).value,
        once_key=once_key,
        subject=subject,
        detail=detail[:200],
        at=at,
    )


def alert_about_dispatch(*, creditor_id: int, dispatch_id: int, at: datetime) -> int:
    """Tell of a dispatch that failed or is in doubt, as its row and messages stand now."""
    return _written(_DISPATCH, creditor=creditor_id, dispatch=dispatch_id, at=at)


def alert_new_arrears(*, creditor_id: int, run_id: int, after_episode: int, at: datetime) -> int:
    """Tell of the customers whose episodes a run has opened, those with higher ids than `after_episode`."""
    values = {"run": str(run_id), "after": after_episode, "most": ARREARS_ONE_BY_ONE_MAX}
    return _written(_ARREARS, creditor=creditor_id, at=at, **values)


def mark_read(*, member: Membership, now: datetime, ids: Sequence[int] | None = None) -> int:
    """The person has seen these of their alerts, or all of them (None); how many were new to them."""
    with transaction.atomic(), scope([member.creditor_id]):
        unread = Alert.objects.filter(creditor_id=member.creditor_id, member=member, read_at=None)
        return (unread if ids is None else unread.filter(pk__in=ids)).update(read_at=now)


def choose_digest(*, member: Membership, on: bool, actor: str, now: datetime) -> None:
    """Whether the daily mail comes to this person."""
    with transaction.atomic(), scope([member.creditor_id]):
        AlertChoice.objects.update_or_create(
            creditor_id=member.creditor_id, member=member, defaults={"digest": on}
        )
        record_event(
            creditor_id=member.creditor_id,
            verb="alerts.digest_chosen",
            subject=f"user:{member.user_id}",
            actor=actor,
            payload={"on": on},
            at=now,
        )


def _written(query: str, **values: Any) -> int:
    assert connection.in_atomic_block, "an alert belongs to the transaction of what it tells"
    with connection.cursor() as cursor:
        cursor.execute(query, {"working": WORKING_ROLES} | values)
        return int(cursor.rowcount)
