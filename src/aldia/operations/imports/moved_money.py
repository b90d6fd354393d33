"""What corrections of a document set in motion: lines that are open again, money that pays them."""

import polars as pl

from aldia.operations.imports.context import DERIVED, Context
from aldia.operations.imports.matching import DOCUMENT
from aldia.operations.imports.plan import Plan
from aldia.operations.imports.pots import Pots
from aldia.operations.imports.waterfall import less
from aldia.queries.imports import credits_of, waiting_credits

_MONEY = ["credit_id", "source_key", "kind", "value_on", "amount_minor", *DOCUMENT]
_NO_MONEY = ["credit_note", "write_off", "forgiveness"]


def with_moved(lines: pl.DataFrame, corrections: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    """The lines as they are open once the corrections are made. moved: as `corrections.moved_by` says."""
    shrunk = corrections.select("due_line_id", amount_minor=pl.min_horizontal("amount_minor", "rest_minor"))
    reopened = _of_notes(corrections, moved).select("due_line_id", amount_minor=-pl.col("amount_minor"))
    return less(less(lines, "due_line_id", "open_minor", shrunk), "due_line_id", "open_minor", reopened)


def pour_moved(
    context: Context,
    known: pl.DataFrame,
    pots: Pots,
    plan: Plan,
    *,
    poured: pl.DataFrame,
) -> pl.DataFrame:
    """Money that corrections set free, or that waits naming an adjusted document, pays that document.

    The known rows with what is paid by then. poured: what the plan took of waiting money before.
    """
    documents = known.filter("is_adjusted").select(DOCUMENT).unique()
    if documents.is_empty():
        return known
    waiting = waiting_credits(context.creditor_id, documents["number"].unique())
    named = waiting.with_columns(number="names_document", amount_minor="left_minor")
    named = less(named.join(documents, on=DOCUMENT, how="semi"), "credit_id", "amount_minor", poured)
    freed = _freed(context, pots, plan)
    money = pl.concat([named.select(_MONEY), freed.select(_MONEY)]).sort("value_on", "credit_id")
    given = pots.fill(money, DOCUMENT, plan)
    others = money.filter(_is_of_others()).select("credit_id").unique()
    more = _by_base(given.join(others, on="credit_id", how="semi"), pots)
    back = freed.filter(_is_of_others()).select("base_id", amount_minor=-pl.col("amount_minor"))
    changes = pl.concat([more, back]).group_by(due_line_id="base_id").agg(pl.col("amount_minor").sum())
    found = known.join(
        changes.rename({"amount_minor": "_more"}), on="due_line_id", how="left", maintain_order="left"
    )
    paid = [pl.col(name) + pl.col("_more").fill_null(0) for name in ("already_minor", "live_minor")]
    return found.with_columns(paid).drop("_more")


def _of_notes(corrections: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    return moved.join(corrections.select("credit_id").drop_nulls(), on="credit_id", how="semi")


def _freed(context: Context, pots: Pots, plan: Plan) -> pl.DataFrame:
    """Money that had paid lines which are taken back, with their document and `base_id`."""
    of_lines = pots.moved.join(
        plan.corrections.select("due_line_id").drop_nulls(), on="due_line_id", how="semi"
    )
    facts = credits_of(context.creditor_id, of_lines["credit_id"]).select(
        "credit_id", "source_key", "kind", "value_on"
    )
    places = pots.lines.select("due_line_id", "base_id", *DOCUMENT)
    return of_lines.join(facts, on="credit_id", maintain_order="left").join(
        places, on="due_line_id", maintain_order="left"
    )


def _is_of_others() -> pl.Expr:
    return ~pl.col("source_key").str.contains(DERIVED, literal=True) & ~pl.col("kind").is_in(_NO_MONEY)


def _by_base(given: pl.DataFrame, pots: Pots) -> pl.DataFrame:
    bases = pots.lines.select("due_line_id", "base_id")
    return given.join(bases, on="due_line_id").select("base_id", "amount_minor")
