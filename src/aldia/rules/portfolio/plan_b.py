"""Who needs a plan B before something falls due: large accounts and those that are often late.

docs/rules/relation.md §4.
"""

from collections.abc import Collection
from datetime import date, timedelta

import polars as pl

from aldia.rules.portfolio.engine import Decided

DAYS_AHEAD = 10
"""So many days before the due date the plan is asked for."""

SERVES_DAYS = 60
"""So long after the due date it was written for a plan serves for later ones too."""

_LATE_SHARE, _ITEMS_ENOUGH = 0.5, 4

WANTED = pl.Schema({"customer_id": pl.Int64(), "for_on": pl.Date()})


def wanting_plan_b(
    decided: Decided, *, currency: str, large_minor: int | None, broke_promises: Collection[int]
) -> pl.DataFrame:
    """WANTED: per large or risky customer the first due date in the next days, the day itself included.

    Large: open in that currency of at least large_minor (None: nobody is). Risky: at least half of four or
    more lines paid late, or among broke_promises. The insolvent are nobody's to plan for.
    """
    rows = decided.rows.filter(~pl.col("insolvent"))
    large = (pl.col("currency") == currency) & (pl.col("open_minor") >= large_minor) if large_minor else False
    late = (pl.col("late_share") >= _LATE_SHARE) & (pl.col("items_settled") >= _ITEMS_ENOUGH)
    broke = pl.col("customer_id").is_in(list(broke_promises))
    pressing = rows.filter((large | late | broke).fill_null(value=False)).select("customer_id").unique()
    return _coming(decided).join(pressing, on="customer_id", how="semi").sort("customer_id")


def _coming(decided: Decided) -> pl.DataFrame:
    today = decided.terms.as_of
    due = pl.col("effective_due_date")
    counts = pl.col("open_minor") > decided.terms.tolerance_minor
    soon = due.is_between(today, today + timedelta(days=DAYS_AHEAD))
    return decided.lines.filter(counts & soon).group_by("customer_id").agg(for_on=due.min())


def not_provided_for(wanted: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """Those of WANTED for whom no plan serves. plans: customer_id, for_on of plans that were written."""
    last = plans.group_by("customer_id").agg(planned=pl.col("for_on").max())
    serves_until = (pl.col("planned").cast(pl.Int32) + SERVES_DAYS).cast(pl.Date)
    served = (pl.col("for_on") <= serves_until).fill_null(value=False)
    return wanted.join(last, on="customer_id", how="left").filter(~served).select(*WANTED)


def asked_since(today: date) -> date:
    """A plan asked for and closed since then is not asked for again."""
    return today - timedelta(days=SERVES_DAYS)
