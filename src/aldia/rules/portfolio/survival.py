"""How money comes in around the usual pay day: survival curves of the creditor's history.

docs/rules/expected.md §3. Of every 100 that were unpaid on a day's morning, so many were paid on it: that is
the day's share. The curve multiplies what the days leave. Money that ceases to be seen unpaid (it is still
open today, or a credit note took it) counts until then and no longer (Kaplan and Meier, 1958).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

import polars as pl

from aldia.rules.portfolio.frames import Frames, Terms

FIRST_DAY, LAST_DAY = -150, 730  # relative to the usual day; payments outside count at the edge
ENOUGH_PAYMENTS = 30
_WHOLE = 1_000_000  # a line's share in millionths

_KEY = ["currency", "group", "segment", "day"]
_SUMS = ["entered", "paid", "gone", "entered_share", "paid_share", "gone_share", "payments"]


def history_of(lines: pl.DataFrame, frames: Frames, terms: Terms) -> pl.DataFrame:
    """currency, group, segment, day, and what entered, was paid and went unpaid on that day; parts add up.

    lines: with `with_pay_days`. day: from the usual day, negative before it. *_share: the same with every
    line counting alike, in millionths. payments: number of payments.
    """
    lines = lines.filter(pl.col("amount_minor") > 0).select(
        "line_id",
        "currency",
        "group",
        "segment",
        "usual_due",
        "issued_on",
        "open_minor",
        whole="amount_minor",
    )
    poured = lines.join(frames.allocations.drop("customer_id"), on="line_id").rename({"effective_on": "on"})
    entered = lines.with_columns(on="issued_on", amount_minor="whole")
    left = lines.filter(pl.col("open_minor") > 0).with_columns(
        on=pl.lit(terms.as_of), amount_minor="open_minor"
    )
    events = [
        _events(entered, "entered"),
        _events(poured.filter("by_money"), "paid"),
        _events(poured.filter(~pl.col("by_money")), "gone"),
        _events(left, "gone"),
    ]
    return pl.concat(events).group_by(_KEY).sum()


def _events(rows: pl.DataFrame, what: str) -> pl.DataFrame:
    """One row per day; the columns of other kinds of event are 0."""
    share = pl.col("amount_minor").cast(pl.Int128) * _WHOLE // pl.col("whole").cast(pl.Int128)
    values = {
        what: pl.col("amount_minor").sum(),
        f"{what}_share": share.cast(pl.Int64).sum(),
        "payments": pl.len().cast(pl.Int64) if what == "paid" else pl.lit(0, pl.Int64),
    }
    day = pl.col("on").cast(pl.Int32) - pl.col("usual_due")
    columns = [values.get(name, pl.lit(0, pl.Int64)).alias(name) for name in _SUMS]
    return rows.group_by("currency", "group", "segment", day.alias("day")).agg(columns)


@dataclass(frozen=True, slots=True)
class Curve:
    """still: share unpaid at the end of each day from FIRST_DAY on; falls from 1 and never rises."""

    still: tuple[float, ...]

    def unpaid(self, day: int) -> float:
        """Share still unpaid at the end of that day, from the usual day; constant outside the days known."""
        return 1.0 if day < FIRST_DAY else self.still[min(day, LAST_DAY) - FIRST_DAY]

    def lost(self, past: int, ahead: int, days: int) -> float:
        """Of what is unpaid `past` days after the usual day, the share paid in the `days` days that follow
        the next `ahead`."""
        today = self.unpaid(past)
        if today <= 0:
            return 0.0
        return (self.unpaid(past + ahead) - self.unpaid(past + ahead + days)) / today


@dataclass(frozen=True, slots=True)
class Curves:
    """by_group: (currency, group) → curve, where paid often enough. everybody: of all. payments: of all, 0
    when they are not enough for any curve."""

    by_group: Mapping[tuple[str, str], Curve]
    everybody: Curve
    payments: int
    by_currency: Mapping[str, int]

    def of(self, currency: str, group: str) -> Curve:
        """The group's curve, else everybody's."""
        return self.by_group.get((currency, group), self.everybody)

    def payments_of(self, currency: str) -> int:
        """Payments known in that currency."""
        return self.by_currency.get(currency, 0)


def curves_of(history: pl.DataFrame) -> Curves:
    """The curves of an added-up history without segments: currency, group, day and the sums.

    A group's curve weighs money; everybody's, which stands in across currencies, lets every line count alike.
    """
    payments = int(history["payments"].sum())
    by_group = {
        (str(currency), str(group)): _curve(rows, "")
        for (currency, group), rows in history.group_by("currency", "group")
        if rows["payments"].sum() >= ENOUGH_PAYMENTS
    }
    by_currency = dict(history.group_by("currency").agg(pl.col("payments").sum()).iter_rows())
    everybody = history.drop("currency", "group").group_by("day").sum()
    return Curves(
        by_group, _curve(everybody, "_share"), payments if payments >= ENOUGH_PAYMENTS else 0, by_currency
    )


def _curve(rows: pl.DataFrame, suffix: str) -> Curve:
    """One day's share paid = paid ÷ (entered up to the day − ended before it)."""
    daily = (
        rows.group_by(pl.col("day").clip(FIRST_DAY, LAST_DAY))
        .agg(pl.col(f"{name}{suffix}").sum().alias(name) for name in ("entered", "paid", "gone"))
        .sort("day")
        .with_columns(ended=pl.col("paid") + pl.col("gone"))
        .with_columns(at_risk=pl.col("entered").cum_sum() - pl.col("ended").cum_sum() + pl.col("ended"))
    )
    kept = {
        day: 1 - min(1.0, paid / at_risk) if at_risk > 0 else 1.0
        for day, paid, at_risk in daily.select("day", "paid", "at_risk").iter_rows()
    }
    days = range(FIRST_DAY, LAST_DAY + 1)
    return Curve(tuple(accumulate((kept.get(day, 1.0) for day in days), lambda still, keep: still * keep)))
