"""Tasks for people that are open, oldest first, with whom they are about, how to reach them, and the mail
that went wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from aldia.queries.asking import ask
from aldia.rules.portfolio.words import task_label

BY_ON = "CASE WHEN kind = 'plan_b' THEN split_part(once_key, '/', 3)::date ELSE due_on END"
"""Of a row of cases_task: the last day on which it is not late. A plan B is asked for days before the due
date it is for."""

_OPEN = """
SELECT t.id, t.customer_id, c.code, c.name, t.kind, t.step, t.channel, t.due_on, t.by_on,
       (SELECT k.id FROM cases_case k WHERE k.creditor_id = %(creditor)s
          AND k.customer_id = t.customer_id AND k.state <> 'closed') AS case_id,
       (SELECT p.value FROM parties_contact_point p
        WHERE p.creditor_id = %(creditor)s AND p.customer_id = t.customer_id
          AND p.channel = 'phone' AND p.quality <> 'bad' ORDER BY p.id LIMIT 1) AS phone,
       d.id AS dispatch_id, coalesce(d.subject, '') AS subject, coalesce(d.error, '') AS error
FROM (SELECT id, customer_id, kind, step, channel, due_on, {by_on} AS by_on,
             (regexp_match(once_key, '^dispatch:([0-9]{{1,18}})/'))[1]::bigint AS dispatch_id
      FROM cases_task WHERE creditor_id = %(creditor)s AND state = 'open'{which}
      ORDER BY due_on, id LIMIT %(most)s) t
JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = t.customer_id
LEFT JOIN outreach_dispatch d ON d.creditor_id = %(creditor)s AND d.id = t.dispatch_id
ORDER BY t.due_on, t.id
"""


@dataclass(frozen=True, slots=True)
class OpenTask:
    """kind: dunning (a step that is a call), missing_address, bad_address, mail_failed … by_on: its last day
    before it is late. case_id: the customer's open case. phone: None for none. dispatch_id, subject, error:
    of the mail that went wrong, for who is to see to it."""

    id: int
    customer_id: int
    code: str
    name: str
    kind: str
    step: str
    channel: str
    due_on: date
    by_on: date
    case_id: int | None
    phone: str | None
    dispatch_id: int | None
    subject: str
    error: str

    @property
    def is_call(self) -> bool:
        """It is done by calling, under the gate and with what came of it written down."""
        return self.channel == "call"

    def label(self, titles: Mapping[str, str]) -> str:
        """What is to be done, in Spanish. titles: of steps, by id."""
        return task_label(self.kind, title=titles.get(self.step, ""), is_call=self.is_call, by_on=self.by_on)


@dataclass(frozen=True, slots=True)
class OpenTasks:
    """A page of them. next_after: (day, id) where the next page begins; None where this is the last."""

    rows: tuple[OpenTask, ...]
    next_after: tuple[date, int] | None


def open_tasks(creditor_id: int, *, after: tuple[date, int] | None = None, most: int) -> OpenTasks:
    """Inside a transaction in scope."""
    beyond = " AND (due_on, id) > (%(day)s, %(id)s)" if after else ""
    day, last = after or (None, None)
    query = _OPEN.format(by_on=BY_ON, which=beyond)
    rows = ask(query, creditor=creditor_id, day=day, id=last, most=most + 1)
    shown = tuple(OpenTask(**row) for row in rows[:most])
    return OpenTasks(shown, (shown[-1].due_on, shown[-1].id) if len(rows) > most else None)


def tasks_of_customer(creditor_id: int, customer_id: int, *, most: int) -> tuple[OpenTask, ...]:
    """The open ones about one customer, oldest first; one SELECT, as above."""
    query = _OPEN.format(by_on=BY_ON, which=" AND customer_id = %(customer)s")
    rows = ask(query, creditor=creditor_id, customer=customer_id, most=most)
    return tuple(OpenTask(**row) for row in rows)
