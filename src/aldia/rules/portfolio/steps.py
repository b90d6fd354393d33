"""What has been done in each open episode. docs/rules/strategy.md §4."""

from collections.abc import Mapping

import polars as pl

from aldia.rules.portfolio.frames import Frames
from aldia.rules.portfolio.strategy import Strategy

STEPS_MAX = 62  # ranks are bits of an Int64


def done_steps(frames: Frames, strategies: Mapping[str, Strategy]) -> pl.DataFrame:
    """One row per open episode of the sort in use.

    Columns: episode_id, customer_id, line_id, opened_on, done_bits, last_rank, last_step.

    done_bits (Int64): bit rank-1 is set when the step of that rank, in the strategy now in force for the
    customer, is done in the episode. last_rank (Int32) and last_step are NULL when none is.
    """
    done = (
        frames.steps.filter((pl.col("kind") == "dunning") & (pl.col("state") == "done"))
        .join(frames.customers.select("customer_id", "strategy"), on="customer_id")
        .join(_ranks(strategies), on=["strategy", "step"])
        .select("episode_id", "step", "rank")
        .unique()
        .sort("rank")
        .group_by("episode_id", maintain_order=True)
        .agg(
            done_bits=pl.lit(2, pl.Int64).pow(pl.col("rank") - 1).sum().cast(pl.Int64),
            last_rank=pl.col("rank").last(),
            last_step=pl.col("step").last(),
        )
    )
    return (
        _own_sort(frames, strategies)
        .join(done, on="episode_id", how="left")
        .with_columns(pl.col("done_bits").fill_null(0))
    )


def _ranks(strategies: Mapping[str, Strategy]) -> pl.DataFrame:
    rows = [
        {"strategy": name, "step": step.id, "rank": step.rank}
        for name, strategy in strategies.items()
        for step in strategy.steps
    ]
    return pl.DataFrame(rows, schema={"strategy": pl.String, "step": pl.String, "rank": pl.Int32})


def _own_sort(frames: Frames, strategies: Mapping[str, Strategy]) -> pl.DataFrame:
    """Open episodes of the sort the customer's strategy counts in: per customer or per line."""
    per_item = [name for name, strategy in strategies.items() if strategy.episode_per == "item"]
    of_customer = frames.customers.select("customer_id", single=pl.col("strategy").is_in(per_item))
    return (
        frames.episodes.join(of_customer, on="customer_id")
        .filter(pl.col("line_id").is_not_null() == pl.col("single"))
        .drop("single")
    )
