"""What the page of the day shows, as plain values."""

from dataclasses import dataclass

from aldia.kernel.money import Money
from aldia.kernel.text import fold
from aldia.queries.decisions import CustomerDecision
from aldia.records.cases.models import DailyRun

_WORDS_MAX = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader looks for. outcome: one group. after: id of the last customer of the page before."""

    outcome: str = ""
    text: str = ""
    after: int | None = None

    @property
    def words(self) -> list[str]:
        """Folded; a customer has for each a word that begins with it."""
        return fold(self.text).split()[:_WORDS_MAX]

    @property
    def is_list(self) -> bool:
        """A list of customers is meant, not the first few of every group."""
        return bool(self.outcome or self.words)


@dataclass(frozen=True, slots=True)
class Planned:
    """Messages or tasks of one sort that wait for a customer. channel: "" for a task about no channel."""

    is_task: bool
    kind: str
    title: str
    channel: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class ShownCustomer:
    """A customer of the page. amounts: (open, overdue) per currency, as of the run's day."""

    customer_id: int
    decision: CustomerDecision
    amounts: tuple[tuple[Money, Money], ...]
    days_overdue: int
    planned: tuple[Planned, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Customers with the same outcome. dunnable: None for reasons."""

    outcome: str
    title: str
    is_step: bool
    count: int
    dunnable: tuple[Money, ...] | None
    shown: tuple[ShownCustomer, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """The day's figures in one currency. aging: (bucket, amount), youngest first; buckets as `31_60`."""

    open: Money
    overdue: Money
    aging: tuple[tuple[str, Money], ...]


@dataclass(frozen=True, slots=True)
class Today:
    """found: customers that match, None where nothing was asked. next_after: for the next page."""

    run: DailyRun
    balances: tuple[Balance, ...]
    unidentified: tuple[Money, ...]
    messages: dict[str, int]
    tasks: int
    groups: tuple[Group, ...]
    found: int | None
    next_after: int | None
