"""A file from outside, as it is: months before days, CRLF, a paid column, no names, and nobody's own format."""

from datetime import date
from pathlib import Path

import pytest

from aldia.operations import imports
from aldia.operations.imports import ImportOptions
from aldia.queries.verify import verify
from aldia.records.tenancy.scope import scope
from tests.formats.table.tables import us_export_twin
from tests.laws.books import make_creditor
from tests.operations.imports.tables import NOW, asked, imported, open_on, row_counts, said

pytestmark = pytest.mark.django_db

_REAL = Path(__file__).parents[4] / "shared/data/ar/ibm_watson_accounts_receivable.csv"
_ANY = {"options": ImportOptions(), "file_name": "deudores.csv"}


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
