"""New documents with their due lines, taxes and acceptance."""

import polars as pl

from aldia.operations.imports.context import Context
from aldia.operations.imports.matching import DOCUMENT
from aldia.operations.imports.plan import ACCEPTANCES, NEW_BENEFICIARIES, Plan, fitted, joined, provisional
from aldia.operations.imports.taxes import tax_lines, totals_of_documents
from aldia.operations.ledger.frames import DOCUMENTS, LINES
from aldia.queries.imports import beneficiaries_of

_STATES = {"accepted": "accepted", "rejected": "rejected", "pending": "requested"}


def plan_documents(context: Context, rows: pl.DataFrame, lines: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Plan a document for each customer, number and currency; the rows with `document_id`, `due_line_id`.

    rows: new lines with their source keys. lines: known ones; a document that has some is extended by another
    that names it. Rows of one document with several issue dates count from the first.
    """
    rows = _with_beneficiaries(context, rows, plan)
    documents = _documents(rows, lines)
    owners = documents.select(*DOCUMENT, document_id="id", issued_on="issued_on")
    rows = provisional(
        rows.join(owners, on=DOCUMENT, how="left", maintain_order="left").sort(
            "document_id", "ordinal", descending=[True, False]
        ),
        "due_line_id",
    )
    totals = totals_of_documents(rows).rename({"document_id": "id"})
    documents = documents.join(totals, on="id", how="left", maintain_order="left")
    plan.documents = joined([plan.documents, documents], DOCUMENTS)
    numbered = rows.with_columns(
        id="due_line_id", line_number=pl.int_range(1, pl.len() + 1).over("document_id")
    )
    plan.lines = joined([plan.lines, numbered], LINES)
    plan.taxes = tax_lines(rows, context.creditor.country)
    plan_acceptances(context, rows, plan)
    plan.count(documents=documents.height, due_lines=rows.height)
    return rows


def plan_acceptances(context: Context, rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Plan the word on each document that the ledger does not have yet; the ids of those documents.

    A number without a state is a registration. It is known since today, or since the issue if that is later.
    """
    state = pl.coalesce(
        pl.col("acceptance_state").replace_strict(_STATES, default=None, return_dtype=pl.String),
        pl.when(pl.col("acceptance_number").is_not_null()).then(pl.lit("registered")),
    )
    before = pl.col("was_acceptance").fill_null("") if "was_acceptance" in rows.columns else pl.lit("")
    new = (
        rows.with_columns(state=state, before=before)
        .filter(pl.col("state").is_not_null() & (pl.col("state") != pl.col("before")))
        .unique("document_id", keep="first", maintain_order=True)
        .with_columns(
            number=pl.col("acceptance_number").fill_null(""),
            effective_on=pl.max_horizontal(pl.lit(context.day), "issue_date"),
        )
    )
    plan.acceptances = joined([plan.acceptances, new], ACCEPTANCES)
    return new.select("document_id")


def _documents(rows: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    known = lines.group_by(DOCUMENT).agg(adjusts_id=pl.col("document_id").min())
    first = (
        rows.group_by(DOCUMENT, maintain_order=True)
        .agg(
            kind=pl.col("document_kind").first(),
            issued_on=pl.col("issue_date").min(),
            beneficiary_id=pl.col("beneficiary_id").drop_nulls().first(),
            description=pl.col("description").drop_nulls().first(),
            order_reference=pl.col("order_reference").drop_nulls().first(),
        )
        .with_columns(pl.col("description", "order_reference").fill_null(""))
    )
    return provisional(first.join(known, on=DOCUMENT, how="left", maintain_order="left"))


def _with_beneficiaries(context: Context, rows: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """`beneficiary_id` by the payer's known ones, by name or code; else a new one."""
    named = rows.filter(pl.col("beneficiary").is_not_null() & pl.col("beneficiary_id").is_null())
    if named.is_empty():
        return rows
    wanted = named.select("customer_id", "beneficiary").unique(maintain_order=True)
    known = beneficiaries_of(context.creditor_id, wanted["customer_id"].unique(), [])
    by_words = pl.concat(
        [known.select("customer_id", "beneficiary_id", beneficiary=word) for word in ("name", "code")]
    ).unique(["customer_id", "beneficiary"], keep="first", maintain_order=True)
    found = wanted.join(by_words, on=["customer_id", "beneficiary"], how="left", maintain_order="left")
    new = provisional(found.filter(pl.col("beneficiary_id").is_null()).drop("beneficiary_id"))
    new = new.with_columns(
        code="beneficiary", name="beneficiary", kind=pl.lit("other"), minor=pl.lit(value=False)
    )
    plan.beneficiaries = fitted(new, NEW_BENEFICIARIES)
    ids = pl.concat(
        [
            found.filter(pl.col("beneficiary_id").is_not_null()),
            new.select("customer_id", "beneficiary", beneficiary_id="id"),
        ]
    ).rename({"beneficiary_id": "named_id"})
    return (
        rows.join(ids, on=["customer_id", "beneficiary"], how="left", maintain_order="left")
        .with_columns(beneficiary_id=pl.coalesce("beneficiary_id", "named_id"))
        .drop("named_id")
    )
