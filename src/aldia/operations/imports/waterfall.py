"""Credits onto lines within each group, in order, each line up to what is open: as overlap of two rulers.

Lay the credits of a group end to end, and its lines likewise: what a credit gives a line is the length that
both have in common. No money is made or lost, and a million rows cost one join.
"""

import polars as pl


def pour(credits: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """credit_id, due_line_id, amount_minor (> 0) of what each credit gives each line.

    credits: group, credit_id, amount_minor; lines: group, due_line_id, open_minor; both in the order in which
    they are served.
    """
    given = _laid(credits, "amount_minor", "credit")
    open_ = _laid(lines, "open_minor", "line")
    overlap = pl.min_horizontal("credit_to", "line_to") - pl.max_horizontal("credit_from", "line_from")
    return (
        given.join(open_, on="group", how="inner", maintain_order="left_right")
        .with_columns(amount_minor=overlap)
        .filter(pl.col("amount_minor") > 0)
        .select("credit_id", "due_line_id", "amount_minor")
    )


def less(frame: pl.DataFrame, key: str, column: str, taken: pl.DataFrame) -> pl.DataFrame:
    """The frame with `column` less what `taken` (key, amount_minor) takes from each row."""
    if taken.is_empty():
        return frame
    sums = taken.group_by(key).agg(_taken=pl.col("amount_minor").sum())
    left = frame.join(sums, on=key, how="left", maintain_order="left")
    return left.with_columns(pl.col(column) - pl.col("_taken").fill_null(0)).drop("_taken")


def _laid(frame: pl.DataFrame, column: str, side: str) -> pl.DataFrame:
    end = pl.col(column).cum_sum().over("group")
    return (
        frame.filter(pl.col(column) > 0)
        .with_columns((end - pl.col(column)).alias(f"{side}_from"), end.alias(f"{side}_to"))
        .select("group", f"{side}_from", f"{side}_to", "credit_id" if side == "credit" else "due_line_id")
    )
