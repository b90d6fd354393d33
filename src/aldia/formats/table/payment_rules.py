"""What makes a row of a payment table usable."""

import polars as pl

from aldia.formats.table.findings import shown
from aldia.formats.table.tax_ids import remark_tax_ids
from aldia.formats.table.triage import Triage
from aldia.kernel.money import format_money


def check_payments(frame: pl.DataFrame, triage: Triage) -> pl.DataFrame:
    """A payment needs a day and an amount; who paid may still be unknown."""
    remark_tax_ids(frame, triage, "customer_tax_id")
    frame = frame.with_columns(customer_code=pl.coalesce("customer_code", "customer_tax_id"))
    for field in ("value_date", "amount"):
        frame = triage.require(frame, field)
    frame = triage.exclude(
        frame,
        pl.col("amount_minor") == 0,
        "zero_amount",
        "amount",
        lambda _: "el importe es cero y la fila no se importa. Revise el importe.",
    )
    frame = _with_direction(frame, triage)
    triage.summarise(
        frame,
        pl.col("customer_code").is_null() & pl.col("invoice_number").is_null(),
        "unidentified_payment",
        "customer_code",
        lambda rows, first: (
            (
                f"1 cobro (en la fila {first}) no dice ni cliente ni factura: "
                "quedará pendiente de identificar."
                if rows == 1
                else f"{rows} cobros (el primero en la fila {first}) no dicen ni cliente ni factura: "
                "quedarán pendientes de identificar."
            )
            + " Complete el código si lo conoce."
        ),
    )
    return frame if triage.amounts_open else _without_duplicates(frame, triage)


def _with_direction(frame: pl.DataFrame, triage: Triage) -> pl.DataFrame:
    """Amounts become positive: negative money in is money that went back."""
    negative = pl.col("amount_minor") < 0
    plain = pl.col("kind").is_null() | (pl.col("kind") == "payment")
    frame = triage.refuse(
        frame,
        negative & pl.col("kind").is_in(["withholding", "set_off", "discount"]),
        "negative_amount",
        "amount",
        lambda _: "el importe no puede ser negativo en este tipo de cobro. Corríjalo.",
    )
    triage.remark(
        frame,
        negative & plain,
        "warning",
        "negative_payment",
        "amount",
        text=lambda row: (
            f"el importe {format_money(row['amount_minor'], row['currency'])} es negativo: "
            "se tratará como devolución. Indique el tipo si es otra cosa."
        ),
    )
    kind = pl.when(negative & plain).then(pl.lit("return")).otherwise(pl.col("kind").fill_null("payment"))
    return frame.with_columns(kind=kind).with_columns(pl.col("amount_minor").abs())


def _without_duplicates(frame: pl.DataFrame, triage: Triage) -> pl.DataFrame:
    """A reference may cover several invoices, once each; rows without reference are never duplicates."""
    keys = ["reference", "customer_code", "invoice_number", "value_date", "amount_minor", "currency", "kind"]
    frame = frame.with_columns(_first_row=pl.col("source_row").first().over(keys))
    return triage.refuse(
        frame,
        pl.col("reference").is_not_null() & (pl.col("source_row") != pl.col("_first_row")),
        "duplicate_reference",
        "reference",
        lambda row: (
            f"el cobro «{shown(row['reference'])}» ya está en la fila {row['_first_row']}. "
            "Quite uno de los dos o cambie la referencia."
        ),
    ).drop("_first_row")
