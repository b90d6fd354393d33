"""The clockwork: due runs happen once, jobs of dead workers begin again, the worker ends when told."""

import json
from datetime import time
from typing import Any

import pytest

from tests.cli.conftest import aldia, books, house  # noqa: F401

pytestmark = pytest.mark.slow

MORNING = "2026-11-20T07:00:00+00:00"


@pytest.fixture(autouse=True)
def empty_queue(request):
    """A worker puts periodic jobs into the queue on its own account; none stays for the next test."""
    if "books" in request.fixturenames:
        request.getfixturevalue("owner_connection").execute("DELETE FROM procrastinate_jobs")
        request.getfixturevalue("owner_connection").commit()


@pytest.fixture
def morning(monkeypatch):
    monkeypatch.setenv("ALDIA_NOW", MORNING)


def test_the_task_runs_those_who_are_due_and_names_them_by_id(books, morning):  # noqa: F811
    from aldia.jobs.clockwork import run_due_creditors
    from aldia.records.tenancy.models import Creditor

    assert run_due_creditors(timestamp=0) == {"ran": [], "refused": []}
    Creditor.objects.update(run_at=time(7, 30))
    assert run_due_creditors(timestamp=0) == {"ran": [books.pk], "refused": []}
    assert run_due_creditors(timestamp=300) == {"ran": [], "refused": []}


def test_one_creditor_that_refuses_does_not_stop_the_others(books, morning):  # noqa: F811
    from django.db import transaction

    from aldia.jobs.clockwork import run_due_creditors
    from aldia.operations.creditors import create_creditor
    from aldia.records.cases.models import StrategyAssignment
    from aldia.records.tenancy.models import Creditor
    from aldia.records.tenancy.scope import scope
    from tests.cli.books import NOW

    broken = create_creditor(name="Antes", code="antes", country="ES", now=NOW, actor="prueba").creditor
    with transaction.atomic(), scope([broken.pk]):
        StrategyAssignment.objects.all().delete()
    Creditor.objects.update(run_at=time(7, 30))
    assert run_due_creditors(timestamp=0) == {"ran": [books.pk], "refused": [broken.pk]}


def test_one_creditor_whose_run_breaks_does_not_stop_the_others(books, morning, monkeypatch):  # noqa: F811
    from aldia.jobs.clockwork import run_due_creditors
    from aldia.operations import due_runs
    from aldia.operations.creditors import create_creditor
    from aldia.operations.run import daily_run
    from aldia.records.tenancy.models import Creditor
    from tests.cli.books import NOW

    broken = create_creditor(name="Antes", code="antes", country="ES", now=NOW, actor="prueba").creditor
    run = daily_run

    def breaks(*, creditor, **options):
        if creditor.pk == broken.pk:
            raise ZeroDivisionError
        return run(creditor=creditor, **options)

    monkeypatch.setattr(due_runs, "daily_run", breaks)
    Creditor.objects.update(run_at=time(7, 30))
    assert run_due_creditors(timestamp=0) == {"ran": [books.pk], "refused": [broken.pk]}


def test_a_creditor_without_an_hour_is_never_due(books):  # noqa: F811
    from aldia.queries.creditors import due_creditors
    from tests.cli.books import NOW

    assert due_creditors(NOW) == []


def test_each_creditors_hour_is_its_own(house):  # noqa: F811
    from datetime import UTC, datetime

    from aldia.operations.creditors import create_creditor
    from aldia.queries.creditors import due_creditors
    from aldia.records.tenancy.models import Creditor
    from tests.cli.books import NOW

    create_creditor(name="Lima", code="lima", country="PE", now=NOW, actor="prueba")
    Creditor.objects.update(run_at=time(7, 30))
    assert [c.code for c in due_creditors(datetime(2026, 11, 20, 7, 0, tzinfo=UTC))] == ["luz"]
    assert [c.code for c in due_creditors(datetime(2026, 11, 20, 13, 0, tzinfo=UTC))] == ["lima", "luz"]


def test_the_worker_does_what_is_in_the_queue_and_ends(books, aldia, morning):  # noqa: F811
    from procrastinate.contrib.django.models import ProcrastinateJob

    from aldia.jobs.clockwork import run_due_creditors
    from aldia.records.tenancy.models import Creditor

    Creditor.objects.update(run_at=time(7, 30))
    queued = run_due_creditors.configure().defer(timestamp=0)
    ran = aldia("worker", "--once")
    assert ran.exit_code == 0, ran.stderr
    assert ProcrastinateJob.objects.get(pk=queued).status == "succeeded"
    assert json.loads(aldia("decisions", "--on", "2026-11-20", "--json").stdout)["recorded"] is True


