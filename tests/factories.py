"""Rows for tests: keyword-only, quiet defaults. All but creditors and users need their creditor in scope."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from aldia.records.cases.models import DailyRun, Episode, StrategyVersion
from aldia.records.intake.models import ImportBatch
from aldia.records.ledger.models import (
    Allocation,
    Credit,
    CreditBalance,
    Document,
    DueLine,
    ItemBalance,
    Refund,
    Reversal,
)
from aldia.records.outreach.models import Dispatch, Message
from aldia.records.parties.models import Contact, Customer
from aldia.records.tenancy.models import Creditor, Membership, User

ISSUED = date(2026, 1, 10)
DUE = date(2026, 2, 9)
PAID = date(2026, 2, 20)
MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)

_serial = count(1)


def creditor(**fields: Any) -> Creditor:
    """A company in Madrid that counts in euros."""
    number = next(_serial)
    defaults = {
        "code": f"empresa-{number}",
        "name": f"Empresa {number}",
        "country": "ES",
        "currency": "EUR",
        "time_zone": "Europe/Madrid",
    }
    return Creditor.objects.create(**defaults | fields)


def user(**fields: Any) -> User:
    """Somebody who cannot log in."""
    number = next(_serial)
    return User.objects.create_user(
        **{"email": f"u{number}@example.com", "name": f"Usuario {number}"} | fields
    )


def membership(*, creditor: Creditor, **fields: Any) -> Membership:
    """A gestor of the creditor."""
    fields.setdefault("user", None)
    fields["user"] = fields["user"] or user()
    return Membership.objects.create(creditor=creditor, **{"role": "gestor"} | fields)


def batch(*, creditor: Creditor, **fields: Any) -> ImportBatch:
    """An empty file, staged."""
    defaults = {"kind": "invoices", "file_name": "facturas.csv", "file_digest": "0" * 64, "content": b""}
    return ImportBatch.objects.create(creditor=creditor, **defaults | fields)


def customer(*, creditor: Creditor, **fields: Any) -> Customer:
    """A business customer."""
    number = next(_serial)
    defaults = {"code": f"C{number}", "name": f"Cliente {number}", "person_kind": "business"}
    return Customer.objects.create(creditor=creditor, **defaults | fields)


def contact(*, customer: Customer, **fields: Any) -> Contact:
    """Somebody in accounts payable who may be written to."""
    defaults = {"role": "accounts_payable", "customer_minor": customer.minor}
    return Contact.objects.create(creditor_id=customer.creditor_id, customer=customer, **defaults | fields)


def document(*, customer: Customer, total_minor: int = 10_000, **fields: Any) -> Document:
    """An invoice of 100 €."""
    defaults = {"kind": "invoice", "number": f"F{next(_serial)}", "currency": "EUR", "issued_on": ISSUED}
    merged: dict[str, Any] = defaults | fields
    merged.setdefault("effective_on", merged["issued_on"])
    return Document.objects.create(
        creditor_id=customer.creditor_id, customer=customer, total_minor=total_minor, **merged
    )


def due_line(*, customer: Customer, amount_minor: int = 10_000, **fields: Any) -> DueLine:
    """One line of 100 €, due thirty days after issue, with a document of its own unless one is given."""
    issued_on, currency = fields.pop("issued_on", ISSUED), fields.pop("currency", "EUR")
    of = fields.pop("document", None) or document(
        customer=customer, total_minor=amount_minor, issued_on=issued_on, currency=currency
    )
    defaults = {
        "kind": of.kind,
        "issued_on": of.issued_on,
        "effective_on": of.issued_on,
        "due_date": DUE,
        "currency": of.currency,
        "source_key": f"line:{next(_serial)}",
    }
    return DueLine.objects.create(
        creditor_id=customer.creditor_id,
        customer=customer,
        document=of,
        amount_minor=amount_minor,
        **defaults | fields,
    )


def credit(*, customer: Customer, **fields: Any) -> Credit:
    """A payment of 100 €, on account until allocated."""
    return _credit(creditor_id=customer.creditor_id, customer=customer, **fields)


def unidentified(*, creditor: Creditor, **fields: Any) -> Credit:
    """A payment of 100 € that is nobody's so far."""
    return _credit(creditor_id=creditor.pk, customer=None, **fields)


def _credit(**fields: Any) -> Credit:
    defaults = {"kind": "payment", "currency": "EUR", "effective_on": PAID, "amount_minor": 10_000}
    return Credit.objects.create(**defaults | fields)


