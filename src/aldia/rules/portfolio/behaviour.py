"""How somebody pays, and when we last spoke. docs/rules/aging.md §4–5."""

from datetime import timedelta

import polars as pl

from aldia.rules.portfolio.frames import Frames, Terms

UNIT = ["customer_id", "currency"]
_WINDOW_DAYS = 730
_RECENT = 3
_ENOUGH_FOR_TREND = 6
_MONTH_DAYS = 30
_REASON_DAYS = 365


def behaviour(settled: pl.DataFrame) -> pl.DataFrame:
    """Per customer and currency: items_settled and the days-late statistics, over `settled_lines`."""
    late = pl.col("late")
    return (
        settled.sort("settled_on", "line_id")
        .group_by(UNIT, maintain_order=True)
        .agg(
            items_settled=pl.len().cast(pl.Int32),
            days_late_mean=late.mean(),
            days_late_median=late.median(),
            days_late_spread=late.std(ddof=0),
            late_share=(late > 0).mean(),
            days_late_trend=pl.when(pl.len() >= _ENOUGH_FOR_TREND).then(
                late.tail(_RECENT).mean() - late.head(pl.len() - _RECENT).mean()
            ),
        )
    )


def settled_lines(lines: pl.DataFrame, frames: Frames, terms: Terms) -> pl.DataFrame:
    """Lines settled by money in the last 730 days: unit, line_id, settled_on, late (days, negative early)."""
    since = terms.as_of - timedelta(days=_WINDOW_DAYS)
    closed = lines.filter((pl.col("open_minor") == 0) & (pl.col("amount_minor") > 0))
    paid = (
        frames.allocations.join(closed.select("line_id"), on="line_id", how="semi")
        .group_by("line_id")
        .agg(settled_on=pl.col("effective_on").max(), by_money=pl.col("by_money").any())
        .filter(pl.col("by_money") & (pl.col("settled_on") > since))
    )
    late = pl.col("settled_on").cast(pl.Int32) - pl.col("due_date").cast(pl.Int32)
    return closed.join(paid, on="line_id").select(*UNIT, "line_id", "settled_on", late=late)


def money_in(frames: Frames) -> pl.DataFrame:
    """Per customer and currency: unapplied_minor and last_payment_on."""
    return (
        frames.credits.filter(pl.col("customer_id").is_not_null())
        .group_by(UNIT)
        .agg(
            unapplied_minor=pl.col("unallocated_minor").sum(),
            last_payment_on=pl.col("effective_on").filter(pl.col("payment")).max(),
        )
    )


def contact(frames: Frames, terms: Terms) -> pl.DataFrame:
    """Per customer: last sent, reply, call and reason, the counts of 30 days, and last_contact_on."""
    since = terms.as_of - timedelta(days=_MONTH_DAYS)
    sent = (
        frames.steps.filter((pl.col("kind") == "dunning") & pl.col("sent_on").is_not_null())
        .group_by("customer_id")
        .agg(
            last_sent_on=pl.col("sent_on").max(),
            messages_30d=(pl.col("sent_on") > since).sum().cast(pl.Int32),
        )
    )
    replied = (
        frames.replies.sort("received_on", "reply_id")
        .group_by("customer_id", maintain_order=True)
        .agg(
            last_reply_kind=pl.col("kind").last(),
            last_reply_on=pl.col("received_on").last(),
            replies_30d=(pl.col("received_on") > since).sum().cast(pl.Int32),
        )
    )
    both = sent.join(replied, on="customer_id", how="full", coalesce=True)
    return (
        both.join(_called(frames, terms), on="customer_id", how="full", coalesce=True)
        .with_columns(last_contact_on=pl.max_horizontal("last_sent_on", "last_reply_on", "last_spoken_on"))
        .drop("last_spoken_on")
    )


def _called(frames: Frames, terms: Terms) -> pl.DataFrame:
    """Per customer: the latest call or visit, the last reason of a year, and what took place in 30 days."""
    month = pl.col("said_on") > terms.as_of - timedelta(days=_MONTH_DAYS)
    told = (pl.col("reason") != "") & (pl.col("said_on") > terms.as_of - timedelta(days=_REASON_DAYS))
    return (
        frames.calls.sort("said_on", "call_id")
        .group_by("customer_id", maintain_order=True)
        .agg(
            last_outcome=pl.col("outcome").last(),
            last_outcome_on=pl.col("said_on").last(),
            last_reason=pl.col("reason").filter(told).last(),
            last_reason_on=pl.col("said_on").filter(told).last(),
            calls_30d=(pl.col("tried") & month).sum().cast(pl.Int32),
            right_party_30d=(pl.col("spoken") & month).sum().cast(pl.Int32),
            last_spoken_on=pl.col("said_on").filter("spoken").max(),
        )
    )
