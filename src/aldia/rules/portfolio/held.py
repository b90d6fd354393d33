"""Days on hold: what is taken off the days overdue that a strategy counts. docs/rules/aging.md §6."""

import polars as pl

from aldia.rules.portfolio.frames import Frames, Terms

_FIRST = pl.col("from_on")
_END = pl.col("until_on")


def held_spans(frames: Frames, terms: Terms) -> pl.DataFrame:
    """customer_id, from_on, until_on: the union of each customer's holds, half-open, none beyond the day.

    A hold that ended before it began never stood; one without end reaches to the day and includes it.
    """
    tomorrow = (pl.lit(terms.as_of).cast(pl.Int32) + 1).cast(pl.Date)
    holds = (
        frames.held.with_columns(until_on=pl.min_horizontal(_END.fill_null(tomorrow), tomorrow))
        .filter(_FIRST < _END)
        .sort("customer_id", "from_on")
    )
    reached = _END.cum_max().shift(1).over("customer_id")
    apart = (reached < _FIRST).fill_null(value=True)
    return (
        holds.with_columns(span=apart.cast(pl.Int32).cum_sum().over("customer_id"))
        .group_by("customer_id", "span", maintain_order=True)
        .agg(_FIRST.min(), _END.max())
        .drop("span")
    )


def with_days_on_hold(lines: pl.DataFrame, frames: Frames, terms: Terms) -> pl.DataFrame:
    """Lines with days_on_hold, Int32: on how many of their days overdue the customer was on hold; 0 … days.

    lines: `lines_as_of`. Not overdue: 0.
    """
    spans = held_spans(frames, terms)
    if spans.is_empty():
        return lines.with_columns(days_on_hold=pl.lit(0, pl.Int32))
    first_late = pl.col("effective_due_date").cast(pl.Int32) + 1
    first = pl.max_horizontal(_FIRST.cast(pl.Int32), first_late)
    counted = (
        lines.filter("overdue")
        .select("line_id", "customer_id", "effective_due_date")
        .join(spans, on="customer_id")
        .group_by("line_id")
        .agg(days_on_hold=(_END.cast(pl.Int32) - first).clip(lower_bound=0).sum().cast(pl.Int32))
    )
    return lines.join(counted, on="line_id", how="left", maintain_order="left").with_columns(
        pl.col("days_on_hold").fill_null(0)
    )


def ladder_days() -> pl.Expr:
    """Days overdue as a strategy counts them: without the days on hold."""
    return pl.col("days_overdue") - pl.col("days_on_hold")
