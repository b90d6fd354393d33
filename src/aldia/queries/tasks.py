"""Tasks for people that are open, oldest first, with whom they are about, how to reach them, and the mail
that went wrong."""

from dataclasses import dataclass
from datetime import date

from aldia.queries.asking import ask

_OPEN = """
SELECT t.id, t.customer_id, c.code, c.name, t.kind, t.step, t.channel, t.due_on,
       (SELECT p.value FROM parties_contact_point p
        WHERE p.creditor_id = %(creditor)s AND p.customer_id = t.customer_id
          AND p.channel = 'phone' AND p.quality <> 'bad' ORDER BY p.id LIMIT 1) AS phone,
       d.id AS dispatch_id, coalesce(d.subject, '') AS subject, coalesce(d.error, '') AS error
FROM (SELECT id, customer_id, kind, step, channel, due_on,
             (regexp_match(once_key, '^dispatch:([0-9]{{1,18}})/'))[1]::bigint AS dispatch_id
      FROM cases_task WHERE creditor_id = %(creditor)s AND state = 'open'{beyond}
      ORDER BY due_on, id LIMIT %(most)s) t
JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = t.customer_id
LEFT JOIN outreach_dispatch d ON d.creditor_id = %(creditor)s AND d.id = t.dispatch_id
ORDER BY t.due_on, t.id
"""


@dataclass(frozen=True, slots=True)
class OpenTask:
    """kind: dunning (a step that is a call), missing_address, bad_address, mail_failed … phone: None for
    none. dispatch_id, subject, error: of the mail that went wrong, for who is to see to it."""

    id: int
    customer_id: int
    code: str
    name: str
    kind: str
    step: str
    channel: str
    due_on: date
    phone: str | None
    dispatch_id: int | None
    subject: str
    error: str


@dataclass(frozen=True, slots=True)
class OpenTasks:
    """A page of them. next_after: (day, id) where the next page begins; None where this is the last."""

    rows: tuple[OpenTask, ...]
    next_after: tuple[date, int] | None


def open_tasks(creditor_id: int, *, after: tuple[date, int] | None = None, most: int) -> OpenTasks:
    """Inside a transaction in scope."""
    beyond = " AND (due_on, id) > (%(day)s, %(id)s)" if after else ""
    day, last = after or (None, None)
    rows = ask(_OPEN.format(beyond=beyond), creditor=creditor_id, day=day, id=last, most=most + 1)
    shown = tuple(OpenTask(**row) for row in rows[:most])
    return OpenTasks(shown, (shown[-1].due_on, shown[-1].id) if len(rows) > most else None)
