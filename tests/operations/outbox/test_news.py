"""News from providers: signed, kept raw once, applied in any order to the same end."""

import itertools
import json
import random
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction

from aldia.channels import twilio_news
from aldia.channels.whatsapp import meta_news
from aldia.operations.channels import set_channel
from aldia.operations.hooks import Knock, NotSigned, apply_news, challenge_answer, receive_news
from aldia.records.cases.models import Task
from aldia.records.outreach.models import DeliveryEvent, Dispatch, ProviderEvent
from aldia.records.parties.models import ContactPoint
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.fakes.provider import FakeProvider
from tests.operations.outbox.house import ACTOR, NOW, dispatches, messages
from tests.operations.outbox.short_house import account_of, over_meta, over_twilio, short_house

pytestmark = pytest.mark.django_db(transaction=True)

HOST = "https://aldia.example.com"
LIFE = ("accepted", "sent", "delivered", "read", "undelivered")
META_LIFE = ("sent", "delivered", "read", "failed", "played")


def twilio_knock(creditor, fields, *, token="muy-secreto", code=None, query="", **more):
    path = f"/api/hooks/{code or creditor.code}/twilio/{query}"
    body = urlencode(fields).encode()
    signed = twilio_news.signature(token, HOST + path, list(fields.items()))
    asked = dict(item.split("=") for item in query.lstrip("?").split("&") if item)
    said = {
        "code": code or creditor.code,
        "source": "twilio",
        "url": f"http://127.0.0.1{path}",
        "path": path,
        "query": asked,
        "headers": {"X-Twilio-Signature": signed},
        "body": body,
    }
    return Knock(**said | more)


def meta_knock(creditor, told, *, secret="hush", **more):
    import hashlib
    import hmac

    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    said = {
        "code": creditor.code,
        "source": "meta",
        "url": "",
        "path": "",
        "query": {},
        "headers": {"x-hub-signature-256": f"sha256={digest}"},
        "body": body,
    }
    return Knock(**said | more)


def meta_told(*, statuses=(), incoming=()):
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "1234567890"}}
    value |= {"statuses": list(statuses), "messages": list(incoming)}
    return {"object": "whatsapp_business_account", "entry": [{"changes": [{"value": value}]}]}


def sent_dispatch(creditor, *, channel="sms", state="sent", number="+34600000000", name="SM1"):
    with transaction.atomic(), scope([creditor.pk]):
        customer = make.customer(creditor=creditor, code=f"C{Dispatch.objects.count()}")
        ContactPoint.objects.create(
            creditor=creditor,
            customer=customer,
            contact=make.contact(customer=customer),
            channel="phone" if channel == "sms" else "whatsapp",
            value="600 000 000",
        )
        return Dispatch.objects.create(
            creditor=creditor,
            customer=customer,
            key=f"k{name}",
            unit=f"k{name}",
            channel=channel,
            recipient=number,
            text="x",
            message_id=f"<aldia.{name}@example.com>",
            state=state,
            worker=1,
            claimed_at=NOW,
            begun_at=NOW,
            finished_at=None if state == "claimed" else NOW,
            error="duda" if state == "unknown" else "",
            provider_id=name if state == "sent" else "",
        )


@pytest.fixture
def twilio_creditor():
    creditor = short_house(0)
    over_twilio(creditor, FakeProvider(port=9))
    return creditor


@pytest.fixture
def meta_creditor():
    creditor = short_house(0)
    over_meta(creditor, FakeProvider(port=9))
    return creditor


def status(name, state, **more):
    return {"MessageSid": name, "MessageStatus": state, "To": "+34600000000", "From": "+34911", **more}


def _standing(creditor, dispatch):
    """All that news may change, without when they came."""
    with transaction.atomic(), scope([creditor.pk]):
        kept = Dispatch.objects.get(pk=dispatch.pk)
        return {
            "state": kept.state,
            "delivery": kept.delivery,
            "told": sorted(DeliveryEvent.objects.filter(dispatch=dispatch).values_list("state", "detail")),
            "tasks": list(Task.objects.filter(customer=dispatch.customer_id).values_list("kind", flat=True)),
            "quality": ContactPoint.objects.get(customer=dispatch.customer_id).quality,
        }


def _apply(creditor, now=NOW):
    return apply_news(creditor=creditor, actor=ACTOR, now=now)


