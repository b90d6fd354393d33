"""What keeps every mail of a creditor in the house at this moment, beside the red button."""

from dataclasses import dataclass
from datetime import datetime

from aldia.queries.asking import ask
from aldia.records.tenancy.models import Creditor

_HINDRANCES = """
SELECT max(h.sending_locked_at) AS locked_at, max(h.sending_locked_reason) AS locked_reason,
       max(a.trouble_at) AS trouble_at, max(a.trouble) AS trouble
FROM (SELECT) one
LEFT JOIN tenancy_house h ON h.sending_locked_at IS NOT NULL
LEFT JOIN outreach_mail_account a ON a.creditor_id = %(creditor)s AND a.trouble_at IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Hindrances:
    """Spanish sentences, "" for none. locked_reason: why the whole house is locked (after a restore).
    trouble: why no mail has left since trouble_at."""

    locked_at: datetime | None
    locked_reason: str
    trouble_at: datetime | None
    trouble: str


def hindrances_of(creditor: Creditor) -> Hindrances:
    """Inside a transaction in scope; one SELECT."""
    (row,) = ask(_HINDRANCES, creditor=creditor.pk)
    return Hindrances(row["locked_at"], row["locked_reason"] or "", row["trouble_at"], row["trouble"] or "")
