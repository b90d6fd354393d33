"""What the engine reads: one portfolio, frozen as of a day, as frames.

All frames hold only rows with `effective_on <= as_of`; ids are Int64, amounts whole minor units (Int64), days
`pl.Date`. `queries/portfolio.py` fills them from one database snapshot; tests fill them by hand.
"""

from dataclasses import dataclass, fields
from datetime import date

import polars as pl

from aldia.rules.law import Compensation, RateSeries
from aldia.rules.portfolio.vocabulary import DEFAULT_AGING_EDGES

_ID, _MINOR, _DAY, _TEXT, _FLAG = pl.Int64(), pl.Int64(), pl.Date(), pl.String(), pl.Boolean()

CUSTOMERS = pl.Schema(
    {
        "customer_id": _ID,
        "customer": _TEXT,  # the creditor's own code
        "person_kind": _TEXT,
        "segment": _TEXT,  # never empty: the person kind stands in
        "country": _TEXT,
        "language": _TEXT,
        "contract_rate_bp": pl.Int32(),  # NULL: none agreed
        "insolvent_on": _DAY,
        "for_life": _FLAG,  # nothing firm leaves without a person's yes
        "strategy": _TEXT,  # key into the strategies in force
        "has_email": _FLAG,
        "has_phone": _FLAG,
        "takes_sms": _FLAG,  # a telephone that a message can be sent to
        "has_whatsapp": _FLAG,
        "has_post": _FLAG,
    }
)

LINES = pl.Schema(
    {
        "line_id": _ID,
        "customer_id": _ID,
        "document_id": _ID,
        "currency": _TEXT,
        "kind": _TEXT,
        "amount_minor": _MINOR,  # less reversals of the line as of the day
        "issued_on": _DAY,
        "due_date": _DAY,
    }
)

ALLOCATIONS = pl.Schema(
    {
        "allocation_id": _ID,  # ascending as they became known
        "line_id": _ID,
        "customer_id": _ID,  # the line's payer
        "amount_minor": _MINOR,  # less its reversals; always > 0
        "effective_on": _DAY,
        "value_on": _DAY,  # the credit's own day; the allocation may count from a later one
        "by_money": _FLAG,  # payment, set-off, exchange or withholding
    }
)

CREDITS = pl.Schema(
    {
        "customer_id": _ID,
        "currency": _TEXT,
        "unallocated_minor": _MINOR,
        "effective_on": _DAY,
        "payment": _FLAG,  # kind payment and not wholly reversed
    }
)

OVERLAYS = pl.Schema(
    {
        "overlay_id": _ID,
        "customer_id": _ID,
        "line_id": _ID,  # NULL: the whole customer (hold)
        "kind": _TEXT,  # terms, dispute, cover, hold; only those in force
        "amount_minor": _MINOR,
        "until_on": _DAY,
        "effective_on": _DAY,
    }
)

# Every hold that has begun, over or not: half-open, until_on NULL while it has no end.
HELD = pl.Schema({"customer_id": _ID, "from_on": _DAY, "until_on": _DAY})

EPISODES = pl.Schema({"episode_id": _ID, "customer_id": _ID, "line_id": _ID, "opened_on": _DAY})

# Closed no later than the day, and not longer ago than an episode may be taken up again.
CLOSED_EPISODES = pl.Schema({**EPISODES, "closed_on": _DAY})

# Dunning steps and document notices of the past, messages and tasks alike.
STEPS = pl.Schema(
    {
        "customer_id": _ID,
        "episode_id": _ID,
        "line_id": _ID,  # of a document's notice
        "kind": _TEXT,  # dunning, delivery, acceptance, pre_due, due_today
        "step": _TEXT,
        "state": _TEXT,  # done, pending, void (cancelled, refused, failed)
        "planned_on": _DAY,
        "sent_on": _DAY,
    }
)

# Promises to pay that were made by the day, with the latest verdict on record by then.
PROMISES = pl.Schema(
    {
        "promise_id": _ID,
        "customer_id": _ID,
        "currency": _TEXT,
        "amount_minor": _MINOR,
        "made_on": _DAY,
        "promised_on": _DAY,
        "until_on": _DAY,  # promised_on and the days of grace
        "tolerance_minor": _MINOR,
        "known_allocation_id": _ID,  # allocations with higher ids have become known since
        "verdict": _TEXT,  # NULL: none
        "decided_on": _DAY,
        "verdict_paid_minor": _MINOR,
    }
)

PROMISE_LINES = pl.Schema(
    {
        "promise_id": _ID,
        "customer_id": _ID,
        "line_id": _ID,
        "amount_minor": _MINOR,  # of the promise on this line
        "open_minor": _MINOR,  # of the line, when it was made
    }
)

REPLIES = pl.Schema({"reply_id": _ID, "customer_id": _ID, "kind": _TEXT, "received_on": _DAY})
# Calls and visits that stand: of one that was corrected, what corrects it; none that was taken back.
CALLS = pl.Schema(
    {
        "call_id": _ID,
        "customer_id": _ID,
        "outcome": _TEXT,
        "reason": _TEXT,  # "" where none was told
        "tried": _FLAG,  # ours, to a number that is theirs
        "spoken": _FLAG,  # with the customer in person, whoever began
        "said_on": _DAY,
    }
)
# What a person says of how a customer pays, where it is not given back to what is inferred.
JUDGEMENTS = pl.Schema({"customer_id": _ID, "kind": _TEXT, "judged_on": _DAY})
CLAIMS = pl.Schema({"line_id": _ID, "claimed_on": _DAY})
# Channels on which the customer has an address and may not be written to: refused, or without a consent that
# is needed, or none of those who represent the customer.
BARRED = pl.Schema({"customer_id": _ID, "channel": _TEXT})
ACCEPTANCES = pl.Schema({"document_id": _ID, "acceptance_state": _TEXT})


@dataclass(frozen=True, slots=True)
class Frames:
    """The frozen portfolio of one creditor, or of one part of its customers."""

    customers: pl.DataFrame
    lines: pl.DataFrame
    allocations: pl.DataFrame
    credits: pl.DataFrame
    overlays: pl.DataFrame
    episodes: pl.DataFrame
    closed_episodes: pl.DataFrame
    steps: pl.DataFrame
    promises: pl.DataFrame
    promise_lines: pl.DataFrame
    replies: pl.DataFrame
    calls: pl.DataFrame
    judgements: pl.DataFrame
    claims: pl.DataFrame
    acceptances: pl.DataFrame
    barred: pl.DataFrame
    held: pl.DataFrame

    @classmethod
    def schemas(cls) -> dict[str, pl.Schema]:
        """Name of each frame → its schema."""
        return {field.name: globals()[field.name.upper()] for field in fields(cls)}

    @classmethod
    def from_rows(cls, **rows: list[dict[str, object]]) -> "Frames":
        """Frames from plain dictionaries; frames not named are empty. For tests and portfolios of one."""
        return cls(**{name: pl.DataFrame(rows.get(name, []), schema=s) for name, s in cls.schemas().items()})


@dataclass(frozen=True, slots=True)
class Terms:
    """The creditor's settings and the law that the portfolio is reckoned under, as of a day."""

    as_of: date
    tolerance_minor: int = 0
    aging_edges: tuple[int, ...] = DEFAULT_AGING_EDGES
    live_from: date | None = None
    reopen_days: int = 30
    late_interest: RateSeries | None = None
    legal_interest: RateSeries | None = None
    compensation: Compensation | None = None
