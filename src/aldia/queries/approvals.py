"""What waits for a person's yes, most money first: groups by step, a page of units, one unit opened.

A unit is what leaves as one message (queries.outbox). Money is that of the last run; the opened unit is
reckoned at this moment. Everything here asks inside the caller's transaction and scope.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aldia.kernel.money import Money
from aldia.queries.asking import ask
from aldia.records.outreach.models import MessageChannel, MessageKind
from aldia.records.tenancy.models import Creditor

UNITS_PER_PAGE = 50

_WAITING = """
WITH waiting AS (
    SELECT coalesce(nullif(bundle, ''), once_key) AS unit, min(customer_id) AS customer_id,
           array_agg(id ORDER BY id) AS message_ids,
           (array_agg(kind ORDER BY rank DESC NULLS LAST, kind))[1] AS kind,
           (array_agg(step ORDER BY rank DESC NULLS LAST, step))[1] AS step,
           (array_agg(channel ORDER BY rank DESC NULLS LAST, channel))[1] AS channel,
           (array_agg(template ORDER BY rank DESC NULLS LAST, template))[1] AS template,
           max(rank) AS rank, min(planned_on) AS planned_on
    FROM outreach_message
    WHERE creditor_id = %(creditor)s AND state = 'waiting_approval'
      AND (not_before_at IS NULL OR not_before_at <= %(now)s)
    GROUP BY 1
)
"""

_GROUPS = (
    _WAITING
    + """
SELECT kind, step, max(rank) AS rank, count(*) AS count
FROM waiting GROUP BY kind, step ORDER BY kind <> 'dunning', rank DESC NULLS LAST, step
"""
)

_PAGE = (
    _WAITING
    + """
, weighed AS (
    SELECT w.*, c.code, c.name, coalesce(s.dunnable_minor, 0) AS weight,
           coalesce(s.overdue_since, '9999-12-31') AS overdue_since
    FROM waiting w
    JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = w.customer_id
    LEFT JOIN closing_standing s
      ON s.creditor_id = %(creditor)s AND s.customer_id = w.customer_id AND s.currency = %(currency)s
)
SELECT unit, customer_id, message_ids, kind, step, channel, template, planned_on, code, name, weight,
       CASE WHEN overdue_since < '9999-01-01' THEN %(today)s - overdue_since ELSE 0 END AS days_overdue
FROM weighed
WHERE (%(kind)s = '' OR kind = %(kind)s AND step = %(step)s)
  AND (%(after)s::bigint IS NULL OR (weight, unit) < (%(after)s::bigint, %(after_unit)s))
ORDER BY weight DESC, unit DESC LIMIT %(most)s
"""
)

_ONE = (
    _WAITING
    + """
SELECT w.*, c.code, c.name FROM waiting w
JOIN parties_customer c ON c.creditor_id = %(creditor)s AND c.id = w.customer_id
WHERE unit = %(unit)s
"""
)

_LAST = """
SELECT "on", what, said FROM (
    (SELECT (finished_at AT TIME ZONE %(zone)s)::date AS "on", finished_at AS at, 'sent' AS what,
            subject AS said FROM outreach_dispatch
     WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s AND state = 'sent'
     ORDER BY finished_at DESC LIMIT 1)
    UNION ALL
    (SELECT received_on, recorded_at, 'reply', kind FROM outreach_reply
     WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s ORDER BY id DESC LIMIT 1)
    UNION ALL
    (SELECT effective_on, recorded_at, 'payment', kind FROM ledger_credit
     WHERE creditor_id = %(creditor)s AND customer_id = %(customer)s AND kind = 'payment'
     ORDER BY effective_on DESC, id DESC LIMIT 1)
) x ORDER BY "on" DESC, at DESC
"""


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """Units of one step. key: `dunning/friendly`, as addresses carry it."""

    kind: str
    step: str
    title: str
    count: int

    @property
    def key(self) -> str:
        """Kind and step."""
        return f"{self.kind}/{self.step}"


@dataclass(frozen=True, slots=True)
class WaitingUnit:
    """A message that waits. weight: what may be asked for, in the creditor's currency, at the last run."""

    unit: str
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
class WaitingPage:
    """next_after: (minor units, unit) where the next page begins; None where this is the last."""

    units: tuple[WaitingUnit, ...]
    next_after: tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class Happening:
    """The last thing of its sort with a customer. what: sent, reply, payment. said: subject or kind."""

    on: date
    what: str
    said: str


def waiting_groups(creditor: Creditor, titles: dict[str, str], *, now: datetime) -> list[WaitingGroup]:
    """Dunning from the firmest step down, then what goes with documents. titles: step id → Spanish title."""
    rows = ask(_GROUPS, creditor=creditor.pk, now=now)
    return [
        WaitingGroup(row["kind"], row["step"], _title(row["kind"], row["step"], titles), row["count"])
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
) -> WaitingPage:
    """Units of a group (`kind/step`; "" for all), most money first."""
    kind, _slash, step = group.partition("/")
    rows = ask(
        _PAGE,
        creditor=creditor.pk,
        currency=creditor.currency,
        now=now,
        today=today,
        kind=kind,
        step=step,
        after=after[0] if after else None,
        after_unit=after[1] if after else "",
        most=most + 1,
    )
    units = tuple(_unit(row, creditor.currency, titles) for row in rows[:most])
    more = len(rows) > most
    return WaitingPage(units, (units[-1].weight.minor, units[-1].unit) if more else None)


def units_of_group(creditor: Creditor, group: str, *, now: datetime) -> list[str]:
    """Every unit of a group that waits now."""
    kind, _slash, step = group.partition("/")
    query = _WAITING + "SELECT unit FROM waiting WHERE %(kind)s = '' OR kind = %(kind)s AND step = %(step)s"
    return [row["unit"] for row in ask(query, creditor=creditor.pk, now=now, kind=kind, step=step)]


def waiting_unit(
    creditor: Creditor, titles: dict[str, str], unit: str, *, now: datetime
) -> WaitingUnit | None:
    """One unit that waits; None when it no longer does, or never did."""
    rows = ask(_ONE, creditor=creditor.pk, now=now, unit=unit)
    if not rows:
        return None
    return _unit({**rows[0], "weight": 0, "days_overdue": 0}, creditor.currency, titles)


def last_happenings(creditor: Creditor, customer_id: int) -> list[Happening]:
    """The last message sent, the last reply, the last payment; latest first."""
    rows = ask(_LAST, creditor=creditor.pk, customer=customer_id, zone=creditor.time_zone)
    return [Happening(**row) for row in rows]


def _unit(row: dict[str, Any], currency: str, titles: dict[str, str]) -> WaitingUnit:
    ids: Sequence[int] = row["message_ids"]
    return WaitingUnit(
        unit=row["unit"],
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
