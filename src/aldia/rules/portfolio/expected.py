"""Expected cash: what of the open lines comes in, week by week. docs/rules/expected.md.

Each line has a usual pay day (pay_days.py). How money arrives around that day is read off the creditor's own
history as a survival curve: the share of the money still unpaid so many days after the usual day. A line that
is unpaid today comes in during a week with the share that the curve loses in it, of what it still has today.
What a part of the customers gives (`expected_part`) adds up over parts; `expected_cash` reckons with the sum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Any

import polars as pl

from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.pay_days import NEWCOMER, late_counts, recent, with_pay_days, with_room
from aldia.rules.portfolio.survival import Curves, curves_of, history_of

WEEKS = 8
_WEEK_DAYS = 7
_BAND = 1.2816  # standard deviations on either side that hold 80 % of a bell curve
_SEGMENT_PAID_LINES = 10  # from here on a segment has a median of its own

_GROUP = ["currency", "group", "segment"]
_LEFT_OUT = ["disputed", "unapplied", "stayed"]


@dataclass(frozen=True, slots=True)
class ExpectedPart:
    """What one part of the customers adds: their history, their open money, how late they paid, totals."""

    history: pl.DataFrame
    opened: pl.DataFrame
    late: pl.DataFrame
    due: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Band:
    """Minor units: the middle, and the bounds that hold in about eight weeks of ten."""

    low: int
    expected: int
    high: int

    def as_dict(self) -> dict[str, int]:
        """low, expected, high."""
        return {"low": self.low, "expected": self.expected, "high": self.high}


@dataclass(frozen=True, slots=True)
class Expected:
    """One currency. from_history: False when too little was ever paid to go by, so that due dates stand in.

    weeks: the next eight, each seven days from the day after the close; due: what falls due in each of them.
    whole: the eight together. later: what is not expected within them. left_out: disputed, unapplied, stayed.
    payments: paid lines the curves stand on. All amounts in minor units.
    """

    from_history: bool
    starts: tuple[date, ...]
    weeks: tuple[Band, ...]
    due: tuple[int, ...]
    whole: Band
    later: int
    left_out: Mapping[str, int]
    payments: int

    def as_dict(self) -> dict[str, Any]:
        """As the day's snapshot keeps it."""
        weeks = [
            {"from": start.isoformat(), **week.as_dict(), "due": due}
            for start, week, due in zip(self.starts, self.weeks, self.due, strict=True)
        ]
        return {
            "from_history": self.from_history,
            "weeks": weeks,
            "whole": self.whole.as_dict(),
            "later": self.later,
            "left_out": dict(self.left_out),
            "payments": self.payments,
        }


def expected_part(lines: pl.DataFrame, rows: pl.DataFrame, frames: Frames, terms: Terms) -> ExpectedPart:
    """What these customers add. lines: `lines_as_of`; rows: the portfolio."""
    dated = with_pay_days(lines, rows, frames)
    opened = with_room(dated, rows, frames)
    return ExpectedPart(
        history=history_of(recent(dated, terms), frames, terms),
        opened=_opened(opened, terms),
        late=late_counts(lines, rows, frames, terms),
        due=_due(opened, terms),
    )


