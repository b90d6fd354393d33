"""How much waits in the outbox, counted again only when something has been done since.

Every change of a message comes with an entry in the audit chain, so the end of the chain says whether counts
still hold; and time says when something that was put off no longer is. What is few is simply counted.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from aldia.queries.approvals import MANY, WaitingGroup, waiting_groups
from aldia.queries.outbox import OutboxCounts, counts_until
from aldia.records.audit.models import AuditHead
from aldia.records.tenancy.models import Creditor

_KEPT_MAX = 64
_UNCHANGED_MAX = timedelta(hours=1)

_lock = Lock()
_kept: OrderedDict[tuple[int, str], "OutboxFigures"] = OrderedDict()


@dataclass(frozen=True, slots=True)
class OutboxFigures:
    """groups: what waits for a yes, by step, its titles those of the strategies when it was counted. since,
    until: the moments between which it holds while nothing is done."""

    counts: OutboxCounts
    groups: tuple[WaitingGroup, ...]
    since: datetime
    until: datetime


def outbox_figures(creditor: Creditor, titles: dict[str, str], *, now: datetime) -> OutboxFigures:
    """Inside a transaction in scope. titles: step id → Spanish title."""
    end = AuditHead.objects.filter(creditor_id=creditor.pk).values_list("digest", flat=True).first() or ""
    key = (creditor.pk, end)
    with _lock:
        known = _kept.get(key)
    if known is not None and known.since <= now < known.until:
        return known
    counts, next_at = counts_until(creditor, now=now)
    latest = now + _UNCHANGED_MAX
    groups = tuple(waiting_groups(creditor, titles, now=now))
    found = OutboxFigures(counts, groups, now, min(next_at or latest, latest))
    if end and counts.waiting_approval + counts.ready + counts.waiting_channel > MANY:
        _keep(key, found)
    return found


def _keep(key: tuple[int, str], found: OutboxFigures) -> None:
    with _lock:
        _kept[key] = found
        _kept.move_to_end(key)
        while len(_kept) > _KEPT_MAX:
            _kept.popitem(last=False)
