"""From the run to the mail with the real gate and the real texts: what changed since the plan is seen."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.creditors import create_creditor
from aldia.operations.ledger import record_payment
from aldia.operations.outbox import approve, use_mailbox
from aldia.operations.run import daily_run
from aldia.queries.outbox import mailbox
from aldia.records.outreach.models import DispatchLine, MessageLine
from aldia.records.parties.models import Contact, ContactPoint, Customer
from aldia.records.tenancy.scope import scope
from tests.cli.books import DAY, NOW, write_books
from tests.operations.outbox.house import messages, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BY: dict[str, Any] = {"actor": "prueba", "now": NOW}


@pytest.fixture
def luz():
    """«Papelería Luz» on 20 November 2026: 600 € of «Bar Tarde» are overdue, its reminder is approved."""
    creditor = create_creditor(name="Papelería Luz", country="ES", code="luz", **BY).creditor
    write_books(creditor)
    use_mailbox(creditor=creditor, **BY)
    with transaction.atomic(), scope([creditor.pk]):
        late = Customer.objects.get(code="TARDE")
        of = {"creditor": creditor, "customer": late}
        contact = Contact.objects.create(**of, name="Ana {{7*7}} <b>\u202e", role="accounts_payable")
        ContactPoint.objects.create(**of, contact=contact, channel="email", value="ana@example.com")
    daily_run(creditor=creditor, on=DAY, **BY)
    approve(creditor=creditor, **BY)
    return creditor


def _pays(creditor, minor, on=DAY):
    with transaction.atomic(), scope([creditor.pk]):
        late = Customer.objects.get(code="TARDE")
        line = MessageLine.objects.filter(customer=late).values_list("due_line_id", flat=True)[0]
        record_payment(
            creditor_id=creditor.pk,
            customer_id=late.pk,
            amount_minor=minor,
            currency="EUR",
            value_on=on,
            due_line_ids=[line],
            **BY,
        )


def test_the_reminder_leaves_with_the_name_inert_and_the_amount_of_the_moment(luz):
    assert send(luz).sent == 1
    (mail,) = mailbox(luz)
    assert "600,00" in mail.text.replace("\u00a0", " ")
    assert "49" not in mail.headers["To"]
    assert "\u202e" not in mail.headers["To"] + mail.text
    assert "<b>" not in mail.html


def test_who_has_paid_since_the_plan_is_left_alone(luz):
    _pays(luz, 60_000)
    report = send(luz)
    assert (report.sent, report.cancelled) == (0, {"paid": 1})
    assert (mailbox(luz), messages(luz)[0].state) == ([], "cancelled")


def test_who_has_paid_a_part_is_asked_for_the_rest_and_that_is_what_is_written_down(luz):
    _pays(luz, 10_000)
    assert send(luz).sent == 1
    assert "500,00" in mailbox(luz)[0].text.replace("\u00a0", " ")
    with transaction.atomic(), scope([luz.pk]):
        assert (MessageLine.objects.get().open_minor, DispatchLine.objects.get().open_minor) == (
            60_000,
            50_000,
        )


@pytest.mark.parametrize(
    ("moment", "rule"),
    [
        (datetime(2026, 11, 20, 22, 0, tzinfo=UTC), "window"),
        (datetime(2026, 11, 21, 10, 0, tzinfo=UTC), "weekend"),
    ],
)
def test_at_night_and_at_the_weekend_it_waits_for_the_next_working_morning(luz, moment, rule):
    assert send(luz, now=moment).postponed == {rule: 1}
    (message,) = messages(luz)
    assert message.not_before_at is not None
    assert message.not_before_at.date() == date(2026, 11, 23)
    assert send(luz, now=message.not_before_at - timedelta(minutes=1)).sent == 0
    assert send(luz, now=message.not_before_at).sent == 1
