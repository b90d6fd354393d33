"""The accounts of SMS and WhatsApp: what is kept, what is refused, and whom a secret goes to."""

from typing import Any

import pytest
from django.db import transaction

from aldia.connectors.secrets import unseal
from aldia.operations.channels import ChannelRefused, remove_channel, send_test_message, set_channel
from aldia.operations.outbox import RehearsalLeaves
from aldia.queries.channels import in_session_at
from aldia.queries.outbox import mailbox
from aldia.records.audit.models import AuditEntry
from aldia.records.outreach.models import ChannelAccount, ProviderEvent
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.fakes.provider import fake_provider
from tests.operations.outbox.house import ACTOR, NOW
from tests.operations.outbox.short_house import (
    APPROVED,
    CONTENT,
    SID,
    account_of,
    later,
    over_meta,
    over_twilio,
)

pytestmark = pytest.mark.django_db(transaction=True)

TWILIO = {"account_sid": SID, "sender": "+34911000000"}
META = {"phone_number_id": "1234567890"}
TOKEN = {"auth_token": "muy-secreto"}
KEYS = {"access_token": "EAAB", "app_secret": "hush"}


def _set(creditor, channel="sms", provider="twilio", *, settings: Any = None, secrets: Any = None):
    set_channel(
        creditor=creditor,
        channel=channel,
        provider=provider,
        settings=TWILIO if settings is None else settings,
        secrets=TOKEN if secrets is None else secrets,
        actor=ACTOR,
        now=NOW,
    )


def _entries(creditor):
    with transaction.atomic(), scope([creditor.pk]):
        return list(AuditEntry.objects.order_by("sequence").values_list("verb", "payload"))


def test_an_account_is_kept_with_its_secret_sealed_and_an_entry_without_it():
    creditor = make.creditor()
    _set(creditor, settings=TWILIO | {"price": "0,0725", "public_url": "https://aldia.example.com/"})
    kept = account_of(creditor)
    assert kept.settings == {
        "account_sid": SID,
        "sender": "+34911000000",
        "base_url": "https://api.twilio.com",
        "public_url": "https://aldia.example.com",
        "price_minor": "7.25",
        "currency": "EUR",
    }
    assert "muy-secreto" not in str(kept.__dict__)
    assert unseal(kept.secrets_sealed) == '{"auth_token": "muy-secreto"}'
    assert _entries(creditor)[-1] == (
        "channel_account.changed",
        {"channel": "sms", "provider": "twilio"},
    )


WRONG: list[tuple[str, str, dict[str, Any], dict[str, str], str]] = [
    ("email", "twilio", TWILIO, TOKEN, "no tiene cuenta"),
    ("sms", "nadie", TWILIO, TOKEN, "no existe"),
    ("sms", "meta", META, KEYS, "Meta solo lleva WhatsApp"),
    ("sms", "twilio", TWILIO | {"account_sid": "AC12"}, TOKEN, "Account SID"),
    ("sms", "twilio", TWILIO | {"account_sid": SID + "/../x"}, TOKEN, "Account SID"),
    ("sms", "twilio", TWILIO | {"sender": "12"}, TOKEN, "El remitente es"),
    ("sms", "twilio", TWILIO | {"sender": "Demasiado largo"}, TOKEN, "El remitente es"),
    ("whatsapp", "twilio", TWILIO | {"sender": "Luz"}, TOKEN, "El remitente es"),
    ("sms", "twilio", TWILIO, {}, "Falta el «Auth Token»"),
    ("sms", "twilio", TWILIO, {"auth_token": "a b"}, "hay espacios o letras"),
    ("sms", "twilio", TWILIO, {"auth_token": "a\r\nX: y"}, "hay espacios o letras"),
    ("sms", "twilio", TWILIO | {"base_url": "http://api.twilio.com"}, TOKEN, "no sirve como dirección"),
    ("sms", "twilio", TWILIO | {"public_url": "ftp://x"}, TOKEN, "no sirve como dirección"),
    ("sms", "twilio", TWILIO | {"price": "gratis"}, TOKEN, "no es un precio"),
    ("sms", "twilio", TWILIO | {"price": "1", "currency": "XXQ"}, TOKEN, "no existe"),
    ("whatsapp", "meta", {"phone_number_id": "+34600"}, KEYS, "Phone number ID"),
    ("whatsapp", "meta", META | {"version": "../v1"}, KEYS, "versión"),
    ("whatsapp", "meta", META, {"access_token": "EAAB"}, "Falta el «App Secret»"),
    ("whatsapp", "meta", META | {"templates": []}, KEYS, ""),
    ("whatsapp", "meta", META | {"templates": ["x"]}, KEYS, "son un objeto"),
    ("whatsapp", "meta", META | {"templates": {"nada": {}}}, KEYS, "No hay ningún texto"),
    ("whatsapp", "twilio", TWILIO | {"templates": APPROVED}, TOKEN, "Content SID"),
]


@pytest.mark.parametrize(("channel", "provider", "settings", "secrets", "sentence"), WRONG)
def test_what_cannot_be_right_is_refused_and_nothing_is_kept(channel, provider, settings, secrets, sentence):
    creditor = make.creditor()
    if not sentence:  # an empty list is as good as none
        _set(creditor, channel, provider, settings=settings, secrets=secrets)
        return
    with pytest.raises(ChannelRefused, match=sentence):
        _set(creditor, channel, provider, settings=settings, secrets=secrets)
    with transaction.atomic(), scope([creditor.pk]):
        assert not ChannelAccount.objects.exists()


