"""Everything the oracle may know about one creditor: plain values, as the rows of a database would hold them.

Ids are ints, unique per kind of row. Amounts are whole minor units. A row without `effective_on` of its own
says in its docstring which date counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

EXPONENTS: Mapping[str, int] = {"EUR": 2, "USD": 2, "CLP": 0, "BHD": 3}
"""Decimals of the currencies that worlds use (ISO 4217)."""

Value = Fraction | float | int | str | bool | date | None
Truth = bool | None
Predicate = Callable[[Mapping[str, Value]], Truth]
"""A condition in Python: sees the words authors write; money in major units of the strategy's currency."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The creditor's settings. tolerance_minor holds for every currency; live_from None: no notices."""

    country: str = "ES"
    tolerance_minor: int = 0
    aging_edges: tuple[int, ...] = (0, 30, 60, 90, 180, 360)
    live_from: date | None = None
    default_strategy: str = "pymes"
    segment_strategies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Law:
    """The rates of the creditor's country: (first day, basis points), ascending; empty: none verified."""

    late_payment: tuple[tuple[date, int], ...] = ()
    legal_interest: tuple[tuple[date, int], ...] = ()
    compensation_minor: int = 4000
    compensation_currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Customer:
    """person_kind: consumer, business or public_body. strategy: the customer's own, None when it has none."""

    id: int
    code: str
    person_kind: str
    segment: str | None = None
    country: str = "ES"
    language: str = "es"
    strategy: str | None = None
    contract_rate_bp: int | None = None
    insolvent_on: date | None = None
    has_email: bool = True
    has_phone: bool = True
    has_whatsapp: bool = False
    has_post: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """A due line, effective on issued_on. kind: invoice, fee, charge_note or opening_balance."""

    id: int
    document_id: int
    number: str
    kind: str
    customer_id: int
    currency: str
    amount_minor: int
    issued_on: date
    due_date: date


@dataclass(frozen=True, slots=True)
class Credit:
    """kind: one of CREDIT_KINDS. customer_id None: unidentified."""

    id: int
    kind: str
    customer_id: int | None
    currency: str
    amount_minor: int
    effective_on: date


CREDIT_KINDS = (
    "payment",
    "credit_note",
    "withholding",
    "set_off",
    "exchange",
    "small_difference",
    "discount",
    "forgiveness",
    "write_off",
    "opening_credit",
)
MONEY_KINDS = frozenset({"payment", "set_off", "exchange", "withholding"})


@dataclass(frozen=True, slots=True)
class Allocation:
    """effective_on is always the later of the credit's date and the line's issue date."""

    id: int
    credit_id: int
    line_id: int
    amount_minor: int
    effective_on: date


@dataclass(frozen=True, slots=True)
class Refund:
    """Unallocated money of a credit given back."""

    id: int
    credit_id: int
    amount_minor: int
    effective_on: date


@dataclass(frozen=True, slots=True)
class Reversal:
    """target: credit, line, allocation or refund."""

    id: int
    target: str
    target_id: int
    amount_minor: int
    effective_on: date


@dataclass(frozen=True, slots=True)
class Overlay:
    """kind: terms, dispute, cover (line_id given) or hold (line_id None). amount None: all of it."""

    id: int
    kind: str
    customer_id: int
    line_id: int | None
    effective_on: date
    amount_minor: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class OverlayEnd:
    """From effective_on the overlay is no longer in force."""

    id: int
    overlay_id: int
    effective_on: date


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A state of acceptance of a document (all its lines), e.g. requested, accepted, rejected."""

    id: int
    document_id: int
    state: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class Episode:
    """The line's episode, or with line_id None the customer's. Open on D: opened_on <= D < closed_on."""

    id: int
    customer_id: int
    line_id: int | None
    opened_on: date
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One row of the outbox.

    kind dunning: step and rank of a ladder, with its episode (and line_id when per item).
    kind document: step is the id of a [[document]] entry, rank and episode_id None, line_id given.
    sent_on: only for sent and unknown. All other states take planned_on as their day.
    """

    id: int
    customer_id: int
    kind: str
    step: str
    rank: int | None
    state: str
    planned_on: date
    sent_on: date | None
    occurrence: int
    episode_id: int | None
    line_id: int | None


MESSAGE_STATES = (
    "planned",
    "waiting_approval",
    "approved",
    "sending",
    "sent",
    "unknown",
    "skipped",
    "cancelled",
    "refused",
    "failed",
)


@dataclass(frozen=True, slots=True)
class Task:
    """A task made by a step (a call). state: open, done, skipped, cancelled; done_on for done and skipped."""

    id: int
    customer_id: int
    episode_id: int
    step: str
    rank: int
    state: str
    created_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class Reply:
    """Something the customer answered."""

    id: int
    customer_id: int
    kind: str
    received_on: date


@dataclass(frozen=True, slots=True)
class CallMade:
    """A call or visit. reason: one of REASONS, "" for none told. tried: ours, to a number that is theirs.
    spoken: with the customer in person, whoever began."""

    id: int
    customer_id: int
    reason: str
    said_on: date
    outcome: str = "spoken"
    tried: bool = True
    spoken: bool = True


REASONS = (
    "forgot",
    "no_liquidity",
    "disagrees",
    "emergency",
    "stalling",
    "no_invoice",
    "details_changed",
    "dispute",
    "insolvency",
    "other",
)


@dataclass(frozen=True, slots=True)
class PromisePart:
    """What is promised of one line. open_then: what was open of it when it was made."""

    line_id: int
    amount: int
    open_then: int


@dataclass(frozen=True, slots=True)
class Promise:
    """A word to pay the parts by promised_on. known: allocations with higher ids became known since."""

    id: int
    customer_id: int
    currency: str
    made_on: date
    promised_on: date
    grace_days: int
    tolerance: int
    known: int
    parts: tuple[PromisePart, ...]
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person says of how a customer pays; blank gives it back to the rule."""

    id: int
    customer_id: int
    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of the ladder. when: the condition as authors write it; holds: the same in Python, if given."""

    id: str
    when: str
    requires: tuple[str, ...] = ()
    spacing_days: int | None = None
    minimum: Decimal | None = None
    holds: Predicate | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A [[document]] entry. kind: delivery, acceptance, pre_due or due_today."""

    id: str
    kind: str
    when: str
    holds: Predicate | None = None


@dataclass(frozen=True, slots=True)
class Strategy:
    """per: customer or item. factors: other currency → what one unit of `currency` is in it."""

    name: str
    currency: str
    minimum: Decimal
    spacing_days: int
    per: str
    steps: tuple[Step, ...]
    documents: tuple[Entry, ...] = ()
    factors: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """One creditor's rows. as_of: the day the world is meant to be read on; any other day may be asked."""

    as_of: date
    settings: Settings
    law: Law
    strategies: Mapping[str, Strategy]
    customers: tuple[Customer, ...]
    lines: tuple[Line, ...] = ()
    credits: tuple[Credit, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    refunds: tuple[Refund, ...] = ()
    reversals: tuple[Reversal, ...] = ()
    overlays: tuple[Overlay, ...] = ()
    overlay_ends: tuple[OverlayEnd, ...] = ()
    acceptances: tuple[Acceptance, ...] = ()
    episodes: tuple[Episode, ...] = ()
    messages: tuple[Message, ...] = ()
    tasks: tuple[Task, ...] = ()
    replies: tuple[Reply, ...] = ()
    calls: tuple[CallMade, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    promises: tuple[Promise, ...] = ()
    claims: Mapping[int, date] = field(default_factory=dict)
