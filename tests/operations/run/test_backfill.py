"""Figures of past days: reckoned afterwards they are those a run of that day would have kept."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from psycopg import Connection

from aldia.operations.run import Backfilled, backfill_snapshots
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import Decision
from aldia.records.closing.models import DaySnapshot
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from tests import factories
from tests.operations.run.portfolios import DAY, LATER, put_strategies, run, specimen_creditor

pytestmark = pytest.mark.django_db(transaction=True)

FIGURES = (
    "currency",
    "customers",
    "outstanding_minor",
    "overdue_minor",
    "dunnable_minor",
    "aging",
    "expected",
)


@pytest.fixture
def creditor(owner_connection: Connection[Any]) -> Creditor:
    return specimen_creditor(owner_connection)


def _backfill(creditor: Creditor, until: date = DAY, weeks: int = 4) -> Backfilled:
    return backfill_snapshots(creditor=creditor, until=until, weeks=weeks, now=LATER, actor="t")


def _kept(creditor: Creditor, day: date) -> list[dict[str, Any]]:
    with transaction.atomic(), scope([creditor.pk]):
        return list(DaySnapshot.objects.filter(on_date=day).order_by("currency").values(*FIGURES, "run_id"))


def test_the_fridays_before_the_day_are_reckoned(creditor: Creditor) -> None:
    days = _backfill(creditor, weeks=3).days
    assert [day.weekday() for day in days] == [4, 4, 4]
    assert days[-1] < DAY <= days[-1] + timedelta(days=7)
    assert all(row["run_id"] is None for day in days for row in _kept(creditor, day))
    with transaction.atomic(), scope([creditor.pk]):
        assert not Decision.objects.exists()


def test_a_day_reckoned_afterwards_is_the_day_a_run_would_have_closed(creditor: Creditor) -> None:
    friday = _backfill(creditor, weeks=1).days[0]
    reckoned = _kept(creditor, friday)
    run(creditor, on=friday)
    closed = _kept(creditor, friday)
    assert all(row["run_id"] is not None for row in closed)
    assert [{**row, "run_id": None} for row in closed] == reckoned


def test_a_day_that_a_run_has_closed_is_left_as_it_is(creditor: Creditor) -> None:
    friday = _backfill(creditor, weeks=1).days[0]
    run(creditor, on=friday)
    before = _kept(creditor, friday)
    assert friday not in _backfill(creditor, weeks=2).days
    assert _kept(creditor, friday) == before


def test_again_it_writes_the_same_days_again(creditor: Creditor) -> None:
    first = _backfill(creditor)
    before = [_kept(creditor, day) for day in first.days]
    assert _backfill(creditor) == first
    assert [_kept(creditor, day) for day in first.days] == before


def test_an_empty_ledger_has_no_past() -> None:
    creditor = factories.creditor()
    with transaction.atomic(), scope([creditor.pk]):
        put_strategies(creditor)
    assert _backfill(creditor).days == ()
    with transaction.atomic(), scope([creditor.pk]):
        assert not AuditEntry.objects.filter(verb="snapshots.backfilled").exists()


def test_one_entry_of_the_audit_tells_of_it(creditor: Creditor) -> None:
    days = _backfill(creditor).days
    with transaction.atomic(), scope([creditor.pk]):
        entry = AuditEntry.objects.get(verb="snapshots.backfilled")
    assert entry.payload == {"days": len(days), "from": days[0].isoformat(), "until": days[-1].isoformat()}
