"""Money that went back: credits taken back in part or whole, and their allocations, newest first, in bulk."""

from datetime import datetime

import polars as pl

from aldia.operations.bulk import next_ids
from aldia.operations.ledger.state import live_allocations, lock_credits, lock_lines
from aldia.operations.ledger.writing import write_rows

_KIND = "returned_debit"


def take_back(creditor_id: int, returns: pl.DataFrame, batch_id: int, now: datetime) -> None:
    """Reverse so much of each credit on its day. returns: credit_id, amount_minor (≤ what is left),
    effective_on, reason; a credit may come several times, in order.

    An allocation later than the return is taken back on its own day.
    """
    if returns.is_empty():
        return
    credits_ = lock_credits(creditor_id, returns["credit_id"])
    allocations = live_allocations(creditor_id, "credit", returns["credit_id"])
    lock_lines(creditor_id, allocations["due_line_id"])
    heads = (
        returns.join(credits_, on="credit_id", maintain_order="left")
        .with_columns(next_ids("ledger_reversal", returns.height))
        .with_columns(_beyond_rest())
    )
    taken = _taken(heads, allocations)
    own = heads.select(
        "id",
        "credit_id",
        "amount_minor",
        "effective_on",
        "reason",
        customer_id="credit_customer_id",
        currency="credit_currency",
    )
    rows = pl.concat([own, taken.with_columns(next_ids("ledger_reversal", taken.height))], how="diagonal")
    written = rows.with_columns(kind=pl.lit(_KIND), batch_id=pl.lit(batch_id, pl.Int64))
    write_rows("ledger_reversal", creditor_id, written, now)


def _beyond_rest() -> pl.Expr:
    """Up to which amount of allocations the returns of a credit reach, once its unapplied rest is used up."""
    reach = pl.col("amount_minor").cum_sum().over("credit_id") - pl.col("left_minor")
    return reach.clip(0).alias("to")


def _taken(heads: pl.DataFrame, allocations: pl.DataFrame) -> pl.DataFrame:
    """What each return takes of each allocation: both laid end to end, as in a waterfall."""
    reach = heads.select(
        "credit_id",
        "reason",
        "to",
        parent_id="id",
        returned_on="effective_on",
        since=pl.col("to").shift(1, fill_value=0).over("credit_id"),
    )
    newest = allocations.sort("effective_on", "allocation_id", descending=True)
    end = pl.col("left_minor").cum_sum().over("credit_id")
    laid = newest.with_columns(upper=end, lower=end - pl.col("left_minor"))
    overlap = pl.min_horizontal("to", "upper") - pl.max_horizontal("since", "lower")
    return (
        reach.join(laid, on="credit_id", maintain_order="left_right")
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
