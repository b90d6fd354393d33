"""A plan B is asked for before something large or risky falls due, and written by a person."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.plans_b import PlanRefused, write_plan_b
from aldia.operations.run import daily_run
from aldia.queries.customers import UnknownCustomer
from aldia.queries.plans_b import plans_of
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import Task
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from tests.cli.books import DAY, NOW, Books

pytestmark = pytest.mark.django_db(transaction=True)
BY: dict[str, Any] = {"actor": "user:7", "now": NOW}


@pytest.fixture
def luz() -> Creditor:
    from aldia.operations.creditors import create_creditor

    made = create_creditor(name="Luz", country="ES", code="luz", now=NOW, actor="prueba").creditor
    Creditor.objects.filter(pk=made.pk).update(large_account_minor=1_000_000)
    made.refresh_from_db()
    return made


def _customers(luz: Creditor) -> None:
    """GRANDE is large; TARDON pays late, FIABLE does not; JUSTO is a hair below large; LEJOS is due later;
    MENUDO pays late, and too little is at stake."""
    with transaction.atomic(), scope([luz.pk]):
        books = Books(luz)
        soon = DAY + timedelta(days=10)
        books.invoice(books.customer("GRANDE"), 1_000_000, soon)
        books.invoice(books.customer("JUSTO"), 999_999, soon)
        books.invoice(books.customer("LEJOS"), 1_000_000, soon + timedelta(days=1))
        for code, late in (("TARDON", 9), ("FIABLE", -1)):
            customer = books.customer(code)
            for month in range(2, 6):
                line = books.invoice(customer, 10_000, date(2026, month, 10))
                paid_on = date(2026, month, 10) + timedelta(days=late)
                books.payment(customer, 10_000, paid_on, due_line_ids=[line])
            books.invoice(customer, 150_000, DAY)
        small = books.customer("MENUDO")
        for month in range(2, 6):
            line = books.invoice(small, 10_000, date(2026, month, 10))
            books.payment(small, 10_000, date(2026, month, 19), due_line_ids=[line])
        books.invoice(small, 149_999, DAY)


def _asked(luz: Creditor) -> dict[str, tuple[str, str]]:
    with transaction.atomic(), scope([luz.pk]):
        tasks = Task.objects.filter(kind="plan_b").select_related("customer")
        return {task.customer.code: (task.once_key.rsplit("/", 1)[-1], task.state) for task in tasks}


def _run(luz: Creditor, on: date = DAY) -> None:
    daily_run(creditor=luz, on=on, now=NOW + (on - DAY), actor="prueba")


def _id(luz: Creditor, code: str) -> int:
    with transaction.atomic(), scope([luz.pk]):
        return Customer.objects.get(code=code).pk


def test_the_run_asks_once_for_a_plan_for_what_is_large_or_risky_and_soon_due(luz):
    _customers(luz)
    _run(luz)
    soon = (DAY + timedelta(days=10)).isoformat()
    expected = {"GRANDE": (soon, "open"), "TARDON": (DAY.isoformat(), "open")}
    assert _asked(luz) == expected
    _run(luz)
    assert _asked(luz) == expected


def test_a_plan_closes_the_task_and_serves_for_sixty_days(luz):
    _customers(luz)
    _run(luz)
    large, soon = _id(luz, "GRANDE"), DAY + timedelta(days=10)
    write_plan_b(creditor=luz, customer_id=large, for_on=soon, text=" Llamar a su gerente. ", **BY)
    with transaction.atomic(), scope([luz.pk]):
        seen = plans_of(luz, large)
        verbs = list(
            AuditEntry.objects.filter(creditor_id=luz.pk).order_by("pk").values_list("verb", flat=True)
        )
    assert (seen.asked_for, seen.current and seen.current.text) == (None, "Llamar a su gerente.")
    assert verbs[-1] == "customer.plan_b_written"
    assert _asked(luz)["GRANDE"][1] == "done"
    with transaction.atomic(), scope([luz.pk]):
        Books(luz).invoice(Customer.objects.get(pk=large), 1_000_000, soon + timedelta(days=60), number="Z")
        Books(luz).invoice(Customer.objects.get(pk=large), 1_000_000, soon + timedelta(days=61), number="ZZ")
    _run(luz, soon + timedelta(days=50))
    assert _asked(luz)["GRANDE"][1] == "done", "sixty days after the date it was for it still serves"
    _run(luz, soon + timedelta(days=61))
    with transaction.atomic(), scope([luz.pk]):
        assert Task.objects.filter(kind="plan_b", customer_id=large).count() == 2


def test_a_task_whose_due_date_has_passed_is_taken_back_and_not_asked_again_at_once(luz):
    _customers(luz)
    _run(luz)
    _run(luz, DAY + timedelta(days=1))
    assert _asked(luz)["TARDON"] == (DAY.isoformat(), "cancelled")
    with transaction.atomic(), scope([luz.pk]):
        late = Customer.objects.get(code="TARDON")
        Books(luz).invoice(late, 5_000, DAY + timedelta(days=5), number="Y")
        Task.objects.filter(kind="plan_b", customer=late).update(closed_on=DAY)
    _run(luz, DAY + timedelta(days=2))
    assert _asked(luz)["TARDON"] == (DAY.isoformat(), "cancelled")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"text": " \0"}, "text"),
        ({"text": "x" * 4_001}, "text"),
        ({"for_on": None}, "for_on"),
        ({"for_on": DAY - timedelta(days=1)}, "for_on"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_its_field(luz, said, field):
    _customers(luz)
    wanted: dict[str, Any] = {"for_on": DAY, "text": "Llamar"} | said
    with pytest.raises(PlanRefused) as refused:
        write_plan_b(creditor=luz, customer_id=_id(luz, "GRANDE"), **wanted, **BY)
    assert refused.value.facts["field"] == field
    with pytest.raises(UnknownCustomer):
        write_plan_b(creditor=luz, customer_id=10**12, for_on=DAY, text="Llamar", **BY)
