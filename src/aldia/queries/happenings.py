"""What happened last between the house and a customer."""

from dataclasses import dataclass
from datetime import date

from aldia.queries.asking import ask
from aldia.records.tenancy.models import Creditor

_LAST = """
SELECT "on", what, said FROM (
    (SELECT (finished_at AT TIME ZONE %(zone)s)::date AS "on", finished_at AS at, 'sent' AS what,
            subject AS said FROM outreach_dispatch
     WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s AND state = 'sent'
     ORDER BY finished_at DESC LIMIT 1)
    UNION ALL
    (SELECT received_on, recorded_at, 'reply', kind FROM outreach_reply
     WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s ORDER BY id DESC LIMIT 1)
    UNION ALL
    (SELECT c.effective_on, c.recorded_at, 'payment', c.kind FROM ledger_credit c
     JOIN ledger_credit_balance b ON b.creditor_id = c.creditor_id AND b.credit_id = c.id
     WHERE c.creditor_id = %(creditor)s AND c.customer_id = %(customer)s AND c.kind = 'payment'
       AND b.reversed_minor < b.original_minor
     ORDER BY c.effective_on DESC, c.id DESC LIMIT 1)
) x ORDER BY "on" DESC, at DESC
"""


@dataclass(frozen=True, slots=True)
class Happening:
    """The last thing of its sort with a customer. what: sent, reply, payment (none that was taken back
    wholly). said: subject or kind."""

    on: date
    what: str
    said: str


def last_happenings(creditor: Creditor, customer_id: int) -> list[Happening]:
    """The last message sent, the last reply, the last payment; latest first."""
    rows = ask(_LAST, creditor=creditor.pk, customer=customer_id, zone=creditor.time_zone)
    return [Happening(**row) for row in rows]
