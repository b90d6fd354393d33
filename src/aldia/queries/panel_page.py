"""What the panel shows, as plain values. Amounts are minor units of the currency they stand under.

`rows` is a condition in the words of strategies: the list of customers behind a figure; "" where the figure
is not about customers.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount and the customers behind it. share_bp: of the outstanding, in basis points."""

    minor: int
    share_bp: int
    rows: str


@dataclass(frozen=True, slots=True)
class Bucket:
    """An ageing bucket: not_due, 1_30 … over_360. upper_days: last day of it; None for the oldest."""

    name: str
    minor: int
    share_bp: int
    rows: str


@dataclass(frozen=True, slots=True)
class Ratio:
    """name: dso_simple, dso_countback (value in tenths of a day) or cei (in basis points); None: not to be
    had. formula: in Spanish words. inputs: what it is reckoned from, minor units or days."""

    name: str
    value: int | None
    formula: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The last day of a week that has figures. reckoned: afterwards, by no run."""

    on: date
    outstanding_minor: int
    overdue_minor: int
    dso_tenths: int | None
    reckoned: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """Customers that entered, were cured, rolled_forward, rolled_back or stayed in the last thirty days.

    minor: what they have overdue now; of the cured, what they had then.
    """

    standing: str
    customers: int
    minor: int
    rows: str


@dataclass(frozen=True, slots=True)
class Roll:
    """Open money by bucket thirty days before and now; then: `new` issued since, now: `settled`.

    share_bp: of all that stood in `then`.
    """

    then: str
    now: str
    minor: int
    share_bp: int


@dataclass(frozen=True, slots=True)
class ExpectedWeek:
    """What comes in from `starts` on for seven days: eight of ten times between low and high. due: what
    falls due then; rows: the customers to whom that happens."""

    starts: date
    low: int
    expected: int
    high: int
    due: int
    rows: str


@dataclass(frozen=True, slots=True)
class ExpectedCash:
    """from_history: False where due dates stand in for habits. later: open, not expected in these weeks.
    disputed, unapplied, stayed: open and left out. payments: that the estimate stands on."""

    from_history: bool
    weeks: tuple[ExpectedWeek, ...]
    low: int
    expected: int
    high: int
    later: int
    disputed: int
    unapplied: int
    stayed: int
    payments: int


@dataclass(frozen=True, slots=True)
class CurrencyPanel:
    """Everything in one currency. since: the day before which movement and rolls began."""

    currency: str
    customers: int
    outstanding: Figure
    overdue: Figure
    dunnable: Figure
    unapplied: Figure
    aging: tuple[Bucket, ...]
    ratios: tuple[Ratio, ...]
    trend: tuple[TrendPoint, ...]
    since: date | None
    movement: tuple[Moved, ...]
    rolls: tuple[Roll, ...]
    expected: ExpectedCash | None


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that needs a person. kind: doubts, brake, stopped, bank_stale, unidentified, tasks_overdue,
    no_address. count: of messages, tasks, customers or days. amounts: currency → minor. page: where to mend.
    """

    kind: str
    count: int
    page: str
    rows: str = ""
    amounts: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Freshness:
    """How new the figures are. payments_until: latest payment booked; imported_at: latest import of payments;
    days: since the later of the two; run_on: the last daily run."""

    run_on: date | None
    payments_until: date | None
    imported_at: datetime | None
    days: int | None


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel as of the close of a day. attention: what weighs most first."""

    on: date
    currencies: tuple[CurrencyPanel, ...]
    attention: tuple[Attention, ...]
    freshness: Freshness

    def as_dict(self) -> dict[str, Any]:
        """As `aldia panel --json` prints it."""
        return asdict(self)