@pytest.mark.parametrize("changed", [{"base_url": "https://evil.example"}, {"account_sid": "AC" + "1" * 32}])
def test_a_kept_secret_goes_to_no_other_server_or_account(changed):
    creditor = make.creditor()
    _set(creditor)
    _set(creditor, settings=TWILIO | {"sender": "Luz"}, secrets={})
    assert account_of(creditor).settings["sender"] == "Luz"
    with pytest.raises(ChannelRefused, match="escriba también el «Auth Token»"):
        _set(creditor, settings=TWILIO | changed, secrets={})


def test_what_nobody_says_again_stays_and_the_verify_token_never_changes():
    creditor = make.creditor()
    _set(creditor, "whatsapp", "meta", settings=META | {"templates": APPROVED}, secrets=KEYS)
    first = account_of(creditor, "whatsapp").settings
    _set(creditor, "whatsapp", "meta", settings=META, secrets={"app_secret": "other"})
    second = account_of(creditor, "whatsapp")
    assert second.settings == first
    assert len(first["verify_token"]) > 20
    assert unseal(second.secrets_sealed) == '{"access_token": "EAAB", "app_secret": "other"}'


def test_a_removed_account_takes_its_secrets_with_it():
    creditor = make.creditor()
    _set(creditor)
    said: dict[str, Any] = {"creditor": creditor, "channel": "sms", "actor": ACTOR, "now": NOW}
    assert remove_channel(**said)
    assert not remove_channel(**said)
    assert [verb for verb, _ in _entries(creditor)][-1] == "channel_account.removed"


def test_a_test_message_says_what_the_provider_called_it(monkeypatch):
    monkeypatch.setattr("aldia.kernel.clock.is_present", lambda moment: True)
    creditor = make.creditor()
    said: dict[str, Any] = {"creditor": creditor, "actor": ACTOR, "now": NOW}
    with fake_provider(faults=["ok", "bad_number"]) as fake:
        over_twilio(creditor, fake)
        assert send_test_message(channel="sms", recipient="600 000 000", **said).startswith("SM")
        with pytest.raises(ChannelRefused, match="no es válido"):
            send_test_message(channel="sms", recipient="600000001", **said)
        with pytest.raises(ChannelRefused, match="con su prefijo"):
            send_test_message(channel="sms", recipient="912", **said)
        with pytest.raises(ChannelRefused, match="todavía no tiene cuenta"):
            send_test_message(channel="whatsapp", recipient="600000001", **said)
        over_meta(creditor, fake)
        with pytest.raises(ChannelRefused, match="plantilla aprobada"):
            send_test_message(channel="whatsapp", recipient="600000001", **said)
        assert send_test_message(channel="whatsapp", recipient="600000001", template="friendly", **said)
        over_twilio(creditor, fake, "whatsapp", templates=CONTENT)
        assert send_test_message(channel="whatsapp", recipient="600000001", template="friendly", **said)
        assert len(fake.taken) == 3
    assert fake.taken[0].words.startswith("Mensaje de prueba de")
    assert [verb for verb, _ in _entries(creditor)].count("channel_account.tested") == 5


def test_a_rehearsal_sends_no_test():
    creditor = make.creditor()
    with fake_provider() as fake:
        over_twilio(creditor, fake)
        with pytest.raises(RehearsalLeaves):
            send_test_message(creditor=creditor, channel="sms", recipient="600000000", actor=ACTOR, now=NOW)
        assert (fake.asked, fake.probes) == (0, 0)


def test_free_text_may_go_for_a_day_to_whoever_wrote_by_whatsapp():
    creditor = make.creditor()
    payload = {"message": {"id": "w", "from": "34600000000", "type": "text", "text": {"body": "hola"}}}
    with transaction.atomic(), scope([creditor.pk]):
        ProviderEvent.objects.create(
            creditor=creditor,
            channel="whatsapp",
            source="meta",
            external_id="in:w",
            payload=payload,
            received_at=NOW,
        )

    def may(number, minutes):
        return in_session_at(creditor, lambda: later(minutes))(number)

    assert may("+34600000000", 60 * 23)
    assert not may("+34600000000", 60 * 24)
    assert not may("+34611111111", 1)


def test_where_nothing_leaves_the_house_no_test_does(monkeypatch):
    monkeypatch.setenv("ALDIA_MAILBOX", "1")
    creditor = make.creditor()
    with fake_provider() as fake:
        over_twilio(creditor, fake)
        send_test_message(creditor=creditor, channel="sms", recipient="600000000", actor=ACTOR, now=NOW)
        assert (fake.asked, fake.probes) == (0, 0)
    assert [(each.channel, each.recipient) for each in mailbox(creditor)] == [("sms", "+34600000000")]


def test_approved_words_that_threaten_are_refused_as_ours_are():
    creditor = make.creditor()
    threat = APPROVED["friendly"] | {"body": "Hola, {{1}}: si no paga {{2}}, aténgase a las consecuencias."}
    with pytest.raises(ChannelRefused, match="«friendly» no se puede enviar"):
        _set(creditor, "whatsapp", "meta", settings=META | {"templates": {"friendly": threat}}, secrets=KEYS)
    with transaction.atomic(), scope([creditor.pk]):
        assert not ChannelAccount.objects.exists()
