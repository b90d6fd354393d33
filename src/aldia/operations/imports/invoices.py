"""What an invoice table would book: new documents, what changed on known ones, what is paid of them."""

import polars as pl

from aldia.formats.table.findings import shown
from aldia.formats.table.triage import Row
from aldia.kernel.money import format_money
from aldia.operations.imports.adjustments import plan_adjustments
from aldia.operations.imports.buyers import with_buyers
from aldia.operations.imports.circumstances import plan_circumstances
from aldia.operations.imports.context import Context
from aldia.operations.imports.corrections import moved_by
from aldia.operations.imports.credit_notes import plan_credit_notes
from aldia.operations.imports.documents import plan_documents
from aldia.operations.imports.future import say_future
from aldia.operations.imports.history import plan_history
from aldia.operations.imports.links import plan_links
from aldia.operations.imports.matching import DOCUMENT, Matched, base_key, match, with_new_keys
from aldia.operations.imports.moved_money import with_moved
from aldia.operations.imports.plan import Plan
from aldia.operations.imports.pots import Pots
from aldia.queries.imports import open_lines_of_source

_KINDS = {"invoice": "invoice", "debit_note": "charge_note", "opening_balance": "opening_balance"}
_MORE = {
    "covered_until": pl.Date,
    "rectifies": pl.String,
    "copy_url": pl.String,
}


def plan_invoices(context: Context, rows: pl.DataFrame, plan: Plan) -> None:
    """Compare the rows with the ledger and put into the plan what is new. Books nothing."""
    rows = _with_columns(rows)
    if rows.height:
        rows = with_buyers(context.creditor_id, rows, plan)
    else:
        rows = rows.with_columns(
            pl.lit(None, pl.Int64).alias("customer_id"),
            pl.lit(None, pl.String).alias("customer"),
            pl.lit(None, pl.Int64).alias("beneficiary_id"),
        )
    say_future(context, rows, "issue_date", plan)
    say_future(context, rows, "paid_date", plan)
    debits = rows.filter(pl.col("kind") != "credit_note").with_columns(
        document_kind=pl.col("kind").replace_strict(_KINDS, return_dtype=pl.String)
    )
    _say_shared_numbers(debits, plan)
    notes = rows.filter(pl.col("kind") == "credit_note")
    numbers = pl.concat([rows["number"], rows["rectifies"].drop_nulls()]).unique()
    matched = match(context, debits, numbers)
    _plan_debits(context, matched, notes, plan)


def _plan_debits(context: Context, matched: Matched, notes: pl.DataFrame, plan: Plan) -> None:
    known = matched.rows.filter(pl.col("due_line_id").is_not_null())
    fresh = matched.rows.filter(pl.col("due_line_id").is_null()).drop("source_key", "document_id")
    fresh = plan_documents(context, with_new_keys(context, fresh, matched.lines), matched.lines, plan)
    known = plan_adjustments(context, known, matched.lines, plan)
    moved = moved_by(context.creditor_id, plan.corrections)
    pots = Pots.of(with_moved(matched.lines, plan.corrections, moved), fresh, plan)
    pots.moved = moved
    paid = plan_history(context, fresh, known, pots, plan)
    noted = plan_credit_notes(context, notes, pots, plan)
    changed = plan_circumstances(context, fresh, paid, pots, plan)
    changed = plan_links(context, fresh, changed, plan)
    _say_other_issue(known, plan)
    _count(fresh, changed, noted, plan)
    _ask_for_vanished(context, matched, plan)


def _with_columns(rows: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in _MORE.items() if name not in rows.columns]
    return rows.with_columns(missing)


def _say_shared_numbers(rows: pl.DataFrame, plan: Plan) -> None:
    """One number of two customers is two documents; it may as well be a slip of the pen."""
    first = (
        rows.sort("source_row")
        .unique(["number", "currency", "customer_id"], keep="first", maintain_order=True)
        .with_columns(first_row=pl.col("source_row").first().over("number", "currency"))
    )
    plan.notes.say(
        first.filter(pl.col("source_row") != pl.col("first_row")),
        "warning",
        "number_of_two_customers",
        "number",
        lambda row: (
            f"la factura «{shown(row['number'])}» está también en la fila {row['first_row']} con otro cliente"
            ": se toman como dos facturas. Compruebe el cliente."
        ),
    )


def _say_other_issue(known: pl.DataFrame, plan: Plan) -> None:
    other = known.filter(pl.col("issue_date") != pl.col("line_issued_on"))
    plan.notes.say(
        other,
        "warning",
        "issue_changed",
        "issue_date",
        lambda row: (
            f"la factura «{shown(row['number'])}» está registrada con fecha {row['line_issued_on']:%d/%m/%Y} "
            f"y no {row['issue_date']:%d/%m/%Y}; la fecha no se cambia. Si es otra factura, use otro número."
        ),
    )


def _count(fresh: pl.DataFrame, known: pl.DataFrame, noted: dict[str, int], plan: Plan) -> None:
    is_changed = pl.col("is_changed") | (pl.col("issue_date") != pl.col("line_issued_on"))
    changed = known.filter(is_changed).height
    questioned = known.filter(~is_changed & pl.col("is_questioned")).height
    unchanged = known.height - changed - questioned
    plan.count(new=fresh.height, changed=changed, questioned=questioned, unchanged=unchanged)
    plan.count(**noted)


def _ask_for_vanished(context: Context, matched: Matched, plan: Plan) -> None:
    """Lines of this source that are open and that the file no longer has: a question, never a deletion.

    What an adjustment added counts with the line it adjusts.
    """
    seen = matched.rows.select(base_key="source_key").drop_nulls()
    gone = (
        open_lines_of_source(context.creditor_id, context.prefix)
        .filter(~pl.col("number").is_in(list(context.numbers_aside)))
        .with_columns(base_key=base_key())
        .join(seen, on="base_key", how="anti")
        .group_by("base_key", *DOCUMENT)
        .agg(pl.col("due_date").min(), pl.col("open_minor").sum())
    )
    plan.notes.say(
        gone.sort(*DOCUMENT, "due_date").with_columns(source_row=pl.lit(None, pl.Int64)),
        "warning",
        "vanished",
        "",
        _vanished,
    )
    plan.count(vanished=gone.height)


def _vanished(row: Row) -> str:
    return (
        f"La factura «{shown(row['number'])}» con vencimiento {row['due_date']:%d/%m/%Y} tiene "
        f"{format_money(row['open_minor'], row['currency'])} pendientes y ya no está en el archivo. "
        "¿Se ha cobrado o anulado esa factura? No se cambia nada."
    )
