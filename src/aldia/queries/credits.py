"""The list of money that came in: what is not applied, what is nobody's, all payments, what went back.

As it stands today by the kept balances. Newest value date first.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from aldia.kernel.money import Money
from aldia.queries import credits_sql as sql
from aldia.queries.asking import ask
from aldia.queries.list_pages import COUNTED_MAX, PAGE, Place, cut_page, place_of
from aldia.queries.word_search import Words, words_asked
from aldia.records.ledger.models import CreditKind
from aldia.records.tenancy.models import Creditor


class WhichCredits(StrEnum):
    """UNAPPLIED: credits of customers with something left. UNIDENTIFIED: nobody's, with something left.
    PAYMENTS: every payment. OTHERS: credit notes, withholdings, write-offs and the like."""

    UNAPPLIED = "unapplied"
    UNIDENTIFIED = "unidentified"
    PAYMENTS = "payments"
    OTHERS = "others"
    REVERSED = "reversed"
    REFUNDED = "refunded"


_WHERE = {
    WhichCredits.UNAPPLIED: "b.unallocated_minor > 0 AND c.customer_id IS NOT NULL",
    WhichCredits.UNIDENTIFIED: "b.unallocated_minor > 0 AND c.customer_id IS NULL",
    WhichCredits.PAYMENTS: "c.kind = 'payment'",
    WhichCredits.OTHERS: "NOT (c.kind = 'payment')",
    WhichCredits.REVERSED: "b.reversed_minor > 0",
    WhichCredits.REFUNDED: "b.refunded_minor > 0",
}


@dataclass(frozen=True, slots=True)
class CreditsAsked:
    """text: words of the customer. place: a token of another page."""

    which: WhichCredits = WhichCredits.UNAPPLIED
    text: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class CreditRow:
    """A credit. customer_id: None while it is nobody's. kind: code, label: its Spanish name.

    amount = allocated + refunded + reversed + unallocated. names_document: the number it says it pays.
    """

    credit_id: int
    kind: str
    label: str
    value_on: date
    customer_id: int | None
    code: str
    name: str
    payer_name: str
    reference: str
    number: str
    method: str
    names_document: str
    batch_id: int | None
    amount: Money
    allocated: Money
    refunded: Money
    reversed: Money
    unallocated: Money


@dataclass(frozen=True, slots=True)
class CreditTotal:
    """What the rows found add up to in one currency."""

    amount: Money
    unallocated: Money


@dataclass(frozen=True, slots=True)
class CreditPage:
    """found: how many, capped where there are more; totals: none where capped."""

    rows: tuple[CreditRow, ...]
    before: str
    after: str
    found: int
    capped: bool
    totals: tuple[CreditTotal, ...]


@dataclass(frozen=True, slots=True)
class PaymentSource:
    """A file of payments that comes again, by its name ("" for those without): when it last came in."""

    name: str
    committed_at: datetime
    batch_id: int
    file_name: str


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far payments are known. newest_on: the latest value date of any payment; None without payments."""

    newest_on: date | None
    sources: tuple[PaymentSource, ...]


def credit_page(creditor: Creditor, asked: CreditsAsked) -> CreditPage:
    """One page of credits. In a transaction and the creditor's scope."""
    place = place_of(asked.place)
    place = place if place and place.fits("date") else None
    words = words_asked(creditor.pk, asked.text)
    source = sql.SOURCE.format(which=_WHERE[asked.which], has_words=words.of("c.customer_id"))
    page = cut_page(ask(_page(source, place), **_values(creditor, words, place)), place)
    counted = ask(sql.COUNTED.format(source=source), **_values(creditor, words, None), counted=COUNTED_MAX)
    found = sum(row["n"] for row in counted)
    return CreditPage(
        rows=tuple(_row(row) for row in page.rows),
        before=page.before,
        after=page.after,
        found=min(found, COUNTED_MAX),
        capped=found > COUNTED_MAX,
        totals=tuple(_total(row) for row in counted) if found <= COUNTED_MAX else (),
    )


def payment_freshness(creditor_id: int) -> Freshness:
    """The latest payment known, and when each source of payments last came in."""
    newest = ask(sql.NEWEST, creditor=creditor_id)[0]["newest"]
    rows = ask(sql.SOURCES, creditor=creditor_id)
    return Freshness(newest, tuple(PaymentSource(**row) for row in rows))


def _page(source: str, place: Place | None) -> str:
    up = place is not None and place.backwards
    beyond = sql.BEYOND.format(op=">" if up else "<") if place else ""
    return sql.PAGE.format(source=source, beyond=beyond, way="ASC" if up else "DESC")


def _values(creditor: Creditor, words: Words, place: Place | None) -> dict[str, Any]:
    values = {"creditor": creditor.pk, "most": PAGE + 1, **words.values}
    return values if place is None else {**values, "key": place.key, "id": place.id}


def _row(row: dict[str, Any]) -> CreditRow:
    def money(name: str) -> Money:
        return Money(row[f"{name}_minor"], row["currency"])

    return CreditRow(
        credit_id=row["id"],
        kind=row["kind"],
        label=str(CreditKind(row["kind"]).label),
        value_on=row["effective_on"],
        customer_id=row["customer_id"],
        code=row["code"] or "",
        name=row["name"] or "",
        payer_name=row["payer_name"],
        reference=row["reference"],
        number=row["number"],
        method=row["method"],
        names_document=row["names_document"],
        batch_id=row["batch_id"],
        amount=money("amount"),
        allocated=money("allocated"),
        refunded=money("refunded"),
        reversed=money("reversed"),
        unallocated=money("unallocated"),
    )


def _total(row: dict[str, Any]) -> CreditTotal:
    return CreditTotal(
        Money(row["amount_minor"], row["currency"]), Money(row["unallocated_minor"], row["currency"])
    )
