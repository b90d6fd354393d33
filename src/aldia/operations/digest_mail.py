"""What the daily mails have in common: the way they go, and what an answer of the server means for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

from aldia.channels.mail import NotSent, Outcome, Sender, Sent, Transport
from aldia.records.tenancy.models import Creditor

DIGEST_VERBS = {
    "sent": "alerts.digest_sent",
    "waiting": "alerts.digest_waiting",
    "failed": "alerts.digest_failed",
}
"""State of a mail → verb of its audit entry."""
_Row = TypeVar("_Row", bound=Model)
_IN_DOUBT = "No se sabe si llegó: {reason}"


@dataclass(frozen=True, slots=True)
class DigestWay:
    """Through which the mails of one creditor go, and on whose behalf."""

    creditor: Creditor
    transport: Transport
    sender: Sender
    actor: str


def state_after(outcome: Outcome) -> tuple[str, str]:
    """sent, waiting or failed, and why, Spanish; a doubt counts as failed, for nothing is sent again that may
    have left."""
    match outcome:
        case Sent():
            return "sent", ""
        case NotSent(reason=reason, permanent=False):
            return "waiting", reason
        case NotSent(reason=reason):
            return "failed", reason
        case _:
            return "failed", _IN_DOUBT.format(reason=outcome.reason)


def row_of_the_day(of_the_day: QuerySet[_Row], words: Mapping[str, Any], **whose: Any) -> _Row | None:
    """The row of a person and a day, ours from here on; None where somebody else was first. One that waits is
    taken up again.

    of_the_day: rows of that kind in scope. whose: what names the person and the day. words: what it says.
    """
    rows = of_the_day.filter(**whose)
    waiting = rows.filter(state="waiting").select_for_update().first()
    if waiting is not None:
        rows.filter(pk=waiting.pk).update(**words)
        return rows.get()
    try:
        with transaction.atomic():
            return of_the_day.create(**whose, **words)
    except IntegrityError:
        return None
