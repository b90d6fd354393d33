"""Settle: episodes open, close and are taken up again. docs/rules/run.md §1."""

from collections.abc import Mapping

import polars as pl
from django.db import connection

from aldia.operations.bulk import insert_frame, update_frame, with_ids
from aldia.rules.portfolio.episodes import episode_changes, with_changes
from aldia.rules.portfolio.frames import EPISODES, Frames, Terms
from aldia.rules.portfolio.strategy import Strategy

_TABLE = "cases_episode"


def settle_episodes(
    creditor_id: int,
    lines: pl.DataFrame,
    frames: Frames,
    strategies: Mapping[str, Strategy],
    terms: Terms,
) -> tuple[Frames, int]:
    """Write what changes; frames with an episode for every overdue subject, and how many rows changed."""
    changes = episode_changes(lines, frames, strategies, terms)
    opened = _open(creditor_id, changes.opening, terms)
    _reopen(creditor_id, changes.reopening)
    closed = changes.closing.select(id="episode_id", closed_on=pl.lit(terms.as_of))
    update_frame(_TABLE, creditor_id, "id", closed)
    changed = opened.height + changes.reopening.height + closed.height
    return with_changes(frames, changes, opened), changed


def _open(creditor_id: int, opening: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    rows = with_ids(_TABLE, opening.with_columns(opened_on=pl.lit(terms.as_of))).rename(
        {"line_id": "due_line_id"}
    )
    insert_frame(_TABLE, creditor_id, rows, order_by=["id"])
    return rows.rename({"due_line_id": "line_id", "id": "episode_id"}).select(*EPISODES)


def _reopen(creditor_id: int, reopening: pl.DataFrame) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_episode SET closed_on = NULL, reopened_times = reopened_times + 1"
            " WHERE creditor_id = %s AND id = ANY(%s)",
            [creditor_id, reopening["episode_id"].to_list()],
        )
