"""Close: the day's key figures per currency. docs/rules/run.md, KPIs, and expected.md."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from aldia.records.closing.models import DaySnapshot
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.expected import Expected, ExpectedPart, expected_cash, expected_part
from aldia.rules.portfolio.frames import Frames, Terms
from aldia.rules.portfolio.kpis import (
    MonthSales,
    cei_bp,
    day_totals,
    dso_countback_tenths,
    dso_simple_tenths,
    last_payments,
    movement,
    open_on,
    sales_by_day,
    unreachable,
    used_up,
)
from aldia.rules.portfolio.movement import Movement, month_shapes, movement_since
from aldia.rules.portfolio.vocabulary import aging_columns

_SALES_DAYS = 90
_CEI_DAYS = 30
_MONTH_DAYS = 30
_COUNTBACK_MONTHS = 24


class DayFigures:
    """Adds up, part by part, what the day's snapshot needs."""

    def __init__(self, creditor: Creditor, terms: Terms) -> None:
        self._creditor, self._terms = creditor, terms
        self._earlier = _last_snapshot_before(creditor.pk, terms.as_of)
        self._totals: list[pl.DataFrame] = []
        self._opening: list[pl.DataFrame] = []
        self._sold: list[pl.DataFrame] = []
        self._expected: list[ExpectedPart] = []
        self._moved: list[Movement] = []
        self._movement: Counter[str] = Counter()
        self._paid: dict[str, date] = {}

    def add(self, rows: pl.DataFrame, lines: pl.DataFrame, frames: Frames) -> pl.DataFrame:
        """Count one part, its portfolio rows and `lines_as_of`; returns its totals per currency."""
        day = self._terms.as_of
        totals = day_totals(rows, self._terms).join(unreachable(rows), on="currency", how="left")
        self._totals.append(totals)
        for currency, paid_on in last_payments(rows).iter_rows():
            self._paid[currency] = max(paid_on, self._paid.get(currency, paid_on))
        self._opening.append(open_on(frames, day - timedelta(days=_CEI_DAYS)))
        self._sold.append(sales_by_day(frames))
        self._expected.append(expected_part(lines, rows, frames, self._terms))
        self._moved.append(movement_since(lines, frames, self._terms, self._a_month_ago))
        if self._earlier is not None:
            self._movement.update(movement(lines, frames, self._terms, self._earlier))
        return totals

    @property
    def _a_month_ago(self) -> date:
        return self._terms.as_of - timedelta(days=_MONTH_DAYS)

    def write(self, run_id: int | None) -> None:
        """One snapshot per currency; a later run of the same day writes it again.

        run_id: None where the day is reckoned afterwards.
        """
        opening = dict(_summed(self._opening).iter_rows())
        sold, day = pl.concat(self._sold), self._terms.as_of
        expected = expected_cash(self._expected, day)
        month = month_shapes(self._moved, self._terms.aging_edges, self._a_month_ago)
        for row in _summed(self._totals).iter_rows(named=True):
            currency = row["currency"]
            row["last_payment_on"] = self._paid.get(currency)
            ratios = _ratios(row, sold.filter(currency=currency), opening.get(currency, 0), day)
            DaySnapshot.objects.update_or_create(
                creditor_id=self._creditor.pk,
                on_date=day,
                currency=currency,
                defaults={
                    "run_id": run_id,
                    **_balances(row, self._terms),
                    **ratios,
                    **_looking_ahead(expected, currency),
                    "month": month.get(currency, {}),
                    **(self._movement if self._earlier is not None else {}),
                },
            )


def _last_snapshot_before(creditor_id: int, day: date) -> date | None:
    earlier = DaySnapshot.objects.filter(creditor_id=creditor_id, on_date__lt=day)
    return earlier.order_by("-on_date").values_list("on_date", flat=True).first()


def _summed(parts: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(parts).group_by("currency").sum().sort("currency")


def _looking_ahead(expected: Mapping[str, Expected], currency: str) -> dict[str, Any]:
    found = expected.get(currency)
    return {"expected": found.as_dict() if found else {}}


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
    """The ratios, and what they are reckoned from."""

    def sold(days: int) -> int:
        return int(sales.filter(pl.col("issued_on") > day - timedelta(days=days))["minor"].sum())

    outstanding, not_due = row["open_minor"], row["aging_not_due_minor"]
    months = sales.group_by(pl.col("issued_on").dt.truncate("1mo")).agg(pl.col("minor").sum())
    back = _months_back(dict(months.iter_rows()), day)
    taken = used_up(outstanding, back)
    return {
        "dso_simple_tenths": dso_simple_tenths(outstanding, sold(_SALES_DAYS), _SALES_DAYS),
        "dso_countback_tenths": dso_countback_tenths(outstanding, back),
        "cei_bp": cei_bp(opening, sold(_CEI_DAYS), outstanding, not_due),
        "sales_minor": sold(1),
        "inputs": {
            "sales_90": sold(_SALES_DAYS),
            "sales_30": sold(_CEI_DAYS),
            "opening_30": opening,
            "not_due": not_due,
            "months": [[month.days, month.minor] for month in taken],
            "unreachable": row["unreachable"],
            "last_payment_on": paid_on.isoformat() if (paid_on := row["last_payment_on"]) else None,
        },
    }


def _months_back(sold: dict[date, int], day: date) -> list[MonthSales]:
    """Months from the current one backwards; the current one has only the days gone by."""
    months, first, days = [], day.replace(day=1), day.day
    for _ in range(_COUNTBACK_MONTHS):
        months.append(MonthSales(days, sold.get(first, 0)))
        before = first - timedelta(days=1)
        first, days = before.replace(day=1), before.day
    return months
