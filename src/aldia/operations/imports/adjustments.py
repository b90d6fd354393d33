"""Known lines whose amount or due date changed in their source: debits, credits and terms beside them."""

import polars as pl

from aldia.operations.imports.context import Context, derived_key
from aldia.operations.imports.corrections import plan_corrections
from aldia.operations.imports.documents import plan_acceptances
from aldia.operations.imports.plan import OVERLAYS, Plan, joined, provisional
from aldia.operations.ledger.frames import CREDITS, DOCUMENTS, LINES


def plan_adjustments(context: Context, rows: pl.DataFrame, lines: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Plan what makes the ledger say what the file says; the rows with `is_changed` and `is_adjusted`.

    rows: known lines (`Matched.rows`); lines: all of their documents. What an earlier adjustment did the
    other way is taken back first. More: a charge note that adjusts the document. Less: a credit note. All
    count from today, for until today the old amount was what people went by.
    """
    difference = pl.col("amount_minor") - pl.col("known_minor")
    rows = rows.with_columns(
        difference=pl.lit(0, pl.Int64) if context.amount_is_open else difference,
        since=pl.max_horizontal(pl.lit(context.day), "line_issued_on"),
    ).with_columns(is_adjusted=pl.col("difference") != 0)
    rows = plan_corrections(context, rows, lines, plan)
    _plan_more(context, rows.filter(pl.col("difference") > 0), plan)
    _plan_less(context, rows.filter(pl.col("difference") < 0), plan)
    _plan_terms(context, rows, plan)
    accepted = plan_acceptances(context, rows, plan).with_columns(newly_accepted=pl.lit(value=True))
    rows = rows.join(accepted, on="document_id", how="left", maintain_order="left")
    return rows.with_columns(
        is_changed=pl.col("is_adjusted")
        | (pl.col("due_date") != pl.col("line_due"))
        | pl.col("newly_accepted").fill_null(value=False)
    )


def _plan_more(context: Context, rows: pl.DataFrame, plan: Plan) -> None:
    documents = provisional(rows, after=plan.documents.height).with_columns(
        kind=pl.lit("charge_note"),
        issued_on="since",
        total_minor="difference",
        adjusts_id="document_id",
        beneficiary_id=pl.lit(None, pl.Int64),
        net_minor=pl.lit(None, pl.Int64),
        description=pl.lit("Ajuste al alza según el archivo importado."),
        order_reference=pl.lit(""),
    )
    lines = provisional(documents.rename({"id": "owner_id"}), after=plan.lines.height).with_columns(
        document_id="owner_id",
        line_number=pl.lit(1),
        amount_minor="difference",
        due_date=pl.max_horizontal("due_date", "since"),
        source_key=derived_key(context, "adjust"),
    )
    plan.documents = joined([plan.documents, documents], DOCUMENTS)
    plan.lines = joined([plan.lines, lines], LINES)
    plan.count(adjustments=rows.height)


def _plan_less(context: Context, rows: pl.DataFrame, plan: Plan) -> None:
    credits_ = provisional(rows, after=plan.credits.height).with_columns(
        kind=pl.lit("credit_note"),
        amount_minor=-pl.col("difference"),
        effective_on="since",
        adjusts_id="document_id",
        source_key=derived_key(context, "adjust"),
        reason=pl.lit("Ajuste a la baja según el archivo importado."),
    )
    plan.credits = joined([plan.credits, credits_], CREDITS)
    plan.count(adjustments=rows.height)


def _plan_terms(context: Context, rows: pl.DataFrame, plan: Plan) -> None:
    terms = rows.filter(pl.col("due_date") != pl.col("line_due")).with_columns(
        kind=pl.lit("terms"),
        until_on="due_date",
        effective_on="since",
        reason=pl.lit(f"Nuevo vencimiento según «{context.file_name}»."),
    )
    plan.overlays = joined([plan.overlays, terms], OVERLAYS)
    plan.count(terms=terms.height)
