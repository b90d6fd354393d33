"""What the customer's sheet shows, as plain values."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from aldia.kernel.money import Money
from aldia.queries.circumstances import KnownCircumstance
from aldia.queries.decisions import CustomerDecision
from aldia.queries.kinds import KindSeen
from aldia.queries.timeline import Timeline
from aldia.records.parties.models import Customer


@dataclass(frozen=True, slots=True)
class Point:
    """An address. channel, quality: codes, with their Spanish labels. why: it is not used, "" where it is."""

    id: int
    channel: str
    channel_label: str
    value: str
    quality: str
    quality_label: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A contact at or beside the customer. role: Spanish."""

    id: int
    name: str
    role: str
    is_minor: bool
    is_recipient: bool
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """One currency. figures: every word of the vocabulary. aging: (bucket, amount), youngest first."""

    currency: str
    open: Money
    overdue: Money
    dunnable: Money
    unapplied: Money
    days_overdue: int
    interest: Money
    compensation: Money
    aging: tuple[tuple[str, Money], ...]
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A due line with something left. days: late, negative before due."""

    line_id: int
    document_id: int
    number: str
    kind: str
    issued_on: date
    due_date: date
    effective_due_date: date
    days: int
    is_overdue: bool
    amount: Money
    open: Money
    disputed: Money
    covered: Money
    interest: Money
    compensation: Money


@dataclass(frozen=True, slots=True)
class MoneyLeft:
    """A credit with something not applied. label: Spanish."""

    credit_id: int
    kind: str
    label: str
    value_on: date
    reference: str
    amount: Money
    left: Money


@dataclass(frozen=True, slots=True)
class Dot:
    """A line that was paid: due then, settled so many days late (negative: early)."""

    line_id: int
    due_date: date
    settled_on: date
    late: int
    amount: Money


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How the customer pays, per currency: dots of 24 months, oldest first; median: of days late."""

    currency: str
    dots: tuple[Dot, ...]
    median: float | None
    late_share: float | None


@dataclass(frozen=True, slots=True)
class Circumstance:
    """In force today: a hold, dispute, cover or terms. line_id: None for the whole customer."""

    overlay_id: int
    kind: str
    label: str
    line_id: int | None
    number: str
    since: date
    until_on: date | None
    amount: Money | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The screen. decision: as a run of this moment would decide, with its reason in a sentence.

    lines: the oldest OPEN_LINES_MAX; more_lines: how many there are beyond. silences: what forbids writing to
    the customer, in force on the day. next_tone: of the step that comes next, "" for none.
    """

    customer: Customer
    as_of: date
    people: tuple[Person, ...]
    standing: tuple[Standing, ...]
    lines: tuple[OpenLine, ...]
    more_lines: int
    credits: tuple[MoneyLeft, ...]
    rhythm: tuple[Rhythm, ...]
    circumstances: tuple[Circumstance, ...]
    silences: tuple[KnownCircumstance, ...]
    kind: KindSeen
    decision: CustomerDecision
    next_tone: str
    strategy_title: str
    timeline: Timeline


@dataclass(frozen=True, slots=True)
class SettledLine:
    """A due line with nothing left. late: days from its own due date to the day nothing was left."""

    line_id: int
    number: str
    kind: str
    issued_on: date
    due_date: date
    settled_on: date
    late: int
    amount: Money


@dataclass(frozen=True, slots=True)
class SettledPage:
    """Latest settled first. before, after: tokens."""

    rows: tuple[SettledLine, ...]
    before: str
    after: str
