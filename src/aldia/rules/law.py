"""Law as values: what the rules know of a country, each fact with its source, date and confidence.

The facts stand in `aldia/jurisdictions/<country>.toml`, whose loader builds these values. Rates are whole
basis points per year (10.15 % = 1015); days are whole calendar days.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import accumulate, chain, pairwise, repeat

DAYS_PER_YEAR = 365  # actual/365, also in leap years: the only day count the rules reckon with
_DAY = timedelta(days=1)


class Confidence(StrEnum):
    """How a fact of law was established; `label` is what a reader sees."""

    STATUTE = "S"
    SECONDARY = "S2"
    DERIVED = "D"
    PROVISIONAL = "P"
    RECALLED = "R"

    @property
    def label(self) -> str:
        """The Spanish words beside the figure."""
        return _LABELS[self]


_LABELS = {
    Confidence.STATUTE: "visto en texto legal",
    Confidence.SECONDARY: "visto en fuente secundaria",
    Confidence.DERIVED: "derivado",
    Confidence.PROVISIONAL: "provisional",
    Confidence.RECALLED: "no verificado",
}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a section of the law comes from.

    valid_from … valid_to: the days it holds, None while it stands. checked_on: when it was last compared with
    the source. note: Spanish, what a reader should know besides; "" for nothing.
    """

    source: str
    valid_from: date
    checked_on: date
    confidence: Confidence
    valid_to: date | None = None
    note: str = ""

    def cited(self, *, binds: bool = True) -> str:
        """The source in Spanish with how sure we are of it, and whether it is law here or only prudence."""
        prudence = "" if binds else "; aquí, criterio prudente"
        return f"{self.source} ({self.confidence.label}{prudence})"


@dataclass(frozen=True, slots=True)
class RatePeriod:
    """One annual rate from `first` to `last`, both included. rate_bp: whole basis points, 1015 is 10.15 %."""

    first: date
    last: date
    rate_bp: int
    source: str
    confidence: Confidence

    def __post_init__(self) -> None:
        assert type(self.rate_bp) is int, "a rate is a whole number of basis points"
        assert self.rate_bp >= 0, "a rate is not negative"
        assert self.first <= self.last, "a period ends on or after its first day"


@dataclass(frozen=True, slots=True)
class Segment:
    """Days of an interest reckoning that share one rate; first and last are included.

    confidence: None for a rate the parties agreed, which no statute has to confirm.
    """

    first: date
    last: date
    days: int
    rate_bp: int
    source: str
    confidence: Confidence | None


@dataclass(frozen=True, slots=True)
class RateSeries:
    """A published rate through time: periods in order, each beginning the day after the one before ends.

    Before the first period the rate is 0; after the last one the last known rate goes on (see `known_until`).
    """

    periods: tuple[RatePeriod, ...]
    provenance: Provenance | None = None

    def __post_init__(self) -> None:
        assert self.periods, "a series has at least one period"
        assert first_break(self.periods) is None, "a series has neither gaps nor overlaps"
        assert date.min < self.known_from, "a series begins after the first day of the calendar"
        assert self.known_until < date.max, "a series ends before the last day of the calendar"

    @property
    def known_from(self) -> date:
        """The first day with a published rate."""
        return self.periods[0].first

    @property
    def known_until(self) -> date:
        """The last day with a published rate; later days use it on trust, and the reader must be told."""
        return self.periods[-1].last

    def rate_on(self, day: date) -> int:
        """The rate in force on that day, in basis points per year."""
        return next(p.rate_bp for p in self._whole_calendar() if p.first <= day <= p.last)

    def cumulated(self, day: date) -> int:
        """C(day): the sum of the rates of all days up to and including `day`; 0 before the series begins."""
        return sum(s.days * s.rate_bp for s in self.segments(self.known_from - _DAY, day))

    def day_table(self, first: date, last: date) -> list[int]:
        """C for each day from first to last, both included; empty when last comes before first."""
        eve = first - _DAY
        rates = chain.from_iterable(repeat(s.rate_bp, s.days) for s in self.segments(eve, last))
        return list(accumulate(rates, initial=self.cumulated(eve)))[1:]

    def segments(self, start: date, end: date) -> tuple[Segment, ...]:
        """The stretches of one rate from the day after `start` to `end` included; none if start ≥ end.

        Σ days · rate_bp over them is C(end) − C(start).
        """
        if start >= end:
            return ()
        clipped = (_clip(period, start + _DAY, end) for period in self._whole_calendar())
        return tuple(segment for segment in clipped if segment.days > 0)

    def _whole_calendar(self) -> Iterator[RatePeriod]:
        before = f"Sin tipo conocido antes del {self.known_from:%d/%m/%Y}"
        yield RatePeriod(date.min, self.known_from - _DAY, 0, before, Confidence.RECALLED)
        yield from self.periods
        after = f"Último tipo conocido, el del {self.known_until:%d/%m/%Y}; falta el publicado después"
        rate_bp = self.periods[-1].rate_bp
        yield RatePeriod(self.known_until + _DAY, date.max, rate_bp, after, Confidence.PROVISIONAL)


