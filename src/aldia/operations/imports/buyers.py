"""Whose the rows of an invoice table are: known customers, payers of known beneficiaries, new customers."""

import polars as pl

from aldia.operations.imports.plan import NEW_CONTACTS, NEW_CUSTOMERS, NEW_POINTS, Plan, fitted, provisional
from aldia.operations.imports.tax_ids import person_kind_of
from aldia.queries.imports import beneficiaries_of, customers_named

_NEW = ("customer_code", "customer_name", "customer_tax_id", "customer_email", "customer_phone")


def with_buyers(creditor_id: int, rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The rows with `customer_id` (provisional for new customers), `customer` (the creditor's own code) and
    `beneficiary_id` where the row's code is that of a beneficiary. New customers go into the plan."""
    codes = rows["customer_code"].unique()
    known = customers_named(creditor_id, codes, rows["customer_tax_id"].drop_nulls().unique())
    found = _by_code(rows, known)
    found = _by_tax_id(found, known)
    found = _by_beneficiary(creditor_id, found)
    new = found.filter(pl.col("customer_id").is_null())
    if new.height:
        plan_new_customers(new, plan)
        fresh = plan.customers.select(customer_code="code", new_id="id")
        found = found.join(fresh, on="customer_code", how="left", maintain_order="left").with_columns(
            customer_id=pl.coalesce("customer_id", "new_id"),
            customer=pl.coalesce("customer", "customer_code"),
        )
    return found


def plan_new_customers(rows: pl.DataFrame, plan: Plan) -> None:
    """A customer for each code, from the first value of each column; its e-mail and telephone too."""
    first = (
        rows.sort("source_row")
        .group_by("customer_code", maintain_order=True)
        .agg(pl.col(*_NEW[1:], "customer_kind", "country", "segment").drop_nulls().first())
    )
    tax_id = pl.col("customer_tax_id")
    customers = provisional(first).with_columns(
        code="customer_code",
        name=pl.coalesce("customer_name", "customer_code"),
        tax_id=tax_id.fill_null(""),
        person_kind=pl.coalesce("customer_kind", person_kind_of(tax_id), pl.lit("consumer")),
        country=pl.col("country").fill_null(""),
        segment=pl.col("segment").fill_null(""),
        language=pl.lit("es"),
        form_of_address=pl.lit("usted"),
        tags=pl.lit([], pl.List(pl.String)),
        place=pl.lit(""),
        postal_code=pl.lit(""),
        minor=pl.lit(value=False),
    )
    plan.customers = fitted(customers, NEW_CUSTOMERS)
    plan.count(customers=customers.height)
    _plan_holders(customers, plan)


def _plan_holders(customers: pl.DataFrame, plan: Plan) -> None:
    reachable = customers.filter(
        pl.col("customer_email").is_not_null() | pl.col("customer_phone").is_not_null()
    ).select(
        "name",
        "customer_email",
        "customer_phone",
        customer_id="id",
        role=pl.lit("holder"),
        is_recipient=pl.lit(value=True),
        customer_minor=pl.lit(value=False),
    )
    contacts = provisional(reachable)
    plan.contacts = fitted(contacts, NEW_CONTACTS)
    points = [
        contacts.filter(pl.col(column).is_not_null()).select(
            "customer_id", contact_id="id", channel=pl.lit(channel), value=column
        )
        for column, channel in (("customer_email", "email"), ("customer_phone", "phone"))
    ]
    plan.points = fitted(pl.concat(points), NEW_POINTS)


def _by_code(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    codes = known.select("customer", "customer_id", customer_code="customer")
    return rows.join(codes, on="customer_code", how="left", maintain_order="left")


def _by_tax_id(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """A row whose code is only its tax id is the one customer with that tax id."""
    sole = known.filter((pl.col("tax_id") != "") & ~pl.col("tax_id").is_duplicated())
    named = sole.select(customer_tax_id="tax_id", id_="customer_id", code_="customer")
    derived = pl.col("customer_id").is_null() & (pl.col("customer_code") == pl.col("customer_tax_id"))
    return (
        rows.join(named, on="customer_tax_id", how="left", maintain_order="left")
        .with_columns(
            customer_id=pl.when(derived).then("id_").otherwise("customer_id"),
            customer=pl.when(derived).then("code_").otherwise("customer"),
        )
        .drop("id_", "code_")
    )


def _by_beneficiary(creditor_id: int, rows: pl.DataFrame) -> pl.DataFrame:
    """A row under the code of a beneficiary of one payer is that payer's."""
    unknown = rows.filter(pl.col("customer_id").is_null())["customer_code"].unique()
    found = beneficiaries_of(creditor_id, [], unknown) if len(unknown) else None
    if found is None or found.is_empty():
        return rows.with_columns(beneficiary_id=pl.lit(None, pl.Int64))
    sole = found.filter(~pl.col("code").is_duplicated())
    payers = sole.select("beneficiary_id", customer_code="code", payer_id="customer_id")
    return (
        rows.join(payers, on="customer_code", how="left", maintain_order="left")
        .with_columns(
            beneficiary_id=pl.when(pl.col("customer_id").is_null()).then("beneficiary_id"),
            customer=pl.when(pl.col("payer_id").is_not_null() & pl.col("customer_id").is_null())
            .then("customer_code")
            .otherwise("customer"),
            customer_id=pl.coalesce("customer_id", "payer_id"),
        )
        .drop("payer_id")
    )
