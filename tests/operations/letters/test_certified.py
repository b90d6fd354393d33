"""Certified letters: what is handed over, what is written down, what is still missing."""

import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest

from aldia.jurisdictions.certified import certified_kind, certified_kinds
from aldia.operations.certified import HandedOver, add_certificate, hand_over, record_result
from aldia.operations.letters import LettersRefused, make_print_batch, withdraw_letter
from aldia.queries.certified import certified_letters, certified_sheet
from aldia.queries.handover import handover_file
from aldia.queries.letters import letter_of_id
from aldia.queries.timeline import timeline
from aldia.records.cases.models import Task
from aldia.records.outreach.models import CERTIFICATE_MAX_BYTES
from aldia.records.parties.models import ContactPoint
from tests.operations.letters.post import STREET, by_post, letters, pages_of, post_house, send
from tests.queries.gate_house import DAY, NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

DUE = date(2026, 9, 1)
WHO: dict[str, Any] = {"actor": "ana", "now": NOW}
SENT = HandedOver(DAY, "burofax", "Correos")


@pytest.fixture
def house():
    found = post_house(channel="certified")
    by_post(found, "TARDE", (120_000, DUE), name='=Talleres; "Tarde"')
    found.run()
    assert send(found.creditor).sent == 1
    return found


def _id(house):
    (letter,) = letters(house.creditor)
    return letter.pk


def _row(house):
    with house.inside():
        (row,) = certified_letters(house.creditor).rows
    return row


def test_it_is_in_no_print_batch(house):
    with pytest.raises(LettersRefused, match="vacía"):
        make_print_batch(creditor=house.creditor, **WHO)


def test_what_is_missing_shrinks_with_what_is_written_down(house):
    assert _row(house).missing == ("anotar cuándo y con quién se envió",)
    hand_over(creditor=house.creditor, letter_id=_id(house), said=SENT, **WHO)
    assert _row(house).missing == ("el número de seguimiento", "saber si se entregó", "el certificado")
    numbered = HandedOver(DAY, "burofax", " Correos\n", "NB 0001\t234")
    hand_over(creditor=house.creditor, letter_id=_id(house), said=numbered, **WHO)
    row = _row(house)
    assert (row.carrier, row.tracking_number, row.kind_title) == ("Correos", "NB 0001 234", "Burofax")
    record_result(
        creditor=house.creditor, letter_id=_id(house), kind="delivered", on=DAY, note="Firmó", **WHO
    )
    add_certificate(creditor=house.creditor, letter_id=_id(house), name="acuse.pdf", content=b"%PDF-1", **WHO)
    row = _row(house)
    assert (row.missing, row.result_label, row.certificates) == ((), "Entregada al destinatario", 1)
    (letter,) = letters(house.creditor)
    assert (letter.state, letter.posted_on, letter.dispatch.delivery) == ("posted", DAY, "delivered")
    with house.inside():
        sheet = certified_sheet(house.creditor, letter.pk)
        page = timeline(house.creditor, letter.customer_id, titles={}, until=DAY)
    assert sheet is not None
    assert len(sheet.events) == 3
    told = [each.state for each in page.entries if each.kind == "certified"]
    assert told == ["Entregada al destinatario", "Entregada al servicio", "Entregada al servicio"]
    assert [each.detail for each in page.entries if each.kind == "certificate"] == ["acuse.pdf"]


def test_the_file_to_hand_over_says_who_sends_what_to_whom(house):
    with house.inside():
        letter = letter_of_id(house.creditor, _id(house))
        kind = certified_kind("burofax")
        assert letter is not None
        assert kind is not None
        first = handover_file(house.creditor, [letter], kind)
        assert first == handover_file(house.creditor, [letter], kind)
    archive = zipfile.ZipFile(io.BytesIO(first))
    assert archive.namelist() == [f"carta-{letter.id}.pdf", "envios.csv", "envios.json"]
    (told,) = json.loads(archive.read("envios.json"))
    assert told["servicio"] == "burofax con certificación de texto y acuse de recibo"
    assert told["remitente"] == "Papelería Luz"
    assert told["domicilio_remitente"] == "Calle Mayor 1, 2.º B, 28013 Madrid"
    assert told["destinatario"] == '=Talleres; "Tarde"'
    assert told["domicilio_destinatario"] == "Avenida de la Constitución 25, 3.º, 41001 Sevilla, Sevilla"
    assert told["sha256"] == letter.sha256
    assert "'=Talleres" in archive.read("envios.csv").decode("utf-8-sig")
    assert "requerirle el pago" in pages_of(archive.read(f"carta-{letter.id}.pdf"))[0]


