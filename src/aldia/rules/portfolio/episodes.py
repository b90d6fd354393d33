"""Episodes: which open, which close, which are taken up again. docs/rules/run.md, Settle."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import polars as pl

from aldia.rules.portfolio.frames import EPISODES, Frames, Terms
from aldia.rules.portfolio.strategy import Strategy

_SUBJECT = ["customer_id", "line_id"]


@dataclass(frozen=True, slots=True)
class EpisodeChanges:
    """opening: customer_id, line_id (NULL where per customer). reopening: EPISODES. closing: episode_id."""

    opening: pl.DataFrame
    reopening: pl.DataFrame
    closing: pl.DataFrame


def episode_changes(
    lines: pl.DataFrame, frames: Frames, strategies: Mapping[str, Strategy], terms: Terms
) -> EpisodeChanges:
    """What has to change so that every overdue subject, and no other, has an open episode.

    lines: `lines_as_of`. A subject is the customer, or the line where the customer's strategy is per item.
    Its last episode, closed within reopen_days before the day, is taken up again; else a new one opens.
    """
    wanted = _subjects(lines, frames, strategies)
    missing = wanted.join(frames.episodes, on=_SUBJECT, how="anti", nulls_equal=True)
    reopening = _recent(frames, terms).join(missing, on=_SUBJECT, how="semi", nulls_equal=True)
    opening = missing.join(reopening, on=_SUBJECT, how="anti", nulls_equal=True)
    closing = frames.episodes.join(wanted, on=_SUBJECT, how="anti", nulls_equal=True)
    return EpisodeChanges(
        opening=opening.sort(_SUBJECT),
        reopening=reopening.select(*EPISODES).sort("episode_id"),
        closing=closing.select("episode_id").sort("episode_id"),
    )


def with_changes(frames: Frames, changes: EpisodeChanges, opened: pl.DataFrame) -> Frames:
    """Frames whose open episodes are those after the changes. opened: EPISODES, one per `changes.opening`."""
    kept = frames.episodes.join(changes.closing, on="episode_id", how="anti")
    return replace(frames, episodes=pl.concat([kept, changes.reopening, opened]))


def settled_as_if(
    lines: pl.DataFrame, frames: Frames, strategies: Mapping[str, Strategy], terms: Terms
) -> Frames:
    """Frames as after settling, without anything being written: new episodes have ids below zero."""
    changes = episode_changes(lines, frames, strategies, terms)
    opened = changes.opening.with_columns(
        episode_id=-1 - pl.int_range(pl.len(), dtype=pl.Int64), opened_on=pl.lit(terms.as_of)
    )
    return with_changes(frames, changes, opened.select(*EPISODES))


def _recent(frames: Frames, terms: Terms) -> pl.DataFrame:
    """The last closed episode of each subject, if it was closed recently enough."""
    since = terms.as_of - timedelta(days=terms.reopen_days)
    return (
        frames.closed_episodes.filter(pl.col("closed_on") > since)
        .sort("closed_on", "episode_id")
        .unique(_SUBJECT, keep="last", maintain_order=True)
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
