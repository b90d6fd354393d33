"""Earlier adjustments that a file no longer holds to: taken back before any new one is made."""

import polars as pl

from aldia.operations.imports.context import DERIVED, Context
from aldia.operations.imports.plan import CORRECTIONS, Plan, joined
from aldia.operations.imports.waterfall import less, pour
from aldia.operations.ledger.state import Side, live_allocations
from aldia.queries.imports import derived_credits

_REASON = "Ajuste que el archivo ya no sostiene."
_ROWS = pl.Schema(
    {
        "base_id": pl.Int64,
        "row_id": pl.Int64,
        "amount_minor": pl.Int64,
        "rest_minor": pl.Int64,
        "row_on": pl.Date,
    }
)
MOVED = pl.Schema({"credit_id": pl.Int64, "due_line_id": pl.Int64, "amount_minor": pl.Int64})


def plan_corrections(context: Context, rows: pl.DataFrame, lines: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Plan to take back adjustments of the opposite direction, newest first; the rows with the `difference`
    that is left.

    rows: known lines with `difference` and `since`. lines: as `Matched.lines`.
    """
    up = rows.filter(pl.col("difference") > 0)
    down = rows.filter(pl.col("difference") < 0)
    taken_up = _plan(up, "credit", _notes(context, up), plan)
    taken_down = _plan(down, "due_line", _charges(lines), plan)
    rows = less(rows, "due_line_id", "difference", taken_up)
    opposite = taken_down.with_columns(amount_minor=-pl.col("amount_minor"))
    plan.count(corrections=taken_up.height + taken_down.height)
    return less(rows, "due_line_id", "difference", opposite)


def _notes(context: Context, rows: pl.DataFrame) -> pl.DataFrame:
    keys = rows.select("source_key", base_id="due_line_id")
    if keys.is_empty():
        return pl.DataFrame(schema=_ROWS)
    parts = pl.col("source_key").str.split(DERIVED)
    derived = derived_credits(context.creditor_id).filter(parts.list.last().str.starts_with("adjust:"))
    own = derived.with_columns(source_key=parts.list.first()).join(keys, on="source_key")
    return joined([own.with_columns(row_id="credit_id", rest_minor="left_minor", row_on="value_on")], _ROWS)


def _charges(lines: pl.DataFrame) -> pl.DataFrame:
    own = lines.filter("is_adjustment")
    return joined(
        [own.with_columns(row_id="due_line_id", rest_minor="open_minor", row_on="issued_on")], _ROWS
    )


def _plan(rows: pl.DataFrame, side: Side, there: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """due_line_id of the base, amount_minor of what is taken back."""
    newest = there.sort("row_id", descending=True).select(
        group="base_id", due_line_id="row_id", open_minor="amount_minor"
    )
    wanted = rows.select(
        credit_id="due_line_id", group="due_line_id", amount_minor=pl.col("difference").abs()
    )
    taken = pour(wanted, newest).rename({"credit_id": "base_id", "due_line_id": "row_id"})
    days = rows.select("since", base_id="due_line_id")
    corrections = (
        taken.join(there.select("row_id", "rest_minor", "row_on"), on="row_id", maintain_order="left")
        .join(days, on="base_id", maintain_order="left")
        .with_columns(
            pl.col("row_id").alias(f"{side}_id"),
            effective_on=pl.max_horizontal("since", "row_on"),
            reason=pl.lit(_REASON),
        )
    )
    plan.corrections = joined([plan.corrections, corrections], CORRECTIONS)
    return taken.select("amount_minor", due_line_id="base_id")


def moved_by(creditor_id: int, corrections: pl.DataFrame) -> pl.DataFrame:
    """credit_id, due_line_id, amount_minor: the allocations that corrections undo, newest first."""
    sides: tuple[Side, ...] = ("credit", "due_line")
    return joined([_moved(creditor_id, side, corrections) for side in sides], MOVED)


def _moved(creditor_id: int, side: Side, corrections: pl.DataFrame) -> pl.DataFrame:
    key = f"{side}_id"
    heads = corrections.filter(pl.col(key).is_not_null()).select(
        group=key, credit_id=key, amount_minor=(pl.col("amount_minor") - pl.col("rest_minor")).clip(0)
    )
    if heads.is_empty():
        return pl.DataFrame(schema=MOVED)
    live = live_allocations(creditor_id, side, heads["group"])
    newest = live.sort("effective_on", "allocation_id", descending=True)
    laid = newest.select(group=key, due_line_id="allocation_id", open_minor="left_minor")
    taken = pour(heads, laid).select("amount_minor", allocation_id="due_line_id")
    return taken.join(live.drop("left_minor"), on="allocation_id", maintain_order="left")
