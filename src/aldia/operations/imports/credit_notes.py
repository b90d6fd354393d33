"""Credit notes of an invoice table: negative invoices and rectificativas."""

import polars as pl

from aldia.formats.table.findings import shown
from aldia.kernel.money import format_money
from aldia.operations.imports.context import DERIVED, Context, escaped
from aldia.operations.imports.matching import DOCUMENT
from aldia.operations.imports.plan import Plan, joined, provisional
from aldia.operations.imports.pots import Pots
from aldia.operations.ledger.frames import CREDITS
from aldia.queries.imports import credit_notes

_SUMMED = "amount_minor"


def plan_credit_notes(context: Context, rows: pl.DataFrame, pots: Pots, plan: Plan) -> dict[str, int]:
    """Plan the notes the ledger does not have; how many are new, changed, unchanged.

    A note adjusts the document it names or, without one, the document of its own number; it is allocated to
    that up to what is open after payments, and the rest stays unapplied.
    """
    notes = _one_per_number(rows)
    notes = _with_known(context, notes).with_columns(
        more=pl.col(_SUMMED) - pl.col("known_minor").fill_null(0)
    )
    new = notes.filter(pl.col("known_minor").is_null())
    higher = notes.filter(pl.col("known_minor").is_not_null() & (pl.col("more") > 0))
    lower = notes.filter(pl.col("more") < 0)
    _say_lower(lower, plan)
    _book(context, pl.concat([new, higher]), pots, plan)
    _say_settled(new, plan)
    changed = higher.height + lower.height
    return {"new": new.height, "changed": changed, "unchanged": notes.height - new.height - changed}


def _one_per_number(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by(DOCUMENT, maintain_order=True).agg(
        pl.col(_SUMMED).sum(),
        pl.col("source_row", "issue_date").min(),
        pl.col("customer").first(),
        pl.col("rectifies", "description", "paid_date").drop_nulls().first(),
        open_amount_minor=pl.col("open_amount_minor").sum(),
        has_open=pl.col("open_amount_minor").is_not_null().any(),
    )


def _with_known(context: Context, notes: pl.DataFrame) -> pl.DataFrame:
    known = credit_notes(context.creditor_id, notes["number"]).filter(
        ~pl.col("source_key").str.contains(rf"{DERIVED}adjust:")
    )
    sums = known.group_by(DOCUMENT).agg(known_minor=pl.col(_SUMMED).sum())
    return notes.join(sums, on=DOCUMENT, how="left", maintain_order="left")


def _book(context: Context, notes: pl.DataFrame, pots: Pots, plan: Plan) -> None:
    parts = [escaped(name) for name in ("customer", "number", "currency")]
    key = pl.concat_str(pl.lit(f"{context.prefix}credit_note"), *parts, pl.lit("1"), separator=":")
    raised = pl.concat_str(key, pl.lit(f"{DERIVED}more:{context.mark}"))
    named = notes.with_columns(target=pl.coalesce("rectifies", "number"))
    documents = pots.lines.group_by("customer_id", "currency", target="number").agg(
        adjusts_id=pl.col("document_id").sort_by("due_date").first()
    )
    credits_ = provisional(
        named.join(documents, on=["customer_id", "currency", "target"], how="left", maintain_order="left"),
        after=plan.credits.height,
    ).with_columns(
        kind=pl.lit("credit_note"),
        amount_minor="more",
        effective_on="issue_date",
        source_key=pl.when(pl.col("known_minor").is_null()).then(key).otherwise(raised),
        reason=pl.col("description").fill_null(""),
    )
    plan.credits = joined([plan.credits, credits_], CREDITS)
    plan.count(credit_notes=credits_.height)
    poured = credits_.select("customer_id", "currency", "amount_minor", number="target", credit_id="id")
    pots.fill(poured, DOCUMENT, plan)


def _say_lower(notes: pl.DataFrame, plan: Plan) -> None:
    plan.notes.say(
        notes,
        "warning",
        "credit_note_lower",
        "amount",
        lambda row: (
            f"la rectificativa «{shown(row['number'])}» está registrada por "
            f"{format_money(row['known_minor'], row['currency'])} y ahora viene por menos. "
            "No se cambia nada: sigue registrada por ese importe."
        ),
    )


def _say_settled(notes: pl.DataFrame, plan: Plan) -> None:
    """Settled elsewhere, but without a document it would stay on account."""
    settled = notes.filter(
        pl.col("paid_date").is_not_null() | (pl.col("has_open") & (pl.col("open_amount_minor") == 0))
    )
    plan.notes.sum_up(
        settled,
        "warning",
        "credit_note_settled",
        "number",
        "{where} la rectificativa consta como liquidada; lo que no corrija una factura del archivo quedará a "
        "favor del cliente. Compruébelo.",
    )
