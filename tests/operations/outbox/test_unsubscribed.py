"""The provider says that somebody wants no messages: as good as a «BAJA», and the number is not bad."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.channels.mail import NotSent
from aldia.channels.mailbox import MailboxTransport
from aldia.operations.consents import NewConsent, record_consent
from aldia.operations.creditors import create_creditor
from aldia.operations.hooks import apply_news, receive_news
from aldia.operations.inbound import take_in_waiting
from aldia.operations.outbox import approve, use_mailbox
from aldia.operations.run import daily_run
from aldia.operations.strategies import set_strategy
from aldia.queries.outbox import mailbox
from aldia.records.cases.models import Task
from aldia.records.outreach.models import Alert, ContactEntry, InboundMessage, Message, OptOut
from aldia.records.parties.models import Consent, Contact, ContactPoint, Customer
from aldia.records.tenancy.scope import scope
from aldia.rules.shipped import shipped_strategies
from tests import factories as make
from tests.cli.books import DAY, NOW, write_books
from tests.fakes.provider import FakeProvider, fake_provider
from tests.operations.outbox.house import ACTOR, dispatches, messages, send
from tests.operations.outbox.short_house import (
    WAYS,
    number_of,
    over_meta,
    over_twilio,
    pass_short,
    short_house,
)
from tests.operations.outbox.test_news import meta_knock, sent_dispatch, status, twilio_knock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BY: dict[str, Any] = {"actor": "prueba", "now": NOW}
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
NUMBER = "600 00 00 01"


@pytest.fixture
def luz():
    """«Bar Tarde» is written to by SMS, else by e-mail; its reminder is planned by SMS."""
    creditor = create_creditor(name="Papelería Luz", country="ES", code="luz", **BY).creditor
    write_books(creditor)
    use_mailbox(creditor=creditor, **BY)
    with transaction.atomic(), scope([creditor.pk]):
        toml = shipped_strategies()["academia"]
        set_strategy(
            creditor_id=creditor.pk, toml=toml, segments=("consumer", "business", "public_body"), **BY
        )
        late = Customer.objects.get(code="TARDE")
        of = {"creditor": creditor, "customer": late}
        contact = Contact.objects.create(**of, name="Ana", role="accounts_payable")
        ContactPoint.objects.create(**of, contact=contact, channel="email", value="ana@example.com")
        ContactPoint.objects.create(**of, contact=contact, channel="phone", value=NUMBER)
    daily_run(creditor=creditor, on=DAY, **BY)
    approve(creditor=creditor, **BY)
    return creditor


@pytest.fixture
def unsubscribed(monkeypatch):
    """The provider sends no SMS to anybody: all have told it to stop."""
    take = MailboxTransport.send

    def refuse(self, mail):
        return (
            NotSent("Twilio: baja (21610).", permanent=True, opted_out=True)
            if mail.channel == "sms"
            else take(self, mail)
        )

    monkeypatch.setattr(MailboxTransport, "send", refuse)


def _inside(creditor, model, *fields, **which):
    with transaction.atomic(), scope([creditor.pk]):
        return sorted(model.objects.filter(**which).values_list(*fields))


def test_it_is_refused_from_then_on_and_the_step_goes_on_by_the_next_channel(luz, unsubscribed):
    assert send(luz).failed == 1
    first, second = messages(luz, kind="dunning")
    assert (first.state, first.channel, first.reason) == ("failed", "sms", "opted_out")
    assert (second.state, second.channel, second.once_key) == ("planned", "email", first.once_key[:-1] + "2")
    assert _inside(luz, Consent, "channel", "address", "state", "source") == [
        ("sms", "+34600000001", "refused", "provider")
    ]
    assert _inside(luz, ContactPoint, "quality") == [("unknown",), ("unknown",)]
    assert _inside(luz, Task, "kind") == []
    assert _inside(luz, ContactEntry, "channel", "address", kind="opted_out") == [("sms", "+34600000001")]
    daily_run(creditor=luz, on=DAY, actor="prueba", now=NOW + timedelta(hours=1))
    assert send(luz, now=MONDAY).sent == 1
    assert [each.channel for each in mailbox(luz)] == ["email"]


@pytest.mark.parametrize("way", WAYS)
def test_each_provider_says_it_in_its_own_code(way, monkeypatch):
    pass_short(monkeypatch)
    channel, over = WAYS[way]
    with fake_provider(faults=["unsubscribed"]) as fake:
        creditor = short_house(2, channel=channel)
        over(creditor, fake)
        report = send(creditor)
    assert (report.failed, report.sent) == (1, 1)
    assert _inside(creditor, OptOut, "channel", "address") == [(channel, number_of(0))]
    assert _inside(creditor, Task, "kind") == []


def _refused_later(creditor, knock):
    for _twice in range(2):
        receive_news(knock, now=NOW)
        apply_news(creditor=creditor, actor=ACTOR, now=NOW)
    assert _inside(creditor, ContactPoint, "quality") == [("unknown",)]
    assert _inside(creditor, Task, "kind") == []
    assert dispatches(creditor)[0].delivery == "failed"
    assert _inside(creditor, Consent, "state", "source") == [("refused", "provider")]
    assert len(_inside(creditor, ContactEntry, "id", kind="opted_out")) == 1


def test_news_of_it_count_the_same_and_once():
    creditor = short_house(0)
    over_twilio(creditor, FakeProvider(port=9))
    sent_dispatch(creditor)
    _refused_later(creditor, twilio_knock(creditor, status("SM1", "undelivered", ErrorCode="21610")))


def test_news_of_it_from_meta_count_the_same_and_once():
    creditor = short_house(0)
    over_meta(creditor, FakeProvider(port=9))
    sent_dispatch(creditor, channel="whatsapp", name="wamid.1")
    failed = {
        "id": "wamid.1",
        "status": "failed",
        "recipient_id": "34600000000",
        "errors": [{"code": 131050}],
    }
    value = {"messaging_product": "whatsapp", "statuses": [failed]}
    told = {"object": "whatsapp_business_account", "entry": [{"changes": [{"value": value}]}]}
    _refused_later(creditor, meta_knock(creditor, told))


@pytest.mark.parametrize(("said", "refused"), [("STOP", 1), ("HELP", 0), ("START", 0), (None, 0)])
def test_words_that_the_provider_takes_as_the_end_are_the_end(said, refused):
    """Words that are nothing to us may be on the provider's own list."""
    creditor = short_house(0)
    over_twilio(creditor, FakeProvider(port=9))
    sent_dispatch(creditor)
    fields = {"MessageSid": "SMin", "From": "+34600000000", "To": "+34911", "Body": "Ea"}
    receive_news(twilio_knock(creditor, fields | ({"OptOutType": said} if said else {})), now=NOW)
    take_in_waiting(creditor=creditor, actor=ACTOR, now=NOW)
    assert len(_inside(creditor, Consent, "id", state="refused")) == refused
    kinds = {kind for (kind,) in _inside(creditor, InboundMessage, "kind")}
    assert kinds == {"opt_out" if refused else "other"}


