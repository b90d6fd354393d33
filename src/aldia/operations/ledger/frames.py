"""The frames in which many rows are handed to the ledger. Amounts: minor units. Columns in `OPTIONAL` may be
left out; `id` then comes from the table's sequence, everything else is null, blank or one."""

from typing import Any

import polars as pl

DOCUMENTS = pl.Schema(
    {
        "id": pl.Int64,
        "customer_id": pl.Int64,
        "kind": pl.String,
        "number": pl.String,
        "issued_on": pl.Date,
        "currency": pl.String,
        "total_minor": pl.Int64,
        "net_minor": pl.Int64,
        "beneficiary_id": pl.Int64,
        "description": pl.String,
        "order_reference": pl.String,
        "adjusts_id": pl.Int64,
        "batch_id": pl.Int64,
    }
)
"""`id` is needed here: lines and taxes name it (`bulk.next_ids("ledger_document", n)`)."""

LINES = pl.Schema(
    {
        "id": pl.Int64,
        "document_id": pl.Int64,
        "customer_id": pl.Int64,
        "line_number": pl.Int32,
        "amount_minor": pl.Int64,
        "due_date": pl.Date,
        "source_key": pl.String,
        "batch_id": pl.Int64,
    }
)
"""Currency, kind and issue date come from the document, which must be in the same call."""

TAXES = pl.Schema(
    {
        "document_id": pl.Int64,
        "kind": pl.String,
        "rate_bp": pl.Int32,
        "base_minor": pl.Int64,
        "amount_minor": pl.Int64,
    }
)

CREDITS = pl.Schema(
    {
        "id": pl.Int64,
        "customer_id": pl.Int64,
        "kind": pl.String,
        "currency": pl.String,
        "amount_minor": pl.Int64,
        "effective_on": pl.Date,
        "number": pl.String,
        "reference": pl.String,
        "payer_name": pl.String,
        "method": pl.String,
        "names_document": pl.String,
        "adjusts_id": pl.Int64,
        "source_key": pl.String,
        "reason": pl.String,
        "batch_id": pl.Int64,
    }
)
"""effective_on: the value date. customer_id: null while nobody knows whose money it is."""

ALLOCATIONS = pl.Schema(
    {"id": pl.Int64, "credit_id": pl.Int64, "due_line_id": pl.Int64, "amount_minor": pl.Int64}
)
"""The day, the customers and the currency come from credit and line."""

OPTIONAL: dict[str, Any] = {
    "net_minor": None,
    "beneficiary_id": None,
    "description": "",
    "order_reference": "",
    "adjusts_id": None,
    "batch_id": None,
    "line_number": 1,
    "number": "",
    "reference": "",
    "payer_name": "",
    "method": "",
    "names_document": "",
    "source_key": "",
    "reason": "",
}


def shaped(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """Exactly the columns of the schema (without `id`, if the frame has none), defaults filled in."""
    names = [name for name in schema if name in frame.columns or name in OPTIONAL]
    missing = set(schema) - set(names) - {"id"}
    assert not missing, f"columns missing: {sorted(missing)}"
    unknown = set(frame.columns) - set(schema)
    assert not unknown, f"columns unknown: {sorted(unknown)}"
    return frame.with_columns(
        pl.lit(OPTIONAL[name]).alias(name) for name in names if name not in frame.columns
    ).select(pl.col(name).cast(schema[name]) for name in names)