def test_one_that_comes_back_greys_its_address_and_asks_for_another(house):
    hand_over(creditor=house.creditor, letter_id=_id(house), said=SENT, **WHO)
    for _ in range(2):
        record_result(creditor=house.creditor, letter_id=_id(house), kind="returned", on=DAY, **WHO)
    with house.inside():
        assert Task.objects.get(once_key__startswith="letter:").kind == "bad_address"
        assert ContactPoint.objects.get(value=STREET).quality == "bad"
    (letter,) = letters(house.creditor)
    assert letter.dispatch.delivery == "bounced"


def test_the_last_word_counts(house):
    hand_over(creditor=house.creditor, letter_id=_id(house), said=SENT, **WHO)
    record_result(creditor=house.creditor, letter_id=_id(house), kind="not_collected", on=DAY, **WHO)
    record_result(creditor=house.creditor, letter_id=_id(house), kind="delivered", on=DAY, **WHO)
    assert _row(house).result == "delivered"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (HandedOver(DAY + timedelta(days=1), "burofax", "Correos"), "por llegar"),
        (HandedOver(DAY - timedelta(days=1), "burofax", "Correos"), "anterior"),
        (HandedOver(DAY, "paloma", "Correos"), "servicio"),
        (HandedOver(DAY, "burofax", " "), "con quién"),
    ],
)
def test_a_handing_over_that_cannot_be_is_refused(house, said, why):
    with pytest.raises(LettersRefused, match=why):
        hand_over(creditor=house.creditor, letter_id=_id(house), said=said, **WHO)
    assert letters(house.creditor)[0].state == "tray"


def test_no_result_before_it_went_and_none_that_does_not_exist(house):
    with pytest.raises(LettersRefused, match="primero"):
        record_result(creditor=house.creditor, letter_id=_id(house), kind="delivered", on=DAY, **WHO)
    with pytest.raises(LettersRefused, match="Elija qué pasó"):
        record_result(creditor=house.creditor, letter_id=_id(house), kind="handed_over", on=DAY, **WHO)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "vacío"),
        (b"<html><script>", "PDF"),
        (b"%PDF-" + b"x" * CERTIFICATE_MAX_BYTES, "10 MB"),
        (b"MZ\x90 %PDF-", "PDF"),
    ],
)
def test_only_a_certificate_is_kept(house, content, why):
    with pytest.raises(LettersRefused, match=why):
        add_certificate(creditor=house.creditor, letter_id=_id(house), name="a.pdf", content=content, **WHO)


def test_the_type_is_what_the_file_is_and_the_same_file_is_kept_once(house):
    kept = add_certificate(
        creditor=house.creditor, letter_id=_id(house), name="a.pdf\n.exe", content=b"\xff\xd8\xff\xe0", **WHO
    )
    assert (kept.content_type, kept.name) == ("image/jpeg", "a.pdf .exe")
    with pytest.raises(LettersRefused, match="ya está"):
        add_certificate(
            creditor=house.creditor, letter_id=_id(house), name="b.jpg", content=b"\xff\xd8\xff\xe0", **WHO
        )


def test_withdrawn_before_it_went_nothing_is_missing_and_nothing_more_can_be_said(house):
    withdraw_letter(creditor=house.creditor, letter_id=_id(house), reason="Acuerdo", **WHO)
    assert _row(house).missing == ()
    with pytest.raises(LettersRefused, match="retirado"):
        hand_over(creditor=house.creditor, letter_id=_id(house), said=SENT, **WHO)


@pytest.mark.parametrize(
    ("country", "first"),
    [
        ("ES", "burofax"),
        ("PE", "carta_notarial"),
        ("AR", "carta_documento"),
        ("CL", "carta_certificada_cl"),
        ("CO", "correo_certificado_co"),
        ("MX", "interpelacion_mx"),
        ("FR", "email_certificado"),
    ],
)
def test_each_country_has_its_kinds_with_their_source(country, first):
    kinds = certified_kinds(country)
    assert kinds[0].id == first
    assert kinds[-1].id == "email_certificado"
    assert all(kind.source and kind.service and kind.carriers for kind in kinds)
