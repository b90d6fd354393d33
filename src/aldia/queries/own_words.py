"""What people of the house have written to a customer and has not left yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aldia.queries.asking import ask
from aldia.records.outreach.models import MessageChannel
from aldia.records.tenancy.models import Creditor
from aldia.rules.texts.uses import title_of

_WAITING = """
SELECT m.once_key AS key, m.channel, m.not_before_at AS leaves_at, m.state, m.template,
       coalesce(d.subject, '') AS subject, coalesce(d.body, '') AS body,
       coalesce(d.edited_by, m.approved_by) AS author
FROM outreach_message m
LEFT JOIN outreach_draft d ON d.creditor_id = m.creditor_id AND d.key = m.once_key
WHERE m.creditor_id = %(creditor)s AND m.customer_id = %(customer)s AND m.kind = 'free'
  AND m.state IN ('planned', 'approved', 'waiting_approval')
ORDER BY m.id DESC
"""


@dataclass(frozen=True, slots=True)
class OwnWords:
    """A message in a person's words. leaves_at: not before then. state: waiting_approval where another person
    reads it first. template: free, or the kind of text it is in; then it has no words of its own. author: who
    wrote it."""

    key: str
    channel: str
    leaves_at: datetime | None
    state: str
    template: str
    subject: str
    body: str
    author: str

    @property
    def title(self) -> str:
        """The subject, else the kind of text. Spanish."""
        return self.subject or ("" if self.template == "free" else title_of(self.template))

    @property
    def channel_label(self) -> str:
        """Spanish."""
        return str(MessageChannel(self.channel).label)


def words_waiting(creditor: Creditor, customer_id: int) -> list[OwnWords]:
    """Latest first; one SELECT, in scope."""
    rows: list[dict[str, Any]] = ask(_WAITING, creditor=creditor.pk, customer=customer_id)
    return [OwnWords(**row) for row in rows]