@pytest.mark.slow
@pytest.mark.parametrize("orders", [24, pytest.param(120, marks=pytest.mark.night)])
def test_every_order_of_a_messages_life_with_duplicates_ends_the_same(twilio_creditor, orders):
    seed = random.randrange(10**6)
    rng, ends = random.Random(seed), []
    for number, order in enumerate(rng.sample(list(itertools.permutations(LIFE)), orders)):
        name = f"SM{number}"
        dispatch = sent_dispatch(twilio_creditor, name=name)
        for state in order:
            code = {"ErrorCode": "30005"} if state == "undelivered" else {}
            for _ in range(rng.randint(1, 5)):
                receive_news(twilio_knock(twilio_creditor, status(name, state, **code)), now=NOW)
            if rng.random() < 0.5:
                _apply(twilio_creditor)
        _apply(twilio_creditor)
        ends.append(_standing(twilio_creditor, dispatch))
    assert len(ends) == orders
    assert ends[0]["delivery"] == "failed"
    assert ends[0]["tasks"] == ["bad_address"]
    assert ends[0]["quality"] == "bad"
    assert [state for state, _detail in ends[0]["told"]] == ["delivered", "failed", "queued", "read"]
    assert ends == [ends[0]] * orders, f"seed {seed}"


@pytest.mark.slow
@pytest.mark.night
def test_the_same_holds_for_meta(meta_creditor):
    seed = random.randrange(10**6)
    rng, ends = random.Random(seed), []
    for number, order in enumerate(itertools.permutations(META_LIFE)):
        name = f"wamid.{number}"
        dispatch = sent_dispatch(meta_creditor, channel="whatsapp", name=name)
        for state in order:
            told: dict[str, Any] = {
                "id": name,
                "status": state,
                "timestamp": "1795165200",
                "recipient_id": "34600000000",
            }
            told |= {"errors": [{"code": 131026}]} if state == "failed" else {}
            for _ in range(rng.randint(1, 5)):
                receive_news(meta_knock(meta_creditor, meta_told(statuses=[told])), now=NOW)
        _apply(meta_creditor)
        ends.append(_standing(meta_creditor, dispatch))
    assert (ends[0]["delivery"], ends[0]["tasks"], ends[0]["quality"]) == ("failed", ["bad_address"], "bad")
    assert ends == [ends[0]] * 120, f"seed {seed}"


def test_a_failure_that_is_not_the_numbers_is_a_task_and_the_number_stays_good(twilio_creditor):
    dispatch = sent_dispatch(twilio_creditor)
    receive_news(twilio_knock(twilio_creditor, status("SM1", "undelivered", ErrorCode="30003")), now=NOW)
    _apply(twilio_creditor)
    end = _standing(twilio_creditor, dispatch)
    assert (end["delivery"], end["tasks"], end["quality"]) == ("failed", ["mail_failed"], "unknown")
    assert "apagado o sin cobertura" in end["told"][0][1]


FORGED: dict[str, dict[str, Any]] = {
    "no signature": {"headers": {}},
    "an empty one": {"headers": {"X-Twilio-Signature": ""}},
    "letters outside ASCII": {"headers": {"X-Twilio-Signature": "ñandú"}},
    "of another body": {"body": b"MessageSid=SM1&MessageStatus=read"},
    "of another address": {"path": "/api/hooks/other/twilio/", "url": "https://evil.example/"},
    "of a source that is not there": {"source": "nadie"},
    "of a provider without account": {"source": "meta"},
}


@pytest.mark.parametrize("forged", FORGED)
def test_what_is_not_signed_is_refused_and_nothing_is_kept(twilio_creditor, forged):
    sent_dispatch(twilio_creditor)
    with pytest.raises(NotSigned):
        receive_news(twilio_knock(twilio_creditor, status("SM1", "delivered"), **FORGED[forged]), now=NOW)
    with transaction.atomic(), scope([twilio_creditor.pk]):
        assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize("token", ["", "otro", "muy-secret", "muy-secreto "])
def test_another_secret_signs_nothing(twilio_creditor, token):
    with pytest.raises(NotSigned):
        receive_news(twilio_knock(twilio_creditor, status("SM1", "read"), token=token), now=NOW)


def test_another_creditors_signature_opens_nothing(twilio_creditor):
    other = short_house(0)
    over_twilio(other, FakeProvider(port=9))
    set_token_of(other, "otro-secreto")
    mine = status("SM1", "read")
    for code in (other.code, "no-existe"):
        with pytest.raises(NotSigned):
            receive_news(twilio_knock(twilio_creditor, mine, code=code), now=NOW)
    assert receive_news(twilio_knock(other, mine, token="otro-secreto"), now=NOW) == 1


def set_token_of(creditor, token):
    kept = account_of(creditor)
    set_channel(
        creditor=creditor,
        channel="sms",
        provider="twilio",
        settings=kept.settings,
        secrets={"auth_token": token},
        actor=ACTOR,
        now=NOW,
    )


