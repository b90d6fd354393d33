"""From a file as read to a plan, whatever its kind."""

from datetime import datetime

import polars as pl

from aldia.kernel.clock import business_date
from aldia.operations.imports.context import Context
from aldia.operations.imports.customers import plan_customers
from aldia.operations.imports.invoices import plan_invoices
from aldia.operations.imports.options import Kind
from aldia.operations.imports.payments import plan_payments
from aldia.operations.imports.plan import Plan
from aldia.operations.imports.reading import ReadFile
from aldia.operations.imports.report import Notes
from aldia.queries.imports import committed_before
from aldia.records.tenancy.models import Creditor

_PLANNERS = {"invoices": plan_invoices, "payments": plan_payments, "customers": plan_customers}


def plan_import(
    read: ReadFile,
    kind: Kind,
    *,
    digest: str,
    creditor: Creditor,
    source: str,
    file_name: str,
    mark: str,
    now: datetime,
) -> Plan:
    """What the file would book, as things stand now; with the findings of reading it.

    digest: of the file's bytes. mark: the import's own number, for the source keys of what it derives.
    """
    notes = Notes(read.headings.fields)
    notes.log.extend(read.findings)
    _say_known_file(creditor, kind, digest, notes)
    interpreted = read.interpreted
    plan = Plan(
        notes,
        {
            "rows": interpreted.rows_read,
            "new": 0,
            "unchanged": 0,
            "changed": 0,
            "questioned": 0,
            "vanished": 0,
            "refused": interpreted.rows_refused,
            "excluded": interpreted.rows_excluded,
        },
    )
    context = Context(
        creditor=creditor,
        source=source,
        file_name=file_name,
        day=business_date(now, creditor.time_zone),
        mark=mark,
        amount_is_open="amount" not in read.headings.fields and "open_amount" in read.headings.fields,
        numbers_aside=_numbers_aside(read),
    )
    if not read.findings.blocking:
        _PLANNERS[kind](context, interpreted.frame, plan)
    return plan


def _say_known_file(creditor: Creditor, kind: str, digest: str, notes: Notes) -> None:
    before = committed_before(creditor.pk, kind, digest)
    if before is not None and before.committed_at is not None:
        notes.log.add(
            "info",
            "file_known",
            f"Este mismo archivo ya se importó el {before.committed_at:%d/%m/%Y} (importación {before.pk}): "
            "solo se registra lo que falte.",
        )


def _numbers_aside(read: ReadFile) -> frozenset[str]:
    """Document numbers in rows of the file that are not imported."""
    heading = read.headings.fields.get("number")
    if heading is None:
        return frozenset()
    used = set(read.interpreted.frame["source_row"])
    cells = pl.Series(read.table.source_rows).to_list()
    return frozenset(
        str(cell) for row, cell in zip(cells, read.table.column(heading), strict=True) if row not in used
    )
