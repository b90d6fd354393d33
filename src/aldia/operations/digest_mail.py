"""What the daily mails have in common: the way they go, and what an answer of the server means for them."""

from dataclasses import dataclass

from aldia.channels.mail import NotSent, Outcome, Sender, Sent, Transport
from aldia.records.tenancy.models import Creditor

DIGEST_VERBS = {
    "sent": "alerts.digest_sent",
    "waiting": "alerts.digest_waiting",
    "failed": "alerts.digest_failed",
}
"""State of a mail → verb of its audit entry."""
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