def test_one_request_of_metas_is_kept_as_many_pieces_each_once(meta_creditor):
    told = meta_told(
        statuses=[{"id": "wamid.1", "status": "sent"}, {"id": "wamid.1", "status": "delivered"}],
        incoming=[{"id": "wamid.in", "from": "34600000000", "type": "text", "text": {"body": "Ya pagué"}}],
    )
    assert receive_news(meta_knock(meta_creditor, told), now=NOW) == 3
    assert receive_news(meta_knock(meta_creditor, told), now=NOW) == 0
    with transaction.atomic(), scope([meta_creditor.pk]):
        kept = sorted(ProviderEvent.objects.values_list("external_id", flat=True))
    assert kept == ["in:wamid.in", "st:wamid.1:delivered:", "st:wamid.1:sent:"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'{"entry": 7}',
        b'{"entry": [{"changes": [{"value": {"statuses": [{"id": 7}]}}]}]}',
        b'{"a": NaN}',
        b'{"a": 1e999, "b": "\\u0000 \\ud800"}',
        b"[" * 50_000,
        b"\xff\xfe",
        b'{"entry": [{"changes": [{"value": {"statuses": [{"id": "x\\u0000y", "status": "sent"}]}}]}]}',
    ],
)
def test_whatever_is_signed_is_kept_though_nobody_can_read_it(meta_creditor, body):
    assert receive_news(meta_knock(meta_creditor, body), now=NOW) == 1
    assert receive_news(meta_knock(meta_creditor, body), now=NOW) == 0
    _apply(meta_creditor)


def test_news_that_come_before_the_outcome_is_written_wait_for_it(twilio_creditor):
    dispatch = sent_dispatch(twilio_creditor, state="claimed")
    query = f"?m={dispatch.message_id.strip('<>')}"
    receive_news(twilio_knock(twilio_creditor, status("SM1", "delivered"), query=query), now=NOW)
    assert _apply(twilio_creditor).waiting == 1
    with transaction.atomic(), scope([twilio_creditor.pk]):
        Dispatch.objects.filter(pk=dispatch.pk).update(state="sent", finished_at=NOW, provider_id="SM1")
    assert _apply(twilio_creditor).applied == {"delivered": 1}
    assert dispatches(twilio_creditor)[0].delivery == "delivered"


def test_news_of_a_message_in_doubt_end_the_doubt(twilio_creditor):
    dispatch = sent_dispatch(twilio_creditor, state="unknown")
    query = f"?m={dispatch.message_id.strip('<>')}"
    receive_news(twilio_knock(twilio_creditor, status("SM9", "sent"), query=query), now=NOW)
    assert _apply(twilio_creditor).applied == {"queued": 1}
    kept = dispatches(twilio_creditor)[0]
    assert (kept.state, kept.provider_id, kept.resolved_by, kept.delivery) == (
        "sent",
        "SM9",
        "twilio",
        "queued",
    )


def test_news_of_messages_that_are_not_ours_are_put_by_after_a_while(twilio_creditor):
    receive_news(twilio_knock(twilio_creditor, status("SMx", "sent")), now=NOW)
    assert _apply(twilio_creditor).waiting == 1
    assert _apply(twilio_creditor, NOW + timedelta(minutes=16)).put_by == 1
    with transaction.atomic(), scope([twilio_creditor.pk]):
        assert ProviderEvent.objects.get().error == "No es de ningún envío de esta casa."


def test_a_message_that_comes_in_is_kept_and_left_to_whoever_reads_it(twilio_creditor):
    fields = {"MessageSid": "SMin", "From": "+34600", "To": "+34911", "Body": "BAJA", "SmsStatus": "received"}
    assert receive_news(twilio_knock(twilio_creditor, fields), now=NOW) == 1
    _apply(twilio_creditor, NOW + timedelta(days=1))
    with transaction.atomic(), scope([twilio_creditor.pk]):
        kept = ProviderEvent.objects.get()
    assert (kept.external_id, kept.processed_at, kept.channel) == ("in:SMin", None, "sms")


def test_meta_is_answered_only_with_the_token_it_was_given(meta_creditor):
    token = account_of(meta_creditor, "whatsapp").settings["verify_token"]

    def asked(**query):
        return challenge_answer(meta_knock(meta_creditor, b"", query=query))

    good = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "1158201444"}
    assert asked(**good) == "1158201444"
    for wrong in (
        {"hub.verify_token": ""},
        {"hub.verify_token": "otro"},
        {"hub.mode": "x"},
        {"hub.challenge": "<script>"},
    ):
        with pytest.raises(NotSigned):
            asked(**good | wrong)
    assert messages(meta_creditor) == []
    assert meta_news.is_signed("", "hush", b"") is False
