"""«Textos»: what is questioned is shown beside the text, and kept only with a reason."""

import re

import pytest
from django.db import transaction

from aldia.records.outreach.models import CreditorText, TextVersion
from aldia.records.tenancy.scope import scope
from aldia.rules.texts.uses import KINDS, MOMENTS
from tests.desk.conftest import person, text_of

READ, SAVE = (f"/acreedor/luz/textos/{each}/" for each in ("ver", "guardar"))
LIST = "/acreedor/luz/textos/"
PAGE = f"{LIST}friendly/email/usted/"
RUDE = {
    "template": "friendly",
    "channel": "email",
    "form": "usted",
    "subject": "Un recordatorio",
    "body": "No sea caradura: pague hoy mismo.\n\n{partidas}",
}


@pytest.fixture
def lead(client, luz):
    client.force_login(person(luz, "eva@luz.example", "manager"))
    return client


def _kept(luz):
    with transaction.atomic(), scope([luz.pk]):
        return list(CreditorText.objects.values_list("body", flat=True))


def _once(answer):
    return re.findall(r'name="once" value="([^"]+)"', answer.content.decode())[-1]


def test_what_is_questioned_is_shown_while_it_is_written(lead):
    said = text_of(lead.post(READ, RUDE))
    assert "no debe salir así «caradura» ofende" in said
    assert "mírelo «hoy mismo»" in said
    assert "Norma de la casa" in said
    assert "no debe salir así" not in text_of(lead.get(PAGE))


def test_it_is_kept_only_with_a_reason_and_what_was_typed_stays(lead, luz):
    refused = lead.post(SAVE, {**RUDE, "once": _once(lead.get(PAGE))})
    assert refused.status_code == 422
    assert "No se ha guardado" in text_of(refused)
    assert "No sea caradura" in refused.content.decode()
    assert _kept(luz) == []
    given = {**RUDE, "accepted": "Lo revisó la asesoría.", "once": _once(refused)}
    assert lead.post(SAVE, given).status_code == 302
    assert _kept(luz) == [RUDE["body"]]


GOOD = {**RUDE, "body": "{saludo}\n\nFalta esto.\n\n{partidas}"}


def _save(lead, page=PAGE, **fields):
    return lead.post(SAVE, {**GOOD, **fields, "once": _once(lead.get(page))})


def test_every_kind_is_listed_under_its_moment_and_opens_with_a_real_customer(lead):
    page = lead.get(LIST).content.decode()
    places = [page.index(f'id="m-{moment}"') for moment in MOMENTS]
    assert places == sorted(places)
    links = re.findall(r'href="(/acreedor/luz/textos/(\w+)/\w+/usted/)"', page)
    assert {template for _url, template in links} == set(KINDS)
    for url, template in links:
        shown = lead.get(url)
        assert shown.status_code == 200
        assert KINDS[template].title in text_of(shown)
        assert "Así lo leería" in text_of(shown), url


def test_what_a_customer_does_not_have_is_labelled_as_an_example(lead):
    told = text_of(lead.get(f"{LIST}plan_confirmation/email/usted/"))
    assert "datos de ejemplo el plan de pagos" in told
    assert "Plazo 1 de 3" in told
    assert "datos de ejemplo" not in text_of(lead.get(f"{LIST}fix_contact/email/usted/"))


def test_beside_an_sms_stands_how_many_parts_and_which_alphabet(lead):
    told = text_of(lead.get(f"{LIST}friendly/sms/usted/"))
    assert re.search(r"1 SMS · \d+ caracteres del alfabeto corto \(GSM-7\)", told)
    long = {**GOOD, "channel": "sms", "subject": "", "body": "ж" * 80}
    assert re.search(r"2 SMS · 80 caracteres del alfabeto largo \(UCS-2\)", text_of(lead.post(READ, long)))


def test_a_language_without_texts_shows_the_spanish_ones_and_takes_its_own(lead, luz):
    page = f"{PAGE}?idioma=ca"
    assert "En este idioma no hay texto todavía" in text_of(lead.get(page))
    answer = _save(lead, page, language="ca", body="Bon dia.\n\n{partidas}")
    assert answer.headers["Location"].endswith("?idioma=ca")
    assert "no hay texto todavía" not in text_of(lead.get(page))
    with transaction.atomic(), scope([luz.pk]):
        assert CreditorText.objects.get().language == "ca"
    assert "suyo" in text_of(lead.get(f"{LIST}?idioma=ca"))
    assert "suyo" not in text_of(lead.get(LIST))


def test_english_is_read_in_english_and_knows_one_form_of_address(lead):
    told = lead.get(f"{PAGE}?idioma=en").content.decode()
    assert 'class="al-mail" lang="en"' in told
    assert "A reminder about" in told
    for wrong in (f"{LIST}friendly/email/tu/?idioma=en", f"{PAGE}?idioma=fr", f"{PAGE}?version=9"):
        assert lead.get(wrong).status_code == 404
    assert "Ese texto no existe." in text_of(lead.post(READ, {**GOOD, "channel": "paloma"}))


def test_an_earlier_version_is_read_and_used_again(lead, luz):
    assert _save(lead).status_code == 302
    assert _save(lead, body="Otra cosa.\n\n{partidas}").status_code == 302
    first = f"{PAGE}?version=1"
    assert "Está leyendo la versión 1" in text_of(lead.get(first))
    assert "Falta esto." in lead.get(first).content.decode()
    assert _save(lead, first).status_code == 302
    assert _save(lead, reset="1").status_code == 302
    assert _kept(luz) == []
    with transaction.atomic(), scope([luz.pk]):
        bodies = list(TextVersion.objects.order_by("number").values_list("body", flat=True))
    assert bodies == [GOOD["body"], "Otra cosa.\n\n{partidas}", GOOD["body"], ""]
    assert "4 · texto de la casa en vigor" in text_of(lead.get(PAGE))


def test_a_datum_its_kind_does_not_have_is_refused_naming_it(lead):
    said = text_of(lead.post(READ, {**GOOD, "body": "Para el {fecha_compromiso}."}))
    assert "{fecha_compromiso} solo sirve en los textos de compromisos de pago." in said


def test_the_letter_before_a_suit_is_marked_as_confidential(lead):
    assert "Es confidencial" in text_of(lead.get(f"{LIST}negotiation/email/usted/"))
    assert text_of(lead.get(LIST)).count("confidencial") == 2  # the mark, and the word in its subject
