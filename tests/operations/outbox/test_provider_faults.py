"""Every fault of a provider × every way: nothing twice, doubts unknown, other channels go on, the run ends.

The judge is the provider: what it has taken, counted by our reference, recipient and words.
"""

import pytest
from django.db import connection, transaction

from aldia.operations.hooks import apply_news, receive_news
from aldia.operations.outbox import account
from aldia.operations.outbox.doubts import resolve_doubt
from aldia.records.cases.models import Task
from aldia.records.parties.models import ContactPoint
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.channels.smtp_sink import smtp_sink
from tests.fakes.provider import FAULTS, fake_provider
from tests.operations.outbox.house import ACTOR, NOW, dispatches, fates, messages, over_smtp, send
from tests.operations.outbox.short_house import (
    WAYS,
    account_of,
    add_units,
    later,
    over_twilio,
    pass_short,
    short_house,
)
from tests.operations.outbox.test_news import twilio_knock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

DOUBTS = {
    "reset_before",  # the content was on its way: nobody can know
    "reset_after",
    "silent_before",
    "silent_after",
    "500",
    "502_html",
    "bad_json",
    "ok_with_error",
    "html_with_200",
    "redirect",
    "huge",
}
LATER = {"429", "503", "rate_code", "no_login", "unreadable_400"}
NEVER = {"bad_number": "bad_address", "unsubscribed": "opted_out"}


@pytest.fixture(autouse=True)
def everything_passes(monkeypatch):
    pass_short(monkeypatch)
    monkeypatch.setattr(account, "TIMEOUT_SECONDS", 1.5)


def test_the_table_of_faults_is_whole():
    assert set(FAULTS) == DOUBTS | LATER | set(NEVER) | {"slow"}


@pytest.mark.parametrize("way", WAYS)
def test_each_fault_ends_as_it_must_and_the_mails_go_on(way, tmp_path):
    channel, over = WAYS[way]
    ends, wanted = {}, {}
    with smtp_sink(tmp_path) as (judge, port):
        for fault in FAULTS:
            with fake_provider(faults=[fault]) as fake:
                creditor = short_house(2, channel=channel)
                over_smtp(creditor, port)
                add_units(creditor, 1, channel="email")
                over(creditor, fake)
                before = len(judge.taken())
                send(creditor)
                ends[fault] = {
                    "first": dispatches(creditor, channel=channel)[0].state,
                    "mails": len(judge.taken()) - before,
                }
                for minutes in (6, 30, 60 * 24, 60 * 24 * 30):
                    send(creditor, now=later(minutes))
                ends[fault] |= {
                    "twice": max(fake.deliveries().values(), default=0) > 1,
                    "reasons": sorted({each.reason for each in messages(creditor, channel=channel)}),
                    "fates": dict(fates(creditor)),
                }
                wanted[fault] = _wanted(fault)
    assert ends == wanted


def _wanted(fault):
    """After all attempts: the second message and the mail have left, whatever became of the first."""
    if fault in DOUBTS:
        first, reasons, fates = "unknown", ["", "in_doubt"], {"sent": 2, "unknown": 1}
    elif fault in LATER:
        first, reasons, fates = "returned", [""], {"sent": 3}
    elif fault in NEVER:
        first, reasons, fates = "failed", ["", NEVER[fault]], {"sent": 2, "failed": 1}
    else:
        first, reasons, fates = "sent", [""], {"sent": 3}
    return {"first": first, "mails": 1, "twice": False, "reasons": reasons, "fates": fates}


def test_a_provider_that_is_not_there_begins_nothing_and_keeps_its_trouble():
    creditor = short_house(2)
    with fake_provider() as fake:
        over_twilio(creditor, fake)
    report = send(creditor)
    assert (report.sent, report.returned, report.unknown) == (0, 2, 0)
    assert "rechaza la conexión" in report.trouble
    assert {each.begun_at for each in dispatches(creditor)} == {None}
    assert account_of(creditor).trouble == report.trouble


def test_an_account_that_is_not_accepted_is_found_out_before_anything_begins():
    with fake_provider(probe_status=401) as fake:
        creditor = short_house(3)
        over_twilio(creditor, fake)
        report = send(creditor)
        assert (report.returned, fake.asked, fake.taken) == (3, 0, [])
        assert "no acepta la cuenta o su clave" in report.trouble
        fake.probe_status = 200
        assert send(creditor, now=later(6)).sent == 3
    assert (account_of(creditor).trouble, account_of(creditor).trouble_at) == ("", None)


