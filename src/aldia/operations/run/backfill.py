"""Past days' figures, reckoned afterwards: the ledger is dated, so what stood open on a day can be told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from aldia.operations.audit import record_event
from aldia.operations.run.closing import DayFigures
from aldia.operations.statistics import fresh_statistics
from aldia.queries.portfolio import freeze, parts_of
from aldia.queries.snapshot import Snapshot, snapshot_of
from aldia.queries.terms import InForce, strategies_in_force, terms_of
from aldia.records.closing.models import DaySnapshot
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.engine import standing

WEEKS = 26
_CUSTOMERS_PER_PART = 250_000
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Backfilled:
    """The days whose figures were written, oldest first."""

    days: tuple[date, ...]


def backfill_snapshots(
    *, creditor: Creditor, until: date, now: datetime, actor: str, weeks: int = WEEKS
) -> Backfilled:
    """Write the figures of the Fridays of the `weeks` weeks before `until`, for days that no run has closed.

    Nothing is decided. What is known now is reckoned as of then; a day written so is written again by the
    next call, a day closed by a run never. Raises NoStrategy.
    """
    fresh_statistics()
    with transaction.atomic(), scope([creditor.pk]):
        closed = _closed_days(creditor.pk)
        wanted = [day for day in _fridays(until, weeks) if day not in closed]
        in_force = strategies_in_force(creditor)
        with snapshot_of(creditor.pk) as snapshot:
            days = tuple(day for day in wanted if _reckon(snapshot, creditor, in_force, day))
        if days:
            record_event(
                creditor_id=creditor.pk,
                verb="snapshots.backfilled",
                subject=f"creditor:{creditor.pk}",
                actor=actor,
                payload={"days": len(days), "from": days[0].isoformat(), "until": days[-1].isoformat()},
                at=now,
            )
    return Backfilled(days)


def _fridays(until: date, weeks: int) -> Iterator[date]:
    """Oldest first, all before `until`."""
    yesterday = until - timedelta(days=1)
    last = yesterday - timedelta(days=(yesterday.weekday() - _FRIDAY) % 7)
    yield from (last - timedelta(weeks=back) for back in reversed(range(weeks)))


def _closed_days(creditor_id: int) -> set[date]:
    closed = DaySnapshot.objects.filter(creditor_id=creditor_id, run__isnull=False)
    return set(closed.values_list("on_date", flat=True))


def _reckon(snapshot: Snapshot, creditor: Creditor, in_force: InForce, day: date) -> bool:
    """False where nothing was in the ledger yet: an empty day is no figure."""
    terms = terms_of(creditor, day)
    figures, found = DayFigures(creditor, terms), False
    for part in parts_of(snapshot, _CUSTOMERS_PER_PART):
        frames = freeze(snapshot, day, part)
        lines, rows, _done = standing(frames, in_force.strategies, terms)
        figures.add(rows, lines, frames)
        found = found or not rows.is_empty()
    if found:
        figures.write(None)
    return found
