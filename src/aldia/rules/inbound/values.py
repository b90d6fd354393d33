"""What can be read out of an answer."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class InboundKind(StrEnum):
    """What an answer is about, in the order in which one counts before another (`classify`)."""

    OUT_OF_OFFICE = "out_of_office"
    WRONG_PERSON = "wrong_person"
    OPT_OUT = "opt_out"
    PAID = "paid"
    DISPUTE = "dispute"
    PROMISE = "promise"
    REFUSES = "refuses"
    INSTALMENTS = "instalments"
    HARDSHIP = "hardship"
    COPY = "copy"
    BOUNCE = "bounce"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class SaidDate:
    """A day as it was said. on: None where the words fit no day or several; readings: the days they fit."""

    words: str
    on: date | None
    readings: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class SaidAmount:
    """An amount as it was said, in minor units; currency "" where the words do not tell it."""

    words: str
    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A suggestion for a person.

    because: the words that decided it, as they were written. opt_out: it is said clearly, by itself, that
    this way shall not be used any more: that takes effect without a person. also: other kinds that were
    found. dates, amounts: only of a promise. pay_on, amount: only where one single thing was said.
    """

    kind: InboundKind
    because: tuple[str, ...] = ()
    opt_out: bool = False
    also: tuple[InboundKind, ...] = ()
    dates: tuple[SaidDate, ...] = ()
    amounts: tuple[SaidAmount, ...] = field(default=())

    @property
    def pay_on(self) -> date | None:
        """The day on which it is promised to pay, if exactly one was said."""
        said = {each.on for each in self.dates}
        return next(iter(said)) if len(said) == 1 else None

    @property
    def amount(self) -> SaidAmount | None:
        """What is promised, if exactly one amount was said."""
        said = {(each.minor, each.currency) for each in self.amounts}
        return self.amounts[0] if len(said) == 1 else None

    @property
    def readings(self) -> tuple[date, ...]:
        """The days that may have been meant, where none is certain."""
        if self.pay_on is not None:
            return ()
        days = {day for each in self.dates for day in (each.readings or ((each.on,) if each.on else ()))}
        return tuple(sorted(days))

    def as_dict(self) -> dict[str, Any]:
        """Fit for JSON."""
        amount = self.amount
        return {
            "kind": self.kind.value,
            "because": list(self.because),
            "opt_out": self.opt_out,
            "also": [each.value for each in self.also],
            "said_dates": [each.words for each in self.dates],
            "pay_on": self.pay_on.isoformat() if self.pay_on else None,
            "readings": [day.isoformat() for day in self.readings],
            "said_amounts": [each.words for each in self.amounts],
            "amount_minor": amount.minor if amount and amount.currency else None,
            "currency": amount.currency if amount else "",
        }
