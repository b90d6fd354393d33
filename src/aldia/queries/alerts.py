"""What a person of the house has been told, and who is due a daily mail."""

from dataclasses import dataclass
from datetime import date, datetime

from aldia.queries.asking import ask
from aldia.queries.sales_notices import TO_MAIL_TO_MEMBER
from aldia.records.outreach.models import Alert, AlertChoice, AlertKind

SHOWN = 100
"""On a page."""

# New ones to tell of, of people who want the mail and have had none for the day that may have left.
_DUE = f"""
SELECT m.id AS member_id, u.email, u.name, c.last
FROM tenancy_membership m
JOIN tenancy_user u ON u.id = m.user_id AND u.is_active
CROSS JOIN LATERAL (SELECT coalesce(max(d.last_alert_id), 0) AS last FROM outreach_alert_digest d
    WHERE d.creditor_id = m.creditor_id AND d.member_id = m.id AND d.on_date < %(on)s AND d.state = 'sent') c
WHERE m.creditor_id = %(creditor)s AND m.ended_at IS NULL
  AND NOT EXISTS (SELECT FROM outreach_alert_choice o
                  WHERE o.creditor_id = m.creditor_id AND o.member_id = m.id AND NOT o.digest)
  AND NOT EXISTS (SELECT FROM outreach_alert_digest d WHERE d.creditor_id = m.creditor_id
                  AND d.member_id = m.id AND d.on_date = %(on)s AND d.state <> 'waiting')
  AND (EXISTS (SELECT FROM outreach_alert a WHERE a.creditor_id = m.creditor_id AND a.member_id = m.id
               AND a.read_at IS NULL AND a.id > c.last)
       OR EXISTS (SELECT FROM parties_sales_notice n
                  JOIN parties_salesperson s ON s.creditor_id = n.creditor_id AND s.id = n.salesperson_id
                  WHERE s.creditor_id = m.creditor_id AND s.member_id = m.id AND {TO_MAIL_TO_MEMBER}))
ORDER BY m.id
"""


@dataclass(frozen=True, slots=True)
class Told:
    """An alert as a list shows it. name, code: of the customer, "" where it sums up several."""

    id: int
    kind: str
    label: str
    customer_id: int | None
    name: str
    code: str
    detail: str
    subject: str
    count: int
    at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True)
class DueDigest:
    """Somebody to whom the day's mail has not gone. last: the newest alert an earlier mail told of."""

    member_id: int
    email: str
    name: str
    last: int


def alerts_of(
    creditor_id: int, member_id: int, *, before: int | None = None
) -> tuple[list[Told], int | None]:
    """A page of the person's alerts, newest first, and the id that the next page begins before."""
    rows = Alert.objects.filter(creditor_id=creditor_id, member_id=member_id).select_related("customer")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: SHOWN + 1])
    return [_told(each) for each in found[:SHOWN]], found[SHOWN - 1].pk if len(found) > SHOWN else None


def unread_after(creditor_id: int, member_id: int, last: int) -> list[Told]:
    """All that the person has not seen and no mail has told of, by kind and age."""
    rows = Alert.objects.filter(creditor_id=creditor_id, member_id=member_id, read_at=None, pk__gt=last)
    told = [_told(each) for each in rows.select_related("customer").order_by("pk")]
    order = list(AlertKind.values)
    return sorted(told, key=lambda each: (order.index(each.kind), each.id))


def wants_digest(creditor_id: int, member_id: int) -> bool:
    """Whether the daily mail comes to the person."""
    chosen = AlertChoice.objects.filter(creditor_id=creditor_id, member_id=member_id)
    found = chosen.values_list("digest", flat=True).first()
    return True if found is None else bool(found)


def due_digests(creditor_id: int, on: date) -> list[DueDigest]:
    """Whom to write to for the day; one query. Inside a transaction in scope."""
    return [DueDigest(**row) for row in ask(_DUE, creditor=creditor_id, on=on)]


def _told(alert: Alert) -> Told:
    customer = alert.customer
    return Told(
        id=alert.pk,
        kind=alert.kind,
        label=str(AlertKind(alert.kind).label),
        customer_id=alert.customer_id,
        name=(customer.name or customer.code) if customer else "",
        code=customer.code if customer else "",
        detail=alert.detail,
        subject=alert.subject,
        count=alert.count,
        at=alert.at,
        is_new=alert.read_at is None,
    )
