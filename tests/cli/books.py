"""One customer for each kind of answer, written through the ledger's own verbs."""

from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from aldia.operations.ledger import Due, book_invoice, record_dispute, record_hold, record_payment
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class Books:
    """Writes customers and their debts for one creditor."""

    def __init__(self, creditor: Creditor) -> None:
        self.creditor = creditor
        self.common: dict[str, Any] = {"creditor_id": creditor.pk, "actor": "prueba", "now": NOW}

    def customer(self, code: str, **fields: Any) -> Customer:
        return Customer.objects.create(
            creditor=self.creditor, code=code, **{"name": code, "person_kind": "business", **fields}
        )

    def invoice(self, customer: Customer, minor: int, due: date, *, number: str = "", **fields: Any) -> int:
        booked = book_invoice(
            **self.common,
            customer_id=customer.pk,
            number=number or f"F-{customer.code}-{due:%y%m%d}",
            issued_on=fields.pop("issued_on", min(due, date(2026, 1, 2))),
            dues=[Due(minor, due)],
            currency=fields.pop("currency", "EUR"),
            **fields,
        )
        return booked.due_line_ids[0]

    def payment(self, customer: Customer, minor: int, on: date, **fields: Any) -> None:
        record_payment(
            **self.common,
            customer_id=customer.pk,
            amount_minor=minor,
            currency="EUR",
            value_on=on,
            **fields,
        )


def write_books(creditor: Creditor) -> None:
    """As of 20 November 2026: one to be reminded, and one for each reason not to."""
    with transaction.atomic(), scope([creditor.pk]):
        _write(Books(creditor))


def _write(books: Books) -> None:
    late = books.customer("TARDE", name="Bar Tarde, S.L.")
    line = books.invoice(late, 100_000, date(2026, 10, 1), number="F-1")
    books.payment(late, 40_000, date(2026, 10, 21), due_line_ids=[line])
    paid = books.customer("PAGADO")
    books.payment(paid, 5_000, date(2026, 3, 2), due_line_ids=[books.invoice(paid, 5_000, date(2026, 2, 1))])
    books.invoice(books.customer("PRONTO"), 34_000, date(2026, 12, 1))
    over = books.customer("COBRADO")
    books.invoice(over, 9_500, date(2026, 11, 1))
    books.payment(over, 12_000, date(2026, 11, 5))
    disputed = books.customer("INCIDENCIA")
    record_dispute(
        **books.common, due_line_id=books.invoice(disputed, 20_000, date(2026, 9, 1)), on=date(2026, 9, 10)
    )
    held = books.customer("PAUSA")
    books.invoice(held, 20_000, date(2026, 9, 1))
    record_hold(**books.common, customer_id=held.pk, on=date(2026, 11, 1), until_on=date(2026, 12, 15))
    books.invoice(books.customer("CONCURSO", insolvent_on=date(2026, 10, 1)), 70_000, date(2026, 9, 1))
    books.invoice(books.customer("POCO"), 300, date(2026, 9, 1))
    books.customer("NUEVO")
