"""What waits for a person's yes, most money first: groups by step, a page of units, one unit opened.

A unit is what leaves as one message (queries.outbox), under its key; what has left of a bundle already is
another. Money is that of the last run; the opened unit is reckoned at this moment. Everything here asks
inside the caller's transaction and scope.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aldia.kernel.money import Money
from aldia.queries.asking import ask
from aldia.queries.outbox_sql import KEY, TOP, TOP_CHANNEL, TOP_KIND, TOP_RANK, TOP_STEP
from aldia.records.outreach.models import MessageChannel, MessageKind
from aldia.records.tenancy.models import Creditor

UNITS_PER_PAGE = 50
MANY = 2_000
"""From so many on, a page of what waits is looked for along an index instead of sorting all of it."""

_OF_ROWS = """
    FROM outreach_message
    WHERE creditor_id = %(creditor)s AND state = 'waiting_approval'
      AND (not_before_at IS NULL OR not_before_at <= %(now)s)"""

# What a unit is, is what its row of the highest rank is. By hash: there may be many thousands.
_BRIEFLY = f"""
WITH waiting AS MATERIALIZED (
    SELECT coalesce(nullif(bundle, ''), once_key) AS unit, min(customer_id) AS customer_id,
           max({TOP}) AS top, max(id) AS last_id
    {_OF_ROWS}
    GROUP BY 1
)
"""

_GROUPS = (
    _BRIEFLY
    + f"""
SELECT {TOP_KIND} AS kind, {TOP_STEP} AS step, max({TOP_RANK}) AS rank, count(*) AS count,
       max(last_id) AS last_id
FROM waiting GROUP BY 1, 2 ORDER BY {TOP_KIND} <> 'dunning', 3 DESC, 2
"""
)

_IN_GROUP = f"(%(kind)s = '' OR {TOP_KIND} = %(kind)s AND {TOP_STEP} = %(step)s)"

_BEYOND = "(%(after)s::bigint IS NULL OR ({weight}, unit) < (%(after)s::bigint, %(after_unit)s))"

# Few wait: all of them are weighed and sorted.
_SORTED = (
    _BRIEFLY
    + f"""
SELECT w.unit, w.customer_id, coalesce(s.dunnable_minor, 0) AS weight, s.overdue_since
FROM waiting w
LEFT JOIN closing_standing s
  ON s.creditor_id = %(creditor)s AND s.customer_id = w.customer_id AND s.currency = %(currency)s
WHERE {_IN_GROUP} AND {_BEYOND.format(weight="coalesce(s.dunnable_minor, 0)")}
ORDER BY 3 DESC, 1 DESC LIMIT %(most)s
"""
)

# Many wait: down the index of what may be asked for, until the page is full. Those who owe nothing that may
# be asked for in the currency come last, and only the other way finds them all.
_WALKED = f"""
SELECT w.unit, s.customer_id, s.dunnable_minor AS weight, s.overdue_since
FROM closing_standing s
CROSS JOIN LATERAL (
    SELECT coalesce(nullif(bundle, ''), once_key) AS unit, max({TOP}) AS top
    {_OF_ROWS} AND customer_id = s.customer_id
    GROUP BY 1) w
WHERE s.creditor_id = %(creditor)s AND s.currency = %(currency)s AND s.dunnable_minor > 0
  AND (%(after)s::bigint IS NULL OR s.dunnable_minor <= %(after)s::bigint)
  AND {_IN_GROUP} AND {_BEYOND.format(weight="s.dunnable_minor")}
ORDER BY s.dunnable_minor DESC, w.unit DESC LIMIT %(most)s
"""

# The units of a page with all that is shown of them.
_OPENED = f"""
WITH page AS MATERIALIZED ({{page}})
SELECT p.weight, p.overdue_since, p.customer_id, c.code, c.name, w.*, k.key,
       {TOP_KIND} AS kind, {TOP_STEP} AS step, {TOP_CHANNEL} AS channel
FROM page p
JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = p.customer_id
CROSS JOIN LATERAL (
    SELECT p.unit, array_agg(id ORDER BY id) AS message_ids, max({TOP}) AS top,
           (array_agg(template ORDER BY rank DESC NULLS LAST, template))[1] AS template,
           min(planned_on) AS planned_on
    {_OF_ROWS} AND customer_id = p.customer_id AND coalesce(nullif(bundle, ''), once_key) = p.unit) w
CROSS JOIN {KEY.format(unit="p.unit")} k
ORDER BY p.weight DESC, p.unit DESC
"""

_KEYS = (
    _BRIEFLY
    + f"""
SELECT k.key, w.last_id
FROM waiting w CROSS JOIN {KEY.format(unit="w.unit")} k WHERE {_IN_GROUP}
"""
)

_ONE = _OPENED.format(
    page=f"""
