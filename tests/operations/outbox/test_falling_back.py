"""What did not reach the customer goes on by the next channel of its ladder, once, through the same gate."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.channels.mail import NotSent
from aldia.channels.mailbox import MailboxTransport
from aldia.operations.creditors import create_creditor
from aldia.operations.outbox import approve, use_mailbox
from aldia.operations.outbox.falling_back import go_on_elsewhere
from aldia.operations.run import daily_run
from aldia.queries.outbox import mailbox
from aldia.records.cases.models import Task
from aldia.records.outreach.models import Dispatch, Message, MessageLine
from aldia.records.parties.models import Contact, ContactPoint, Customer
from aldia.records.tenancy.scope import scope
from tests.cli.books import DAY, NOW, write_books
from tests.operations.outbox.house import dispatches, messages, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BY: dict[str, Any] = {"actor": "prueba", "now": NOW}
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture
def luz():
    """«Bar Tarde» has an e-mail and a telephone; its reminder is planned by e-mail and approved."""
    creditor = create_creditor(name="Papelería Luz", country="ES", code="luz", **BY).creditor
    write_books(creditor)
    use_mailbox(creditor=creditor, **BY)
    with transaction.atomic(), scope([creditor.pk]):
        late = Customer.objects.get(code="TARDE")
        of = {"creditor": creditor, "customer": late}
        contact = Contact.objects.create(**of, name="Ana", role="accounts_payable")
        ContactPoint.objects.create(**of, contact=contact, channel="email", value="ana@example.com")
        ContactPoint.objects.create(**of, contact=contact, channel="phone", value="+34600000001")
    daily_run(creditor=creditor, on=DAY, **BY)
    approve(creditor=creditor, **BY)
    return creditor


@pytest.fixture
def no_such_box(monkeypatch):
    """The other side knows no mail address; short messages it takes."""
    take = MailboxTransport.send

    def refuse_mails(self, mail):
        if mail.channel == "email":
            return NotSent("550 5.1.1 no existe", permanent=True, bad_address=True)
        return take(self, mail)

    monkeypatch.setattr(MailboxTransport, "send", refuse_mails)


def test_a_refused_address_is_greyed_a_task_asks_for_it_and_the_step_goes_on_by_sms(luz, no_such_box):
    assert send(luz).failed == 1
    first, second = messages(luz)
    assert (first.state, first.channel, first.reason) == ("failed", "email", "bad_address")
    assert (second.state, second.channel, second.step) == ("planned", "sms", first.step)
    assert second.once_key == first.once_key.removesuffix("1") + "2"
    with transaction.atomic(), scope([luz.pk]):
        assert ContactPoint.objects.get(channel="email").quality == "bad"
        assert Task.objects.filter(kind="bad_address", state="open").count() == 1
        told = MessageLine.objects.filter(message_id=first.pk).count()
        assert told == MessageLine.objects.filter(message_id=second.pk).count() > 0
    assert send(luz, now=MONDAY).sent == 1
    (sms,) = mailbox(luz)
    assert (sms.channel, sms.recipient, sms.subject, sms.html) == ("sms", "+34600000001", "", "")
    assert "Papeleria Luz" in sms.text  # in the letters that cost least


def test_the_run_plans_no_second_one_beside_it(luz, no_such_box):
    send(luz)
    daily_run(creditor=luz, on=DAY, actor="prueba", now=NOW + timedelta(hours=1))
    assert [each.channel for each in messages(luz)] == ["email", "sms"]


def test_a_mail_that_came_back_counts_as_never_done_and_goes_on_once(luz):
    assert send(luz).sent == 1
    (dispatch,) = dispatches(luz)
    for _again in range(2):
        with transaction.atomic(), scope([luz.pk]):
            Dispatch.objects.update(delivery="bounced")
            ContactPoint.objects.filter(channel="email").update(quality="bad")
            go_on_elsewhere(luz, dispatch, now=NOW)
    assert [(each.state, each.channel) for each in messages(luz)] == [("sent", "email"), ("planned", "sms")]
    assert send(luz, now=MONDAY).sent == 1
    assert [(each.state, each.channel) for each in messages(luz)] == [("sent", "email"), ("sent", "sms")]


def test_where_the_ladder_ends_nothing_is_planned_and_the_task_stays(luz, no_such_box):
    with transaction.atomic(), scope([luz.pk]):
        ContactPoint.objects.filter(channel="phone").delete()
    send(luz)
    assert [each.channel for each in messages(luz)] == ["email"]
    with transaction.atomic(), scope([luz.pk]):
        assert Task.objects.filter(kind="bad_address", state="open").count() == 1
        assert Message.objects.filter(state="planned").count() == 0
