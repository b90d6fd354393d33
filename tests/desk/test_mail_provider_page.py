"""Ajustes, Correo, a provider: the account kept or refused beside its field, its address, a test in words."""

import pytest
from django.db import transaction

from aldia.records.outreach.models import MailAccount
from aldia.records.tenancy.scope import scope
from tests.desk.conftest import founded, person, text_of
from tests.fakes.mail_providers import fake_mail_provider
from tests.fakes.provider import FakeProvider
from tests.operations.outbox.mail_house import NAMES, over_mail_provider, word_of

HERE = "/acreedor/luz/ajustes/correo/"
SAID = {
    "api_key": "muy-secreta",
    "secret_key": "tambien-secreta",
    "domain": "mg.luz.example",
    "region": "eu",
    "stream": "cobros",
    "from_address": "cobros@luz.example",
    "from_name": "Papelería Luz",
    "reply_to": "",
    "public_url": "https://aldia.luz.example",
    "signing_key": "",
    "verification_key": "",
}


@pytest.fixture
def luz(transactional_db):
    return founded("luz", "Papelería Luz")


@pytest.fixture
def desk(client, luz):
    client.force_login(person(luz, "eva@luz.example", "manager"))
    return client


def kept(luz):
    with transaction.atomic(), scope([luz.pk]):
        return MailAccount.objects.filter(creditor=luz).first()


@pytest.mark.parametrize("provider", NAMES)
def test_an_account_is_kept_its_key_never_shown_and_its_address_given(desk, luz, provider):
    page = f"{HERE}proveedor/{provider}/"
    assert "Se da al guardar la cuenta." in text_of(desk.get(page))
    assert desk.post(page, {**SAID, "once": "k1"}).status_code == 302
    account = kept(luz)
    assert (account.kind, account.provider, account.from_name) == ("provider", provider, "Papelería Luz")
    shown = desk.get(page).content.decode()
    assert "secreta" not in shown.replace("palabra secreta", "").replace("Clave secreta", "")
    assert f"https://aldia:{word_of(luz)}@aldia.luz.example/api/hooks/luz/{provider}/" in shown
    assert desk.post(page, {**SAID, "api_key": "", "secret_key": "", "once": "k2"}).status_code == 302
    assert "El correo sale por" in text_of(desk.get(HERE))
    assert "Sale por" in text_of(desk.get("/acreedor/luz/ajustes/canales/"))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("api_key", "", "Falta la clave de la API"),
        ("domain", "x/y", "no es un dominio"),
        ("region", "mars", "no es una de las opciones disponibles"),
        ("public_url", "http://luz.example", "no sirve como dirección"),
        ("from_address", "cobros", "dirección de correo"),
    ],
)
def test_what_cannot_be_right_is_said_beside_its_field(desk, luz, field, value, sentence):
    response = desk.post(f"{HERE}proveedor/mailgun/", {**SAID, field: value, "once": "k"})
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert f'id="id_{field}_error"' in response.content.decode()
    assert kept(luz) is None


def test_a_test_says_what_became_of_it(desk, luz, monkeypatch):
    monkeypatch.setattr("aldia.kernel.clock.is_present", lambda moment: True)
    with fake_mail_provider(faults=["ok", "bad_number"]) as fake:
        over_mail_provider(luz, fake, "postmark")
        said = desk.post(f"{HERE}prueba/", {"once": "k1"}, follow=True)
        assert "La prueba ha salido hacia eva@luz.example." in text_of(said)
        said = desk.post(f"{HERE}prueba/", {"once": "k2"}, follow=True)
        assert "La prueba no ha salido. Postmark: esa dirección no es válida." in text_of(said)


def test_trouble_is_told_on_the_page_of_the_provider_in_use_alone(desk, luz):
    over_mail_provider(luz, FakeProvider(port=9), "postmark")
    with transaction.atomic(), scope([luz.pk]):
        MailAccount.objects.update(trouble="Postmark: no acepta la clave.", trouble_at="2026-11-20T09:00Z")
    assert "Postmark: no acepta la clave." in text_of(desk.get(f"{HERE}proveedor/postmark/"))
    assert "no acepta la clave" not in text_of(desk.get(f"{HERE}proveedor/brevo/"))


def test_there_is_no_other_provider(desk):
    assert desk.get(f"{HERE}proveedor/ses/").status_code == 404
