"""Kills and overlaps: nothing is lost, nothing doubled; and without the locks the same test fails."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection
from psycopg import Connection

import aldia
from aldia.kernel import faults
from aldia.operations.run import daily
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio import engine
from tests.operations.run.portfolios import DAY, essence, recorded, rows, run, specimen_creditor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

POINTS = [
    "run.locked",
    "run.frozen",
    "run.settled",
    "run.decided",
    "run.decisions_written",
    "run.messages_written",
    "run.lines_written",
    "run.tasks_written",
    "run.withdrawn",
    "run.promises_written",
    "run.standing_kept",
    "run.cases_settled",
    "run.goodwill_planned",
    "run.plans_asked",
    "run.braked",
    "run.audited",
    "run.closed",
    "run.committed",
]
_ROOT = Path(__file__).parents[3]


def _process(creditor: Creditor, dsn: str, fault: str = "") -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "DATABASE_URL": dsn,
        "ALDIA_FAULT": fault,
        "DJANGO_SETTINGS_MODULE": "aldia.project.settings",
    }
    command = [sys.executable, "-m", "tests.operations.run.run_once", str(creditor.pk), DAY.isoformat()]
    return subprocess.Popen(
        command, env=environment, cwd=_ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_every_named_point_of_the_run_is_reached_and_listed(owner_connection: Connection[Any]) -> None:
    faults.reached.clear()
    run(specimen_creditor(owner_connection))
    assert {point for point in faults.reached if point.startswith("run.")} == set(POINTS)
    source = Path(aldia.__file__).parent / "operations" / "run"
    named = {
        name
        for path in source.glob("*.py")
        for name in re.findall(r'fault_point\("(.+?)"\)', path.read_text())
    }
    assert named == set(POINTS)


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point_and_run_again_it_is_as_if_nothing_had_happened(
    point: str, owner_connection: Connection[Any], app_dsn: str
) -> None:
    creditor = specimen_creditor(owner_connection)
    before = essence(creditor)
    killed = _process(creditor, app_dsn, fault=point)
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    _wait_until_the_server_has_noticed(owner_connection)
    if point != "run.committed":
        assert essence(creditor) == before
    run(creditor)
    once = essence(creditor)
    assert _reference(creditor) == once["decisions"]
    assert once["audit"].count(("run.recorded",)) == 1
    run(creditor)
    assert essence(creditor) == once


def _wait_until_the_server_has_noticed(owner: Connection[Any]) -> None:
    """Until then the run that was killed still counts as under way."""
    held = (
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    for _ in range(200):
        if owner.execute(held).fetchone() == (0,):
            return
        time.sleep(0.05)
    raise AssertionError("the server still holds the lock of a run that is dead")


def _reference(creditor: Creditor) -> list[tuple[Any, ...]]:
    """The decisions as a run that was never disturbed would take them, from a dry run."""
    wanted = run(creditor, dry_run=True)
    stored = sorted(rows(creditor, "cases_decision", "customer_id, outcome, step, rank, next_on"), key=str)
    assert Counter(row[1] for row in stored) == wanted.decisions
    return stored


def test_runs_started_at_once_record_what_one_does(owner_connection: Connection[Any], app_dsn: str) -> None:
    creditor = specimen_creditor(owner_connection)
    processes = [_process(creditor, app_dsn) for _ in range(4)]
    reports = []
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        reports.append(json.loads(out))
    assert sum(report["recorded"] for report in reports) == 1
    for report in reports:
        assert report["recorded"] or report["busy"] or report["customers"]
    after = recorded(creditor)
    run(creditor)
    assert recorded(creditor) == after
    assert after["cases_daily_run"] == 1


def _meet_when_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs wait for each other between deciding and recording."""
    together = threading.Barrier(2, timeout=30)
    real = engine.decide

    def decide_together(*args: Any) -> Any:
        decided = real(*args)
        together.wait()
        return decided

    monkeypatch.setattr(daily, "decide", decide_together)


def _two_at_once(creditor: Creditor, monkeypatch: pytest.MonkeyPatch) -> list[BaseException | None]:
    """Two runs side by side, without the lock that forbids it."""
    monkeypatch.setattr(daily, "_sole_run", lambda creditor_id: True)
    ends: list[BaseException | None] = []

    def one() -> None:
        try:
            run(creditor)
            ends.append(None)
        except IntegrityError as error:
            ends.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


_DROPPED = {
    "daily_run_is_unique": ("cases_daily_run", "UNIQUE (creditor_id, on_date, sequence)"),
    "message_is_made_once": ("outreach_message", "UNIQUE (creditor_id, once_key)"),
    "task_is_made_once": ("cases_task", "UNIQUE (creditor_id, once_key)"),
    "audit_entry_sequence_is_unique": ("audit_entry", "UNIQUE (creditor_id, sequence)"),
    "standing_is_one_per_currency": ("closing_standing", "UNIQUE (creditor_id, customer_id, currency)"),
}
_OPEN_EPISODES = {
    "episode_is_one_open_per_customer": "(creditor_id, customer_id) WHERE closed_on IS NULL"
    " AND due_line_id IS NULL",
    "episode_is_one_open_per_due_line": "(creditor_id, due_line_id) WHERE closed_on IS NULL"
    " AND due_line_id IS NOT NULL",
}
_ONE_CASE = "case_is_one_open_per_customer"


@pytest.fixture
def without_constraints(owner_connection: Connection[Any]) -> Iterator[None]:
    """The database without what makes a run happen once; put back afterwards, on empty tables."""
    for name, (table, _) in _DROPPED.items():
        owner_connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name in _OPEN_EPISODES:
        owner_connection.execute(f"DROP INDEX {name}")
    owner_connection.execute(f"DROP INDEX {_ONE_CASE}")
    owner_connection.commit()
    yield
    owner_connection.rollback()
    owner_connection.execute(
        "TRUNCATE cases_daily_run, cases_episode, cases_case, audit_entry, closing_standing CASCADE"
    )
    owner_connection.execute(
        f"CREATE UNIQUE INDEX {_ONE_CASE} ON cases_case (creditor_id, customer_id) WHERE NOT state = 'closed'"
    )
    for name, (table, definition) in _DROPPED.items():
        owner_connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
    for name, definition in _OPEN_EPISODES.items():
        owner_connection.execute(f"CREATE UNIQUE INDEX {name} ON cases_episode {definition}")
    owner_connection.commit()


def test_without_the_lock_the_constraints_still_make_it_once(
    owner_connection: Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    creditor = specimen_creditor(owner_connection)
    ends = _two_at_once(creditor, monkeypatch)
    assert None in ends
    decided = Counter(row[0] for row in rows(creditor, "cases_decision", "customer_id"))
    assert max(decided.values()) == 1


def test_control_without_lock_and_constraints_the_run_doubles(
    owner_connection: Connection[Any], monkeypatch: pytest.MonkeyPatch, without_constraints: None
) -> None:
    creditor = specimen_creditor(owner_connection)
    _meet_when_decided(monkeypatch)
    ends = _two_at_once(creditor, monkeypatch)
    assert ends == [None, None]
    decided = Counter(row[0] for row in rows(creditor, "cases_decision", "customer_id"))
    assert min(decided.values()) == 2
