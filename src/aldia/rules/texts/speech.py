"""What one message may speak of: the facts that its placeholders say. Amounts are whole minor units."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Said:
    """One due line as the message tells it.

    label: «Factura F-118». heading: of its group, "" where there is but one. days: of delay, 0 or less before
    it is late. asked_minor: what is asked of it. interest_minor, compensation_minor: demanded, else 0.
    kind: of its document: invoice, fee, charge_note, opening_balance.
    """

    due_line_id: int
    number: str
    label: str
    due_date: date
    days: int
    currency: str
    asked_minor: int
    heading: str = ""
    interest_minor: int = 0
    compensation_minor: int = 0
    kind: str = "invoice"


@dataclass(frozen=True, slots=True)
class Promised:
    """What the customer said would be paid, and when."""

    amount_minor: int
    currency: str
    on: date


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment of a plan. number: from 1."""

    number: int
    due_on: date
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Received:
    """A payment that has come in. rest: currency → what is still owed; empty where nothing is."""

    amount_minor: int
    currency: str
    on: date
    rest: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Balance:
    """What is owed at the end of a day. owed: currency → minor units, 0 where accounts are even."""

    on: date
    owed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Disputed:
    """What the customer says is not right, and how it ended; "" while it is open."""

    subject: str
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """What is given to the customer. stops_on: the day it is suspended, None where that will not be."""

    name: str
    stops_on: date | None = None


@dataclass(frozen=True, slots=True)
class CopySaid:
    """What the message brings of one document. label: «Factura F-118». url: "" where the files are attached
    or were left out."""

    label: str
    url: str = ""
    is_attached: bool = False


@dataclass(frozen=True, slots=True)
class Speech:
    """The facts of one message at one moment; what is "" or None has nothing to say.

    lines: what it speaks of, oldest first; those with the first line's heading count for the totals.
    unapplied: money of the customer not yet applied, taken off per currency. form: tu, usted or vos.
    claims: interest and compensation are demanded; norm: by which law. language: of the text.
    country: of the creditor, whose words are used. law_country: of the customer, whose rights are told; ""
    for the creditor's. answer_by: until when an answer is awaited. consequence: what the strategy really does
    next for this case: agency, suit, file or suspension. instalment: number of the plan's payment due now.
    copies: of the documents told, that go with the message.
    """

    creditor: str
    customer: str
    code: str
    today: date
    lines: tuple[Said, ...] = ()
    unapplied: Mapping[str, int] = field(default_factory=dict)
    contact: str = ""
    person_kind: str = "consumer"
    form: str = "usted"
    tone: str = "amable"
    channel: str = "email"
    deadline: date | None = None
    claims: bool = False
    norm: str = ""
    tax_id: str = ""
    phone: str = ""
    manager: str = ""
    how_to_pay: str = ""
    locale: str = "es_ES"
    language: str = "es"
    country: str = "ES"
    law_country: str = ""
    consequence: str = ""
    answer_by: date | None = None
    balance: Balance | None = None
    promise: Promised | None = None
    plan: tuple[Instalment, ...] = ()
    instalment: int = 0
    payment: Received | None = None
    dispute: Disputed | None = None
    service: Service | None = None
    copies: tuple[CopySaid, ...] = ()

    @property
    def main(self) -> tuple[Said, ...]:
        """The lines the message is about; others are told below them."""
        return tuple(line for line in self.lines if line.heading == self.lines[0].heading)

    @property
    def totals(self) -> dict[str, int]:
        """Currency → what is asked for, unapplied money taken off; never added together."""
        return totals_of(self.main, self.unapplied)

    @property
    def is_familiar(self) -> bool:
        """A person who is addressed as tú or vos."""
        return self.form != "usted" and self.person_kind == "consumer"


def totals_of(lines: Iterable[Said], unapplied: Mapping[str, int]) -> dict[str, int]:
    """Currency → sum of the lines less money not yet applied, in order of the currencies."""
    sums = sum_by_currency((line.currency, line.asked_minor) for line in lines)
    return {currency: minor - unapplied.get(currency, 0) for currency, minor in sums.items()}


def sum_by_currency(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Currency → sum, in order of the currencies."""
    sums: dict[str, int] = {}
    for currency, minor in amounts:
        sums[currency] = sums.get(currency, 0) + minor
    return dict(sorted(sums.items()))
