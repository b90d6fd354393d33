"""What moved since an earlier day: customers between standings, money between ageing buckets.

docs/rules/run.md, KPIs. The earlier day is reckoned with the reversals known now.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.lines import lines_as_of
from aldia.rules.portfolio.vocabulary import aging_columns

NEW, SETTLED = "new", "settled"
STANDINGS = ("entered", "cured", "rolled_forward", "rolled_back", "stayed")


@dataclass(frozen=True, slots=True)
class Movement:
    """Parts add up by concatenation.

    customers: currency, standing, count, minor (overdue now, for the cured overdue then). rolls: currency,
    then, now, minor: open money by ageing bucket then and now, `new` for what was issued since, `settled` for
    what was paid or credited since. Every line stands in one row `then` and in up to two columns `now`.
    """

    customers: pl.DataFrame
    rolls: pl.DataFrame


def movement_since(lines: pl.DataFrame, frames: Frames, terms: Terms, earlier: date) -> Movement:
    """From the earlier day to the day of `lines` (`lines_as_of`)."""
    then = lines_as_of(known_by(frames, earlier), replace(terms, as_of=earlier))
    return Movement(_customers(lines, then, terms), _rolls(lines, then, terms))


def known_by(frames: Frames, day: date) -> Frames:
    """The frames without what was issued, poured or agreed after the day."""
    return replace(
        frames,
        lines=frames.lines.filter(pl.col("issued_on") <= day),
        allocations=frames.allocations.filter(pl.col("effective_on") <= day),
        overlays=frames.overlays.filter(pl.col("effective_on") <= day),
    )


def bucket(edges: Iterable[int]) -> pl.Expr:
    """0 while not due, 1 for the youngest overdue bucket, rising with age; of the column `days`."""
    return pl.sum_horizontal((pl.col("days") > edge).cast(pl.Int32) for edge in edges)


def bucket_names(edges: Iterable[int]) -> list[str]:
    """not_due, 1_30 … over_360, in the order of `bucket`."""
    return [column.word.removeprefix("aging_") for column in aging_columns(edges)]


def _customers(now: pl.DataFrame, then: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    unit = ["customer_id", "currency"]
    both = _worst(now, terms).join(_worst(then, terms), on=unit, how="full", coalesce=True, suffix="_then")
    both = both.with_columns(pl.exclude(unit).fill_null(0))
    new, old = pl.col("bucket"), pl.col("bucket_then")
    standing = (
        pl.when(old == 0)
        .then(pl.lit("entered"))
        .when(new == 0)
        .then(pl.lit("cured"))
        .when(new > old)
        .then(pl.lit("rolled_forward"))
        .when(new < old)
        .then(pl.lit("rolled_back"))
        .otherwise(pl.lit("stayed"))
    )
    money = pl.when(new == 0).then("minor_then").otherwise("minor")
    return both.group_by("currency", standing.alias("standing")).agg(
        count=pl.len().cast(pl.Int64), minor=money.sum()
    )


def _worst(lines: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """customer_id, currency, bucket of the oldest overdue line, minor overdue."""
    overdue = lines.filter("overdue").with_columns(bucket=bucket(terms.aging_edges))
    return overdue.group_by("customer_id", "currency").agg(
        pl.col("bucket").max(), minor=pl.col("open_minor").sum()
    )


def _rolls(now: pl.DataFrame, then: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """What was open then (or issued since) is found again in a bucket of today, or settled."""
    names = bucket_names(terms.aging_edges)
    place = _named(bucket(terms.aging_edges), names)
    before = then.select("line_id", then=place, minor_then="open_minor")
    both = (
        now.select("line_id", "currency", "amount_minor", minor="open_minor", now=place)
        .join(before, on="line_id", how="left")
        .with_columns(
            pl.col("then").fill_null(NEW), settled=pl.coalesce("minor_then", "amount_minor") - pl.col("minor")
        )
    )
    gone = both.select("currency", "then", now=pl.lit(SETTLED), minor="settled")
    return (
        pl.concat([both.select("currency", "then", "now", "minor"), gone])
        .group_by("currency", "then", "now")
        .agg(pl.col("minor").sum())
        .filter(pl.col("minor") != 0)
    )


def _named(place: pl.Expr, names: list[str]) -> pl.Expr:
    return place.replace_strict(list(range(len(names))), names, return_dtype=pl.String)


def month_shapes(
    movements: Iterable[Movement], edges: Iterable[int], since: date
) -> dict[str, dict[str, Any]]:
    """Currency → {since, customers: {standing: {count, minor}}, rolls: [[then, now, minor], …]}, as kept."""
    movements = list(movements)
    customers = pl.concat([each.customers for each in movements]).group_by("currency", "standing").sum()
    rolls = pl.concat([each.rolls for each in movements]).group_by("currency", "then", "now").sum()
    order = {name: place for place, name in enumerate([*bucket_names(edges), NEW, SETTLED])}
    shapes: dict[str, dict[str, Any]] = {}
    for currency in sorted({*customers["currency"], *rolls["currency"]}):
        counted = {
            standing: {"count": count, "minor": minor}
            for standing, count, minor in customers.filter(currency=currency).drop("currency").iter_rows()
        }
        moved = rolls.filter(currency=currency).drop("currency").rows()
        shapes[currency] = {
            "since": since.isoformat(),
            "customers": {name: counted.get(name, {"count": 0, "minor": 0}) for name in STANDINGS},
            "rolls": sorted((list(row) for row in moved), key=lambda row: (order[row[0]], order[row[1]])),
        }
    return shapes
