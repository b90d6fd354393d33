"""Whose a payment is and which document it names: by code, by tax id, by exact number."""

import polars as pl

from aldia.formats.table.findings import shown
from aldia.operations.imports.context import Context
from aldia.operations.imports.plan import Plan
from aldia.queries.imports import beneficiaries_of, customers_named, lines_of_numbers

_DOCUMENT = ["customer_id", "number", "currency"]


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


def with_documents(context: Context, rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """`document`: the document named, if it is the customer's or, without a known customer, the only one of
    that number; the payment of an unknown payer is then that customer's."""
    lines = lines_of_numbers(context.creditor_id, rows["invoice_number"].drop_nulls().unique())
    documents = lines.group_by(_DOCUMENT).agg(document=pl.col("document_id").min())
    sole = documents.filter(pl.len().over("number", "currency") == 1)
    own = documents.select("customer_id", "currency", "document", invoice_number="number")
    by_number = sole.select(
        "currency", invoice_number="number", sole_document="document", sole_customer="customer_id"
    )
    found = rows.join(
        own, on=["customer_id", "currency", "invoice_number"], how="left", maintain_order="left"
    ).join(by_number, on=["currency", "invoice_number"], how="left", maintain_order="left")
    _say_anothers(found, plan)
    unknown = pl.col("customer_id").is_null()
    return found.with_columns(
        document=pl.when(unknown).then("sole_document").otherwise("document"),
        customer_id=pl.coalesce("customer_id", "sole_customer"),
    ).drop("sole_document", "sole_customer")


def open_lines_of(context: Context, rows: pl.DataFrame) -> pl.DataFrame:
    """group (the document), due_line_id, open_minor of the documents that rows name, oldest due first."""
    lines = lines_of_numbers(context.creditor_id, rows["invoice_number"].drop_nulls().unique())
    first = pl.col("document_id").min().over(_DOCUMENT)
    named = lines.with_columns(group=first, due=pl.coalesce("terms_on", "due_date"))
    wanted = rows.select(group="document").unique()
    return (
        named.join(wanted, on="group", how="semi")
        .sort("due", "due_line_id")
        .select("group", "due_line_id", "open_minor")
    )


def _say_anothers(rows: pl.DataFrame, plan: Plan) -> None:
    anothers = rows.filter(
        pl.col("customer_id").is_not_null()
        & pl.col("document").is_null()
        & (pl.col("sole_customer") != pl.col("customer_id"))
    )
    plan.notes.say(
        anothers,
        "warning",
        "document_of_another",
        "invoice_number",
        lambda row: (
            f"la factura «{shown(row['invoice_number'])}» es de otro cliente: el cobro queda sin aplicar en "
            "el cliente indicado. Aplíquelo a mano si paga por otro."
        ),
    )


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
