"""A morning at Papelería Luz: cases of every sort, worked by Gema, beside Marta, under Rosa."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction

from aldia.operations.run import daily_run
from aldia.operations.teams import CollectorTerms, set_collector
from aldia.records.cases.models import Case
from aldia.records.parties.models import Contact, ContactPoint, Customer
from aldia.records.tenancy.models import Membership
from aldia.records.tenancy.scope import scope
from tests.cli.books import DAY, NOW, Books
from tests.desk.conftest import founded, person, write_words

COLA = "/acreedor/luz/cola/"


def morning(count: int = 5) -> Any:
    """The creditor with so many overdue customers, each with a telephone, all of them Gema's."""
    luz = founded("luz", "Papelería Luz")
    gema = member(luz, "gema@luz.example", "gestor", "Gema Sol")
    with transaction.atomic(), scope([luz.pk]):
        terms = CollectorTerms(cases_per_day=40)
        set_collector(creditor=luz, member_id=gema.pk, terms=terms, actor="prueba", now=NOW)
        books = Books(luz)
        for place in range(1, count + 1):
            _late(books, place)
    write_words(luz)
    daily_run(creditor=luz, on=DAY, now=NOW, actor="prueba")
    return luz


def _late(books: Books, place: int) -> Customer:
    """The earlier in the list, the more is owed."""
    customer = books.customer(f"C{place:02}", name=f"Cliente {place:02}")
    due = date(2026, 10, 1) - timedelta(days=place)
    books.invoice(customer, 500_000 - place * 10_000, due, number=f"F-{place}A")
    books.invoice(customer, 20_000 + place, due + timedelta(days=20), number=f"F-{place}B")
    telephone(customer, f"+34 600 000 0{place:02}")
    return customer


def telephone(customer: Customer, number: str, name: str = "") -> ContactPoint:
    """A contact who is called."""
    own = {"creditor_id": customer.creditor_id}
    contact = Contact.objects.create(**own, customer=customer, name=name, is_recipient=True)
    return ContactPoint.objects.create(
        **own, customer=customer, contact=contact, channel="phone", value=number
    )


def member(creditor: Any, email: str, role: str, name: str = "") -> Membership:
    """Somebody of the house."""
    user = person(creditor, email, role)
    if name:
        type(user).objects.filter(pk=user.pk).update(name=name)
    return Membership.objects.get(creditor=creditor, user=user)


def case_of(creditor: Any, code: str) -> Case:
    """The case of that customer."""
    with transaction.atomic(), scope([creditor.pk]):
        return Case.objects.select_related("customer").get(customer__code=code)
