"""Two hands on one file, and a hand that fails half-way: booked once, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from django.db import connection, transaction

from aldia.kernel.errors import AldiaError
from aldia.operations import imports
from aldia.operations.imports.batches import beside_imports
from aldia.operations.imports.refusals import ImportUnderWay
from aldia.queries.verify import verify
from aldia.records.tenancy.scope import scope
from tests.formats.table.tables import us_export_twin
from tests.laws.books import make_creditor
from tests.operations.imports.tables import NOW, asked, balances, row_counts, staged, table

_ROWS = 60


def _commit_together(creditor, batch_ids):
    """Commit each batch over a connection of its own, all starting at once; reports or refusals."""
    start = Barrier(len(batch_ids))

    def commit(batch_id):
        try:
            start.wait(timeout=20)
            return imports.commit(creditor=creditor, batch_id=batch_id, actor="ana", now=NOW)
        except AldiaError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(batch_ids)) as pool:
        return list(pool.map(commit, batch_ids))


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_one_batch_committed_twice_at_once_is_booked_once():
    creditor = make_creditor()
    batch = staged(creditor, us_export_twin(_ROWS), options=imports.ImportOptions())
    outcomes = _commit_together(creditor, [batch.pk, batch.pk])
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["BatchState", "ImportReport"]
    assert len(balances(creditor)) == _ROWS


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_one_file_staged_twice_and_committed_at_once_is_booked_once():
    creditor = make_creditor()
    batches = [staged(creditor, us_export_twin(_ROWS), options=imports.ImportOptions()).pk for _ in range(2)]
    reports = _commit_together(creditor, batches)
    assert sorted(report.counts["new"] for report in reports) == [0, _ROWS]
    assert sorted(report.counts["unchanged"] for report in reports) == [0, _ROWS]
    assert len(balances(creditor)) == _ROWS
    assert asked(creditor, "SELECT count(*) FROM ledger_credit") == [(_ROWS,)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_paper_is_posted_beside_an_import_that_may_bring_it(app_dsn):
    creditor = make_creditor()
    with psycopg.connect(app_dsn) as importing:
        importing.execute("SELECT pg_advisory_xact_lock(hashtextextended('aldia.import', %s))", [creditor.pk])
        with transaction.atomic(), pytest.raises(ImportUnderWay, match="espere a que termine"):
            beside_imports(creditor.pk)
        importing.rollback()
    with transaction.atomic():
        beside_imports(creditor.pk)


class _PullThePlug(Exception):
    """Somebody closes the lid."""


@pytest.mark.django_db
@pytest.mark.parametrize("stop_after", [0, 1, 60, 120, 180])
def test_what_breaks_off_half_way_leaves_nothing_behind(stop_after):
    creditor = make_creditor()
    batch = staged(creditor, us_export_twin(_ROWS), options=imports.ImportOptions())
    before = row_counts(creditor)

    def stop(done, total):
        if done >= stop_after:
            raise _PullThePlug

    with pytest.raises(_PullThePlug):
        imports.commit(creditor=creditor, batch_id=batch.pk, actor="ana", now=NOW, progress=stop)
    assert row_counts(creditor) == before
    report = imports.commit(creditor=creditor, batch_id=batch.pk, actor="ana", now=NOW)
    assert report.counts["new"] == _ROWS


@pytest.mark.django_db
def test_no_creditor_sees_or_touches_the_import_of_another():
    one, other = make_creditor(), make_creditor()
    content = table(["F1", "C1", "13/01/2026", "13/02/2026", "100,00"])
    batch = staged(one, content)
    for verb in (imports.commit, imports.discard, imports.undo):
        with pytest.raises(imports.NoSuchBatch):
            verb(creditor=other, batch_id=batch.pk, actor="eva", now=NOW)
    imports.commit(creditor=one, batch_id=batch.pk, actor="ana", now=NOW)
    assert (
        imports.commit(creditor=other, batch_id=staged(other, content).pk, actor="eva", now=NOW).counts["new"]
        == 1
    )
    assert len(balances(one)) == len(balances(other)) == 1
    with scope([one.pk]):
        assert verify(one.pk) == []


@pytest.mark.django_db
def test_undoing_customers_leaves_them_and_says_so():
    creditor = make_creditor()
    content = table(["C1", "Ana"], head=("Código", "Nombre"))
    batch = staged(creditor, content, kind="customers")
    imports.commit(creditor=creditor, batch_id=batch.pk, actor="ana", now=NOW)
    report = imports.undo(creditor=creditor, batch_id=batch.pk, actor="ana", now=NOW)
    assert [finding["code"] for finding in report.findings] == ["customers_stay"]
    assert asked(creditor, "SELECT code FROM parties_customer") == [("C1",)]
