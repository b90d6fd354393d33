"""A house in Madrid and its customers, lived through day by day: what the stories of this folder share."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from aldia.operations.ledger import Due, book_invoice, record_payment
from aldia.operations.outbox import approve
from aldia.operations.run import daily_run
from aldia.records.ledger.models import ItemBalance
from aldia.records.outreach.models import Message
from aldia.records.parties.models import Contact, ContactPoint, Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from tests.operations.outbox.house import send

MADRID = ZoneInfo("Europe/Madrid")
BEFORE = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def at_hour(on: date, hour: int, minute: int = 0) -> datetime:
    """That hour of that day in Madrid."""
    return datetime.combine(on, time(hour, minute), MADRID).astimezone(UTC)


@dataclass(slots=True)
class Casa:
    """The house, its customers by name, addresses that no longer exist, and the last day that was lived."""

    creditor: Creditor
    customers: dict[str, Customer] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    today: date = date(2026, 9, 1)

    def day(self, on: date, *, approves: bool = False, between: Any = None) -> None:
        """The day's run at nine, perhaps something in between, and what may leave at ten."""
        self.today, morning = on, at_hour(on, 9)
        daily_run(creditor=self.creditor, on=on, actor="prueba", now=morning)
        if between is not None:
            between(morning)
        if approves:
            approve(creditor=self.creditor, actor="ana", now=morning)
        send(self.creditor, now=morning + timedelta(hours=1))

    def days(self, first: date, last: date, *, approves: bool = False) -> None:
        """Each of these days."""
        while first <= last:
            self.day(first, approves=approves)
            first += timedelta(days=1)

    def messages(self, name: str, **which: Any) -> list[Message]:
        """The customer's, as they were planned."""
        with transaction.atomic(), scope([self.creditor.pk]):
            found = Message.objects.filter(customer=self.customers[name], **which).order_by("pk")
            return list(found.select_related("dispatch"))

    def welcomes(self, name: str, *, person_kind: str = "business", **points: str) -> Customer:
        """A new customer with one contact and these addresses."""
        code = name.rsplit(maxsplit=1)[-1].upper()
        with transaction.atomic(), scope([self.creditor.pk]):
            customer = Customer.objects.create(
                creditor=self.creditor, code=code, name=name, person_kind=person_kind, country="ES"
            )
            of: dict[str, Any] = {"creditor": self.creditor, "customer": customer}
            role = "accounts_payable" if person_kind == "business" else "holder"
            contact = Contact.objects.create(**of, name="Ana Gil", role=role)
            for channel, value in points.items():
                ContactPoint.objects.create(**of, contact=contact, channel=channel, value=value)
        self.customers[name] = customer
        return customer

    def owes(self, name: str, minor: int, due: date, *, issued: date | None = None, **more: Any) -> int:
        """An invoice of one due date, its line's id."""
        with transaction.atomic(), scope([self.creditor.pk]):
            count = ItemBalance.objects.filter(customer=self.customers[name]).count()
            booked = book_invoice(
                creditor_id=self.creditor.pk,
                customer_id=self.customers[name].pk,
                number=f"F-{self.customers[name].code}-{count + 1}",
                issued_on=issued or date(2026, 9, 1),
                dues=[Due(minor, due)],
                currency="EUR",
                actor="prueba",
                now=BEFORE,
                **more,
            )
        return booked.due_line_ids[0]

    def pays(self, name: str, minor: int, on: date, *, lines: list[int] | None = None) -> None:
        """Money of the customer's, put to what is oldest unless the lines are named."""
        with transaction.atomic(), scope([self.creditor.pk]):
            owed = ItemBalance.objects.filter(customer=self.customers[name], open_minor__gt=0)
            oldest = list(
                owed.order_by("due_line__due_date", "due_line_id").values_list("due_line", flat=True)
            )
            record_payment(
                creditor_id=self.creditor.pk,
                customer_id=self.customers[name].pk,
                amount_minor=minor,
                currency="EUR",
                value_on=on,
                due_line_ids=lines or oldest,
                actor="prueba",
                now=at_hour(on, 8),
            )

    def has_paid(self, name: str, times: int, earliest: int, latest: int) -> None:
        """So many invoices of the months before, paid so many days late each, evenly between the two."""
        for place in range(times):
            due = date(2026, 8, 15) - timedelta(days=30 * (times - place))
            line = self.owes(name, 20_000 + place * 100, due, issued=due - timedelta(days=30))
            late = earliest + (latest - earliest) * place // max(times - 1, 1)
            self.pays(name, 20_000 + place * 100, due + timedelta(days=late), lines=[line])
