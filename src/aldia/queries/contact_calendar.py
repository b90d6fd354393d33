"""The contacts to come, by day: what is planned, what a person has to do, what the ladder would do next.

The first two are as they stand; the third is what the last run kept (`closing_standing`): the day on which
its decision may change by itself, if nothing else happens before.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from aldia.jurisdictions.calendars import UnknownPlace, holidays_of
from aldia.kernel.clock import business_date
from aldia.queries.asking import ask
from aldia.records.tenancy.models import Creditor
from aldia.rules.calendars import Holidays, is_weekend
from aldia.rules.portfolio.strategy import Strategy

DAYS = 14
ROWS_MAX = 100

# What is already due is for today. A unit is what leaves as one: its highest row tells what it is.
_UNITS = """
SELECT DISTINCT ON (unit) unit, day, customer_id, kind, step, channel, state FROM (
    SELECT coalesce(nullif(bundle, ''), once_key) AS unit,
           greatest(coalesce((not_before_at AT TIME ZONE %(zone)s)::date, planned_on), %(today)s::date)
               AS day,
           customer_id, kind, step, channel, state, rank
    FROM outreach_message
    WHERE creditor_id = %(creditor)s AND state IN ('planned', 'waiting_approval', 'approved')) rows
ORDER BY unit, day DESC, rank DESC NULLS LAST
"""

_TASKS = """
SELECT greatest(due_on, %(today)s::date) AS day, customer_id, kind, step, channel
FROM cases_task WHERE creditor_id = %(creditor)s AND state = 'open' AND due_on < %(end)s
"""

_STEPS = """
SELECT DISTINCT ON (customer_id) next_on AS day, customer_id, strategy, last_rank, outcome
FROM closing_standing
WHERE creditor_id = %(creditor)s AND NOT is_step AND next_on >= %(today)s::date AND next_on < %(end)s
ORDER BY customer_id, next_on
"""

_COUNTS = f"""
SELECT day, 'unit' AS source, kind, step, channel, state, '' AS strategy, NULL::int AS last_rank,
       count(*) AS n
FROM ({_UNITS}) u WHERE day < %(end)s GROUP BY day, kind, step, channel, state
UNION ALL
SELECT day, 'task', kind, step, channel, 'open', '', NULL, count(*) FROM ({_TASKS}) t
GROUP BY day, kind, step, channel
UNION ALL
SELECT day, 'step', outcome, '', '', '', strategy, last_rank, count(*) FROM ({_STEPS}) s
GROUP BY day, outcome, strategy, last_rank
ORDER BY 1, 2, 9 DESC, 3, 4
"""

_ROWS = f"""
SELECT r.*, c.code, c.name FROM (
    SELECT 1 AS place, day, customer_id, 'unit' AS source, kind, step, channel, state, '' AS strategy,
           NULL::int AS last_rank FROM ({_UNITS}) u WHERE day = %(day)s
    UNION ALL
    SELECT 2, day, customer_id, 'task', kind, step, channel, 'open', '', NULL FROM ({_TASKS}) t
    WHERE day = %(day)s
    UNION ALL
    SELECT 3, day, customer_id, 'step', outcome, '', '', '', strategy, last_rank FROM ({_STEPS}) s
    WHERE day = %(day)s) r
JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = r.customer_id
ORDER BY r.place, c.sort_name, c.id, r.kind, r.step LIMIT {ROWS_MAX + 1}
"""


@dataclass(frozen=True, slots=True)
class Sort:
    """So many contacts of one sort on a day. source: unit, task, step. kind: of message or task, or for a
    step the decision's outcome. step: the one planned or, for `step`, the one the ladder would come to, with
    its title; "" for none. state: of a message."""

    source: str
    kind: str
    step: str
    title: str
    channel: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the creditor. free: weekend, holiday, or "" for a working day."""

    on: date
    free: str
    sorts: tuple[Sort, ...]

    def count(self, source: str) -> int:
        """How many of the source."""
        return sum(each.count for each in self.sorts if each.source == source)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(each.count for each in self.sorts)


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One contact to come, with whom. sort: as in the day's counts."""

    customer_id: int
    code: str
    name: str
    sort: Sort


@dataclass(frozen=True, slots=True)
class CalendarRows:
    """more: there are others beyond ROWS_MAX."""

    rows: tuple[CalendarRow, ...]
    more: bool


def calendar_days(
    creditor: Creditor, strategies: Mapping[str, Strategy], *, now: datetime
) -> tuple[CalendarDay, ...]:
    """The next fourteen days, today first; one query. Inside a transaction in scope."""
    today = business_date(now, creditor.time_zone)
    found: dict[date, list[Sort]] = defaultdict(list)
    for row in ask(_COUNTS, **_said(creditor, today)):
        found[row["day"]].append(_sort(row, strategies, row["n"]))
    days = [today + timedelta(days=ahead) for ahead in range(DAYS)]
    holidays = holidays_around(creditor, days)
    return tuple(CalendarDay(on, _free(on, holidays), _joined(found[on])) for on in days)


def calendar_rows(
    creditor: Creditor, strategies: Mapping[str, Strategy], on: date, *, now: datetime
) -> CalendarRows:
    """The contacts behind one day: messages, then tasks, then steps; one query."""
    said = _said(creditor, business_date(now, creditor.time_zone))
    rows = ask(_ROWS, **said, day=on)
    shown = tuple(
        CalendarRow(row["customer_id"], row["code"], row["name"], _sort(row, strategies, 1))
        for row in rows[:ROWS_MAX]
    )
    return CalendarRows(shown, len(rows) > ROWS_MAX)


def _said(creditor: Creditor, today: date) -> dict[str, Any]:
    end = today + timedelta(days=DAYS)
    return {"creditor": creditor.pk, "zone": creditor.time_zone, "today": today, "end": end}


def _sort(row: dict[str, Any], strategies: Mapping[str, Strategy], count: int) -> Sort:
    step, title = row["step"], ""
    if row["source"] == "step" and row["kind"] in ("waiting", "spacing"):
        step, title = _next_step(strategies.get(row["strategy"]), row["last_rank"] or 0)
    return Sort(row["source"], row["kind"], step, title, row["channel"], row["state"], count)


def _next_step(strategy: Strategy | None, last_rank: int) -> tuple[str, str]:
    """Id and title of the first step after that rank; blank at the end of the ladder."""
    steps = () if strategy is None else strategy.steps
    return next(((each.id, each.title) for each in steps if each.rank > last_rank), ("", ""))


def _joined(sorts: Sequence[Sort]) -> tuple[Sort, ...]:
    """Sorts that read the same (two strategies with the same next step) as one."""
    counts: dict[Sort, int] = defaultdict(int)
    for each in sorts:
        counts[Sort(each.source, each.kind, each.step, each.title, each.channel, each.state, 0)] += each.count
    return tuple(
        Sort(each.source, each.kind, each.step, each.title, each.channel, each.state, count)
        for each, count in counts.items()
    )


def holidays_around(creditor: Creditor, days: Sequence[date]) -> Holidays:
    """Those of the years of these days where the creditor is; none for a place nobody knows."""
    years = tuple(sorted({day.year for day in days}))
    for place in filter(None, (creditor.place, creditor.country)):
        try:
            return holidays_of(place, years)
        except UnknownPlace:
            continue
    return frozenset()


def _free(day: date, holidays: Holidays) -> str:
    if day in holidays:
        return "holiday"
    return "weekend" if is_weekend(day) else ""
