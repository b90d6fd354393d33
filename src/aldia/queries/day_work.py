"""What the day brings to somebody who works cases; one SELECT."""

from dataclasses import dataclass
from datetime import date

from aldia.queries.asking import ask
from aldia.records.tenancy.models import Creditor

_COUNTS = """
SELECT (SELECT count(*) FROM cases_promise p
        WHERE p.creditor_id = %(creditor)s AND p.promised_on = %(on)s
          AND NOT EXISTS (SELECT FROM cases_promise_outcome o
                          WHERE o.creditor_id = p.creditor_id AND o.promise_id = p.id)) AS promises,
       (SELECT count(*) FROM cases_case c
        WHERE c.creditor_id = %(creditor)s AND c.owner_id = %(member)s AND c.state <> 'closed'
          AND c.next_at IS NOT NULL AND c.next_on = %(on)s) AS callbacks,
       (SELECT count(*) FROM cases_case c
        WHERE c.creditor_id = %(creditor)s AND c.owner_id = %(member)s AND c.state <> 'closed') AS mine
"""


@dataclass(frozen=True, slots=True)
class DayWork:
    """promises: of the house, whose day it is. callbacks: calls the member agreed for an hour of the day.
    mine: their open cases."""

    promises: int
    callbacks: int
    mine: int


def day_work(creditor: Creditor, member_id: int, on: date) -> DayWork:
    """Counted now, in scope."""
    (row,) = ask(_COUNTS, creditor=creditor.pk, member=member_id, on=on)
    return DayWork(**row)