def unsaved_allocation(*, credit: Credit, due_line: DueLine, amount_minor: int, **fields: Any) -> Allocation:
    """The allocation as a row not yet saved."""
    defaults: dict[str, Any] = {
        "customer_id": due_line.customer_id,
        "credit_customer_id": credit.customer_id,
        "currency": credit.currency,
        "effective_on": max(credit.effective_on, due_line.effective_on),
    }
    return Allocation(
        creditor_id=credit.creditor_id,
        credit=credit,
        due_line=due_line,
        amount_minor=amount_minor,
        **defaults | fields,
    )


def allocation(*, credit: Credit, due_line: DueLine, amount_minor: int, **fields: Any) -> Allocation:
    """So much of the credit to the line, on the first day it can be."""
    row = unsaved_allocation(credit=credit, due_line=due_line, amount_minor=amount_minor, **fields)
    row.save(force_insert=True)
    return row


def refund(*, credit: Credit, amount_minor: int, **fields: Any) -> Refund:
    """So much of the credit given back on its value date."""
    defaults = {"currency": credit.currency, "effective_on": credit.effective_on}
    return Refund.objects.create(
        creditor_id=credit.creditor_id, credit=credit, amount_minor=amount_minor, **defaults | fields
    )


def unsaved_reversal(
    *, row: Credit | DueLine | Allocation | Refund, amount_minor: int, **fields: Any
) -> Reversal:
    """A reversal of the row on its own day, not yet saved."""
    name = {Credit: "credit", DueLine: "due_line", Allocation: "allocation", Refund: "refund"}[type(row)]
    payer = row.credit.customer_id if isinstance(row, Refund) else row.customer_id
    defaults = {
        "customer_id": payer,
        "currency": row.currency,
        "kind": "undo",
        "effective_on": row.effective_on,
    }
    return Reversal(
        creditor_id=row.creditor_id, amount_minor=amount_minor, **{name: row}, **defaults | fields
    )


def reversal(*, row: Credit | DueLine | Allocation | Refund, amount_minor: int, **fields: Any) -> Reversal:
    """Takes back so much of the row on its own day."""
    undone = unsaved_reversal(row=row, amount_minor=amount_minor, **fields)
    undone.save(force_insert=True)
    return undone


def item(line: DueLine) -> ItemBalance:
    """The line's balance as it stands."""
    return ItemBalance.objects.get(pk=line.pk)


def account(credit: Credit) -> CreditBalance:
    """The credit's balance as it stands."""
    return CreditBalance.objects.get(pk=credit.pk)


def strategy_version(*, creditor: Creditor, **fields: Any) -> StrategyVersion:
    """The first version of an empty strategy."""
    defaults = {"name": f"estrategia-{next(_serial)}", "version": 1, "toml": "", "digest": "0" * 64}
    return StrategyVersion.objects.create(creditor=creditor, **defaults | fields)


def episode(*, customer: Customer, **fields: Any) -> Episode:
    """Open since the day after the due date."""
    defaults = {"opened_on": date(2026, 2, 10)}
    return Episode.objects.create(creditor_id=customer.creditor_id, customer=customer, **defaults | fields)


def run(*, creditor: Creditor, **fields: Any) -> DailyRun:
    """The first run of 2 March 2026."""
    defaults = {"on_date": date(2026, 3, 2), "now_at": MORNING}
    return DailyRun.objects.create(creditor=creditor, **defaults | fields)


def dispatch(*, customer: Customer, **fields: Any) -> Dispatch:
    """A mail that is being sent."""
    key = fields.get("key", f"dunning:{next(_serial)}:2026-03-02")
    defaults = {
        "key": key,
        "unit": key,
        "channel": "email",
        "recipient": "a@example.com",
        "message_id": f"<{key}@example.com>",
        "worker": 1,
        "claimed_at": MORNING,
    }
    return Dispatch.objects.create(creditor_id=customer.creditor_id, customer=customer, **defaults | fields)


def send_message(message: Message, *, at: datetime, **fields: Any) -> Message:
    """The planned message leaves at that moment, as the outbox would let it."""
    key = message.bundle or message.once_key
    mail = dispatch(customer=message.customer, key=key, claimed_at=at, **fields)
    rows = Message.objects.filter(pk=message.pk)
    rows.update(state="sending", dispatch=mail)
    Dispatch.objects.filter(pk=mail.pk).update(state="sent", begun_at=at, finished_at=at)
    rows.update(state="sent", sent_at=at, sent_on=at.date())
    message.refresh_from_db()
    return message


def message(*, customer: Customer, **fields: Any) -> Message:
    """A planned first reminder by e-mail."""
    defaults = {
        "once_key": f"episode:{next(_serial)}/first/1",
        "kind": "dunning",
        "step": "first",
        "channel": "email",
        "planned_on": date(2026, 3, 2),
    }
    return Message.objects.create(creditor_id=customer.creditor_id, customer=customer, **defaults | fields)
