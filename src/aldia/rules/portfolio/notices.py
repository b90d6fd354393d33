"""Notices per document, before anything is overdue. docs/rules/strategy.md §6."""

from collections.abc import Mapping
from decimal import Decimal

import polars as pl

from aldia.kernel.money import minor_per_major
from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.strategy import DocumentStep, Strategy

NOTICES = pl.Schema(
    {
        "customer_id": pl.Int64(),
        "line_id": pl.Int64(),
        "kind": pl.String(),
        "step": pl.String(),
        "position": pl.Int32(),  # of the entry in its strategy, from 1
        "occurrence": pl.Int32(),
    }
)
_PAYMENT_REMINDERS = ("pre_due", "due_today")


def notices(
    lines: pl.DataFrame,
    promised: pl.Series,
    frames: Frames,
    strategies: Mapping[str, Strategy],
    terms: Terms,
) -> pl.DataFrame:
    """Document notices to plan (NOTICES), at most one per line and entry, sorted by customer and line.

    promised: due lines that open promises are for; nobody is reminded of what they have just promised.
    """
    if terms.live_from is None:
        return NOTICES.to_frame()
    documents = _documents(lines, frames, terms).with_columns(
        promised=pl.col("line_id").is_in(promised.implode())
    )
    parts = [
        _entry(part, entry, position, str(currency), strategies[str(strategy)])
        for (strategy, currency), part in documents.partition_by(
            ["strategy", "currency"], as_dict=True
        ).items()
        for position, entry in enumerate(strategies[str(strategy)].documents, start=1)
    ]
    if not parts:
        return NOTICES.to_frame()
    return _not_yet_made(pl.concat(parts), frames).sort("customer_id", "line_id", "position")


def _documents(lines: pl.DataFrame, frames: Frames, terms: Terms) -> pl.DataFrame:
    """Open lines of customers one may write to, with the columns of the document vocabulary."""
    day = pl.lit(terms.as_of).cast(pl.Int32)
    held = frames.overlays.filter(kind="hold")
    insolvent = (pl.col("insolvent_on") <= terms.as_of).fill_null(False)
    customers = frames.customers.join(held, on="customer_id", how="anti").filter(~insolvent)
    contested = _contested_whole(frames)
    return (
        lines.filter((pl.col("open_minor") > 0) & (pl.col("issued_on") >= terms.live_from))
        .join(
            customers.select("customer_id", "customer", "person_kind", "segment", "strategy"),
            on="customer_id",
        )
        .join(frames.acceptances, on="document_id", how="left")
        .join(contested, on="line_id", how="left")
        .with_columns(
            contested=(pl.col("contested_minor") >= pl.col("open_minor")).fill_null(False),
            days_since_issue=day - pl.col("issued_on").cast(pl.Int32),
            days_to_due=pl.col("effective_due_date").cast(pl.Int32) - day,
        )
    )


def _contested_whole(frames: Frames) -> pl.DataFrame:
    """Per line: how much of it is disputed or covered, due or not; everything when one names no amount."""
    everything = 2**62
    return (
        frames.overlays.filter(pl.col("kind").is_in(["dispute", "cover"]))
        .group_by("line_id")
        .agg(
            contested_minor=pl.when(pl.col("amount_minor").is_null().any())
            .then(pl.lit(everything, pl.Int64))
            .otherwise(pl.col("amount_minor").sum())
        )
    )


def _entry(
    documents: pl.DataFrame, entry: DocumentStep, position: int, currency: str, strategy: Strategy
) -> pl.DataFrame:
    factor = strategy.factor(currency)
    if factor is None:  # no amounts for this currency: money words say nothing, the others still do
        documents = documents.with_columns(
            pl.lit(None, pl.Int64).alias(c) for c in ("open_minor", "amount_minor")
        )
    wanted = documents.filter(entry.condition.expression(minor_per_major(currency), factor or Decimal(1)))
    if entry.kind in _PAYMENT_REMINDERS:
        wanted = wanted.filter(~pl.col("contested") & ~pl.col("promised"))
    return wanted.select(
        "customer_id",
        "line_id",
        kind=pl.lit(entry.kind),
        step=pl.lit(entry.id),
        position=pl.lit(position, pl.Int32),
    )


def _not_yet_made(wanted: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    """Drops what was sent, skipped or is planned; counts what was cancelled or failed."""
    past = frames.steps.filter((pl.col("kind") != "dunning") & pl.col("line_id").is_not_null())
    made = past.filter(pl.col("state") != "void")
    void = past.filter(state="void").group_by("line_id", "step").agg(tries=pl.len().cast(pl.Int32))
    return (
        wanted.join(made, on=["line_id", "step"], how="anti")
        .join(void, on=["line_id", "step"], how="left")
        .with_columns(occurrence=pl.col("tries").fill_null(0) + 1)
        .select(*NOTICES)
    )
