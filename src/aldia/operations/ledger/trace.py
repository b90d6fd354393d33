"""The frame round every verb: one transaction, one entry in the audit chain, refusals in plain words."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from aldia.operations.audit import record_event
from aldia.operations.refusals import spoken

SYSTEM = "sistema"
"""The actor when no person asked for it."""


@dataclass(slots=True)
class Trace:
    """What the audit entry will say; the verb fills it in as it goes."""

    subject: str = ""
    payload: dict[str, Any] = field(default_factory=dict)

    def tell(self, subject: str, **payload: Any) -> None:
        """Name the row and its facts: ids, counts, amounts, days as text; nothing personal."""
        self.subject, self.payload = subject, payload


@dataclass(frozen=True, slots=True)
class By:
    """For which creditor, who, when."""

    creditor_id: int
    actor: str
    now: datetime


@contextmanager
def one_verb(verb: str, by: By) -> Iterator[Trace]:
    """One transaction; at its end one entry `ledger.<verb>`. Must run inside `tenancy.scope`."""
    with spoken(), transaction.atomic():
        trace = Trace()
        yield trace
        record_event(
            creditor_id=by.creditor_id,
            verb=f"ledger.{verb}",
            subject=trace.subject,
            actor=by.actor,
            payload=trace.payload,
            at=by.now,
        )
