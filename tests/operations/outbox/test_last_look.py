"""From the run to the mail with the real gate and the real texts: what changed since the plan is seen."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.creditors import create_creditor
from aldia.operations.inbound import dismiss, keep_raw_mail, take_in_waiting
from aldia.operations.ledger import record_payment
from aldia.operations.outbox import approve, use_mailbox
from aldia.operations.run import daily_run
from aldia.operations.settings import change_settings
from aldia.queries.outbox import mailbox
from aldia.records.outreach.models import DispatchLine, InboundMessage, MessageLine
from aldia.records.parties.models import Contact, ContactPoint, Customer
from aldia.records.tenancy.scope import scope
from tests.cli.books import DAY, NOW, write_books
from tests.formats.mail.mails import answer
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


def _answers(creditor, text, **headers):
    """The customer writes back; nobody has looked."""
    mail = answer(
        text, sender="ana@example.com", answers="", date="Fri, 20 Nov 2026 09:30:00 +0100", **headers
    )
    keep_raw_mail(creditor=creditor, content=mail, at=NOW)
    take_in_waiting(creditor=creditor, **BY)


def test_who_says_baja_between_plan_and_mail_gets_none(luz):
    _answers(luz, "BAJA")
    report = send(luz, now=NOW)
    assert (report.sent, dict(report.cancelled)) == (0, {"opted_out": 1})
    assert mailbox(luz) == []
    (message,) = messages(luz, customer__code="TARDE", kind="dunning")
    assert (message.state, message.reason) == ("cancelled", "opted_out")


def test_who_has_another_address_is_still_written_to_there(luz):
    with transaction.atomic(), scope([luz.pk]):
        contact = Contact.objects.get(customer__code="TARDE", role="accounts_payable")
        of = {"creditor": luz, "customer": contact.customer, "contact": contact}
        ContactPoint.objects.create(**of, channel="email", value="otra@example.com")
    _answers(luz, "BAJA")
    change_settings(creditor=luz, unread_reply_days=0, **BY)
    send(luz, now=NOW)
    assert [mail.recipient for mail in mailbox(luz)] == ["otra@example.com"]


def test_who_has_answered_waits_until_somebody_has_looked(luz):
    _answers(luz, "Hola, una pregunta sobre la factura")
    report = send(luz, now=NOW)
    assert (report.sent, dict(report.postponed)) == (0, {"unread_reply": 1})
    with transaction.atomic(), scope([luz.pk]):
        waiting = InboundMessage.objects.get(creditor=luz).pk
    dismiss(creditor=luz, message_id=waiting, reason="Repetida", **BY)
    assert send(luz, now=NOW + timedelta(hours=1)).sent == 1


def test_a_machine_holds_nobody_back(luz):
    _answers(luz, "Estoy de vacaciones", Auto_Submitted="auto-replied")
    assert send(luz, now=NOW).sent == 1