def _stall(job_id, owner_connection):
    owner_connection.execute(
        "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - interval '1 hour') RETURNING id)"
        " UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead) WHERE id = %s",
        [job_id],
    )
    owner_connection.commit()


def test_a_job_whose_worker_no_longer_beats_begins_again(books, aldia, owner_connection):  # noqa: F811
    from procrastinate.contrib.django.models import ProcrastinateJob

    from aldia.jobs.clockwork import retry_stalled_jobs, run_due_creditors

    stalled = run_due_creditors.configure(queueing_lock="another").defer(timestamp=0)
    _stall(stalled, owner_connection)
    retry_stalled_jobs.configure().defer(timestamp=0)
    assert aldia("worker", "--once").exit_code == 0
    assert ProcrastinateJob.objects.get(pk=stalled).status == "succeeded"


def test_a_stalled_job_makes_way_for_the_next_of_its_kind(books, aldia, owner_connection):  # noqa: F811
    from procrastinate.contrib.django.models import ProcrastinateJob

    from aldia.jobs.clockwork import retry_stalled_jobs, run_due_creditors

    stalled = run_due_creditors.configure().defer(timestamp=0)
    _stall(stalled, owner_connection)
    retry_stalled_jobs.configure().defer(timestamp=0)
    following = run_due_creditors.configure().defer(timestamp=300)
    assert aldia("worker", "--once").exit_code == 0
    statuses = {job.pk: job.status for job in ProcrastinateJob.objects.all()}
    assert (statuses[stalled], statuses[following]) == ("failed", "succeeded")


def test_at_night_ended_sessions_and_old_keys_of_forms_go(books, morning):  # noqa: F811
    from datetime import UTC, datetime, timedelta

    from django.contrib.sessions.models import Session
    from django.db import transaction

    from aldia.jobs.clockwork import forget_old_rows
    from aldia.operations.once import take_form
    from aldia.records.tenancy.models import TakenForm
    from aldia.records.tenancy.scope import scope

    now = datetime.fromisoformat(MORNING)
    for key, days in (("ended", -1), ("open", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(days=days))
    with transaction.atomic(), scope([books.pk]):
        assert take_form(creditor_id=books.pk, key="old")
        assert take_form(creditor_id=books.pk, key="new")
        TakenForm.objects.filter(key="old").update(recorded_at=datetime(2026, 1, 1, tzinfo=UTC))
        TakenForm.objects.filter(key="new").update(recorded_at=now)
    assert forget_old_rows(timestamp=0) == {"sessions": 1, "forms": 1}
    assert list(Session.objects.values_list("session_key", flat=True)) == ["open"]
    with transaction.atomic(), scope([books.pk]):
        assert not take_form(creditor_id=books.pk, key="new")


def test_the_settings_wire_the_clockwork_to_the_worker():
    from django.conf import settings

    assert "aldia.jobs.clockwork" in getattr(settings, "PROCRASTINATE_IMPORT_PATHS", [])


def test_boxes_are_looked_into_one_job_for_each_creditor(books, tmp_path):  # noqa: F811
    from aldia.jobs.clockwork import fetch_answers, fetch_answers_of
    from aldia.operations.inbound import set_inbox
    from tests.cli.books import NOW
    from tests.fakes.imap_server import PASSWORD, USER, imap_server
    from tests.formats.mail.mails import answer

    assert fetch_answers(timestamp=0) == []
    assert fetch_answers_of(creditor_id=books.pk) == {"refused": "no_inbox"}
    with imap_server() as (box, port):
        box.add(answer("Pago mañana"))
        server: dict[str, Any] = {"host": "127.0.0.1", "port": port, "security": "none"}
        set_inbox(creditor=books, **server, username=USER, password=PASSWORD, actor="prueba", now=NOW)
        assert fetch_answers(timestamp=180) == [books.pk]
        assert fetch_answers(timestamp=360) == []  # it waits in the queue already
        assert fetch_answers_of(creditor_id=books.pk)["fetched"] == 1
        assert fetch_answers_of(creditor_id=books.pk)["fetched"] == 0
    assert fetch_answers_of(creditor_id=books.pk) == {"refused": "inbox_trouble"}
