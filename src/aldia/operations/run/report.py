"""What a run says of itself."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from aldia.kernel.clock import stopwatch


@dataclass(slots=True)
class RunReport:
    """Counts of one run. The decisions sum to `customers`; amounts are minor units per currency.

    recorded: rows were written by this call. busy: another run of this creditor is under way, nothing was
    done. messages, tasks: planned for the day, per state and kind. waiting: messages of any day that wait for
    a yes. cases: how many were opened, closed and reopened. held: the brake asks for one yes before any of
    the messages may leave. seconds: per phase.
    """

    on: date
    customers: int = 0
    items_open: int = 0
    open: Counter[str] = field(default_factory=Counter)
    overdue: Counter[str] = field(default_factory=Counter)
    unidentified: dict[str, int] = field(default_factory=dict)
    decisions: Counter[str] = field(default_factory=Counter)
    messages: dict[str, int] = field(default_factory=dict)
    tasks: dict[str, int] = field(default_factory=dict)
    waiting: int = 0
    withdrawn: int = 0
    cases: Counter[str] = field(default_factory=Counter)
    held: bool = False
    recorded: bool = False
    busy: str = ""
    dry_run: bool = False
    digest: str = ""
    run_id: int | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    def add_portfolio(self, totals: pl.DataFrame, decisions: pl.DataFrame) -> None:
        """Count one part of the customers."""
        self.customers += decisions.height
        for row in totals.iter_rows(named=True):
            self.items_open += row["items_open"]
            self.open[row["currency"]] += row["open_minor"]
            self.overdue[row["currency"]] += row["overdue_minor"]
        for outcome, count in decisions.group_by("outcome").len().iter_rows():
            self.decisions[outcome] += count

    def as_dict(self) -> dict[str, Any]:
        """As `aldia run --json` prints it."""
        return {
            "on": self.on.isoformat(),
            "customers": self.customers,
            "items_open": self.items_open,
            "open": dict(sorted(self.open.items())),
            "overdue": dict(sorted(self.overdue.items())),
            "unidentified": self.unidentified,
            "decisions": dict(sorted(self.decisions.items())),
            "messages": self.messages,
            "tasks": self.tasks,
            "waiting": self.waiting,
            "withdrawn": self.withdrawn,
            "cases": dict(sorted(self.cases.items())),
            "held": self.held,
            "recorded": self.recorded,
            "busy": self.busy,
            "dry_run": self.dry_run,
            "digest": self.digest,
            "run": self.run_id,
            "seconds": {name: round(value, 3) for name, value in self.seconds.items()},
        }


class Laps:
    """Seconds per named phase, added up over the parts of a portfolio."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self._seconds = seconds
        self._since = stopwatch()

    def lap(self, phase: str) -> None:
        """Everything since the last lap belongs to this phase."""
        moment = stopwatch()
        self._seconds[phase] = self._seconds.get(phase, 0.0) + moment - self._since
        self._since = moment
