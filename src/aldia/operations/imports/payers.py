"""Whose a payment is: by code, by tax id, by the code of somebody they pay for."""

import polars as pl

from aldia.operations.imports.context import Context
from aldia.queries.imports import beneficiaries_of, customers_named


def with_payers(context: Context, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `customer_id`; null where code and tax id say nothing or name nobody known."""
    tax_ids = rows["customer_tax_id"].drop_nulls().unique()
    known = customers_named(context.creditor_id, rows["customer_code"].drop_nulls().unique(), tax_ids)
    codes = known.select("customer_id", customer_code="customer")
    sole = known.filter((pl.col("tax_id") != "") & ~pl.col("tax_id").is_duplicated())
    tax = sole.select(customer_tax_id="tax_id", by_tax="customer_id")
    found = rows.join(codes, on="customer_code", how="left", maintain_order="left").join(
        tax, on="customer_tax_id", how="left", maintain_order="left"
    )
    found = found.with_columns(customer_id=pl.coalesce("customer_id", "by_tax")).drop("by_tax")
    return _by_beneficiary(context, found)


def _by_beneficiary(context: Context, rows: pl.DataFrame) -> pl.DataFrame:
    unknown = rows.filter(pl.col("customer_id").is_null())["customer_code"].drop_nulls().unique()
    if unknown.is_empty():
        return rows
    found = beneficiaries_of(context.creditor_id, [], unknown)
    sole = found.filter(~pl.col("code").is_duplicated()).select(customer_code="code", payer="customer_id")
    return (
        rows.join(sole, on="customer_code", how="left", maintain_order="left")
        .with_columns(customer_id=pl.coalesce("customer_id", "payer"))
        .drop("payer")
    )
