"""What the kind of a customer is inferred from: lines, days and words, counted. docs/rules/kinds.md §1."""

from datetime import timedelta

import polars as pl

from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.promises import BROKEN, DECIDED, PARTLY_KEPT

GRACE_DAYS = 3
"""So many days after the due date a transfer may still be under way: nobody is late before."""
SLIP_DAYS = 7
"""A delay of a week or less, now and then, is none that counts against somebody."""
LATELY_DAYS = 180
PARTS_APART_DAYS = 7
MEMORY_DAYS = 365
"""What was said longer ago tells nothing any more."""

STANCE_OF_REPLY = {"forgot": "forgot", "cannot": "cannot", "will_not": "stalls", "disputes": "disagrees"}
STANCE_OF_REASON = {
    "forgot": "forgot",
    "no_invoice": "forgot",
    "details_changed": "forgot",
    "no_liquidity": "cannot",
    "emergency": "cannot",
    "insolvency": "cannot",
    "stalling": "stalls",
    "disagrees": "disagrees",
    "dispute": "disagrees",
}
"""Reason for non-payment → how the customer stands to paying; other reasons say nothing of it."""

_COUNTS = (
    "paid",
    "paid_late",
    "lately",
    "late_now",
    "days_now",
    "in_parts",
    "contested",
    "forgot",
    "broken",
    "partly_kept",
    "promises",
)


def kind_facts(
    lines: pl.DataFrame, settled: pl.DataFrame, promises: pl.DataFrame, frames: Frames, terms: Terms
) -> pl.DataFrame:
    """One row per customer of the frames.

    paid: lines settled by money in 730 days; paid_late: those more than GRACE_DAYS late, from late_from to
    late_to days, half of them more than late_median; late_variance_n2: their variance × their number².
    lately: lines paid more than SLIP_DAYS late within LATELY_DAYS.
    late_now: overdue lines that are as late and not wholly disputed or covered; days_now: of the oldest.
    items, late: both together. in_parts: paid in parts a week or more apart, or overdue and part-paid.
    contested: open lines with a dispute in force. said, said_on, said_days: the last stance of the year;
    forgot: how often that. promises: those for a day of the year that money has decided;
    partly_kept, broken: of them, kept in part and not at all.
    """
    facts = frames.customers.select("customer_id")
    for part in (
        _paid(settled, terms),
        _late_now(lines),
        _in_parts(lines, settled, frames),
        _contested(lines, frames),
        _said(frames, terms),
        _broken(promises, terms),
    ):
        facts = facts.join(part, on="customer_id", how="left")
    return facts.with_columns(pl.col(*_COUNTS).fill_null(0).cast(pl.Int64)).with_columns(
        items=pl.col("paid") + pl.col("late_now"), late=pl.col("paid_late") + pl.col("late_now")
    )


def _paid(settled: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    late = pl.col("late").cast(pl.Int64)
    since = terms.as_of - timedelta(days=LATELY_DAYS)
    really = late.filter(late > GRACE_DAYS)
    return settled.group_by("customer_id").agg(
        paid=pl.len(),
        paid_late=really.len(),
        lately=((late > SLIP_DAYS) & (pl.col("settled_on") > since)).sum(),
        late_from=really.min(),
        late_to=really.max(),
        late_median=really.median(),
        late_variance_n2=really.len().cast(pl.Int64) * really.pow(2).sum().cast(pl.Int64)
        - really.sum().pow(2),
    )


def _late_now(lines: pl.DataFrame) -> pl.DataFrame:
    asked = pl.col("open_minor") - pl.col("disputed_minor") - pl.col("covered_minor") > 0
    return (
        lines.filter(pl.col("overdue") & (pl.col("days") > GRACE_DAYS) & asked)
        .group_by("customer_id")
        .agg(late_now=pl.len(), days_now=pl.col("days").max())
    )


def _in_parts(lines: pl.DataFrame, settled: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    money = frames.allocations.filter("by_money")
    apart = (pl.col("effective_on").max() - pl.col("effective_on").min()).dt.total_days()
    slowly = (
        money.join(settled.select("line_id"), on="line_id", how="semi")
        .group_by("customer_id", "line_id")
        .agg(apart=apart)
        .filter(pl.col("apart") >= PARTS_APART_DAYS)
    )
    begun = lines.filter("overdue").join(money.select("line_id"), on="line_id", how="semi")
    both = pl.concat([slowly.select("customer_id"), begun.select("customer_id")])
    return both.group_by("customer_id").agg(in_parts=pl.len())


def _contested(lines: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    disputes = frames.overlays.filter(kind="dispute")
    contested = lines.filter(pl.col("open_minor") > 0).join(
        disputes.select("line_id"), on="line_id", how="semi"
    )
    return contested.group_by("customer_id").agg(contested=pl.len())


def _said(frames: Frames, terms: Terms) -> pl.DataFrame:
    """Replies and reasons told in calls as one list of stances; of one day, calls come last."""
    written = frames.replies.select(
        "customer_id", said_on="received_on", id="reply_id", call=False, said=_stance("kind", STANCE_OF_REPLY)
    )
    spoken = frames.calls.select(
        "customer_id", said_on="said_on", id="call_id", call=True, said=_stance("reason", STANCE_OF_REASON)
    )
    since = terms.as_of - timedelta(days=MEMORY_DAYS)
    days = pl.lit(terms.as_of).cast(pl.Int32) - pl.col("said_on").cast(pl.Int32)
    return (
        pl.concat([written, spoken])
        .filter(pl.col("said").is_not_null() & (pl.col("said_on") > since))
        .sort("said_on", "call", "id")
        .group_by("customer_id", maintain_order=True)
        .agg(
            said=pl.col("said").last(),
            said_on=pl.col("said_on").last(),
            forgot=(pl.col("said") == "forgot").sum(),
        )
        .with_columns(said_days=days)
    )


def _stance(column: str, stances: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace_strict(stances, default=None, return_dtype=pl.String)


def _broken(promises: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """Promises for the days of the year that money has decided."""
    days = pl.lit(terms.as_of).cast(pl.Int32) - pl.col("promised_on").cast(pl.Int32)
    decided = promises.filter((days < MEMORY_DAYS) & pl.col("state").is_in(DECIDED))
    return decided.group_by("customer_id").agg(
        promises=pl.len(),
        partly_kept=(pl.col("state") == PARTLY_KEPT).sum(),
        broken=(pl.col("state") == BROKEN).sum(),
    )
