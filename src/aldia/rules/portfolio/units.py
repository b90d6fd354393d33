"""The rows a strategy looks at: a customer's overdue rows or lines. docs/rules/strategy.md §2."""

from collections.abc import Mapping

import polars as pl

from aldia.rules.portfolio.frames import Frames
from aldia.rules.portfolio.held import ladder_days
from aldia.rules.portfolio.strategy import Strategy


def decision_units(
    rows: pl.DataFrame, lines: pl.DataFrame, done: pl.DataFrame, strategies: Mapping[str, Strategy]
) -> pl.DataFrame:
    """Overdue units: every portfolio column, plus line_id and episode_id (NULL where none), done_bits.

    days_overdue is as the ladder counts it, without days_on_hold. Where the episode is per customer a unit is
    a portfolio row; where it is per item it is an overdue line, with the line's own overdue, days_overdue,
    days_on_hold, dunnable, unapplied (the share it uses up), disputed, covered and steps done, and the
    customer's figures in all other columns.
    """
    per_item = [name for name, strategy in strategies.items() if strategy.episode_per == "item"]
    overdue = rows.filter(pl.col("overdue_minor") > 0)
    whole = overdue.filter(~pl.col("strategy").is_in(per_item)).with_columns(line_id=pl.lit(None, pl.Int64))
    whole = _with_episode(whole, done, by_line=False)
    if per_item:
        single = _line_units(overdue.filter(pl.col("strategy").is_in(per_item)), lines)
        whole = pl.concat([whole, _with_episode(single, done, by_line=True).select(whole.columns)])
    return whole.with_columns(days_overdue=ladder_days())


def with_broken_promise(units: pl.DataFrame, broken: pl.DataFrame) -> pl.DataFrame:
    """Units with broken_promise_id: of the promise that makes the next step of the ladder due, NULL for none.

    broken: `unanswered_broken`. A customer's row has it for the currency of the promise, a line for itself.
    """
    whole = broken.select("customer_id", "currency", broken_promise_id="promise_id").unique()
    single = broken.select("line_id", broken_promise_id="promise_id").unique()
    return pl.concat(
        [
            units.filter(pl.col("line_id").is_null()).join(whole, on=["customer_id", "currency"], how="left"),
            units.filter(pl.col("line_id").is_not_null()).join(single, on="line_id", how="left"),
        ]
    )


def _with_episode(units: pl.DataFrame, done: pl.DataFrame, *, by_line: bool) -> pl.DataFrame:
    """The unit's own episode: its id, what is done in it and how far it got."""
    own = done.filter(pl.col("line_id").is_not_null() == by_line)
    key = "line_id" if by_line else "customer_id"
    facts = own.select(
        key, "episode_id", "done_bits", "last_rank", "last_step", episode_opened_on="opened_on"
    )
    return (
        units.drop("last_rank", "last_step", "episode_opened_on")
        .join(facts, on=key, how="left")
        .with_columns(pl.col("done_bits").fill_null(0))
    )


def _line_units(rows: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """One unit per overdue line; the customer's unapplied money is used up oldest line first."""
    own = lines.filter("overdue").select(
        "customer_id",
        "currency",
        "line_id",
        "effective_due_date",
        "disputed_minor",
        "covered_minor",
        "days_on_hold",
        overdue_minor="open_minor",
        days_overdue="days",
        room=pl.col("open_minor") - pl.col("disputed_minor") - pl.col("covered_minor"),
    )
    before = (pl.col("room").cum_sum() - pl.col("room")).over("customer_id", "currency")
    share = pl.min_horizontal((pl.col("unapplied_minor") - before).clip(lower_bound=0), "room")
    return (
        rows.drop("overdue_minor", "disputed_minor", "covered_minor", "days_overdue", "days_on_hold")
        .join(own, on=["customer_id", "currency"])
        .sort("customer_id", "currency", "effective_due_date", "line_id")
        .with_columns(unapplied_minor=share)
        .with_columns(dunnable_minor=pl.col("room") - pl.col("unapplied_minor"))
    )


def held_until(frames: Frames) -> pl.DataFrame:
    """Per held customer: until_on, the latest end of its holds; NULL when one of them has no end."""
    return (
        frames.overlays.filter(kind="hold")
        .group_by("customer_id")
        .agg(
            until_on=pl.when(pl.col("until_on").is_null().any())
            .then(None)
            .otherwise(pl.col("until_on").max())
        )
    )
