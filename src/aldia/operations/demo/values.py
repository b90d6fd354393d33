"""What the invented portfolio consists of: customers, rows of invoices, rows of payments."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DebtorKind(StrEnum):
    """How a customer pays; the words of the glossary."""

    CASUAL = "casual"
    STALLING = "stalling"
    CIRCUMSTANTIAL = "circumstantial"
    CARELESS = "careless"
    CHRONIC = "chronic"
    ILLIQUID = "illiquid"
    GOOD_PAYER = "good_payer"


class Party(StrEnum):
    """Who a customer is. A family pays for pupils, a foreign company in dollars."""

    FAMILY = "family"
    CONSUMER = "consumer"
    SOLE_TRADER = "sole_trader"
    COMPANY = "company"
    FOREIGN_COMPANY = "foreign_company"
    PUBLIC_BODY = "public_body"


class Tax(StrEnum):
    """What is charged on top; the value is the word in the table."""

    IVA = "IVA"
    SURCHARGE = "Recargo"
    IGIC = "IGIC"
    EXEMPT = "Exento"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a customer is; all but country blank when unknown. region: in Spain a calendar place, ES-MD."""

    street: str
    postal_code: str
    city: str
    region: str
    country: str = "ES"


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """One row of the customer table, and how it trades and pays (which no table says).

    size_cents: typical net amount of an invoice. terms: days from issue to each due date. agreed_rate:
    percent as a clerk writes it, blank for none. since, until: first and last day of trade.
    """

    code: str
    name: str
    tax_id: str
    party: Party
    debtor_kind: DebtorKind
    address: Address
    email: str
    phone: str
    language: str
    form_of_address: str
    tags: str
    contact_name: str
    contact_role: str
    group: str
    agreed_rate: str
    tax: Tax
    currency: str
    size_cents: int
    terms: tuple[int, ...]
    direct_debit: bool
    pupils: tuple[str, ...]
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class DemoLine:
    """One row of the invoice table: a due line, or a credit note (then all amounts are negative).

    amount_minor = net_minor + tax_minor − retention_minor, in minor units of currency. rate_bp: basis
    points. corrects: the number a credit note speaks of.
    """

    number: str
    customer: DemoCustomer
    issued_on: date
    due_date: date
    net_minor: int
    tax_minor: int
    rate_bp: int
    retention_minor: int
    beneficiary: str
    description: str
    corrects: str = ""

    @property
    def amount_minor(self) -> int:
        """What is to be paid."""
        return self.net_minor + self.tax_minor - self.retention_minor


@dataclass(frozen=True, slots=True)
class DemoPayment:
    """One row of the payment table; customer_code and invoice_number are blank where the payer gave none."""

    reference: str
    customer_code: str
    value_date: date
    amount_minor: int
    currency: str
    invoice_number: str
    method: str
    description: str
