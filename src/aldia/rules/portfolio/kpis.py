"""The figures of a day: totals per currency, DSO by two methods, CEI, movement. docs/rules/run.md, KPIs.

Formulas: field practice; countback DSO takes whole months of sales backwards from what is outstanding.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from aldia.kernel.money import round_half_up
from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.lines import lines_as_of
from aldia.rules.portfolio.movement import bucket, known_by
from aldia.rules.portfolio.vocabulary import aging_columns


@dataclass(frozen=True, slots=True)
class MonthSales:
    """Sales of one calendar month (or its part up to the day): days it has, minor units sold."""

    days: int
    minor: int


def day_totals(rows: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """Per currency: customers (with something open) and the sums of the balance and ageing columns."""
    summed = ["open_minor", "overdue_minor", "dunnable_minor", "unapplied_minor"]
    summed += [column.name for column in aging_columns(terms.aging_edges)]
    return (
        rows.group_by("currency")
        .agg(
            (pl.col("open_minor") > 0).sum().cast(pl.Int64).alias("customers"),
            pl.col("items_open").cast(pl.Int64).sum(),
            *(pl.col(name).sum() for name in summed),
        )
        .sort("currency")
    )


def unreachable(rows: pl.DataFrame) -> pl.DataFrame:
    """currency, unreachable: customers with something open and no usable address of any kind."""
    reachable = pl.any_horizontal("has_email", "has_phone", "has_whatsapp", "has_post")
    return rows.group_by("currency").agg(
        unreachable=((pl.col("open_minor") > 0) & ~reachable).sum().cast(pl.Int64)
    )


def last_payments(rows: pl.DataFrame) -> pl.DataFrame:
    """currency, last_payment_on: the latest day anybody paid, for the currencies in which somebody did."""
    return rows.group_by("currency").agg(pl.col("last_payment_on").max()).drop_nulls()


def dso_simple_tenths(outstanding_minor: int, sales_minor: int, days: int) -> int | None:
    """Outstanding ÷ sales of the period × its days, in tenths of a day; None without sales."""
    return round_half_up(outstanding_minor * days * 10, sales_minor) if sales_minor > 0 else None


def dso_countback_tenths(outstanding_minor: int, months: Iterable[MonthSales]) -> int | None:
    """Months of sales (latest first) taken from outstanding: a whole month gives its days, the last its
    fraction; tenths of a day. None when the months given do not use it up."""
    left, days_tenths = outstanding_minor, 0
    for month in months:
        if left <= 0:
            break
        if month.minor > left:
            return days_tenths + round_half_up(left * month.days * 10, month.minor)
        left -= month.minor
        days_tenths += month.days * 10
    return days_tenths if left <= 0 else None


def used_up(outstanding_minor: int, months: Iterable[MonthSales]) -> list[MonthSales]:
    """The months of sales, latest first, that countback DSO takes from outstanding, the last one in part."""
    left, taken = outstanding_minor, []
    for month in months:
        if left <= 0:
            break
        taken.append(month)
        left -= month.minor
    return taken


def cei_bp(
    opening_minor: int, sales_minor: int, closing_minor: int, closing_not_due_minor: int
) -> int | None:
    """Collection effectiveness: collected ÷ collectable of the period, in basis points; None without any."""
    collectable = opening_minor + sales_minor - closing_not_due_minor
    collected = opening_minor + sales_minor - closing_minor
    return round_half_up(collected * 10_000, collectable) if collectable > 0 else None


def open_on(frames: Frames, day: date) -> pl.DataFrame:
    """currency, open_minor as of an earlier day, with the reversals known now."""
    issued = frames.lines.filter(pl.col("issued_on") <= day)
    paid = frames.allocations.filter(pl.col("effective_on") <= day)
    left = issued.join(
        paid.group_by("line_id").agg(paid=pl.col("amount_minor").sum()), on="line_id", how="left"
    )
    return left.group_by("currency").agg(
        open_minor=(pl.col("amount_minor") - pl.col("paid").fill_null(0)).sum()
    )


def sales_by_day(frames: Frames) -> pl.DataFrame:
    """currency, issued_on, minor: invoices and charges issued, less their reversals."""
    return (
        frames.lines.filter(pl.col("kind") != "opening_balance")
        .group_by("currency", "issued_on")
        .agg(minor=pl.col("amount_minor").sum())
    )


def movement(lines: pl.DataFrame, frames: Frames, terms: Terms, earlier: date) -> dict[str, int]:
    """Customers that entered (overdue now, not then), were cured, rolled to an older or a younger bucket."""
    then = _worst_bucket(lines_as_of(known_by(frames, earlier), replace(terms, as_of=earlier)), terms)
    now = _worst_bucket(lines, terms)
    both = now.join(then, on="customer_id", how="full", coalesce=True, suffix="_then").fill_null(0)
    new, old = pl.col("bucket"), pl.col("bucket_then")
    counted = both.select(
        entered=((new > 0) & (old == 0)).sum(),
        cured=((new == 0) & (old > 0)).sum(),
        rolled_forward=((new > old) & (old > 0)).sum(),
        rolled_back=((new < old) & (new > 0)).sum(),
    )
    return {name: int(value) for name, value in counted.row(0, named=True).items()}


def _worst_bucket(lines: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """customer_id, bucket: 1 for the youngest overdue bucket, rising with age."""
    return lines.filter("overdue").group_by("customer_id").agg(bucket=bucket(terms.aging_edges).max())
