"""Ajustes, Canales: the state of each, accounts kept or refused beside their field, a test in words."""

import pytest
from django.db import transaction

from aldia.records.outreach.models import ChannelAccount
from aldia.records.tenancy.scope import scope
from tests.desk.conftest import founded, person, text_of
from tests.fakes.provider import fake_provider
from tests.operations.outbox.short_house import over_meta, over_twilio

HERE = "/acreedor/luz/ajustes/canales/"
TWILIO = {
    "account_sid": "AC" + "0" * 32,
    "auth_token": "muy-secreto",
    "sender": "+34 911 000 000",
    "public_url": "https://aldia.example.com",
    "price": "0,0725",
    "currency": "EUR",
}
META = {
    "phone_number_id": "1234567890",
    "access_token": "EAAB",
    "app_secret": "hush",
    "public_url": "",
    "price": "",
    "currency": "EUR",
}


@pytest.fixture
def luz(transactional_db):
    return founded("luz", "Papelería Luz")


@pytest.fixture
def desk(client, luz):
    client.force_login(person(luz, "eva@luz.example", "manager"))
    return client


def _account(luz, channel="sms"):
    with transaction.atomic(), scope([luz.pk]):
        return ChannelAccount.objects.filter(channel=channel).first()


def test_each_channel_has_its_card_and_its_state(desk, luz):
    text = text_of(desk.get(HERE))
    for words in ("Correo", "SMS", "WhatsApp", "Carta certificada", "Llamada", "sin configurar", "a mano"):
        assert words in text
    with transaction.atomic(), scope([luz.pk]):
        over_twilio(luz, fake_port(9))
        ChannelAccount.objects.update(trouble="Twilio pide esperar.", trouble_at="2026-11-20T09:00Z")
    text = text_of(desk.get(HERE))
    assert "con problemas" in text
    assert "Twilio pide esperar." in text


def fake_port(port):
    from tests.fakes.provider import FakeProvider

    return FakeProvider(port=port)


def test_an_account_is_kept_and_its_secret_never_shown(desk, luz):
    response = desk.post(f"{HERE}sms/twilio/", {**TWILIO, "once": "k1"})
    assert response.status_code == 302
    kept = _account(luz)
    assert (kept.settings["sender"], kept.settings["price_minor"]) == ("+34911000000", "7.25")
    page = desk.get(f"{HERE}sms/twilio/").content.decode()
    assert "muy-secreto" not in page
    assert 'value="0,0725"' in page
    assert "https://aldia.example.com/api/hooks/luz/twilio/" in page
    again = {**TWILIO, "auth_token": "", "price": "0,08", "once": "k2"}
    assert desk.post(f"{HERE}sms/twilio/", again).status_code == 302
    assert _account(luz).secrets_sealed == kept.secrets_sealed


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("account_sid", "AC1", "empieza por AC"),
        ("auth_token", "", "Falta el «Auth Token»"),
        ("sender", "1", "El remitente es un número"),
        ("public_url", "http://x.es", "no sirve como dirección"),
        ("price", "caro", "no es un precio"),
    ],
)
def test_what_cannot_be_right_is_said_beside_its_field(desk, luz, field, value, sentence):
    response = desk.post(f"{HERE}sms/twilio/", {**TWILIO, field: value, "once": "k"})
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert f'id="id_{field}_error"' in page
    assert _account(luz) is None


def test_meta_is_given_its_token_and_approved_texts(desk, luz):
    assert desk.post(f"{HERE}whatsapp/meta/", {**META, "once": "k1"}).status_code == 302
    token = _account(luz, "whatsapp").settings["verify_token"]
    page = desk.get(f"{HERE}whatsapp/meta/").content.decode()
    assert token in page
    text = {
        "template": "friendly",
        "name": "aviso_1",
        "language": "es",
        "body": "Hola, {{1}}: por su factura, {{2}}.",
        "placeholders": "cliente, {total}",
    }
    assert desk.post(f"{HERE}whatsapp/meta/", {**text, "once": "k2"}).status_code == 302
    kept = _account(luz, "whatsapp").settings["templates"]["friendly"]
    assert kept["placeholders"] == ["cliente", "total"]
    wrong = desk.post(f"{HERE}whatsapp/meta/", {**text, "placeholders": "cliente", "once": "k3"})
    assert wrong.status_code == 422
    assert "cada hueco necesita el suyo" in wrong.content.decode()
    assert desk.post(f"{HERE}whatsapp/meta/", {**text, "name": "", "once": "k4"}).status_code == 302
    assert _account(luz, "whatsapp").settings["templates"] == {}


def test_a_test_says_what_became_of_it(desk, luz, monkeypatch):
    monkeypatch.setattr("aldia.kernel.clock.is_present", lambda moment: True)
    with fake_provider(faults=["ok", "bad_number"]) as fake:
        over_twilio(luz, fake)
        said = desk.post(f"{HERE}sms/prueba/", {"recipient": "600 000 000", "once": "k1"}, follow=True)
        assert "La prueba ha salido hacia 600 000 000." in text_of(said)
        said = desk.post(f"{HERE}sms/prueba/", {"recipient": "600 000 000", "once": "k1"}, follow=True)
        assert "ya se ha enviado" in text_of(said)
        said = desk.post(f"{HERE}sms/prueba/", {"recipient": "600 000 000", "once": "k2"}, follow=True)
        assert "La prueba no ha salido. Twilio: ese número no es válido (21211)." in text_of(said)
        assert len(fake.taken) == 1


def test_the_mailbox_and_no_account_at_all_forget_the_secrets(desk, luz):
    over_meta(luz, fake_port(9))
    desk.post(f"{HERE}whatsapp/buzon/", {"once": "k1"})
    kept = _account(luz, "whatsapp")
    assert (kept.provider, kept.secrets_sealed) == ("mailbox", "")
    desk.post(f"{HERE}whatsapp/quitar/", {"once": "k2"})
    assert _account(luz, "whatsapp") is None


@pytest.mark.parametrize("path", ["sms/meta/", "email/twilio/", "fax/twilio/", "sms/nadie/"])
def test_what_does_not_exist_is_not_found(desk, path):
    assert desk.get(HERE + path).status_code == 404


def test_what_an_sms_will_cost_is_seen_before_it_is_approved(transactional_db, client):
    from aldia.records.outreach.models import Message
    from aldia.records.parties.models import ContactPoint, Customer
    from tests import factories as make
    from tests.cli.books import write_books
    from tests.desk.conftest import run

    luz = founded("luz", "Papelería Luz")
    write_books(luz)
    run(luz)
    over_twilio(luz, fake_port(9), price="0,0725")
    with transaction.atomic(), scope([luz.pk]):
        late = Customer.objects.get(code="TARDE")
        ContactPoint.objects.create(
            creditor=luz,
            customer=late,
            contact=make.contact(customer=late),
            channel="phone",
            value="600 000 000",
        )
        Message.objects.filter(customer=late).update(channel="sms", state="waiting_approval")
        unit = Message.objects.filter(customer=late).values_list("bundle", flat=True)[0]
    client.force_login(person(luz, "eva@luz.example", "manager"))
    text = text_of(client.get("/acreedor/luz/carta/", {"ver": unit}))
    assert "+34600000000" in text
    assert "SMS de 1 parte" in text
    assert "Costará unos 0,07 €." in text
