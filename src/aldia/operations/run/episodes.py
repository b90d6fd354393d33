"""Settle: episodes open and close. docs/rules/run.md §1."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
from django.db import connection

from aldia.operations.bulk import insert_frame, next_ids, update_frame
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.episodes import EpisodeChanges, episode_changes
from aldia.rules.portfolio.frames import EPISODES, Frames, Terms
from aldia.rules.portfolio.strategy import Strategy

_TABLE = "cases_episode"


def settle_episodes(
    creditor: Creditor,
    lines: pl.DataFrame,
    frames: Frames,
    strategies: dict[str, Strategy],
    terms: Terms,
    *,
    record: bool,
) -> tuple[Frames, int]:
    """Frames in which every overdue subject has its open episode, and how many rows changed.

    Without `record` nothing is written and the episodes keep ids of their own, below zero.
    """
    changes = episode_changes(lines, frames, strategies, terms)
    if not record:
        return _as_if(frames, changes, terms), 0
    reopened = _reopen(creditor, changes.opening, terms)
    opened = _open(creditor.pk, _still_closed(changes.opening, reopened), terms)
    closed = _close(creditor.pk, changes.closing, terms)
    episodes = pl.concat([_without_closed(frames, changes), reopened, opened])
    return replace(frames, episodes=episodes), reopened.height + opened.height + closed


def _as_if(frames: Frames, changes: EpisodeChanges, terms: Terms) -> Frames:
    opening = changes.opening.with_columns(
        episode_id=-1 - pl.int_range(pl.len(), dtype=pl.Int64), opened_on=pl.lit(terms.as_of)
    ).select(*EPISODES)
    return replace(frames, episodes=pl.concat([_without_closed(frames, changes), opening]))


def _without_closed(frames: Frames, changes: EpisodeChanges) -> pl.DataFrame:
    return frames.episodes.join(changes.closing, on="episode_id", how="anti")


def _still_closed(opening: pl.DataFrame, reopened: pl.DataFrame) -> pl.DataFrame:
    return opening.join(reopened, on=["customer_id", "line_id"], how="anti", nulls_equal=True)


def _reopen(creditor: Creditor, opening: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """The last episode of a subject, closed within reopen_days, is taken up again (EPISODES)."""
    since = terms.as_of - timedelta(days=creditor.reopen_days)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, customer_id, due_line_id, opened_on FROM cases_episode WHERE creditor_id = %s"
            " AND closed_on > %s AND closed_on <= %s ORDER BY closed_on, id",
            [creditor.pk, since, terms.as_of],
        )
        closed = pl.DataFrame(cursor.fetchall(), schema=EPISODES, orient="row")
    last = closed.unique(["customer_id", "line_id"], keep="last", maintain_order=True)
    reopened = last.join(opening, on=["customer_id", "line_id"], how="semi", nulls_equal=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_episode SET closed_on = NULL, reopened_times = reopened_times + 1"
            " WHERE creditor_id = %s AND id = ANY(%s)",
            [creditor.pk, reopened["episode_id"].to_list()],
        )
    return reopened


def _open(creditor_id: int, opening: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    ids = next_ids(_TABLE, opening.height)
    episodes = opening.with_columns(
        episode_id=pl.Series(ids, dtype=pl.Int64), opened_on=pl.lit(terms.as_of)
    ).select(*EPISODES)
    rows = episodes.rename({"episode_id": "id", "line_id": "due_line_id"})
    insert_frame(_TABLE, creditor_id, rows, order_by=["id"])
    return episodes


def _close(creditor_id: int, closing: pl.DataFrame, terms: Terms) -> int:
    rows = closing.select(id="episode_id", closed_on=pl.lit(terms.as_of))
    return update_frame(_TABLE, creditor_id, "id", rows) if rows.height else 0