def test_a_key_that_cannot_be_read_closes_its_channel_alone(monkeypatch, tmp_path):
    from cryptography.fernet import Fernet

    with smtp_sink(tmp_path) as (judge, port), fake_provider() as fake:
        creditor = short_house(1)
        over_smtp(creditor, port)
        add_units(creditor, 1, channel="email")
        over_twilio(creditor, fake)
        monkeypatch.setenv("ALDIA_SECRETS_KEY", Fernet.generate_key().decode())
        report = send(creditor)
        assert (report.sent, report.returned, len(judge.taken()), fake.asked) == (1, 1, 1, 0)
    assert "no se puede leer" in report.trouble


def test_a_bad_number_is_marked_however_it_is_written():
    with fake_provider(faults=["bad_number"]) as fake:
        creditor = short_house(1)
        over_twilio(creditor, fake)
        with transaction.atomic(), scope([creditor.pk]):
            customer = messages(creditor)[0].customer
            contact = make.contact(customer=customer)
            for channel, value in (
                ("phone", "600 00 00-00"),
                ("phone", "911 000 000"),
                ("whatsapp", "600000000"),
            ):
                ContactPoint.objects.create(
                    creditor=creditor, customer=customer, contact=contact, channel=channel, value=value
                )
        send(creditor)
    with transaction.atomic(), scope([creditor.pk]):
        assert Task.objects.get().kind == "bad_address"
        bad = ContactPoint.objects.filter(quality="bad").values_list("channel", "value")
        assert list(bad) == [("phone", "600 00 00-00")]


def test_a_hundred_messages_over_a_provider_of_all_faults_leave_once_or_not_at_all():
    """Faults by recipient come back at each attempt; only those in doubt or refused never leave."""
    faults = [*FAULTS, "ok", "ok", "ok"]
    by_recipient = {f"+346000000{number:02}": faults[number % len(faults)] for number in range(30)}
    with fake_provider(by_recipient=by_recipient) as fake:
        creditor = short_house(30)
        over_twilio(creditor, fake)
        for day in range(12):
            send(creditor, now=later(60 * 24 * day))
            if fates(creditor).keys() <= {"sent", "failed", "unknown"}:
                break
        assert set(fake.deliveries().values()) == {1}
        sent = {each.recipient for each in dispatches(creditor, state="sent")}
        assert sent <= {each.recipient for each in fake.taken}
        doubts = dispatches(creditor, state="unknown")
        assert {each.recipient for each in fake.taken} <= sent | {each.recipient for each in doubts}
        for each in doubts:
            resolve_doubt(creditor=creditor, key=each.key, sent=False, actor=ACTOR, now=later(0))
        before = len(fake.taken)
        send(creditor, now=later(60 * 24 * 40))
        assert len(fake.taken) == before


def test_news_that_come_before_the_answer_and_twice_find_their_message(monkeypatch):
    """The provider calls before it answers: our own name of the message tells which one it is."""
    monkeypatch.setattr(account, "TIMEOUT_SECONDS", 20.0)
    creditor = short_house(2)
    told = []

    def tell(taken):
        for state in ("delivered", "sent", "delivered"):
            path = taken.callback.removeprefix("https://aldia.example.com")
            knock = twilio_knock(
                creditor,
                {"MessageSid": taken.provider_id, "MessageStatus": state, "To": taken.recipient},
                query=path[path.index("?") :].replace("%40", "@"),
            )
            told.append(receive_news(knock, now=NOW))
        told.append(apply_news(creditor=creditor, actor=ACTOR, now=NOW).waiting)
        connection.close()

    with fake_provider(on_taken=tell, faults=["ok", "reset_after"]) as fake:
        over_twilio(creditor, fake)
        report = send(creditor)
    assert (report.sent, report.unknown) == (1, 1)
    assert told == [1, 1, 0, 2, 1, 1, 0, 2]
    assert apply_news(creditor=creditor, actor=ACTOR, now=NOW).applied == {"delivered": 1, "queued": 1}
    assert [(each.state, each.delivery) for each in dispatches(creditor)] == [("sent", "delivered")] * 2
    assert dispatches(creditor)[1].resolved_by == "twilio"
    assert fates(creditor) == {"sent": 2}
