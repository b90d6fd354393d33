"""What the gate is told of one mail at this moment, under which limits, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from aldia.rules.calendars import Holidays
from aldia.rules.law import Basis, ContactLimits, OptIn
from aldia.rules.portfolio.reasons import Reason
from aldia.rules.portfolio.strategy import FIRM_TONES


class GateRule(StrEnum):
    """Why a mail does not leave now, beside the portfolio's own reasons, in the order they are asked."""

    HOUSE_LOCKED = "house_locked"
    DECEASED = "deceased"
    ERASED = "erased"
    MINOR = "minor"
    REPRESENTED = "represented"
    DISCHARGED = "discharged"
    COMPLAINT = "complaint"
    IN_SUIT = "in_suit"
    ASSIGNED = "assigned"
    PLACED = "placed"
    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    PAID = "paid"
    PROMISE = "promise"
    PLAN = "plan"
    SUPERSEDED = "superseded"
    NO_LONGER_APPLIES = "no_longer_applies"
    NO_TEXT = "no_text"
    UNFOUNDED = "unfounded"
    SENDING_STOPPED = "sending_stopped"
    BRAKE_HELD = "brake_held"
    NOT_APPROVED = "not_approved"
    AREA_HOLD = "area_hold"
    UNREAD_REPLY = "unread_reply"
    SALESPERSON_FIRST = "salesperson_first"
    BANK_DATA_STALE = "bank_data_stale"
    NO_ADDRESS = "no_address"
    CUSTOMER_CAP = "customer_cap"
    ADDRESS_CAP = "address_cap"
    ONE_CHANNEL = "one_channel"
    CREDITOR_CAP = "creditor_cap"
    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    HOLIDAY_EVE = "holiday_eve"
    WINDOW = "window"


# Invoices that are handed over and questions about them are no contact for the sake of collection; what a
# person writes may be, so it counts. Of messages about promises the reminder is one, the receipt is none.
_CONTACT_KINDS = frozenset({"dunning", "pre_due", "due_today", "free"})
_CONTACT_STEPS = frozenset({("promise", "reminder")})


@dataclass(frozen=True, slots=True)
class Allowed:
    """The mail may leave now.

    leaving: message ids of the bundle that go in it. dropped: those that no longer stand, with the reason to
    cancel each for; the mail leaves without them.
    """

    leaving: tuple[int, ...] = ()
    dropped: "Mapping[int, Refused]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """The mail does not leave now.

    rule: a GateRule or a portfolio Reason. source: the law with its confidence, the setting, or the book it
    stands in; Spanish. retry_at: aware, when to look again; None when it never will leave: cancel it for
    `rule`. facts: what the sentence speaks of; fit for JSON.
    """

    rule: str
    source: str
    retry_at: datetime | None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact with the customer that took place. channel: email, sms, whatsapp, letter or call."""

    at: datetime
    channel: str


