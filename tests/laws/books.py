"""A creditor with customers and quiet defaults, for tests that drive the ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection, transaction

from aldia.operations import ledger
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
DAY_ONE = date(2026, 1, 1)
_numbers = count(1)


def day(number: int) -> date:
    """The n-th day of the tests' calendar, counted from 1 January 2026."""
    return DAY_ONE + timedelta(days=number)


def make_creditor(*, currency: str = "EUR") -> Creditor:
    """A creditor nobody else uses."""
    code = f"acreedor-{next(_numbers)}"
    return Creditor.objects.create(
        code=code, name=code, country="ES", currency=currency, time_zone="Europe/Madrid"
    )


def make_customer(*, creditor_id: int, code: str = "") -> int:
    """A customer's id; needs the creditor's scope."""
    name = code or f"C{next(_numbers)}"
    return Customer.objects.create(creditor_id=creditor_id, code=name, name=name).pk


@dataclass(frozen=True, slots=True)
class Books:
    """The verbs of the ledger with most of their arguments already said."""

    creditor_id: int
    customer_id: int

    def invoice(
        self, amount_minor: int = 10_000, *, issued: int = 0, due: int | None = None, **more: Any
    ) -> int:
        """An invoice with one line; the line's id. Days count from 1 January 2026."""
        said: dict[str, Any] = {
            "customer_id": self.customer_id,
            "number": f"F-{next(_numbers)}",
            "issued_on": day(issued),
            "dues": [ledger.Due(amount_minor, day(issued + 30 if due is None else due))],
            "currency": "EUR",
        }
        return ledger.book_invoice(**{**said, **self._by, **more}).due_line_ids[0]

    def payment(self, amount_minor: int = 10_000, *, on: int = 0, **more: Any) -> ledger.Applied:
        """A payment; unapplied unless `due_line_ids` or `names_document` say otherwise."""
        said: dict[str, Any] = {
            "customer_id": self.customer_id,
            "amount_minor": amount_minor,
            "currency": "EUR",
            "value_on": day(on),
        }
        return ledger.record_payment(**(said | self._by | more))

    def do(self, verb: str, **said: Any) -> Any:
        """Any verb; `on`, where given as a number, is a day of the tests' calendar."""
        if isinstance(said.get("on"), int):
            said["on"] = day(said["on"])
        return getattr(ledger, verb)(**(said | self._by))

    @property
    def _by(self) -> dict[str, Any]:
        return {"creditor_id": self.creditor_id, "actor": "ana", "now": NOW}


@contextmanager
def open_books() -> Iterator[Books]:
    """Books of a new creditor in their own transaction and scope; rolled back at the end."""
    with transaction.atomic():
        creditor_id = make_creditor().pk
        with scope([creditor_id]):
            yield Books(creditor_id, make_customer(creditor_id=creditor_id))
        transaction.set_rollback(True)


def open_minor(line_id: int) -> int:
    """What the kept balance says is open of a line."""
    return _one("SELECT open_minor FROM ledger_item_balance WHERE due_line_id = %s", line_id)


def unallocated_minor(credit_id: int) -> int:
    """What the kept balance says is left of a credit."""
    return _one("SELECT unallocated_minor FROM ledger_credit_balance WHERE credit_id = %s", credit_id)


def _one(query: str, id_: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, [id_])
        return int(cursor.fetchone()[0])


def open_as_of(line_id: int, on: date) -> int:
    """What is open of a line as of a day, from the rows alone."""
    query = """
        SELECT coalesce(sum(m), 0) FROM (
            SELECT amount_minor AS m FROM ledger_due_line WHERE id = %(id)s AND effective_on <= %(on)s
            UNION ALL SELECT -amount_minor FROM ledger_reversal
            WHERE due_line_id = %(id)s AND effective_on <= %(on)s
            UNION ALL SELECT -amount_minor FROM ledger_allocation
            WHERE due_line_id = %(id)s AND effective_on <= %(on)s
            UNION ALL SELECT r.amount_minor FROM ledger_reversal r
            JOIN ledger_allocation a ON a.id = r.allocation_id
            WHERE a.due_line_id = %(id)s AND r.effective_on <= %(on)s) x"""
    with connection.cursor() as cursor:
        cursor.execute(query, {"id": line_id, "on": on})
        return int(cursor.fetchone()[0])
