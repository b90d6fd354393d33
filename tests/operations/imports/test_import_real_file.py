"""A file from outside, as it is: months before days, CRLF, a paid column, and no names."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from aldia.operations import imports
from aldia.operations.imports import ImportOptions
from aldia.queries.verify import verify
from aldia.records.tenancy.scope import scope
from tests.formats.table.tables import us_export_twin
from tests.laws.books import make_creditor
from tests.operations.imports.tables import NOW, asked, imported, open_on, row_counts, said, staged

pytestmark = pytest.mark.django_db

_REAL = Path(__file__).parents[4] / "shared/data/ar/ibm_watson_accounts_receivable.csv"
_ANY: dict[str, Any] = {"options": ImportOptions(), "file_name": "deudores.csv"}


@pytest.fixture
def creditor():
    return make_creditor(currency="USD")


@pytest.fixture
def real_file():
    if not _REAL.exists():
        pytest.skip("el archivo real no está junto al repositorio: ../shared/data/ar")
    return _REAL.read_bytes()


def test_the_real_file_imports_as_it_is_and_stands_as_of_any_day(creditor, real_file):
    report = imported(creditor, real_file, **_ANY)
    assert report.counts["new"] == report.counts["rows"] == 2466
    assert report.counts["payments"] == 2466
    open_ = open_on(creditor, date(2013, 6, 30))
    assert len(open_) == 84
    assert len([line for line in open_ if line[1] < date(2013, 6, 30)]) == 12
    assert said(report, "disputed_after_fact")["sentence"]
    with scope([creditor.pk]):
        assert verify(creditor.pk) == []


def test_a_generated_twin_of_it_imports_the_same_way(creditor):
    report = imported(creditor, us_export_twin(400), **_ANY)
    assert report.counts["new"] == report.counts["payments"] == 400
    assert report.counts["customers"] == 100
    assert open_on(creditor, date(2015, 12, 31)) == []
    assert asked(creditor, "SELECT min(name), min(person_kind) FROM parties_customer") == [
        ("0000-ABCDE", "consumer")
    ]
    with scope([creditor.pk]):
        assert verify(creditor.pk) == []


def test_the_same_file_again_books_nothing(creditor):
    imported(creditor, us_export_twin(300), **_ANY)
    before = row_counts(creditor)
    report = imported(creditor, us_export_twin(300), **_ANY)
    after = row_counts(creditor)
    assert report.counts["unchanged"] == 300
    assert report.counts["new"] == report.counts["changed"] == report.counts["vanished"] == 0
    assert said(report, "file_known")["severity"] == "info"
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"audit_entry", "intake_import_batch"}


def test_undone_it_never_was_and_it_can_come_again(creditor):
    empty = row_counts(creditor)
    first = imported(creditor, us_export_twin(120), **_ANY)
    stood = open_on(creditor, date(2012, 12, 1))
    undone = imports.undo(creditor=creditor, batch_id=first.batch_id, actor="ana", now=NOW)
    assert undone.counts["due_lines"] == undone.counts["credits"] == 120
    assert stood
    for day in (date(2012, 2, 1), date(2012, 12, 1), date(2030, 1, 1)):
        assert open_on(creditor, day) == []
    again = imported(creditor, us_export_twin(120), **_ANY)
    assert again.counts["new"] == 120
    assert [line[1:] for line in open_on(creditor, date(2012, 12, 1))] == [line[1:] for line in stood]
    with scope([creditor.pk]):
        assert verify(creditor.pk) == []
    assert empty["audit_entry"] + 3 == row_counts(creditor)["audit_entry"]


def test_a_commit_and_an_undo_leave_one_entry_each_without_names(creditor):
    report = imported(creditor, us_export_twin(10), **_ANY)
    imports.undo(creditor=creditor, batch_id=report.batch_id, actor="ana", now=NOW)
    entries = asked(creditor, "SELECT verb, subject, payload FROM audit_entry ORDER BY sequence")
    assert [entry[:2] for entry in entries] == [
        ("import.committed", f"batch:{report.batch_id}"),
        ("ledger.undone", f"batch:{report.batch_id}"),
    ]
    assert "ABCDE" not in str(entries)


def test_progress_is_told_up_to_the_end(creditor):
    batch = staged(creditor, us_export_twin(50), **_ANY)
    told = []
    imports.commit(
        creditor=creditor,
        batch_id=batch.pk,
        actor="ana",
        now=NOW,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[0] == (0, told[0][1])
    assert told[-1] == (told[0][1], told[0][1])
    assert told == sorted(told)
