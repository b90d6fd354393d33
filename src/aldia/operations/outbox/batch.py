"""A batch of mails under way."""

from dataclasses import dataclass, field
from datetime import datetime

from aldia.channels.mail import Mail, Sender
from aldia.operations.outbox.report import SendReport
from aldia.records.tenancy.models import Creditor


@dataclass(frozen=True, slots=True)
class Round:
    """One batch under way: for whom, as of when, by which worker, in whose name."""

    creditor: Creditor
    now: datetime
    actor: str
    worker: int
    sender: Sender
    batch: int
    report: SendReport = field(default_factory=SendReport)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A dispatch that is ours to hand over, with its mail."""

    dispatch_id: int
    mail: Mail