def _opened(opened: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """currency, group, segment, past (days since the usual day), room_minor, squares.

    squares: sum over customers of their money squared, for the band: a customer pays all of it or nothing.
    """
    past = pl.lit(terms.as_of).cast(pl.Int32) - pl.col("usual_due")
    money = pl.col("room_minor")
    return (
        opened.filter(money > 0)
        .group_by(*_GROUP, past.alias("past"), "customer_id")
        .agg(money.sum())
        .group_by(*_GROUP, "past")
        .agg(money.sum(), squares=(money.cast(pl.Int128) * money.cast(pl.Int128)).sum())
    )


def _due(opened: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """currency, week (1 is the first; 0 overdue or due today), and the sums of room_minor and left out."""
    ahead = pl.col("effective_due_date").cast(pl.Int32) - pl.lit(terms.as_of).cast(pl.Int32)
    week = ((ahead + _WEEK_DAYS - 1) // _WEEK_DAYS).clip(0, WEEKS + 1)
    sums = [pl.col(name).sum() for name in ["room_minor", *_LEFT_OUT]]
    return opened.group_by("currency", week.alias("week")).agg(sums)


def expected_cash(parts: Sequence[ExpectedPart], as_of: date) -> dict[str, Expected]:
    """Currency → what is expected after the day `as_of`, for every currency with something open."""
    usual = _usual_delays(pl.concat([part.late for part in parts]))
    history = pl.concat([part.history for part in parts]).pipe(_delayed, usual, "day")
    opened = pl.concat([part.opened for part in parts]).pipe(_delayed, usual, "past")
    due = pl.concat([part.due for part in parts]).group_by("currency", "week").sum()
    curves = curves_of(history)
    starts = tuple(as_of + timedelta(days=1 + _WEEK_DAYS * week) for week in range(WEEKS))
    return {
        currency: _of_currency(
            opened.filter(currency=currency), due.filter(currency=currency), curves, currency, starts
        )
        for currency in sorted(due["currency"].unique())
    }


def _usual_delays(late: pl.DataFrame) -> pl.DataFrame:
    """currency, segment, delay: the median days late of a segment with paid lines enough, else of all.

    The row without currency and segment is the creditor's own; 0 where nothing was ever paid.
    """
    by_segment = (
        late.sort("late")
        .group_by("currency", "segment", maintain_order=True)
        .agg(paid=pl.col("paid_lines").sum(), delay=_median())
        .filter(pl.col("paid") >= _SEGMENT_PAID_LINES)
        .drop("paid")
    )
    everybody = late.sort("late").select(delay=_median()).fill_null(0)
    nobody = everybody.select(
        pl.lit(None, pl.String).alias("currency"), pl.lit(None, pl.String).alias("segment"), "delay"
    )
    return pl.concat([by_segment, nobody])


def _median() -> pl.Expr:
    """Of the sorted column `late`, each counted `paid_lines` times; the lower of the middle two."""
    counted = pl.col("paid_lines").cum_sum()
    return pl.col("late").filter(2 * counted >= pl.col("paid_lines").sum()).first()


def _delayed(frame: pl.DataFrame, usual: pl.DataFrame, days: str) -> pl.DataFrame:
    """Newcomers' days counted from their segment's usual day; then one row per currency, group and day."""
    fallback = usual.filter(pl.col("currency").is_null())["delay"].item()
    delay = pl.when(pl.col("group") == NEWCOMER).then(pl.col("delay").fill_null(fallback)).otherwise(0)
    return (
        frame.join(usual, on=["currency", "segment"], how="left")
        .with_columns((pl.col(days) - delay).cast(pl.Int32).alias(days))
        .drop("delay", "segment")
        .group_by("currency", "group", days)
        .sum()
    )


def _of_currency(
    opened: pl.DataFrame, due: pl.DataFrame, curves: Curves, currency: str, starts: tuple[date, ...]
) -> Expected:
    falling: dict[int, int] = dict(due.select("week", "room_minor").iter_rows())
    by_week = tuple(falling.get(week, 0) for week in range(1, WEEKS + 1))
    room = sum(falling.values())
    if curves.payments:
        weeks, whole = _forecast(opened, curves, currency, room)
    else:
        weeks = tuple(Band(0, minor, minor) for minor in by_week)
        whole = Band(0, sum(by_week), sum(by_week))
    return Expected(
        from_history=curves.payments > 0,
        starts=starts,
        weeks=weeks,
        due=by_week,
        whole=whole,
        later=room - sum(week.expected for week in weeks),
        left_out={name: int(due[name].sum()) for name in _LEFT_OUT},
        payments=curves.payments_of(currency),
    )


def _forecast(
    opened: pl.DataFrame, curves: Curves, currency: str, room: int
) -> tuple[tuple[Band, ...], Band]:
    """The eight weeks and their whole: each group's money times the share its curve loses in the week."""
    means, variances = [0.0] * WEEKS, [0.0] * WEEKS
    ordered = opened.sort("group", "past").select("group", "past", "room_minor", "squares")
    for group, past, minor, squares in ordered.iter_rows():
        curve = curves.of(currency, group)
        for week in range(WEEKS):
            share = curve.lost(past, _WEEK_DAYS * week, _WEEK_DAYS)
            means[week] += minor * share
            variances[week] += float(squares) * share * (1 - share)
    weeks = tuple(_band(mean, variance, room) for mean, variance in zip(means, variances, strict=True))
    whole = _band(sum(means), sum(variances), room)
    expected = sum(week.expected for week in weeks)
    return weeks, Band(min(whole.low, expected), expected, max(whole.high, expected))


def _band(mean: float, variance: float, room: int) -> Band:
    """Rounded down; never less than nothing nor more than what is open."""
    width = _BAND * sqrt(variance)
    expected = min(int(mean), room)
    low, high = int(max(0.0, mean - width)), min(room, int(mean + width) + 1)
    return Band(min(low, expected), expected, max(high, expected))
