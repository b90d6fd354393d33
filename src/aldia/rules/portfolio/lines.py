"""Every due line as of a day: open, due, disputed, covered. docs/rules/ledger.md §2–3, aging.md §1, §3."""

import polars as pl

from aldia.rules.portfolio.frames import Frames, Terms


def lines_as_of(frames: Frames, terms: Terms) -> pl.DataFrame:
    """Due lines with their standing.

    Adds to LINES: open_minor, effective_due_date, days (Int32, negative before due), overdue (counts and past
    due), disputed_minor, covered_minor (both 0 unless overdue).
    """
    lines = _with_terms(_with_open(frames), frames.overlays)
    day = pl.lit(terms.as_of, pl.Date)
    lines = lines.with_columns(
        days=(day.cast(pl.Int32) - pl.col("effective_due_date").cast(pl.Int32)),
    ).with_columns(overdue=(pl.col("days") > 0) & (pl.col("open_minor") > terms.tolerance_minor))
    return _with_contested(lines, frames.overlays)


def _with_open(frames: Frames) -> pl.DataFrame:
    if frames.allocations.is_empty():
        return frames.lines.with_columns(open_minor="amount_minor")
    allocated = frames.allocations.group_by("line_id").agg(allocated=pl.col("amount_minor").sum())
    return (
        frames.lines.join(allocated, on="line_id", how="left")
        .with_columns(open_minor=pl.col("amount_minor") - pl.col("allocated").fill_null(0))
        .drop("allocated")
    )


def _with_terms(lines: pl.DataFrame, overlays: pl.DataFrame) -> pl.DataFrame:
    """The latest terms in force give the effective due date."""
    terms = overlays.filter(kind="terms")
    if terms.is_empty():
        return lines.with_columns(effective_due_date="due_date")
    latest = (
        terms.sort("effective_on", "overlay_id")
        .group_by("line_id", maintain_order=True)
        .agg(until=pl.col("until_on").last())
    )
    return (
        lines.join(latest, on="line_id", how="left")
        .with_columns(effective_due_date=pl.coalesce("until", "due_date"))
        .drop("until")
    )


def _with_contested(lines: pl.DataFrame, overlays: pl.DataFrame) -> pl.DataFrame:
    lines = _with_part(lines, overlays.filter(kind="dispute"), "disputed_minor", pl.col("open_minor"))
    rest = pl.col("open_minor") - pl.col("disputed_minor")
    return _with_part(lines, overlays.filter(kind="cover"), "covered_minor", rest)


def _with_part(lines: pl.DataFrame, overlays: pl.DataFrame, name: str, at_most: pl.Expr) -> pl.DataFrame:
    """The part of each overdue line that these overlays take: their sum, no more than `at_most`."""
    if overlays.is_empty():
        return lines.with_columns(pl.lit(0, pl.Int64).alias(name))
    taken = overlays.group_by("line_id").agg(
        part=pl.col("amount_minor").sum(), whole=pl.col("amount_minor").is_null().any()
    )
    part = (
        pl.when(pl.col("whole"))
        .then(at_most)
        .otherwise(pl.min_horizontal(pl.col("part").fill_null(0), at_most))
    )
    return (
        lines.join(taken, on="line_id", how="left")
        .with_columns(pl.when("overdue").then(part).fill_null(0).alias(name))
        .drop("part", "whole")
    )
