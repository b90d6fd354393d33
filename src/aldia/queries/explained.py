"""One customer explained, as plain values: what is owed, what is decided, and every reason down to the facts.

Amounts are whole minor units of the currency beside them.
"""

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import Any

from aldia.rules.interest import InterestRow


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A due line with something open. allocated: (minor units, day), net of reversals.

    rate: "agreed", "statutory" or "legal"; "" where no interest runs. interest: the rows that make it up.
    """

    line_id: int
    number: str
    kind: str
    currency: str
    issued_on: date
    due_date: date
    effective_due_date: date
    days: int
    amount_minor: int
    open_minor: int
    overdue: bool
    disputed_minor: int
    covered_minor: int
    interest_minor: int
    compensation_minor: int
    allocated: tuple[tuple[int, date], ...]
    rate: str
    interest: tuple[InterestRow, ...]


@dataclass(frozen=True, slots=True)
class StepTest:
    """A step's condition on one row: a currency, or a line where the episode is per item. holds: None where
    the strategy has no amounts for the currency."""

    currency: str
    line_id: int | None
    holds: bool | None


@dataclass(frozen=True, slots=True)
class ExplainedStep:
    """A rung of the ladder and how the customer stands to it. minimum_minor: in the strategy's currency, the
    step's own or the strategy's. missing: required steps not done. done_on: in an open episode."""

    rank: int
    step: str
    title: str
    condition: str
    tests: tuple[StepTest, ...]
    requires: tuple[str, ...]
    missing: tuple[str, ...]
    minimum_minor: int
    spacing_days: int
    approval: bool
    done_on: date | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened with the customer. kind: message, task or reply; text: Spanish."""

    on: date
    kind: str
    text: str
    state: str


@dataclass(frozen=True, slots=True)
class ExplainedDecision:
    """outcome: step id or reason. stored: the outcome on record for that day, where it is another one."""

    outcome: str
    step: str | None
    title: str
    sentence: str
    next_on: date | None
    stored: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """balances: the customer's portfolio rows, one per currency. episodes: (opened on, line or None), open on
    the day. lines: the oldest, of lines_in_all that are open. unapplied: (value date, minor units left,
    currency). strategy_minimum_minor: in its currency.
    """

    on: date
    creditor: str
    customer: str
    name: str
    person_kind: str
    strategy: str
    strategy_title: str
    strategy_currency: str
    strategy_minimum_minor: int
    spacing_days: int
    decision: ExplainedDecision
    balances: tuple[dict[str, Any], ...]
    lines: tuple[ExplainedLine, ...]
    lines_in_all: int
    steps: tuple[ExplainedStep, ...]
    episodes: tuple[tuple[date, int | None], ...]
    unapplied: tuple[tuple[date, int, str], ...]
    history: tuple[Event, ...]

    def as_dict(self) -> dict[str, Any]:
        """As `aldia explain --json` prints it."""
        return dataclasses.asdict(self)
