"""Credits and lines taken back in part or whole, and their allocations, newest first, in bulk."""

from datetime import date, datetime

import polars as pl

from aldia.operations.bulk import next_ids
from aldia.operations.ledger.state import Side, live_allocations, lock_credits, lock_lines, movements
from aldia.operations.ledger.writing import write_rows

_COLUMNS = ["amount_minor", "effective_on", "reason", "customer_id", "currency"]


def take_back(creditor_id: int, returns: pl.DataFrame, batch_id: int | None, now: datetime) -> None:
    """Money that went back: reverse so much of each credit on its day.

    returns: credit_id, amount_minor (≤ what is left), effective_on, reason; a credit may come several times,
    in order. An allocation later than the return is taken back on its own day.
    """
    if returns.height:
        rows = _reversals(creditor_id, "credit", returns)
        _write(creditor_id, rows, "returned_debit", batch_id, now)


def correct(creditor_id: int, corrections: pl.DataFrame, batch_id: int | None, now: datetime) -> None:
    """Adjustments that hold no longer: reverse so much of each credit or line.

    corrections: credit_id or due_line_id, amount_minor (≤ what is left), effective_on, reason; each once. It
    counts from the day on which the row last got money back, if that is later.
    """
    sides: tuple[Side, ...] = ("credit", "due_line")
    for side in sides:
        key = f"{side}_id"
        rows = corrections.filter(pl.col(key).is_not_null()).drop({"credit_id", "due_line_id"} - {key})
        if rows.height:
            dated = _not_before_money_came_back(creditor_id, side, rows)
            _write(creditor_id, _reversals(creditor_id, side, dated), "correction", batch_id, now)


def _write(creditor_id: int, rows: pl.DataFrame, kind: str, batch_id: int | None, now: datetime) -> None:
    written = rows.with_columns(kind=pl.lit(kind), batch_id=pl.lit(batch_id, pl.Int64))
    write_rows("ledger_reversal", creditor_id, written, now)


def _reversals(creditor_id: int, side: Side, wanted: pl.DataFrame) -> pl.DataFrame:
    """The heads and, under them, what they take of allocations."""
    key = f"{side}_id"
    owners, allocations = _locked(creditor_id, side, wanted[key])
    heads = (
        wanted.join(owners, on=key, maintain_order="left")
        .with_columns(next_ids("ledger_reversal", wanted.height))
        .with_columns(_beyond_rest(key))
    )
    taken = _taken(heads, allocations, key)
    own = heads.select("id", key, *_COLUMNS)
    return pl.concat([own, taken.with_columns(next_ids("ledger_reversal", taken.height))], how="diagonal")


def _locked(creditor_id: int, side: Side, ids: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows with customer_id, currency, left_minor; and their live allocations."""
    if side == "credit":
        credits_ = lock_credits(creditor_id, ids)
        allocations = live_allocations(creditor_id, side, ids)
        lock_lines(creditor_id, allocations["due_line_id"])
        return credits_.select(
            "credit_id", "left_minor", customer_id="credit_customer_id", currency="credit_currency"
        ), allocations
    lock_credits(creditor_id, live_allocations(creditor_id, side, ids)["credit_id"])
    lines = lock_lines(creditor_id, ids)
    return lines.select("due_line_id", "customer_id", "currency", left_minor="open_minor"), live_allocations(
        creditor_id, side, ids
    )


def _not_before_money_came_back(creditor_id: int, side: Side, rows: pl.DataFrame) -> pl.DataFrame:
    tracks = movements(creditor_id, side, rows[f"{side}_id"])
    days: list[date] = [
        max([on, *(day for day, minor in tracks[id_] if minor > 0)])
        for id_, on in rows.select(f"{side}_id", "effective_on").iter_rows()
    ]
    return rows.with_columns(pl.Series("effective_on", days, dtype=pl.Date))


def _beyond_rest(key: str) -> pl.Expr:
    """Up to which amount of allocations the heads of a row reach, once its rest is used up."""
    reach = pl.col("amount_minor").cum_sum().over(key) - pl.col("left_minor")
    return reach.clip(0).alias("to")


def _taken(heads: pl.DataFrame, allocations: pl.DataFrame, key: str) -> pl.DataFrame:
    """What each head takes of each allocation: both laid end to end, as in a waterfall."""
    reach = heads.select(
        key,
        "reason",
        "to",
        parent_id="id",
        returned_on="effective_on",
        since=pl.col("to").shift(1, fill_value=0).over(key),
    )
    newest = allocations.sort("effective_on", "allocation_id", descending=True)
    end = pl.col("left_minor").cum_sum().over(key)
    laid = newest.with_columns(upper=end, lower=end - pl.col("left_minor"))
    overlap = pl.min_horizontal("to", "upper") - pl.max_horizontal("since", "lower")
    return (
        reach.join(laid, on=key, maintain_order="left_right")
        .with_columns(amount_minor=overlap)
        .filter(pl.col("amount_minor") > 0)
        .select(
            "allocation_id",
            "customer_id",
            "currency",
            "amount_minor",
            "reason",
            "parent_id",
            effective_on=pl.max_horizontal("returned_on", "effective_on"),
        )
    )
