"""What no table carries: returned debits, disputes, pauses … as plain dated values, applied by the loader.

Invoices are named by number (each with a single due line), payments by reference, customers by code. Amounts
are minor units of the document's own currency.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ReturnedDebit:
    """The bank took a direct debit back, whole."""

    on: date
    payment: str
    amount_minor: int
    reason: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A person found out what a credit was for. credit: payment reference or number of a credit note."""

    on: date
    credit: str
    invoice: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Refunded:
    """Over-paid money went back."""

    on: date
    payment: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class WrittenOff:
    """The rest of an invoice was given up."""

    on: date
    invoice: str
    amount_minor: int
    reason: str


@dataclass(frozen=True, slots=True)
class Disputed:
    """The customer contests part of an invoice, or all of it (None). ended_on: the first day without."""

    on: date
    invoice: str
    amount_minor: int | None
    reason: str
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Nobody writes to the customer until that day; None for no end."""

    on: date
    customer: str
    until_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Extended:
    """A new due date was granted."""

    on: date
    invoice: str
    until_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Replied:
    """The customer answered. kind and channel: the words of the outreach records."""

    on: date
    customer: str
    channel: str
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class BecameInsolvent:
    """A court declared the customer insolvent."""

    on: date
    customer: str


DemoEvent = (
    ReturnedDebit | Applied | Refunded | WrittenOff | Disputed | Held | Extended | Replied | BecameInsolvent
)
