"""What happens in a house, as values: an invoice goes out, money comes in, somebody does something."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tests.simulation.people import Person


@dataclass(frozen=True, slots=True)
class Issue:
    """An invoice, or a fee, of so many minor units due on each of these days."""

    on: date
    person: Person
    number: str
    currency: str
    dues: tuple[tuple[int, date], ...]
    is_fee: bool = False

    @property
    def minor(self) -> int:
        """All of it."""
        return sum(minor for minor, _ in self.dues)

    @property
    def due(self) -> date:
        """The last of its days."""
        return max(day for _, day in self.dues)


@dataclass(frozen=True, slots=True)
class Pay:
    """Money that came in. number: the invoice it names, blank for none. person None: nobody knows whose."""

    on: date
    person: Person | None
    minor: int
    currency: str
    reference: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Do:
    """Anything else: one verb of the house, called with the house and the moment."""

    on: date
    what: Callable[[Any, datetime], None]


Deed = Issue | Pay | Do


@dataclass(slots=True)
class Agenda:
    """Deeds by day; what is behind the present is taken out once, in order."""

    deeds: list[Deed] = field(default_factory=list)

    def add(self, *deeds: Deed) -> None:
        """Put them where they belong."""
        self.deeds.extend(deeds)

    def take_until(self, day: date) -> list[Deed]:
        """Everything up to and including the day; it is off the agenda then."""
        due = sorted((each for each in self.deeds if each.on <= day), key=lambda each: each.on)
        self.deeds = [each for each in self.deeds if each.on > day]
        return due