def first_break(periods: tuple[RatePeriod, ...]) -> tuple[RatePeriod, RatePeriod] | None:
    """The first two neighbours between which days are missing or counted twice; None when all is joined."""
    joints = pairwise(periods)
    return next(((one, two) for one, two in joints if two.first - one.last != _DAY), None)


def fixed_rate_segments(rate_bp: int, start: date, end: date) -> tuple[Segment, ...]:
    """The one stretch of an agreed rate from the day after `start` to `end` included; none if start ≥ end."""
    if start >= end:
        return ()
    return (Segment(start + _DAY, end, (end - start).days, rate_bp, "Tipo pactado en el contrato", None),)


def _clip(period: RatePeriod, first: date, last: date) -> Segment:
    """The part of a period that lies within first … last; its `days` are 0 or less when none does."""
    begin, finish = max(period.first, first), min(period.last, last)
    days = (finish - begin).days + 1
    return Segment(begin, finish, days, period.rate_bp, period.source, period.confidence)


@dataclass(frozen=True, slots=True)
class Compensation:
    """A fixed sum the debtor owes for each late invoice, in whole minor units of `currency`.

    applies_to: the person kinds that owe it ("business", "public_body", "consumer").
    """

    amount_minor: int
    currency: str
    applies_to: frozenset[str]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """When an invoice falls due by law, in calendar days.

    default_days: where nothing was agreed. maximum_days: the longest that may be agreed, None for no limit.
    approval_days: what the buyer has to accept the goods before the term runs, None for nothing.
    """

    default_days: int
    maximum_days: int | None
    approval_days: int | None
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class DayCount:
    """How days become a part of a year; the convention is always "actual/365"."""

    convention: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class ContactWindow:
    """Hours in which a debtor may be contacted, in the debtor's local time: opens ≤ t < closes."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        assert self.opens < self.closes


class ContactGroup(StrEnum):
    """The channels a cap counts together, or one of them."""

    ANY = "any"
    CALL_OR_VISIT = "call_or_visit"
    WRITTEN = "written"  # letters, e-mail, SMS, messaging
    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class ContactCap:
    """At most `times` contacts of a group in any `days` consecutive days.

    days_apart_min: days between two contacts, 0 for no rule. after_direct_contact: it begins with one.
    prudential: our own, where the law counts nothing.
    """

    group: ContactGroup
    times: int
    days: int
    days_apart_min: int = 0
    after_direct_contact: bool = False
    prudential: bool = False

    def counts(self, channel: str) -> bool:
        """True for the channels of its group."""
        if self.group is ContactGroup.ANY:
            return True
        is_call = channel == "call"
        if self.group is ContactGroup.CALL_OR_VISIT:
            return is_call
        return not is_call if self.group is ContactGroup.WRITTEN else channel == self.group.value


class Basis(StrEnum):
    """Whether a limit is law or our own prudence where the law is silent."""

    LAW = "law"
    PRUDENTIAL = "prudential"


@dataclass(frozen=True, slots=True)
class ContactLimits:
    """When and how often a debtor may be contacted.

    windows: seven entries, Monday first, None for a closed day. holidays: the window of a public holiday.
    protects: person kinds the rule is written for. binds: "any" creditor or "financial_entity"; else it is
    prudence. one_channel_per_week: after direct contact, no second channel within the same week.
    """

    windows: tuple[ContactWindow | None, ...]
    holidays: ContactWindow | None
    caps: tuple[ContactCap, ...]
    basis: Basis
    protects: frozenset[str]
    binds: str
    one_channel_per_week: bool
    provenance: Provenance

    def __post_init__(self) -> None:
        assert len(self.windows) == 7, "one window or None for each day of the week"

    def window_on(self, day: date, holidays: frozenset[date]) -> ContactWindow | None:
        """The hours of that day where the debtor lives; None when the day is closed."""
        return self.holidays if day in holidays else self.windows[day.weekday()]


@dataclass(frozen=True, slots=True)
class OptIn:
    """Channels that may be used only with the customer's consent, by law or by the provider's own terms.

    protects: the person kinds whose consent is needed.
    """

    channels: frozenset[str]
    protects: frozenset[str]
    provenance: Provenance

    def asks(self, channel: str, person_kind: str) -> bool:
        """True when this person has to have agreed to the channel."""
        return channel in self.channels and person_kind in self.protects


@dataclass(frozen=True, slots=True)
class ReasonNotAsked:
    """Who may not be asked why they have not paid; what they volunteer may be written down.

    protects: person kinds.
    """

    protects: frozenset[str]
    provenance: Provenance


class Content(StrEnum):
    """What a country wants said in a demand for payment."""

    CREDITOR = "creditor"
    ORIGIN = "origin"
    AMOUNT = "amount"
    BREAKDOWN = "breakdown"
    HOW_TO_PAY = "how_to_pay"
    RIGHTS = "rights"
    NOT_JUDICIAL = "not_judicial"
    COMPLAINTS = "complaints"
    PAY_ONLY_CREDITOR = "pay_only_creditor"


@dataclass(frozen=True, slots=True)
class RequiredContents:
    """What has to stand in a demand to whom the rule protects. binds: as in ContactLimits."""

    contents: tuple[Content, ...]
    protects: frozenset[str]
    binds: str
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class TimeZones:
    """Subdivisions of a country that keep another hour than its capital: ISO 3166-2 → IANA zone."""

    places: Mapping[str, str]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """What we know of one country's law. A section that was never verified is None, never guessed."""

    country: str
    name: str
    currency: str
    time_zone: str
    contact: ContactLimits
    late_interest: RateSeries | None = None
    legal_interest: RateSeries | None = None
    compensation: Compensation | None = None
    payment_terms: PaymentTerms | None = None
    public_payment_terms: PaymentTerms | None = None
    day_count: DayCount | None = None
    time_zones: TimeZones | None = None
    required_contents: RequiredContents | None = None
    opt_ins: tuple[OptIn, ...] = ()
    reason_not_asked: ReasonNotAsked | None = None

    def opt_in(self, channel: str, person_kind: str) -> OptIn | None:
        """The rule that asks for this person's consent to the channel; None where nothing does."""
        return next((each for each in self.opt_ins if each.asks(channel, person_kind)), None)

    def reason_kept_from(self, person_kind: str) -> ReasonNotAsked | None:
        """The rule that forbids asking this person why they have not paid; None where none does."""
        rule = self.reason_not_asked
        return rule if rule is not None and person_kind in rule.protects else None

    def zone_of(self, place: str) -> str:
        """The IANA zone of a calendar place such as ES-CN; the country's own where it keeps that hour."""
        known = self.time_zones.places if self.time_zones else {}
        return known.get(place.strip().upper(), self.time_zone)

    def label_for_confidence(self, confidence: Confidence | None) -> str:
        """The Spanish words beside a figure; a rate without confidence is one the parties agreed."""
        return "pactado" if confidence is None else confidence.label

    @property
    def gaps(self) -> tuple[str, ...]:
        """Spanish sentences, one for each figure this country's file does not give."""
        absent = [sentence for section, sentence in _GAPS.items() if getattr(self, section) is None]
        return tuple(f"{self.name}: {sentence}" for sentence in absent)


_GAPS = {
    "late_interest": "sin serie verificada de intereses de demora; solo se calculan con un tipo pactado.",
    "legal_interest": "sin serie verificada del interés legal; no se calcula si no hay tipo pactado.",
    "compensation": "sin compensación fija verificada por factura vencida; no se aplica ninguna.",
}
