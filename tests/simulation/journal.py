"""What the people of the house did, as they remember it: no row of the program's is asked for it."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(slots=True)
class Journal:
    """approved: keys of units and when; skipped: once_keys of messages and when. postponed: key → not before.

    stops: when nothing was to leave, with None for a stop that lasts. bank_on: the last day on which a
    bank's file was taken in. calls: customer and days of conversations. resolved: doubts settled.
    """

    approved: dict[str, datetime] = field(default_factory=dict)
    skipped: dict[str, datetime] = field(default_factory=dict)
    postponed: dict[str, datetime] = field(default_factory=dict)
    edited: set[str] = field(default_factory=set)
    stops: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    bank_on: date | None = None
    calls: list[tuple[int, date]] = field(default_factory=list)
    resolved: int = 0

    @property
    def is_stopped(self) -> bool:
        """True while nothing is to leave."""
        return bool(self.stops) and self.stops[-1][1] is None

    def was_stopped(self, at: datetime) -> bool:
        """True where nothing was to leave at that moment."""
        return any(since <= at and (until is None or at < until) for since, until in self.stops)

    def stop(self, at: datetime) -> None:
        """From now on nothing leaves."""
        self.stops.append((at, None))

    def resume(self, at: datetime) -> None:
        """From now on it may again."""
        self.stops[-1] = (self.stops[-1][0], at)
