"""What people of the house have written to a customer and has not left yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aldia.queries.asking import ask
from aldia.records.outreach.models import MessageChannel
from aldia.records.tenancy.models import Creditor

_WAITING = """
SELECT m.once_key AS key, m.channel, m.not_before_at AS leaves_at, m.state, d.subject, d.body,
       d.edited_by AS author
FROM outreach_message m
JOIN outreach_draft d ON d.creditor_id = m.creditor_id AND d.key = m.once_key
WHERE m.creditor_id = %(creditor)s AND m.customer_id = %(customer)s AND m.kind = 'free'
  AND m.state IN ('planned', 'approved', 'waiting_approval')
ORDER BY m.id DESC
"""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A message in a person's words. leaves_at: not before then. state: waiting_approval where another person
    reads it first. author: who wrote it."""

    key: str
    channel: str
    leaves_at: datetime | None
    state: str
    subject: str
    body: str
    author: str

    @property
    def channel_label(self) -> str:
        """Spanish."""
        return str(MessageChannel(self.channel).label)


def words_waiting(creditor: Creditor, customer_id: int) -> list[OwnWords]:
    """Latest first; one SELECT, in scope."""
    rows: list[dict[str, Any]] = ask(_WAITING, creditor=creditor.pk, customer=customer_id)
    return [OwnWords(**row) for row in rows]
