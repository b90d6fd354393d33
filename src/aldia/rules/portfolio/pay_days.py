"""When each open line is usually paid, and what of it can still come in. docs/rules/expected.md §1–2."""

from datetime import timedelta

import polars as pl

from aldia.rules.portfolio.behaviour import UNIT, settled_lines
from aldia.rules.portfolio.frames import Frames, Terms

HABIT_PAYMENTS = 3  # paid lines from which a customer has a habit of its own
STEADY_DAYS = 7  # a steady customer's days late deviate by no more
HISTORY_DAYS = 730

STEADY, IRREGULAR, NEWCOMER = "steady", "irregular", "newcomer"


def with_pay_days(lines: pl.DataFrame, rows: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    """Adds group (steady, irregular, newcomer), segment, and usual_due: the usual pay day, days of the epoch.

    rows: the portfolio, whose median days late is the habit. A newcomer's usual_due is the bare due date and
    its segment is kept, for the segment's median is known only when all parts have been added up. For the
    others the segment is empty. A line covered by commercial paper is paid no earlier than the paper's day.
    """
    habits = rows.select(*UNIT, "segment", "items_settled", "days_late_median", "days_late_spread")
    known = pl.col("items_settled") >= HABIT_PAYMENTS
    group = (
        pl.when(~known)
        .then(pl.lit(NEWCOMER))
        .when(pl.col("days_late_spread") <= STEADY_DAYS)
        .then(pl.lit(STEADY))
        .otherwise(pl.lit(IRREGULAR))
    )
    delay = pl.when(known).then(pl.col("days_late_median").round()).otherwise(0).cast(pl.Int32)
    return (
        lines.join(habits, on=UNIT, how="left")
        .with_columns(group=group, usual_due=pl.col("effective_due_date").cast(pl.Int32) + delay)
        .with_columns(segment=pl.when(known).then(pl.lit("")).otherwise("segment"))
        .drop("items_settled", "days_late_median", "days_late_spread")
        .pipe(_with_paper_day, frames)
    )


def late_counts(lines: pl.DataFrame, rows: pl.DataFrame, frames: Frames, terms: Terms) -> pl.DataFrame:
    """currency, segment, late, paid_lines: how many lines were paid how late; parts add up."""
    segments = rows.select(*UNIT, "segment")
    return (
        settled_lines(lines, frames, terms)
        .join(segments, on=UNIT)
        .group_by("currency", "segment", "late")
        .agg(paid_lines=pl.len().cast(pl.Int64))
    )


def with_room(lines: pl.DataFrame, rows: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    """Adds to open lines what of them can come in: room_minor, and disputed, unapplied, stayed (minor units).

    The four add up to open_minor: a dispute in force, the customer's unapplied money (oldest line first) and
    an insolvency each take their part of the line away.
    """
    opened = lines.filter(pl.col("open_minor") > 0).join(
        rows.select(*UNIT, "unapplied_minor", "insolvent"), on=UNIT, how="left"
    )
    opened = opened.join(_disputes(frames), on="line_id", how="left").with_columns(
        disputed=pl.min_horizontal("open_minor", pl.col("disputed").fill_null(0))
    )
    opened = opened.join(_poured(opened), on="line_id", how="left").with_columns(
        pl.col("unapplied").fill_null(0)
    )
    left = pl.col("open_minor") - pl.col("disputed") - pl.col("unapplied")
    return opened.with_columns(
        stayed=pl.when("insolvent").then(left).otherwise(0),
        room_minor=pl.when("insolvent").then(0).otherwise(left),
    ).drop("unapplied_minor", "insolvent")


def _poured(opened: pl.DataFrame) -> pl.DataFrame:
    """line_id, unapplied: the customers' money on account over their lines, the oldest first."""
    claimable = pl.col("open_minor") - pl.col("disputed")
    before = (claimable.cum_sum() - claimable).over(UNIT)
    return (
        opened.filter(pl.col("unapplied_minor") > 0)
        .sort(*UNIT, "effective_due_date", "line_id")
        .select(
            "line_id",
            unapplied=pl.min_horizontal((pl.col("unapplied_minor") - before).clip(lower_bound=0), claimable),
        )
    )


def _with_paper_day(lines: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    covers = frames.overlays.filter((pl.col("kind") == "cover") & pl.col("line_id").is_not_null())
    latest = covers.group_by("line_id").agg(paper_due=pl.col("until_on").max().cast(pl.Int32))
    return (
        lines.join(latest, on="line_id", how="left")
        .with_columns(usual_due=pl.max_horizontal("usual_due", "paper_due"))
        .drop("paper_due")
    )


def _disputes(frames: Frames) -> pl.DataFrame:
    """line_id, disputed: the sum of a line's disputes in force; all that is open where one names no sum."""
    disputes = frames.overlays.filter((pl.col("kind") == "dispute") & pl.col("line_id").is_not_null())
    everything = pl.lit(2**62, pl.Int64)
    return disputes.group_by("line_id").agg(
        disputed=pl.when(pl.col("amount_minor").is_null().any())
        .then(everything)
        .otherwise(pl.col("amount_minor").sum())
    )


def recent(lines: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """Lines whose history counts: due in the last 730 days, and ours from the day they were issued on."""
    since = terms.as_of - timedelta(days=HISTORY_DAYS)
    return lines.filter((pl.col("due_date") > since) & (pl.col("kind") != "opening_balance"))
