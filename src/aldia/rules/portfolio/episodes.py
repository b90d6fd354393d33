"""Episodes: which open, which close, which are taken up again. docs/rules/run.md, Settle."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.strategy import Strategy


@dataclass(frozen=True, slots=True)
class EpisodeChanges:
    """opening: customer_id, line_id (NULL where per customer). closing: episode_id."""

    opening: pl.DataFrame
    closing: pl.DataFrame


def episode_changes(
    lines: pl.DataFrame, frames: Frames, strategies: Mapping[str, Strategy], terms: Terms
) -> EpisodeChanges:
    """What has to open and close so that every overdue subject, and no other, has an open episode.

    lines: `lines_as_of`. A subject is the customer, or the line where the customer's strategy is per item.
    """
    wanted = _subjects(lines, frames, strategies)
    opening = wanted.join(frames.episodes, on=["customer_id", "line_id"], how="anti", nulls_equal=True)
    closing = frames.episodes.join(wanted, on=["customer_id", "line_id"], how="anti", nulls_equal=True)
    return EpisodeChanges(
        opening.sort("customer_id", "line_id"), closing.select("episode_id").sort("episode_id")
    )


def _subjects(lines: pl.DataFrame, frames: Frames, strategies: Mapping[str, Strategy]) -> pl.DataFrame:
    per_item = [name for name, strategy in strategies.items() if strategy.episode_per == "item"]
    overdue = lines.filter("overdue").select("customer_id", "line_id")
    single = frames.customers.filter(pl.col("strategy").is_in(per_item)).select("customer_id")
    whole = overdue.join(single, on="customer_id", how="anti").select("customer_id").unique()
    return pl.concat(
        [
            whole.with_columns(line_id=pl.lit(None, pl.Int64)),
            overdue.join(single, on="customer_id", how="semi"),
        ]
    )
