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

WORTH_TIMES = 100
"""Of a risky customer, what falls due is worth a plan from so many times its strategy's minimum."""

_LATE_SHARE, _ITEMS_ENOUGH = 0.5, 4

WANTED = pl.Schema({"customer_id": pl.Int64(), "for_on": pl.Date()})


def wanting_plan_b(
    decided: Decided, *, currency: str, large_minor: int | None, broke_promises: Collection[int]
) -> pl.DataFrame:
    """WANTED: per large or risky customer the first due date in the next days, the day itself included.

    Large: open in that currency of at least large_minor (None: nobody is). Risky: at least half of four or
    more lines paid late, or among broke_promises; and what falls due in those days is worth it. The insolvent
    are nobody's to plan for.
    """
    rows = decided.rows.filter(~pl.col("insolvent"))
    large = (pl.col("currency") == currency) & (pl.col("open_minor") >= large_minor) if large_minor else False
    late = (pl.col("late_share") >= _LATE_SHARE) & (pl.col("items_settled") >= _ITEMS_ENOUGH)
    broke = pl.col("customer_id").is_in(list(broke_promises))
    coming = _coming(decided)
    return (
        pl.concat(
            [_whom(rows, large), _whom(rows, late | broke).join(_worth(coming, decided), on="customer_id")]
        )
        .unique()
        .join(coming, on="customer_id")
        .group_by("customer_id")
        .agg(for_on=pl.col("for_on").min())
        .sort("customer_id")
    )


def _whom(rows: pl.DataFrame, which: pl.Expr | bool) -> pl.DataFrame:
    return rows.filter(pl.lit(which) if isinstance(which, bool) else which.fill_null(value=False)).select(
        pl.col("customer_id").unique()
    )


def _coming(decided: Decided) -> pl.DataFrame:
    """customer_id, currency, for_on, coming_minor: what falls due in the next days."""
    today = decided.terms.as_of
    due = pl.col("effective_due_date")
    counts = pl.col("open_minor") > decided.terms.tolerance_minor
    soon = due.is_between(today, today + timedelta(days=DAYS_AHEAD))
    return (
        decided.lines.filter(counts & soon)
        .group_by("customer_id", "currency")
        .agg(for_on=due.min(), coming_minor=pl.col("open_minor").sum())
    )


def _worth(coming: pl.DataFrame, decided: Decided) -> pl.DataFrame:
    """customer_id of those of whom enough falls due in some currency that their strategy has amounts for."""
    strategies = decided.frames.customers.select("customer_id", "strategy")
    parts = [
        part.filter(pl.col("coming_minor") >= WORTH_TIMES * least)
        for (name, currency), part in coming.join(strategies, on="customer_id")
        .partition_by(["strategy", "currency"], as_dict=True)
        .items()
        if (least := decided.strategies[str(name)].minimum_minor(str(currency))) is not None
    ]
    found = pl.concat(parts) if parts else coming.clear()
    return found.select(pl.col("customer_id").unique())


def not_provided_for(wanted: pl.DataFrame, plans: pl.DataFrame) -> pl.DataFrame:
    """Those of WANTED for whom no plan serves. plans: customer_id, for_on of plans that were written."""
    last = plans.group_by("customer_id").agg(planned=pl.col("for_on").max())
    serves_until = (pl.col("planned").cast(pl.Int32) + SERVES_DAYS).cast(pl.Date)
    served = (pl.col("for_on") <= serves_until).fill_null(value=False)
    return wanted.join(last, on="customer_id", how="left").filter(~served).select(*WANTED)


def serves_until(for_on: date) -> date:
    """The last due date for which a plan serves that was written for this one."""
    return for_on + timedelta(days=SERVES_DAYS)


def asked_since(today: date) -> date:
    """A plan asked for and closed since then is not asked for again."""
    return today - timedelta(days=SERVES_DAYS)
