"""Close: the day's key figures per currency. docs/rules/run.md, KPIs."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import polars as pl

from aldia.records.closing.models import DaySnapshot
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.engine import Decided
from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.kpis import (
    MonthSales,
    cei_bp,
    day_totals,
    dso_countback_tenths,
    dso_simple_tenths,
    movement,
    open_on,
    sales_by_day,
)
from aldia.rules.portfolio.vocabulary import aging_columns

_SALES_DAYS = 90
_CEI_DAYS = 30
_COUNTBACK_MONTHS = 24


class DayFigures:
    """Adds up, part by part, what the day's snapshot needs."""

    def __init__(self, creditor: Creditor, terms: Terms) -> None:
        self._creditor, self._terms = creditor, terms
        self._earlier = _last_snapshot_before(creditor.pk, terms.as_of)
        self._totals: list[pl.DataFrame] = []
        self._opening: list[pl.DataFrame] = []
        self._sold: list[pl.DataFrame] = []
        self._movement: Counter[str] = Counter()

    def add(self, decided: Decided, frames: Frames) -> pl.DataFrame:
        """Count one part; returns its totals per currency."""
        day = self._terms.as_of
        totals = day_totals(decided.rows, self._terms)
        self._totals.append(totals)
        self._opening.append(open_on(frames, day - timedelta(days=_CEI_DAYS)))
        self._sold.append(sales_by_day(frames))
        if self._earlier is not None:
            self._movement.update(movement(decided.lines, frames, self._terms, self._earlier))
        return totals

    def write(self, run_id: int) -> None:
        """One snapshot per currency; a later run of the same day writes it again."""
        opening = dict(_summed(self._opening).iter_rows())
        sold = pl.concat(self._sold)
        for row in _summed(self._totals).iter_rows(named=True):
            sales = sold.filter(currency=row["currency"])
            DaySnapshot.objects.update_or_create(
                creditor_id=self._creditor.pk,
                on_date=self._terms.as_of,
                currency=row["currency"],
                defaults={
                    "run_id": run_id,
                    **_balances(row, self._terms),
                    **_ratios(row, sales, opening.get(row["currency"], 0), self._terms.as_of),
                    **(self._movement if self._earlier is not None else {}),
                },
            )


def _last_snapshot_before(creditor_id: int, day: date) -> date | None:
    earlier = DaySnapshot.objects.filter(creditor_id=creditor_id, on_date__lt=day)
    return earlier.order_by("-on_date").values_list("on_date", flat=True).first()


def _summed(parts: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(parts).group_by("currency").sum().sort("currency")


def _balances(row: dict[str, Any], terms: Terms) -> dict[str, Any]:
    aging = {c.name.removesuffix("_minor"): row[c.name] for c in aging_columns(terms.aging_edges)}
    return {
        "customers": row["customers"],
        "outstanding_minor": row["open_minor"],
        "overdue_minor": row["overdue_minor"],
        "dunnable_minor": row["dunnable_minor"],
        "unapplied_minor": row["unapplied_minor"],
        "aging": aging,
    }


def _ratios(row: dict[str, Any], sales: pl.DataFrame, opening: int, day: date) -> dict[str, Any]:
    def sold(days: int) -> int:
        return int(sales.filter(pl.col("issued_on") > day - timedelta(days=days))["minor"].sum())

    months = sales.group_by(pl.col("issued_on").dt.truncate("1mo")).agg(pl.col("minor").sum())
    back = _months_back(dict(months.iter_rows()), day)
    return {
        "dso_simple_tenths": dso_simple_tenths(row["open_minor"], sold(_SALES_DAYS), _SALES_DAYS),
        "dso_countback_tenths": dso_countback_tenths(row["open_minor"], back),
        "cei_bp": cei_bp(opening, sold(_CEI_DAYS), row["open_minor"], row["aging_not_due_minor"]),
        "sales_minor": sold(1),
    }


def _months_back(sold: dict[date, int], day: date) -> list[MonthSales]:
    """Months from the current one backwards; the current one has only the days gone by."""
    months, first, days = [], day.replace(day=1), day.day
    for _ in range(_COUNTBACK_MONTHS):
        months.append(MonthSales(days, sold.get(first, 0)))
        before = first - timedelta(days=1)
        first, days = before.replace(day=1), before.day
    return months
