"""What providers' news say, as pure readers: messages that come in, and what became of those that left."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from aldia.channels import twilio_news
from aldia.channels.hooks import delivery_of, incoming_of
from aldia.channels.news import Incoming
from aldia.channels.whatsapp import meta_news

CAME = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
WROTE = CAME - timedelta(minutes=2)


@dataclass
class Row:
    source: str
    external_id: str
    payload: Any
    received_at: datetime = CAME


def from_twilio(**fields: str) -> Row:
    (piece,) = twilio_news.pieces_of(urlencode(fields).encode(), {})
    return Row("twilio", piece.external_id, piece.payload)


def from_meta(**value: Any) -> Row:
    import json

    told = {"entry": [{"changes": [{"value": value}]}]}
    (piece,) = meta_news.pieces_of(json.dumps(told).encode())
    return Row("meta", piece.external_id, piece.payload)


def message(**more: Any) -> Row:
    said = {"id": "wamid.in", "from": "34600000000", "timestamp": str(int(WROTE.timestamp())), "type": "text"}
    return from_meta(messages=[said | more])


def test_an_sms_that_comes_in():
    row = from_twilio(
        MessageSid="SM1", From="+34600000000", To="+34911", Body="Ya pagué ñ", SmsStatus="received"
    )
    assert incoming_of(row) == Incoming("sms", "+34600000000", "Ya pagué ñ", "SM1", "", CAME)
    assert delivery_of(row) is None


def test_a_whatsapp_over_twilio_that_answers_one_of_ours():
    row = from_twilio(
        MessageSid="SM2",
        From="whatsapp:+34600000000",
        To="whatsapp:+34911",
        Body="BAJA",
        OriginalRepliedMessageSid="SM1",
    )
    assert incoming_of(row) == Incoming("whatsapp", "+34600000000", "BAJA", "SM2", "SM1", CAME)


@pytest.mark.parametrize(
    ("more", "text", "kind"),
    [
        ({"text": {"body": "Mañana pago"}}, "Mañana pago", "text"),
        ({"type": "button", "button": {"text": "Ya pagué", "payload": "x"}}, "Ya pagué", "button"),
        (
            {"type": "interactive", "interactive": {"button_reply": {"id": "1", "title": "No"}}},
            "No",
            "interactive",
        ),
        ({"type": "image", "image": {"id": "9", "caption": "el recibo"}}, "el recibo", "image"),
        ({"type": "audio", "audio": {"id": "9"}}, "", "audio"),
        ({"text": 7}, "", "text"),
    ],
)
def test_a_whatsapp_over_meta_that_comes_in(more, text, kind):
    row = message(context={"id": "wamid.ours"}, **more)
    assert incoming_of(row) == Incoming(
        "whatsapp", "+34600000000", text, "wamid.in", "wamid.ours", WROTE, kind
    )


def test_a_mexican_number_is_as_people_dial_it_and_no_message_is_of_tomorrow():
    late = str(int((CAME + timedelta(days=2)).timestamp()))
    found = incoming_of(message(**{"from": "5215512345678", "timestamp": late}))
    assert found is not None
    assert (found.sender, found.at) == ("+525512345678", CAME)


@pytest.mark.parametrize("sender", ["", "abc", "٣٤", None, 34])
def test_a_sender_that_is_no_number_is_blank(sender):
    found = incoming_of(message(**{"from": sender}))
    assert found is not None
    assert found.sender == ""


def test_a_status_says_how_far_the_message_came():
    told = delivery_of(
        from_twilio(MessageSid="SM1", MessageStatus="undelivered", ErrorCode="30006", To="+34911")
    )
    assert told is not None
    assert (told.state, told.detail, told.bad_address, told.address) == ("failed", "30006", True, "+34911")
    assert "fijo" in told.reason
    told = delivery_of(
        from_meta(
            statuses=[
                {
                    "id": "wamid.1",
                    "status": "read",
                    "recipient_id": "34600",
                    "biz_opaque_callback_data": "aldia.x",
                }
            ]
        )
    )
    assert told is not None
    assert (told.state, told.provider_id, told.reference) == ("read", "wamid.1", "aldia.x")


@pytest.mark.parametrize("status", ["received", "", "unheard-of"])
def test_a_status_without_meaning_says_nothing(status):
    assert delivery_of(from_twilio(MessageSid="SM1", MessageStatus=status, To="+34911")) is None


def test_the_signature_is_twilios_own():
    """By the published recipe: address, then names with their values in order; HMAC-SHA1, base64."""
    import base64
    import hashlib
    import hmac

    fields = [("To", "+18005551212"), ("From", "+12349013030"), ("Digits", "1234"), ("Empty", "")]
    told = (
        "https://example.com/myapp?foo=1&bar=2"
        + "Digits1234"
        + "Empty"
        + "From+12349013030"
        + "To+18005551212"
    )
    known = base64.b64encode(hmac.new(b"12345", told.encode(), hashlib.sha1).digest()).decode()
    assert twilio_news.signature("12345", "https://example.com/myapp?foo=1&bar=2", fields) == known
    body = urlencode(fields).encode()
    url = "https://example.com/myapp?foo=1&bar=2"
    with_port = url.replace("example.com", "example.com:443")
    assert twilio_news.is_signed(known, "12345", [url], body)
    assert twilio_news.is_signed(known, "12345", [with_port], body)
    assert not twilio_news.is_signed(known, "12345", [url + "x"], body)
    assert not twilio_news.is_signed(known, "", [url], body)
