"""What makes a row of a customer table usable."""

import polars as pl

from aldia.formats.table.findings import shown
from aldia.formats.table.invoice_rules import with_customer_code
from aldia.formats.table.tax_ids import remark_tax_ids
from aldia.formats.table.triage import Triage


def check_customers(frame: pl.DataFrame, triage: Triage) -> pl.DataFrame:
    """A customer needs a code of its own; a name is missed but not required."""
    remark_tax_ids(frame, triage, "tax_id")
    frame = with_customer_code(frame, triage, code="code", tax_id="tax_id")
    frame = triage.require(frame, "code")
    triage.remark(
        frame,
        pl.col("name").is_null() if triage.has("name") else pl.lit(value=False),
        "warning",
        "missing_name",
        "name",
        text=lambda row: f"el cliente «{shown(row['code'])}» no tiene nombre. Complételo cuando pueda.",
    )
    own = pl.col("payer_code") == pl.col("code")
    frame = frame.with_columns(payer_code=pl.when(own).then(None).otherwise("payer_code"))
    return _without_duplicates(frame, triage)


def _without_duplicates(frame: pl.DataFrame, triage: Triage) -> pl.DataFrame:
    frame = frame.with_columns(_first_row=pl.col("source_row").first().over("code"))
    return triage.refuse(
        frame,
        pl.col("source_row") != pl.col("_first_row"),
        "duplicate_code",
        "code",
        lambda row: (
            f"el cliente «{shown(row['code'])}» ya está en la fila {row['_first_row']}. "
            "Quite una de las dos filas."
        ),
    ).drop("_first_row")
