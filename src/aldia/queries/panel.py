"""The panel: how much is owed, how old it is, what comes in, what moved, what needs a person.

Reads the figures that the close of each day has kept; nothing is reckoned from the ledger. Every figure names
the condition that opens the customers behind it. docs/rules/run.md, KPIs, and expected.md.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from aldia.kernel.money import round_half_up
from aldia.queries.panel_attention import attention_of, freshness_of, standing_facts
from aldia.queries.panel_page import (
    Bucket,
    CurrencyPanel,
    ExpectedCash,
    ExpectedWeek,
    Figure,
    Moved,
    Panel,
    Ratio,
    Roll,
    TrendPoint,
)
from aldia.queries.runs import last_run
from aldia.records.closing.models import DaySnapshot
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.kpi_words import RATIO_FORMULAS

TREND_WEEKS = 26
_WHOLE_BP = 10_000


def panel_of(creditor: Creditor) -> Panel | None:
    """The panel of the latest day that has figures, in the creditor's scope; None while there is none."""
    today = _latest(creditor.pk)
    if not today:
        return None
    on = today[0].on_date
    trends = _trends(creditor.pk, on)
    facts = standing_facts(creditor.pk, on)
    freshness = freshness_of(creditor, today, facts, last_run(creditor.pk))
    shown = [row for row in today if row.outstanding_minor or row.unapplied_minor] or today[:1]
    shown.sort(key=lambda row: (row.currency != creditor.currency, -row.outstanding_minor, row.currency))
    return Panel(
        on=on,
        currencies=tuple(_currency(row, trends[row.currency]) for row in shown),
        attention=attention_of(creditor, today, facts, freshness),
        freshness=freshness,
    )


def _latest(creditor_id: int) -> list[DaySnapshot]:
    rows = DaySnapshot.objects.filter(creditor_id=creditor_id)
    latest = rows.order_by("-on_date").values("on_date")[:1]
    return list(rows.filter(on_date=latest).order_by("currency"))


def _trends(creditor_id: int, on: date) -> dict[str, list[TrendPoint]]:
    """Currency → the last day of each of the last weeks, oldest first."""
    rows = DaySnapshot.objects.filter(
        creditor_id=creditor_id, on_date__gt=on - timedelta(weeks=TREND_WEEKS), on_date__lte=on
    ).order_by("on_date")
    last: dict[tuple[str, int], TrendPoint] = {}
    names = ("currency", "on_date", "outstanding_minor", "overdue_minor", "dso_countback_tenths", "run_id")
    for currency, day, outstanding, overdue, dso, run_id in rows.values_list(*names):
        weeks_ago = (on - day).days // 7
        last[currency, -weeks_ago] = TrendPoint(day, outstanding, overdue, dso, run_id is None)
    trends = defaultdict(list)
    for currency, week in sorted(last):
        trends[currency].append(last[currency, week])
    return trends


def _currency(row: DaySnapshot, trend: list[TrendPoint]) -> CurrencyPanel:
    here = f"currency = '{row.currency}'"

    def figure(minor: int, word: str) -> Figure:
        return Figure(minor, _share(minor, row.outstanding_minor), f"{here} AND {word} > 0")

    return CurrencyPanel(
        currency=row.currency,
        customers=row.customers,
        outstanding=figure(row.outstanding_minor, "open"),
        overdue=figure(row.overdue_minor, "overdue"),
        dunnable=figure(row.dunnable_minor, "dunnable"),
        unapplied=figure(row.unapplied_minor, "unapplied"),
        aging=tuple(_buckets(row, here)),
        ratios=_ratios(row),
        trend=tuple(trend),
        since=date.fromisoformat(row.month["since"]) if row.month else None,
        movement=tuple(_moved(row.month, here)),
        rolls=tuple(_rolls(row.month)),
        expected=_expected(row.expected, here) if row.expected else None,
    )


def _share(part: int, whole: int) -> int:
    return round_half_up(part * _WHOLE_BP, whole) if whole > 0 else 0


def _buckets(row: DaySnapshot, here: str) -> Iterable[Bucket]:
    """Youngest first; JSON keeps no order."""
    for word, minor in sorted(row.aging.items(), key=lambda item: _age(item[0])):
        name = word.removeprefix("aging_")
        yield Bucket(name, minor, _share(minor, row.outstanding_minor), f"{here} AND {word} > 0")


def _age(bucket: str) -> tuple[int, int]:
    """aging_not_due, aging_1_30 … aging_over_360."""
    days = [int(part) for part in bucket.split("_") if part.isdigit()]
    return ("over" in bucket, days[0] if days else 0)


def _ratios(row: DaySnapshot) -> tuple[Ratio, ...]:
    known: dict[str, Any] = row.inputs
    values: dict[str, tuple[int | None, dict[str, Any]]] = {
        "dso_countback": (
            row.dso_countback_tenths,
            {"outstanding": row.outstanding_minor, "months": known.get("months", [])},
        ),
        "dso_simple": (
            row.dso_simple_tenths,
            {"outstanding": row.outstanding_minor, "sales_90": known.get("sales_90")},
        ),
        "cei": (
            row.cei_bp,
            {
                "opening": known.get("opening_30"),
                "sales_30": known.get("sales_30"),
                "outstanding": row.outstanding_minor,
                "not_due": known.get("not_due"),
            },
        ),
    }
    return tuple(Ratio(name, value, RATIO_FORMULAS[name], inputs) for name, (value, inputs) in values.items())


_MOVED_ROWS = {
    "entered": "overdue > 0 AND days_overdue <= 30",
    "cured": "overdue = 0 AND last_payment_on >= DATE '{since}'",
    "rolled_forward": "overdue > 0 AND days_overdue > 30",
    "rolled_back": "overdue > 0 AND last_payment_on >= DATE '{since}'",
    "stayed": "overdue > 0 AND days_overdue > 30",
}
"""Conditions know today only, so these open the customers who may have moved so, not those alone."""


def _moved(month: dict[str, Any], here: str) -> Iterable[Moved]:
    for standing, rows in _MOVED_ROWS.items() if month else ():
        found = month["customers"][standing]
        condition = f"{here} AND {rows.format(since=month['since'])}"
        yield Moved(standing, found["count"], found["minor"], condition)


def _rolls(month: dict[str, Any]) -> Iterable[Roll]:
    rolls = month.get("rolls", [])
    wholes: dict[str, int] = defaultdict(int)
    for then, _now, minor in rolls:
        wholes[then] += minor
    return (Roll(then, now, minor, _share(minor, wholes[then])) for then, now, minor in rolls)


def _expected(kept: dict[str, Any], here: str) -> ExpectedCash:
    return ExpectedCash(
        from_history=kept["from_history"],
        weeks=tuple(_week(week, here) for week in kept["weeks"]),
        later=kept["later"],
        payments=kept["payments"],
        **kept["whole"],
        **kept["left_out"],
    )


def _week(week: dict[str, Any], here: str) -> ExpectedWeek:
    starts = date.fromisoformat(week["from"])
    span = f"BETWEEN DATE '{starts}' AND DATE '{starts + timedelta(days=6)}'"
    return ExpectedWeek(
        starts=starts,
        low=week["low"],
        expected=week["expected"],
        high=week["high"],
        due=week["due"],
        rows=f"{here} AND next_due_date {span}",
    )
