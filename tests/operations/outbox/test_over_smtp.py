"""A real SMTP server that refuses, puts off, hangs, dies or is not there: each mail gets its own fate."""

import socket
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.outbox import MailRefused, account, send_test_mail, set_mail_account
from aldia.records.cases.models import Task
from aldia.records.outreach.models import MailAccount
from aldia.records.parties.models import ContactPoint
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.channels.smtp_sink import smtp_sink
from tests.operations.outbox.house import (
    ACTOR,
    NOW,
    dispatches,
    fates,
    house_with_mail,
    messages,
    over_smtp,
    pass_everything,
    send,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def everything_passes(monkeypatch):
    pass_everything(monkeypatch)
    monkeypatch.setattr(account, "TIMEOUT_SECONDS", 0.5)


@pytest.fixture
def sink(tmp_path):
    with smtp_sink(tmp_path) as found:
        yield found


def _house(sink, *recipients):
    judge, port = sink
    creditor = house_with_mail(len(recipients), recipients=lambda number: recipients[number])
    over_smtp(creditor, port)
    return creditor, judge


def test_each_refusal_is_its_own_mails_and_a_task_for_somebody(sink):
    creditor, judge = _house(sink, "nobody", "ana", "policy", "eva")
    with transaction.atomic(), scope([creditor.pk]):
        customer = messages(creditor)[0].customer
        point = {"contact": make.contact(customer=customer), "channel": "email"}
        ContactPoint.objects.create(creditor=creditor, customer=customer, value="nobody@example.com", **point)
    report = send(creditor)
    assert (report.sent, report.failed, len(judge.taken())) == (2, 2, 2)
    assert [each.reason for each in messages(creditor)] == ["bad_address", "", "rejected", ""]
    assert "550 5.1.1 no such user" in dispatches(creditor)[0].error
    with transaction.atomic(), scope([creditor.pk]):
        assert sorted(Task.objects.values_list("kind", flat=True)) == ["bad_address", "mail_failed"]
        assert ContactPoint.objects.get().quality == "bad"


def test_a_server_that_asks_to_come_later_is_asked_later_and_at_last_no_more(sink):
    creditor, _judge = _house(sink, "later")
    moment, waits = NOW, []
    while fates(creditor) == {"approved": 1}:
        report = send(creditor, now=moment)
        earlier, moment = moment, messages(creditor)[0].not_before_at or moment
        waits.append((moment - earlier) // timedelta(minutes=15))
    assert waits == [1, 2, 4, 8, 16, 16, 16, 16, 0]
    assert (report.failed, messages(creditor)[0].reason) == (1, "put_off")


@pytest.mark.parametrize("way", ["die", "hang"])
def test_silence_after_the_content_is_a_doubt_and_the_others_wait_a_little(sink, way):
    creditor, judge = _house(sink, "ana", way, "eva")
    report = send(creditor)
    assert (report.sent, report.unknown, report.returned) == (1, 1, 1)
    assert "no ha contestado tras recibir" in report.trouble
    assert fates(creditor) == {"sent": 1, "unknown": 1, "approved": 1}
    assert send(creditor, now=NOW + timedelta(minutes=6)).sent == 1
    assert send(creditor, now=NOW + timedelta(days=6)).sent == 0
    assert set(judge.deliveries().values()) == {1}
    assert fates(creditor)["unknown"] == 1


def test_a_server_that_is_not_there_begins_nothing_and_all_wait(sink):
    creditor, judge = _house(sink, "ana", "eva")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        over_smtp(creditor, free.getsockname()[1])
    report = send(creditor)
    assert (report.sent, report.returned) == (0, 2)
    assert "rechaza la conexión" in report.trouble
    assert {each.begun_at for each in dispatches(creditor)} == {None}
    over_smtp(creditor, sink[1])
    assert send(creditor, now=NOW + timedelta(minutes=4)).sent == 0
    assert send(creditor, now=NOW + timedelta(minutes=5)).sent == 2
    assert [each.attempts for each in dispatches(creditor)] == [2, 2]
    assert set(judge.deliveries().values()) == {1}


def test_the_account_keeps_its_trouble_until_a_mail_leaves_again(sink):
    creditor, _judge = _house(sink, "ana")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        over_smtp(creditor, free.getsockname()[1])
    trouble = send(creditor).trouble
    send(creditor, now=NOW + timedelta(minutes=6))
    with transaction.atomic(), scope([creditor.pk]):
        account = MailAccount.objects.get()
        assert (account.trouble, account.trouble_at) == (trouble, NOW)
        MailAccount.objects.update(port=sink[1])
    assert send(creditor, now=NOW + timedelta(minutes=12)).sent == 1
    with transaction.atomic(), scope([creditor.pk]):
        account = MailAccount.objects.get()
        assert (account.trouble, account.trouble_at) == ("", None)


def test_a_server_that_puts_off_one_after_the_other_is_left_alone_for_a_while(sink):
    creditor, judge = _house(sink, *[f"later{number}" for number in range(7)], "ana")
    report = send(creditor)
    assert (report.sent, report.returned) == (0, 8)
    assert report.trouble == "El servidor de correo pide esperar una y otra vez."
    assert [each.put_off_times for each in dispatches(creditor)] == [1, 1, 1, 1, 1, 0, 0, 0]
    assert not judge.taken()


def test_the_password_is_kept_sealed_and_shown_to_nobody(sink):
    creditor, _judge = _house(sink, "ana")
    said = {"creditor": creditor, "host": "127.0.0.1", "from_address": "a@example.com", "actor": ACTOR}
    set_mail_account(**said, now=NOW, port=25, security="none", username="ana", password="muy-secreta")
    set_mail_account(**said, now=NOW, port=25, security="none", username="ana", from_name="Luz")
    with transaction.atomic(), scope([creditor.pk]):
        kept = MailAccount.objects.get()
    assert "muy-secreta" not in str(kept.__dict__)
    with account.open_mail(creditor) as (transport, _sender):
        server = vars(transport)["_server"]
    assert server.password == "muy-secreta"
    assert "muy-secreta" not in repr(server)


@pytest.mark.parametrize("changed", [{"host": "127.0.0.2"}, {"port": 26}, {"security": "none"}])
def test_a_kept_password_goes_to_no_other_server(sink, changed):
    creditor, _judge = _house(sink, "ana")
    said: dict[str, Any] = {"creditor": creditor, "from_address": "a@example.com", "actor": ACTOR, "now": NOW}
    there: dict[str, Any] = {"host": "127.0.0.1", "port": 25, "security": "tls", "username": "ana"}
    set_mail_account(**said, **there, password="muy-secreta")
    with pytest.raises(MailRefused, match="escriba también la contraseña"):
        set_mail_account(**said, **there | changed)


def test_an_account_that_cannot_be_right_is_refused():
    creditor = house_with_mail(0)
    said: dict[str, Any] = {"host": "mail", "from_address": "a@example.com", "actor": ACTOR, "now": NOW}
    for wrong in (
        {"host": " "},
        {"host": "smtp..ejemplo.es"},
        {"host": "smtp.ejemplo.es/x"},
        {"password": "contraseña"},
        {"port": 0},
        {"security": "some"},
        {"from_address": "nadie"},
        {"reply_to": "a\nb"},
    ):
        with pytest.raises(MailRefused):
            set_mail_account(creditor=creditor, **said | wrong)


def test_a_test_mail_says_what_the_server_answered(sink):
    creditor, judge = _house(sink, "ana")
    said = {"creditor": creditor, "actor": ACTOR, "now": NOW}
    assert send_test_mail(recipient="ana@example.com", **said) == "2.0.0 taken"
    with pytest.raises(MailRefused, match="no such user"):
        send_test_mail(recipient="nobody@example.com", **said)
    assert len(judge.taken()) == 1
