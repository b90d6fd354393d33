"""Rows into the tables of the ledger: derived columns are filled in, nothing is decided, nothing audited.

Whatever the verb, a row with a day the ledger does not speak of is refused here (DayOutsideLedger).
"""

from datetime import date, datetime

import polars as pl

from aldia.kernel.dates import refuse_outside_ledger
from aldia.operations.bulk import insert_frame, with_ids
from aldia.operations.ledger.frames import CREDITS, DOCUMENTS, LINES, TAXES, shaped


def write_documents(
    creditor_id: int,
    documents: pl.DataFrame,
    lines: pl.DataFrame,
    taxes: pl.DataFrame | None,
    now: datetime,
) -> pl.Series:
    """Documents, their due lines and taxes; the ids of the lines."""
    headers = shaped(documents, DOCUMENTS).with_columns(effective_on="issued_on")
    insert_frame("ledger_document", creditor_id, _stamped(headers, now), order_by=["id"])
    dated = headers.select("currency", "kind", "issued_on", "effective_on", document_id="id")
    shaped_lines = _identified("ledger_due_line", shaped(lines, LINES))
    whole = shaped_lines.join(dated, on="document_id", maintain_order="left")
    assert whole.height == lines.height, "every line names a document of this call"
    insert_frame("ledger_due_line", creditor_id, _stamped(whole, now), order_by=["id"])
    if taxes is not None:
        taxed = shaped(taxes, TAXES).join(dated.select("document_id", "effective_on"), on="document_id")
        assert taxed.height == taxes.height, "every tax names a document of this call"
        insert_frame("ledger_tax_line", creditor_id, _stamped(taxed, now), order_by=["document_id"])
    return whole["id"]


def write_credits(creditor_id: int, credits_: pl.DataFrame, now: datetime) -> pl.Series:
    """Credits; their ids."""
    rows = _identified("ledger_credit", shaped(credits_, CREDITS))
    insert_frame("ledger_credit", creditor_id, _stamped(rows, now), order_by=["id"])
    return rows["id"]


def write_rows(table: str, creditor_id: int, rows: pl.DataFrame, now: datetime) -> pl.Series:
    """Any other rows of the ledger, complete but for `recorded_at` and maybe `id`; their ids."""
    known = _identified(table, rows)
    insert_frame(table, creditor_id, _stamped(known, now), order_by=["id"])
    return known["id"]


def _identified(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    return frame if "id" in frame.columns else with_ids(table, frame)


def _stamped(frame: pl.DataFrame, now: datetime) -> pl.DataFrame:
    _refuse_impossible_days(frame)
    return frame.with_columns(recorded_at=pl.lit(now, pl.Datetime("us", "UTC")))


def _refuse_impossible_days(frame: pl.DataFrame) -> None:
    for column in frame.select(pl.col(pl.Date)).iter_columns():
        for day in (column.min(), column.max()):
            if isinstance(day, date):
                refuse_outside_ledger(day)
