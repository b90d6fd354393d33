"""Long work behind a page is done once: whoever clicks twice, and whichever worker dies."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection, transaction

from aldia.operations.errands import ATTEMPTS_MAX, ask_for, do_errand
from aldia.operations.imports import BatchBusy, ImportOptions, keep_file, look_again
from aldia.operations.progress import telling
from aldia.queries.errands import progress_of
from aldia.records.intake.models import Errand, ImportBatch
from aldia.records.tenancy.scope import scope
from tests.laws.books import make_creditor
from tests.operations.imports.tables import NOW, balances, staged, table

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = [[f"F{n}", f"C{n % 3}", "13/01/2026", "13/02/2026", "100,00"] for n in range(9)]
_ONCE = """
import sys, django
django.setup()
from datetime import datetime, UTC
from aldia.operations.errands import do_errand
from aldia.records.tenancy.models import Creditor
creditor = Creditor.objects.get(pk=int(sys.argv[1]))
do_errand(creditor=creditor, errand_id=int(sys.argv[2]), now=datetime(2026, 6, 1, 9, 30, tzinfo=UTC))
"""


def _asked(creditor, content=None, *, kind="import", **wishes):
    batch = staged(creditor, table(*ROWS) if content is None else content)
    return ask_for(creditor=creditor, kind=kind, batch_id=batch.pk, wishes=wishes, actor="user:1", now=NOW)


def _now(creditor, errand):
    with transaction.atomic(), scope([creditor.pk]):
        return Errand.objects.select_related(None).get(pk=errand.pk)


def _state(creditor, errand):
    with transaction.atomic(), scope([creditor.pk]):
        return ImportBatch.objects.get(pk=errand.batch_id).state


def _read(creditor, batch_id):
    return look_again(
        creditor=creditor,
        batch_id=batch_id,
        options=ImportOptions(),
        mapping={},
        source_name=None,
        now=NOW,
    )


def test_two_clicks_ask_for_one_errand_and_it_is_done_once():
    creditor = make_creditor()
    errand = _asked(creditor)
    again = ask_for(
        creditor=creditor, kind="import", batch_id=errand.batch_id, wishes={}, actor="user:2", now=NOW
    )
    assert again.pk == errand.pk
    assert do_errand(creditor=creditor, errand_id=errand.pk, now=NOW)
    assert not do_errand(creditor=creditor, errand_id=errand.pk, now=NOW)
    assert len(balances(creditor)) == len(ROWS)
    done = _now(creditor, errand)
    assert (done.refusal, done.finished_at, done.attempts) == ("", NOW, 1)


def test_two_workers_at_one_errand_do_it_once():
    creditor = make_creditor()
    errand, start = _asked(creditor), Barrier(2)

    def work(_n):
        try:
            start.wait(timeout=20)
            return do_errand(creditor=creditor, errand_id=errand.pk, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(work, range(2))) == [False, True]
    assert len(balances(creditor)) == len(ROWS)
    assert _now(creditor, errand).attempts == 1


@pytest.mark.parametrize(("fault", "booked"), [("errand.begun", False), ("errand.done", True)])
def test_a_worker_killed_at_its_errand_leaves_it_to_the_next_which_books_nothing_twice(
    fault, booked, app_dsn
):
    creditor = make_creditor()
    errand = _asked(creditor)
    killed = subprocess.run(
        [sys.executable, "-c", _ONCE, str(creditor.pk), str(errand.pk)],
        env={
            **os.environ,
            "DATABASE_URL": app_dsn,
            "ALDIA_FAULT": fault,
            "DJANGO_SETTINGS_MODULE": "aldia.project.settings",
        },
        cwd=Path(__file__).parents[3],
        check=False,
    )
    assert killed.returncode == -9
    assert (_state(creditor, errand) == "committed") is booked
    assert _now(creditor, errand).finished_at is None
    _until_the_dead_session_is_gone(creditor, errand)
    assert _state(creditor, errand) == "committed"
    assert len(balances(creditor)) == len(ROWS)
    assert _now(creditor, errand).refusal == ""


def _until_the_dead_session_is_gone(creditor, errand):
    """The server notices a little later that the killed worker no longer holds the errand."""
    for _attempt in range(100):
        if do_errand(creditor=creditor, errand_id=errand.pk, now=NOW):
            return
        time.sleep(0.1)
    raise AssertionError("the errand is still held")


def test_work_that_breaks_off_every_time_is_given_up_and_says_so(monkeypatch):
    from aldia.operations import errands

    creditor = make_creditor()
    errand = _asked(creditor)

    def fall_over(*_args):
        raise RuntimeError

    monkeypatch.setitem(errands._WORK, "import", fall_over)
    for _attempt in range(ATTEMPTS_MAX):
        with pytest.raises(RuntimeError):
            do_errand(creditor=creditor, errand_id=errand.pk, now=NOW)
    assert not do_errand(creditor=creditor, errand_id=errand.pk, now=NOW)
    assert "no se ha anotado nada" in _now(creditor, errand).refusal
    assert _state(creditor, errand) == "staged"


def test_a_refused_import_closes_its_errand_with_the_sentence_and_stays_to_be_looked_at():
    creditor = make_creditor()
    errand = _asked(creditor, table(["F1", "C1", "13/01/2026", "31/02/2026", "100,00"]))
    assert do_errand(creditor=creditor, errand_id=errand.pk, now=NOW)
    assert _now(creditor, errand).refusal.startswith("El archivo tiene un error: Fila 2")
    assert _state(creditor, errand) == "staged"
    assert balances(creditor) == []


def test_what_is_under_way_is_not_read_under_other_words():
    creditor = make_creditor()
    errand = _asked(creditor)
    with pytest.raises(BatchBusy):
        _read(creditor, errand.batch_id)
    do_errand(creditor=creditor, errand_id=errand.pk, now=NOW)
    batch = keep_file(
        creditor=creditor,
        kind="invoices",
        file_name="f.csv",
        content=table(*ROWS),
        actor="ana",
        now=NOW,
    )
    assert batch.counts == {}
    read = _read(creditor, batch.pk)
    assert (read.counts["rows"], read.counts["unchanged"]) == (len(ROWS), len(ROWS))


def test_a_file_of_which_nothing_can_be_used_stays_kept_with_the_reason():
    creditor = make_creditor()
    batch = keep_file(
        creditor=creditor, kind="invoices", file_name="f.csv", content=b"1;2\n3;4\n", actor="ana", now=NOW
    )
    read = _read(creditor, batch.pk)
    assert read.options["facts"]["refused"] == "no_header"
    assert [each["severity"] for each in read.findings] == ["error"]


def test_the_counts_are_seen_from_elsewhere_while_the_transaction_is_open():
    with telling(4711) as tell, transaction.atomic():
        tell(40, 100)
        with ThreadPoolExecutor(1) as elsewhere:
            seen = elsewhere.submit(_seen_elsewhere).result()
    assert (seen.done, seen.total) == (40, 100)
    assert progress_of(4711) is None


def _seen_elsewhere():
    try:
        return progress_of(4711)
    finally:
        connection.close()