SELECT coalesce(nullif(bundle, ''), once_key) AS unit, min(customer_id) AS customer_id, 0 AS weight,
       NULL::date AS overdue_since
{_OF_ROWS} AND (bundle = %(unit)s OR bundle = '' AND once_key = %(unit)s) GROUP BY 1"""
)


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """Units of one step. key: `dunning/friendly`, as addresses carry it. last_id: of its latest message."""

    kind: str
    step: str
    title: str
    count: int
    last_id: int

    @property
    def key(self) -> str:
        """Kind and step."""
        return f"{self.kind}/{self.step}"


@dataclass(frozen=True, slots=True)
class WaitingUnit:
    """A message that waits. unit: the bundle, or its own once_key; key: the name it leaves under, by which
    people decide about it. weight: what may be asked for, in the creditor's currency, at the last run."""

    unit: str
    key: str
    customer_id: int
    code: str
    name: str
    message_ids: tuple[int, ...]
    kind: str
    step: str
    title: str
    channel: str
    template: str
    planned_on: date
    weight: Money
    days_overdue: int

    @property
    def channel_label(self) -> str:
        """«Correo electrónico»."""
        return str(MessageChannel(self.channel).label)


@dataclass(frozen=True, slots=True)
class WaitingKeys:
    """All units of a group at one moment. mark: as `mark_of`."""

    keys: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """next_after: (minor units, unit) where the next page begins; None where this is the last."""

    units: tuple[WaitingUnit, ...]
    next_after: tuple[int, str] | None


def waiting_groups(creditor: Creditor, titles: dict[str, str], *, now: datetime) -> list[WaitingGroup]:
    """Dunning from the firmest step down, then what goes with documents. titles: step id → Spanish title."""
    rows = ask(_GROUPS, creditor=creditor.pk, now=now)
    return [
        WaitingGroup(
            row["kind"],
            row["step"],
            _title(row["kind"], row["step"], titles),
            row["count"],
            row["last_id"],
        )
        for row in rows
    ]


def waiting_page(
    creditor: Creditor,
    titles: dict[str, str],
    *,
    group: str,
    after: tuple[int, str] | None,
    now: datetime,
    today: date,
    most: int = UNITS_PER_PAGE,
    waiting: int = 0,
) -> WaitingPage:
    """Units of a group (`kind/step`; "" for all), most money first.

    waiting: how many of the group wait, where the caller knows; of many the page is found without the rest.
    """
    kind, _slash, step = group.partition("/")
    said = {
        "creditor": creditor.pk,
        "currency": creditor.currency,
        "now": now,
        "kind": kind,
        "step": step,
        "after": after[0] if after else None,
        "after_unit": after[1] if after else "",
        "most": most + 1,
    }
    rows = ask(_OPENED.format(page=_WALKED), **said) if waiting > MANY else []
    if len(rows) <= most:
        rows = ask(_OPENED.format(page=_SORTED), **said)
    units = tuple(_unit(_of_today(row, today), creditor.currency, titles) for row in rows[:most])
    return WaitingPage(units, (units[-1].weight.minor, units[-1].unit) if len(rows) > most else None)


def _of_today(row: dict[str, Any], today: date) -> dict[str, Any]:
    since = row["overdue_since"]
    late = (today - since).days if since else 0  # below zero where nothing is overdue: since the year 9999
    return {**row, "days_overdue": max(0, late)}


def units_of_group(creditor: Creditor, group: str, *, now: datetime) -> WaitingKeys:
    """Every unit of a group (`kind/step`; "" for all) that waits now."""
    kind, _slash, step = group.partition("/")
    rows = ask(_KEYS, creditor=creditor.pk, now=now, kind=kind, step=step)
    last_id = max((row["last_id"] for row in rows), default=0)
    return WaitingKeys(tuple(row["key"] for row in rows), mark_of(len(rows), last_id))


def mark_of(count: int, last_id: int) -> str:
    """What tells a list of units from the same list after something has come to it or gone from it."""
    return f"{count}-{last_id}"


def waiting_unit(
    creditor: Creditor, titles: dict[str, str], unit: str, *, now: datetime
) -> WaitingUnit | None:
    """One unit that waits; None when it no longer does, or never did."""
    rows = ask(_ONE, creditor=creditor.pk, now=now, unit=unit)
    if not rows:
        return None
    return _unit(_of_today(rows[0], now.date()), creditor.currency, titles)


def _unit(row: dict[str, Any], currency: str, titles: dict[str, str]) -> WaitingUnit:
    ids: Sequence[int] = row["message_ids"]
    return WaitingUnit(
        unit=row["unit"],
        key=row["key"],
        customer_id=row["customer_id"],
        code=row["code"],
        name=row["name"],
        message_ids=tuple(ids),
        kind=row["kind"],
        step=row["step"],
        title=_title(row["kind"], row["step"], titles),
        channel=row["channel"],
        template=row["template"],
        planned_on=row["planned_on"],
        weight=Money(row["weight"], currency),
        days_overdue=row["days_overdue"],
    )


def _title(kind: str, step: str, titles: dict[str, str]) -> str:
    return titles.get(step) or str(MessageKind(kind).label)
