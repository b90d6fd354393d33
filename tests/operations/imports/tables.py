"""Imports with most of their arguments already said, and what the books look like afterwards."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, transaction

from aldia.operations import imports
from aldia.operations.imports import ImportOptions, ImportReport
from aldia.records.intake.models import ImportBatch
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
TODAY = date(2026, 6, 1)
INVOICES = ("Nº factura", "Cód. cliente", "Fecha factura", "Vencimiento", "Importe total")
PAYMENTS = ("Referencia", "Cód. cliente", "Fecha valor", "Importe", "Nº factura", "Concepto")
_TABLES = """
SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
WHERE nspname = 'public' AND relkind = 'r' AND (relname LIKE 'ledger%' OR relname LIKE 'parties%'
    OR relname LIKE 'intake%' OR relname LIKE 'audit%') ORDER BY 1
"""
_BALANCES = """
SELECT c.code, d.number, l.due_date, b.open_minor
FROM ledger_item_balance b JOIN ledger_due_line l ON l.id = b.due_line_id
JOIN ledger_document d ON d.id = l.document_id JOIN parties_customer c ON c.id = l.customer_id
WHERE b.reversed_minor < b.original_minor ORDER BY d.number, l.due_date, l.id
"""
_OPEN_AS_OF = """
SELECT l.id, l.due_date, l.amount_minor
  - coalesce((SELECT sum(r.amount_minor) FROM ledger_reversal r
              WHERE r.due_line_id = l.id AND r.effective_on <= %(on)s), 0)
  - coalesce((SELECT sum(a.amount_minor) FROM ledger_allocation a
              WHERE a.due_line_id = l.id AND a.effective_on <= %(on)s), 0)
  + coalesce((SELECT sum(r.amount_minor)
              FROM ledger_allocation a JOIN ledger_reversal r ON r.allocation_id = a.id
              WHERE a.due_line_id = l.id AND r.effective_on <= %(on)s), 0)
FROM ledger_due_line l WHERE l.effective_on <= %(on)s
"""


def table(*rows: Sequence[str], head: Sequence[str] = INVOICES) -> bytes:
    """A semicolon csv with Windows line ends."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([head, *rows])
    return text.getvalue().encode()


def staged(creditor: Creditor, content: bytes, **said: Any) -> ImportBatch:
    """The batch after a first look."""
    given: dict[str, Any] = {
        "kind": "invoices",
        "file_name": "facturas.csv",
        "options": ImportOptions(date_format="dd/mm/aaaa"),
        "mapping": {},
        "source_name": None,
        "actor": "ana",
        "now": NOW,
    }
    return imports.stage(creditor=creditor, content=content, **(given | said))


def imported(creditor: Creditor, content: bytes, *, partial: bool = False, **said: Any) -> ImportReport:
    """What one import of the file, looked at and committed, did."""
    batch = staged(creditor, content, **said)
    return imports.commit(
        creditor=creditor, batch_id=batch.pk, actor="ana", now=said.get("now", NOW), partial=partial
    )


def payments(
    creditor: Creditor, *rows: Sequence[str], head: Sequence[str] = PAYMENTS, **said: Any
) -> ImportReport:
    """An import of payments."""
    return imported(creditor, table(*rows, head=head), kind="payments", **said)


def asked(creditor: Creditor, query: str, params: Any = None) -> Any:
    """The rows of a SELECT among the creditor's own."""
    with transaction.atomic(), scope([creditor.pk]), connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


def row_counts(creditor: Creditor) -> dict[str, int]:
    """How many rows the creditor has in every table an import may touch."""
    names = [name for (name,) in asked(creditor, _TABLES)]
    return {name: asked(creditor, f"SELECT count(*) FROM {name}")[0][0] for name in names}


def balances(creditor: Creditor) -> Any:
    """customer, number, due date, open minor units of every line that stands."""
    return asked(creditor, _BALANCES)


def unapplied(creditor: Creditor) -> dict[str, int]:
    """What is left of each kind of credit."""
    query = "SELECT c.kind, sum(b.unallocated_minor)::bigint FROM ledger_credit_balance b"
    return dict(asked(creditor, f"{query} JOIN ledger_credit c ON c.id = b.credit_id GROUP BY 1"))


def open_on(creditor: Creditor, on: date) -> list[tuple[int, date, int]]:
    """line, due date, open minor units of what is open as of a day, from the rows alone."""
    return [row for row in asked(creditor, _OPEN_AS_OF, {"on": on}) if row[2]]


def said(report: ImportReport, code: str) -> dict[str, Any]:
    """The first finding of a code; fails with what was found instead."""
    for finding in report.findings:
        if finding["code"] == code:
            return finding
    raise AssertionError(f"no {code} among {[(f['code'], f['sentence']) for f in report.findings]}")
