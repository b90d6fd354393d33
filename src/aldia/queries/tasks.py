"""Tasks for people that are open, oldest first, with whom they are about and how to reach them."""

from dataclasses import dataclass
from datetime import date

from aldia.queries.asking import ask

_OPEN = """
SELECT t.id, t.customer_id, c.code, c.name, t.kind, t.step, t.channel, t.due_on,
       (SELECT p.value FROM parties_contact_point p
        WHERE p.creditor_id = %(creditor)s AND p.customer_id = t.customer_id
          AND p.channel = 'phone' AND p.quality <> 'bad' ORDER BY p.id LIMIT 1) AS phone
FROM (SELECT id, customer_id, kind, step, channel, due_on FROM cases_task
      WHERE creditor_id = %(creditor)s AND state = 'open' ORDER BY due_on, id LIMIT %(most)s) t
JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = t.customer_id
ORDER BY t.due_on, t.id
"""


@dataclass(frozen=True, slots=True)
class OpenTask:
    """kind: dunning (a step that is a call), missing_address, bad_address … phone: None for none."""

    id: int
    customer_id: int
    code: str
    name: str
    kind: str
    step: str
    channel: str
    due_on: date
    phone: str | None


def open_tasks(creditor_id: int, *, most: int) -> list[OpenTask]:
    """Inside a transaction in scope."""
    return [OpenTask(**row) for row in ask(_OPEN, creditor=creditor_id, most=most)]
