"""A batch of messages under way."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aldia.channels.mail import Mail
from aldia.operations.outbox.report import SendReport
from aldia.operations.outbox.ways import Ways
from aldia.records.tenancy.models import Creditor


@dataclass(frozen=True, slots=True)
class Round:
    """One batch under way: for whom, as of when, by which worker, which ways; is_over: no further message.

    left: dispatches that were sent. refused: ids of messages that will never leave, and the gate's no.
    """

    creditor: Creditor
    now: datetime
    actor: str
    worker: int
    ways: Ways
    batch: int
    is_over: Callable[[], bool] = lambda: False
    report: SendReport = field(default_factory=SendReport)
    left: list[int] = field(default_factory=list)
    refused: list[tuple[tuple[int, ...], dict[str, Any]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A dispatch that is ours to hand over, with its mail."""

    dispatch_id: int
    mail: Mail
