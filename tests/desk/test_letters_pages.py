"""The pages of the letters: what is in the tray, printed, posted, withdrawn; certified ones."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from tests.desk.conftest import person, text_of
from tests.operations.letters.post import by_post, letters, post_house, send
from tests.queries.gate_house import DAY

pytestmark = pytest.mark.django_db(transaction=True)

DUE = date(2026, 9, 1)


def _house(channel, monkeypatch):
    monkeypatch.setenv("ALDIA_NOW", "2026-11-20T10:00:00+01:00")
    house = post_house(channel=channel)
    by_post(house, "TARDE", (120_000, DUE), name="Talleres <b>Tarde</b>")
    house.run()
    assert send(house.creditor).sent == 1
    return house


def _url(house, name, **names):
    return reverse(f"desk:{name}", kwargs={"creditor": house.creditor.code, **names})


def _once(client, url):
    page = client.get(url).content.decode()
    return page.partition('name="once" value="')[2].partition('"')[0]


def _member(house, client, role="gestor"):
    client.force_login(person(house.creditor, f"{role}@luz.example", role))


def test_a_letter_goes_from_the_tray_to_the_post(client, monkeypatch):
    house = _house("letter", monkeypatch)
    _member(house, client)
    tray = client.get(_url(house, "letters"))
    assert "Hacer un lote con 1 carta" in text_of(tray)
    assert b"Talleres &lt;b&gt;Tarde" in tray.content
    assert "Cartas 1" in text_of(client.get(_url(house, "outbox")))
    (letter,) = letters(house.creditor)
    one = client.get(_url(house, "letter", letter_id=letter.pk))
    assert letter.sha256 in text_of(one)
    pdf = client.get(_url(house, "letter-pdf", letter_id=letter.pk))
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert pdf["Content-Disposition"].startswith("inline")
    made = client.post(_url(house, "print-batch-new"), {"once": _once(client, _url(house, "letters"))})
    assert made.headers["Location"] == _url(house, "print-batch", number=1)
    batch = client.get(made.headers["Location"])
    assert "1 carta · 2 páginas" in text_of(batch)
    for duplex in ({}, {"duplex": "1"}):
        file = client.post(_url(house, "print-batch-file", number=1), duplex)
        assert len(PdfReader(io.BytesIO(file.content)).pages) == 2
    csv = client.get(_url(house, "print-batch-addresses", number=1)).content.decode("utf-8-sig")
    assert "41001 Sevilla" in csv
    wrong = client.post(_url(house, "print-batch-posted", number=1), {"once": "x1", "on": "ayer"})
    assert wrong.status_code == 422
    key = _once(client, _url(house, "print-batch", number=1))
    client.post(_url(house, "print-batch-posted", number=1), {"once": key, "on": "2026-11-20"})
    assert letters(house.creditor)[0].posted_on == DAY
    assert "TARDE" in text_of(client.get(_url(house, "letters") + "?lista=posted"))
    assert "Lote 1" in text_of(client.get(_url(house, "letters") + "?lista=batches"))
    sheet = client.get(_url(house, "customer", customer_id=letter.customer_id))
    assert "Lote 1" in text_of(sheet)


def test_back_to_the_tray_and_withdrawn_with_a_reason(client, monkeypatch):
    house = _house("letter", monkeypatch)
    _member(house, client)
    client.post(_url(house, "print-batch-new"), {"once": _once(client, _url(house, "letters"))})
    (letter,) = letters(house.creditor)
    page = _url(house, "letter", letter_id=letter.pk)
    client.post(_url(house, "letter-back", letter_id=letter.pk), {"once": _once(client, page)})
    assert letters(house.creditor)[0].state == "tray"
    empty = client.post(_url(house, "letter-withdraw", letter_id=letter.pk), {"once": "x", "reason": ""})
    assert empty.status_code == 422
    said = {"once": _once(client, page), "reason": "Pagó <ayer>"}
    client.post(_url(house, "letter-withdraw", letter_id=letter.pk), said)
    assert letters(house.creditor)[0].state == "withdrawn"
    listed = client.get(_url(house, "letters") + "?lista=withdrawn")
    assert b"Pag\xc3\xb3 &lt;ayer&gt;" in listed.content


def test_a_viewer_sees_and_does_nothing(client, monkeypatch):
    house = _house("letter", monkeypatch)
    _member(house, client, "viewer")
    assert "Hacer un lote" not in text_of(client.get(_url(house, "letters")))
    assert client.post(_url(house, "print-batch-new")).status_code == 403


def test_a_certified_letter_until_nothing_is_missing(client, monkeypatch):
    house = _house("certified", monkeypatch)
    _member(house, client)
    (letter,) = letters(house.creditor)
    one = {"certified_id": letter.pk}
    page = _url(house, "certified-letter", **one)
    assert "anotar cuándo y con quién se envió" in text_of(client.get(_url(house, "certified")))
    assert client.get(_url(house, "letter", letter_id=letter.pk)).headers["Location"] == page
    file = client.get(_url(house, "certified-file", **one) + "?servicio=burofax")
    assert (file["Content-Type"], file.content[:2]) == ("application/zip", b"PK")
    wrong = client.post(_url(house, "certified-handed-over", **one), {"service": "paloma"})
    assert wrong.status_code == 422
    said = {"service": "burofax", "carrier": "Correos", "tracking_number": "NB1", "on": "2026-11-20"}
    client.post(_url(house, "certified-handed-over", **one), {"once": _once(client, page), **said})
    result = {"kind": "delivered", "on": "2026-11-20", "note": ""}
    client.post(_url(house, "certified-result", **one), {"once": _once(client, page), **result})
    upload = SimpleUploadedFile("acuse.pdf", b"%PDF-1.7 x", content_type="text/html")
    client.post(_url(house, "certificate-new", **one), {"once": _once(client, page), "file": upload})
    shown = client.get(page)
    assert "No falta nada." in text_of(shown)
    kept = shown.content.decode().partition("/certificado/")[2]
    number = shown.content.decode().split("/certificado/")[1].partition("/")[0]
    assert kept
    given = client.get(_url(house, "certificate", **one, certificate_id=int(number)))
    assert (given["Content-Type"], given.content) == ("application/pdf", b"%PDF-1.7 x")
    assert given["X-Content-Type-Options"] == "nosniff"
    evil = SimpleUploadedFile("x.pdf", b"<script>", content_type="application/pdf")
    refused = client.post(
        _url(house, "certificate-new", **one), {"once": _once(client, page), "file": evil}, follow=True
    )
    assert "tiene que ser un PDF" in text_of(refused)


def test_the_statement_is_a_button_on_the_sheet(client, monkeypatch):
    house = _house("letter", monkeypatch)
    _member(house, client, "viewer")
    customer = house.customers["TARDE"].pk
    url = _url(house, "statement", customer_id=customer)
    assert url in client.get(_url(house, "customer", customer_id=customer)).content.decode()
    found = client.get(url)
    assert found["Content-Disposition"] == 'attachment; filename="estado-de-cuenta-TARDE-2026-11-20.pdf"'
    assert found.content[:5] == b"%PDF-"
    assert client.get(_url(house, "statement", customer_id=999_999)).status_code == 404


def test_the_letterhead_is_set_on_the_settings_page(client, monkeypatch):
    house = _house("letter", monkeypatch)
    _member(house, client, "administrator")
    page = _url(house, "settings")
    assert "Membrete de las cartas" in text_of(client.get(page))
    form = {
        "name": "Papelería Luz",
        "form_of_address": "usted",
        "reopen_days": "30",
        "aging_edges": "0, 30",
        "window_side": "left",
        "iban": "ES91 2100 0418 4502 0005 1333",
    }
    save = _url(house, "settings-save", group="empresa")
    wrong = client.post(save, {**form, "once": _once(client, page)})
    assert (wrong.status_code, "Eso no es un IBAN" in text_of(wrong)) == (422, True)
    form["iban"] = "ES91 2100 0418 4502 0005 1332"
    client.post(save, {**form, "once": _once(client, page)})
    house.creditor.refresh_from_db()
    assert (house.creditor.iban, house.creditor.window_side) == ("ES9121000418450200051332", "left")