@pytest.mark.parametrize(("value", "refused"), [("stop", 1), ("resume", 0)])
def test_what_is_chosen_in_whatsapp_itself_is_heard(value, refused):
    creditor = short_house(0)
    over_meta(creditor, FakeProvider(port=9))
    sent_dispatch(creditor, channel="whatsapp", name="wamid.1")
    chosen = {
        "wa_id": "34600000000",
        "detail": "User requested to stop marketing messages",
        "category": "marketing_messages",
        "value": value,
        "timestamp": 1763629200,
    }
    told = {"entry": [{"changes": [{"value": {"user_preferences": [chosen]}, "field": "user_preferences"}]}]}
    assert [receive_news(meta_knock(creditor, told), now=NOW) for _twice in range(2)] == [1, 0]
    take_in_waiting(creditor=creditor, actor=ACTOR, now=NOW)
    assert len(_inside(creditor, Consent, "id", channel="whatsapp", state="refused")) == refused
    assert len(_inside(creditor, InboundMessage, "id")) == 1


def test_who_works_the_customer_is_told(luz, unsubscribed):
    with transaction.atomic(), scope([luz.pk]):
        make.membership(creditor=luz, role="manager")
    send(luz)
    assert [kind for (kind,) in _inside(luz, Alert, "kind")].count("failed") == 1


def test_a_refusal_taken_back_is_taken_back_and_a_further_one_counts_again(luz, unsubscribed, monkeypatch):
    send(luz)
    late = _inside(luz, Customer, "pk", code="TARDE")[0][0]
    lifted = NewConsent("sms", "lifted", "+34600000001")
    record_consent(creditor=luz, customer_id=late, new=lifted, actor="prueba", now=NOW + timedelta(hours=1))
    with transaction.atomic(), scope([luz.pk]):
        Message.objects.filter(state="planned").update(state="cancelled", reason="superseded")
    daily_run(creditor=luz, on=DAY, actor="prueba", now=NOW + timedelta(hours=2))
    assert messages(luz, kind="dunning", state="planned")[0].channel == "sms"
    assert send(luz, now=MONDAY).failed == 1
    states = [state for _id, state in _inside(luz, Consent, "id", "state")]
    assert states == ["refused", "lifted", "refused"]
    assert messages(luz, kind="dunning", state="planned")[0].channel == "email"
