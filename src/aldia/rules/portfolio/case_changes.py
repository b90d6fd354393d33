"""Which cases a run opens, closes and takes up again. docs/rules/worklist.md §1."""

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from aldia.rules.portfolio.frames import Terms

_ID = pl.Int64()
OPEN_CASES = pl.Schema({"case_id": _ID, "customer_id": _ID})
CLOSED_CASES = pl.Schema({"case_id": _ID, "customer_id": _ID, "owner_id": _ID, "closed_on": pl.Date()})


@dataclass(frozen=True, slots=True)
class CaseMoves:
    """opening: customer_id, large. reopening: CLOSED_CASES and large. closing: case_id, customer_id."""

    opening: pl.DataFrame
    reopening: pl.DataFrame
    closing: pl.DataFrame


def case_moves(
    lines: pl.DataFrame,
    open_cases: pl.DataFrame,
    closed_cases: pl.DataFrame,
    terms: Terms,
    large: tuple[str, int] | None = None,
) -> CaseMoves:
    """What has to change so that every customer with something overdue, and no other, has an open case.

    lines: `lines_as_of`. open_cases, closed_cases: OPEN_CASES, CLOSED_CASES of the same customers. A case is
    per customer, whatever the strategy says of episodes; the last one, closed within reopen_days before the
    day, is taken up again. large: currency and overdue minor units from which an account is large.
    """
    wanted = _overdue(lines, large)
    missing = wanted.join(open_cases, on="customer_id", how="anti")
    reopening = _recent(closed_cases, terms).join(missing, on="customer_id")
    return CaseMoves(
        opening=missing.join(reopening, on="customer_id", how="anti").sort("customer_id"),
        reopening=reopening.sort("case_id"),
        closing=open_cases.join(wanted, on="customer_id", how="anti").sort("case_id"),
    )


def _overdue(lines: pl.DataFrame, large: tuple[str, int] | None) -> pl.DataFrame:
    """customer_id, large: of everybody with something overdue."""
    currency, least = large or ("", 0)
    theirs = pl.when(pl.col("currency") == currency).then("open_minor").otherwise(0).sum()
    is_large = (theirs >= least) if large else pl.lit(value=False)
    return lines.filter("overdue").group_by("customer_id").agg(large=is_large)


def _recent(closed_cases: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    since = terms.as_of - timedelta(days=terms.reopen_days)
    last = closed_cases.sort("closed_on", "case_id").unique("customer_id", keep="last", maintain_order=True)
    return last.filter(pl.col("closed_on") > since)
