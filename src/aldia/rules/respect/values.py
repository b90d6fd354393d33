"""A text that is read before it is kept or leaves, and what is found in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """BLOCK: a manager has to accept it, with a reason. WARN: whoever writes is told."""

    BLOCK = "block"
    WARN = "warn"


class Code(StrEnum):
    """What is found, in the order in which findings are told."""

    THREAT = "threat"
    INSULT = "insult"
    SHAMING = "shaming"
    THIRD_PARTIES = "third_parties"
    COURT_LOOK = "court_look"
    FALSE_AUTHORITY = "false_authority"
    CONSEQUENCE = "consequence"
    REVEALS_DEBT = "reveals_debt"
    ASKS_REASON = "asks_reason"
    FALSE_URGENCY = "false_urgency"
    SHOUTING = "shouting"
    MISSING = "missing"
    HARD_TO_READ = "hard_to_read"
    PRIVATE_LIFE = "private_life"


class Place(StrEnum):
    """Where words stand. All but body and note are seen by whoever is beside the customer: on a locked
    screen, on the envelope, on somebody else's telephone."""

    SUBJECT = "subject"
    PREVIEW = "preview"
    ENVELOPE = "envelope"
    VOICEMAIL = "voicemail"
    WRONG_PERSON = "wrong_person"
    BODY = "body"
    NOTE = "note"


OPEN_TO_OTHERS = frozenset(
    {Place.SUBJECT, Place.PREVIEW, Place.ENVELOPE, Place.VOICEMAIL, Place.WRONG_PERSON}
)


class Consequence(StrEnum):
    """What may follow on not paying, and may be announced only where it really does."""

    AGENCY = "agency"
    SUIT = "suit"
    FILE = "file"
    SUSPENSION = "suspension"


FOUNDED: frozenset[Consequence] = frozenset()
"""Those that a strategy can really have: none is built yet, so none is announced."""


@dataclass(frozen=True, slots=True)
class Reading:
    """For whom a text is.

    country: of the customer, ISO 3166. person_kind: consumer, business, public_body. kind: of the step
    (dunning, pre_due, …). announced: consequences the strategy really has after this step, for a case that is
    eligible. last: no reminder follows. language: the words and the measure of reading ease are Spanish; a
    text in another language is read for what it shares with it. others: what must not be named to this
    customer: names, codes and documents of those who share a group, a pupil or an address with them.
    """

    country: str = "ES"
    person_kind: str = "consumer"
    kind: str = "dunning"
    announced: frozenset[Consequence] = FOUNDED
    last: bool = False
    language: str = "es"
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. place, start, end: where; start == end where something is missing or all is meant.

    excerpt: the words. sentence: Spanish, what is wrong and what to do. source: law with its confidence, or
    the rule of the house; Spanish. facts: fit for JSON.
    """

    code: Code
    severity: Severity
    place: Place
    sentence: str
    source: str
    excerpt: str = ""
    start: int = 0
    end: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        """True where a manager has to accept it."""
        return self.severity is Severity.BLOCK
