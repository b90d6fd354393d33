"""The panel's pictures as plain series, for a chart and the table beside it; no words, no colours.

Amounts are whole minor units; `digits` says how many of their digits are decimals. Days are ISO dates. Every
point that stands for customers carries `rows`, the condition that opens them.
"""

from typing import Any

from aldia.kernel.money import minor_units
from aldia.queries.panel_page import CurrencyPanel

Series = dict[str, Any]

NEW, SETTLED = "new", "settled"


def aging_series(shown: CurrencyPanel) -> Series:
    """One stacked bar: the buckets from the youngest, empty ones too, so that each keeps its tone."""
    return _of(
        shown,
        buckets=[bucket.name for bucket in shown.aging],
        minor=[bucket.minor for bucket in shown.aging],
        share_bp=[bucket.share_bp for bucket in shown.aging],
        rows=[bucket.rows for bucket in shown.aging],
    )


def trend_series(shown: CurrencyPanel) -> Series:
    """Lines over the weeks: outstanding, overdue, DSO in tenths of a day (None where there is none)."""
    points = shown.trend
    return _of(
        shown,
        days=[point.on.isoformat() for point in points],
        outstanding=[point.outstanding_minor for point in points],
        overdue=[point.overdue_minor for point in points],
        dso_tenths=[point.dso_tenths for point in points],
        reckoned=[point.reckoned for point in points],
    )


def expected_series(shown: CurrencyPanel) -> Series:
    """Per week: the middle as a line, low and width as a band stacked upon each other, due as bars."""
    weeks = shown.expected.weeks if shown.expected else ()
    return _of(
        shown,
        days=[week.starts.isoformat() for week in weeks],
        expected=[week.expected for week in weeks],
        low=[week.low for week in weeks],
        width=[week.high - week.low for week in weeks],
        due=[week.due for week in weeks],
        rows=[week.rows for week in weeks],
    )


def movement_series(shown: CurrencyPanel) -> Series:
    """Customers and their overdue money by what became of them; who left overdue counts below zero."""
    sign = {"cured": -1}
    return _of(
        shown,
        standings=[moved.standing for moved in shown.movement],
        customers=[sign.get(moved.standing, 1) * moved.customers for moved in shown.movement],
        minor=[sign.get(moved.standing, 1) * moved.minor for moved in shown.movement],
        rows=[moved.rows for moved in shown.movement],
    )


def roll_series(shown: CurrencyPanel) -> Series:
    """A heat map: rows are the buckets of then (and `new`), columns those of now (and `settled`).

    cells: [column, row, share of the row in basis points, minor]; only where money is.
    """
    buckets = [bucket.name for bucket in shown.aging]
    then, now = [*buckets, NEW], [*buckets, SETTLED]
    cells = [[now.index(r.now), then.index(r.then), r.share_bp, r.minor] for r in shown.rolls]
    return _of(shown, then=then, now=now, cells=cells)


def _of(shown: CurrencyPanel, **series: Any) -> Series:
    return {"currency": shown.currency, "digits": minor_units(shown.currency), **series}