@dataclass(frozen=True, slots=True)
class GateFacts:
    """One mail to one customer at one moment: a field for every ground on which it may be refused.

    now: aware. kind: dunning, delivery, acceptance, pre_due, due_today, free, promise. step: of a message
    about a promise receipt or reminder. tone: amable, cercano, firme, formal. promise_until: last day of an
    open promise that rests it.
    time_zone, holidays: of the customer's place; place_known: False where only the country is known, so that
    the holidays are national ones.

    still_owed: something of what the mail speaks of is open. portfolio_reason: what the portfolio's own rules
    say instead of this step (a Reason), "" while they stand by it; dunnable, minimum (minor units per
    currency), next_on and strategy belong to it. step_current: the portfolio takes this very step now.
    insolvent, on_hold, disputed: also for mails that no step of a strategy stands behind.

    represented: by a lawyer or adviser who cannot be reached on the channel. opted_out: channels the customer
    refused. consent: True where the customer agreed to the channel, None where nobody knows. has_address:
    usable on the channel; other_channel: only on another one. area_hold_until: first day after the pause of
    the customer's postcode.

    unfounded: the consequence its text is about and nobody can carry out, Spanish, "" for none.

    salesperson: who has to be told before this one leaves, "" for nobody; salesperson_from: the creditor's
    day from which it may leave because they have been, None where they have not.

    unread_reply_on: local day of the oldest answer that nobody has looked at. needs_approval, approved: a
    person's yes. brake_held: of the run that planned it. bank_data_on: the day up to which payments are
    known, None for none. contacts: attempts of the last weeks. address_contacts: when the address was written
    to, for whichever customer. direct_contact_on: day of the last answer or conversation. sent_today: those
    of the creditor on its own day.
    """

    now: datetime
    kind: str = "dunning"
    step: str = ""
    channel: str = "email"
    tone: str = ""
    person_kind: str = "consumer"
    time_zone: str = "Europe/Madrid"
    holidays: Holidays = frozenset()
    place_known: bool = True
    # the house
    house_locked: bool = False
    sending_stopped: bool = False
    # the debt
    still_owed: bool = True
    portfolio_reason: str = ""
    step_current: bool = True
    dunnable: Mapping[str, int] = field(default_factory=dict)
    minimum: Mapping[str, int] = field(default_factory=dict)
    next_on: date | None = None
    strategy: str = ""
    insolvent: bool = False
    discharged: bool = False
    complaint: bool = False
    on_hold: bool = False
    disputed: bool = False
    promise_until: date | None = None
    plan_in_force: bool = False
    placed: bool = False
    in_suit: bool = False
    assigned: bool = False
    # the person
    deceased: bool = False
    erased: bool = False
    minor: bool = False
    represented: bool = False
    opted_out: frozenset[str] = frozenset()
    consent: bool | None = None
    has_address: bool = True
    other_channel: bool = False
    address_quality: str = "unknown"
    has_text: bool = True
    unfounded: str = ""
    area_hold_until: date | None = None
    area_hold_reason: str = ""
    unread_reply_on: date | None = None
    salesperson: str = ""
    salesperson_from: date | None = None
    # the leave to send
    needs_approval: bool = False
    approved: bool = False
    brake_held: bool = False
    bank_data_on: date | None = None
    contacts: tuple[Contact, ...] = ()
    address_contacts: tuple[datetime, ...] = ()
    direct_contact_on: date | None = None
    sent_today: int = 0

    def __post_init__(self) -> None:
        assert self.now.tzinfo is not None, "instants are aware"

    @property
    def local(self) -> datetime:
        """This moment where the customer lives."""
        return self.now.astimezone(ZoneInfo(self.time_zone))

    @property
    def counts_as_contact(self) -> bool:
        """True for what caps count: reminders and demands."""
        return self.kind in _CONTACT_KINDS or (self.kind, self.step) in _CONTACT_STEPS

    @property
    def is_dunning(self) -> bool:
        """True for a step of the ladder."""
        return self.kind == "dunning"

    @property
    def is_firm(self) -> bool:
        """True for the tones that a customer does not get on the eve of a holiday."""
        return self.tone in FIRM_TONES


@dataclass(frozen=True, slots=True)
class GateLimits:
    """What the law of the customer's place and the creditor's own settings allow.

    opt_ins: which channels need the customer's consent. sends_from, sends_until: local to the customer; None:
    what the law allows. creditor_zone, creditor_holidays: the creditor's days, by which its own cap and the
    age of its bank data (business days) are counted. address_times_max: at most so many contacts with one
    address in address_days days of the customer's, None for no cap. unread_reply_days: business days for
    which an answer that nobody has looked at keeps contacts back.
    """

    contact: ContactLimits
    opt_ins: tuple[OptIn, ...] = ()
    creditor_zone: str = "Europe/Madrid"
    creditor_holidays: Holidays = frozenset()
    sends_from: time | None = None
    sends_until: time | None = None
    sends_on_weekends: bool = False
    messages_per_day_max: int | None = None
    bank_data_days_max: int | None = None
    address_times_max: int | None = None
    address_days: int = 1
    unread_reply_days: int = 0

    def opt_in(self, channel: str, person_kind: str) -> OptIn | None:
        """The rule that asks for this person's consent to the channel; None where nothing does."""
        return next((each for each in self.opt_ins if each.asks(channel, person_kind)), None)

    def binds(self, person_kind: str) -> bool:
        """True when the hours are law for this person; else they are our own prudence."""
        contact = self.contact
        return contact.basis is Basis.LAW and person_kind in contact.protects and contact.binds == "any"

    def law(self, person_kind: str) -> str:
        """The article, how sure we are of it, and whether it binds here."""
        return self.contact.provenance.cited(binds=self.binds(person_kind))


PORTFOLIO_REASONS = frozenset(reason.value for reason in Reason)
