"""Late interest and compensation of every line at once. docs/rules/interest.md.

One look-up in the table of cumulated rates per date replaces the walk over half-years:
C(D) − C(due) is rate × days however many segments lie between, and it survives part payments. Products are
taken in Int128: int64 overflows silently beyond about 2·10^10 minor units.
"""

from datetime import date, timedelta
from functools import lru_cache

import polars as pl

from aldia.kernel.dates import EARLIEST
from aldia.rules.law import RateSeries
from aldia.rules.portfolio.frames import Frames, Terms

_BEFORE_ALL = EARLIEST - timedelta(days=1)
_YEAR_BP = 365 * 10_000  # actual/365, rates in basis points
STATUTORY, LEGAL, CONTRACT = 0, 1, 2


def with_interest(lines: pl.DataFrame, frames: Frames, terms: Terms) -> pl.DataFrame:
    """Adds interest_minor and compensation_minor (Int64, 0 where none) to `lines_as_of`."""
    late = lines.filter("overdue").select(
        "line_id", "customer_id", "document_id", "currency", "kind", "open_minor", "effective_due_date"
    )
    late = with_span(late, frames, terms)
    earned = _interest(late, frames, terms).join(_compensation(late, terms), on="line_id", how="left")
    return lines.join(earned, on="line_id", how="left").with_columns(
        pl.col("interest_minor", "compensation_minor").fill_null(0)
    )


def with_span(late: pl.DataFrame, frames: Frames, terms: Terms) -> pl.DataFrame:
    """Adds rate class, contract rate and the span [start, end] in which each line bears interest."""
    customers = frames.customers.select("customer_id", "person_kind", "contract_rate_bp", "insolvent_on")
    consumer = pl.col("person_kind") == "consumer"
    rate = (
        pl.when(pl.col("contract_rate_bp").is_not_null())
        .then(pl.lit(CONTRACT, pl.Int8))
        .when(consumer)
        .then(pl.lit(LEGAL, pl.Int8))
        .otherwise(pl.lit(STATUTORY, pl.Int8))
    )
    claimed = pl.when(pl.col("rate") == LEGAL).then(
        pl.max_horizontal("effective_due_date", pl.coalesce("claimed_on", pl.lit(date.max)))
    )
    return (
        late.join(customers, on="customer_id", how="left")
        .join(frames.claims, on="line_id", how="left")
        .with_columns(
            rate=rate,
            end=pl.min_horizontal(pl.lit(terms.as_of), pl.coalesce("insolvent_on", pl.lit(date.max))),
        )
        .with_columns(start=pl.coalesce(claimed, "effective_due_date"))
        .drop("claimed_on")
    )


def _interest(late: pl.DataFrame, frames: Frames, terms: Terms) -> pl.DataFrame:
    """line_id, interest_minor: one half-up rounding per line."""
    bearing = late.filter(pl.col("start") < pl.col("end"))
    owed = pl.col("open_minor").cast(pl.Int128) * _rate_days("start", "end", terms)
    total = bearing.select("line_id", numerator=owed)
    paid = frames.allocations.join(
        bearing.select("line_id", "rate", "contract_rate_bp", "start", "end"), on="line_id", how="inner"
    )
    if not paid.is_empty():
        until = pl.max_horizontal("start", pl.min_horizontal("effective_on", "end"))
        bore = pl.col("amount_minor").cast(pl.Int128) * _rate_days("start", "until", terms)
        before = paid.with_columns(until=until).select("line_id", numerator=bore)
        total = pl.concat([total, before]).group_by("line_id").agg(pl.col("numerator").sum())
    rounded = (2 * pl.col("numerator") + _YEAR_BP) // (2 * _YEAR_BP)
    return late.select("line_id").join(
        total.select("line_id", interest_minor=rounded.cast(pl.Int64)), on="line_id", how="left"
    )


def _rate_days(start: str, end: str, terms: Terms) -> pl.Expr:
    """Basis points × days from the day after start to end, by each line's rate class, as Int128."""
    days = pl.col(end).cast(pl.Int32).cast(pl.Int64) - pl.col(start).cast(pl.Int32)
    return (
        pl.when(pl.col("rate") == CONTRACT)
        .then(days * pl.col("contract_rate_bp"))
        .when(pl.col("rate") == LEGAL)
        .then(_cumulated(terms.legal_interest, start, end, terms.as_of))
        .otherwise(_cumulated(terms.late_interest, start, end, terms.as_of))
        .cast(pl.Int128)
    )


def _cumulated(series: RateSeries | None, start: str, end: str, as_of: date) -> pl.Expr:
    if series is None:
        return pl.lit(0, pl.Int64)
    table = _table(series, as_of)
    origin = pl.lit(_BEFORE_ALL).cast(pl.Int32)

    def at(day: str) -> pl.Expr:
        index = (pl.col(day).cast(pl.Int32) - origin).clip(0, len(table) - 1)
        return pl.lit(table).gather(index)

    return at(end) - at(start)


@lru_cache(maxsize=16)
def _table(series: RateSeries, as_of: date) -> pl.Series:
    """C for each day from `_BEFORE_ALL` to the day."""
    return pl.Series(series.day_table(_BEFORE_ALL, as_of), dtype=pl.Int64)


def _compensation(late: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """line_id, compensation_minor: once per overdue invoice, on its overdue line with the lowest id."""
    law = terms.compensation
    if law is None:
        return late.select("line_id", compensation_minor=pl.lit(0, pl.Int64))
    solvent = pl.col("insolvent_on").is_null() | (pl.col("effective_due_date") < pl.col("insolvent_on"))
    owed = late.filter(
        (pl.col("kind") == "invoice")
        & (pl.col("currency") == law.currency)
        & pl.col("person_kind").is_in(list(law.applies_to))
        & (pl.col("effective_due_date") >= law.provenance.valid_from)
        & solvent
    )
    first = owed.group_by("document_id").agg(pl.col("line_id").min())
    return first.select("line_id", compensation_minor=pl.lit(law.amount_minor, pl.Int64))
