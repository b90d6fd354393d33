"""Copies on the desk: brought on the page of their document or many at once, sent from the inbox, and opened
by a customer at a signed address."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from aldia.operations.copies import put_copy, withdraw_copy
from aldia.operations.inbound import keep_raw_mail, take_in_waiting
from aldia.operations.settings import change_settings
from aldia.queries.copies import copies_of
from aldia.queries.copy_addresses import address_of, token_of
from aldia.records.cases.models import Task
from aldia.records.ledger.models import DueLine
from aldia.records.outreach.models import InboundMessage, Message, MessageLine
from aldia.records.parties.models import Contact, ContactPoint
from aldia.records.tenancy.scope import scope
from tests.cli.books import DAY, NOW
from tests.desk.conftest import person, text_of
from tests.formats.mail.mails import answer

PDF = b"%PDF-1.7 de prueba %%EOF"
DATE = "Fri, 20 Nov 2026 09:30:00 +0100"


@pytest.fixture
def gestor(client, luz, monkeypatch):
    monkeypatch.setenv("ALDIA_NOW", NOW.isoformat())
    client.force_login(person(luz, "gema@luz.example", "gestor"))
    return client


@pytest.fixture
def line(luz):
    with transaction.atomic(), scope([luz.pk]):
        return DueLine.objects.get(document__number="F-1")


def _once(page) -> str:
    return str(re.findall(r'name="once" value="([^"]+)"', page.content.decode())[-1])


def _post(client, page, path, **said):
    form = _once(client.get(page))
    return client.post(page + path, {"once": form, **said}, follow=True)


def _file(name="F-1.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def _in_force(luz, line):
    with transaction.atomic(), scope([luz.pk]):
        return [(each.kind, each.file_name or each.url) for each in copies_of(luz, line.document_id).in_force]


def test_a_copy_is_brought_linked_looked_at_and_withdrawn_on_the_page(gestor, luz, line):
    page = f"/acreedor/luz/partidas/{line.pk}/"
    assert "No hay ninguna." in text_of(gestor.get(page))
    text = text_of(_post(gestor, page, "copia/", file=_file()))
    assert "La copia está guardada." in text
    assert "F-1.pdf" in text
    wrong = text_of(_post(gestor, page, "copia/", file=_file("F-1.pdf", b"MZ no")))
    assert "No es un PDF ni una factura electrónica en XML." in wrong
    assert "empiece por https://" in text_of(_post(gestor, page, "copia/enlace/", url="http://a.example"))
    _post(gestor, page, "copia/enlace/", url="https://a.example/F-1.pdf")
    assert _in_force(luz, line) == [("pdf", "F-1.pdf"), ("link", "https://a.example/F-1.pdf")]
    with transaction.atomic(), scope([luz.pk]):
        (first, *_rest) = copies_of(luz, line.document_id).in_force
    file = gestor.get(f"{page}copia/{first.id}/")
    assert (file.content, file.headers["Content-Type"]) == (PDF, "application/pdf")
    assert file.headers["Content-Disposition"] == 'attachment; filename="F-1.pdf"'
    text = text_of(_post(gestor, page, "copia/pdf/retirar/"))
    assert "La copia está retirada" in text
    assert "Cómo ha cambiado" in text
    assert _in_force(luz, line) == [("link", "https://a.example/F-1.pdf")]


def test_who_only_looks_sees_the_copy_and_brings_none(desk, luz, line):
    page = f"/acreedor/luz/partidas/{line.pk}/"
    assert "Subir la copia" not in text_of(desk.get(page))
    assert desk.post(page + "copia/", {"file": _file()}).status_code == 403


def test_many_at_once_are_told_one_by_one(client, luz, line):
    client.force_login(person(luz, "mar@luz.example", "manager"))
    page = "/acreedor/luz/partidas/copias/"
    assert "F-2026-118.pdf" in text_of(client.get(page))
    text = text_of(_post(client, page, "", many=[_file(), _file("nada.pdf")]))
    assert "1 archivo guardado · 1 sin guardar" in text
    assert "ningún documento tiene un número que esté en el nombre del archivo" in text
    assert _in_force(luz, line) == [("pdf", "F-1.pdf")]
    none = client.post(page, {"once": _once(client.get(page))})
    assert none.status_code == 422
    broken = _post(client, page, "", many=[_file("x.zip", b"PK\x03\x04 roto")])
    assert "está dañado o incompleto" in text_of(broken)


def test_the_settings_say_how_copies_go(client, luz):
    client.force_login(person(luz, "mar@luz.example", "manager"))
    page = client.get("/acreedor/luz/ajustes/envios/")
    assert "Copias de las facturas" in text_of(page)
    fields = {
        "copies_at_delivery": "linked",
        "copies_in_reminders": "neither",
        "copies_in_demands": "attached",
        "copies_mb_max": "7",
        "public_url": "https://aldia.luz.example/",
        "brake_messages_max": "25",
        "brake_share_percent": "10",
        "brake_median_times": "3",
        "unread_reply_days": "2",
    }
    save = "/acreedor/luz/ajustes/guardar/envios/"
    assert client.post(save, {"once": _once(page), **fields}).status_code == 302
    luz.refresh_from_db()
    assert (luz.copies_at_delivery, luz.copies_in_reminders, luz.copies_in_demands) == (
        "linked",
        "neither",
        "attached",
    )
    assert (luz.copies_mb_max, luz.public_url) == (7, "https://aldia.luz.example")
    for wrong in ({"public_url": "ftp://x"}, {"copies_mb_max": "26"}, {"public_url": "https://x.es/?a=1"}):
        page = client.get("/acreedor/luz/ajustes/envios/")
        refused = client.post(save, {"once": _once(page), **fields, **wrong})
        assert refused.status_code == 422
        assert "al-field-error" in refused.content.decode()


def _arrives(luz, text):
    with transaction.atomic(), scope([luz.pk]):
        late = DueLine.objects.get(document__number="F-1").customer
        of = {"creditor": luz, "customer": late}
        contact = Contact.objects.create(**of, name="Ana", role="accounts_payable")
        ContactPoint.objects.create(**of, contact=contact, channel="email", value="ana@bar.example")
    said = {"sender": "Ana <ana@bar.example>", "answers": "", "date": DATE}
    keep_raw_mail(creditor=luz, content=answer(text, **said), at=NOW)
    take_in_waiting(creditor=luz, actor="prueba", now=NOW)
    with transaction.atomic(), scope([luz.pk]):
        return InboundMessage.objects.latest("pk").pk


def test_who_asks_for_a_copy_gets_it_with_one_button(gestor, luz, line):
    asked = _arrives(luz, "Buenos días, ¿me pueden enviar una copia de la factura?")
    inbox = "/acreedor/luz/bandeja/"
    page = text_of(gestor.get(inbox))
    assert "Enviar copia" not in page
    assert "no hay ninguna copia guardada" in page
    put_copy(creditor=luz, document_id=line.document_id, file_name="a.pdf", content=PDF, actor="ana", now=NOW)
    shown = gestor.get(inbox)
    assert f'name="copy" value="{line.pk}" checked' in shown.content.decode()
    done = gestor.post(f"{inbox}{asked}/copia/", {"once": _once(shown), "copy": line.pk}, follow=True)
    assert "La copia sale en diez minutos" in text_of(done)
    with transaction.atomic(), scope([luz.pk]):
        planned = Message.objects.get(kind="free")
        assert (planned.template, planned.state, planned.channel) == ("copy", "approved", "email")
        assert MessageLine.objects.get(message=planned).due_line_id == line.pk
        message = InboundMessage.objects.get(pk=asked)
        assert (message.state, message.kind) == ("handled", "copy")
        assert not Task.objects.filter(kind="send_copy").exists()
    sheet = text_of(gestor.get(f"/acreedor/luz/clientes/{line.customer_id}/"))
    assert "Envío de una copia" in sheet


def _open(client, luz, token):
    return client.get(f"/copias/{luz.code}/{token}/")


def test_a_customer_opens_the_copy_at_its_signed_address_and_nobody_keeps_it(client, luz, line, monkeypatch):
    monkeypatch.setenv("ALDIA_NOW", NOW.isoformat())
    who = {"creditor": luz, "document_id": line.document_id, "actor": "ana", "now": NOW}
    put_copy(**who, file_name="a.pdf", content=PDF)
    change_settings(creditor=luz, actor="ana", now=NOW, public_url="https://aldia.luz.example")
    address = address_of(luz, line.document_id, today=DAY)
    assert address.startswith("https://aldia.luz.example/copias/luz/")
    found = client.get(address.removeprefix("https://aldia.luz.example"))
    assert (found.status_code, found.content) == (200, PDF)
    assert found.headers["Content-Type"] == "application/pdf"
    assert found.headers["Content-Disposition"] == 'attachment; filename="F-1.pdf"'
    assert found.headers["Cache-Control"] == "private, no-store"
    assert "noindex" in found.headers["X-Robots-Tag"]
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert found.headers["Referrer-Policy"] == "no-referrer"
    assert not found.cookies
    put_copy(**who, file_name="b.pdf", content=PDF + b"\n")
    assert _open(client, luz, token_of(luz, line.document_id, DAY)).content == PDF + b"\n"
    withdraw_copy(**who, kind="pdf")
    gone = _open(client, luz, token_of(luz, line.document_id, DAY))
    assert (gone.status_code, gone.headers["Content-Type"]) == (410, "text/plain; charset=utf-8")


def test_what_is_not_signed_for_this_house_or_is_over_opens_nothing(client, luz, line, monkeypatch):
    monkeypatch.setenv("ALDIA_NOW", NOW.isoformat())
    who = {"creditor": luz, "document_id": line.document_id, "actor": "ana", "now": NOW}
    put_copy(**who, file_name="a.pdf", content=PDF)
    good = token_of(luz, line.document_id, DAY)
    other = token_of(luz, line.document_id + 1, DAY).rpartition(".")[2]
    head, _dot, signature = good.rpartition(".")
    turned = f"{head}.{signature[::-1]}"
    for forged in (turned, good.rpartition(".")[0] + "." + other, "1.2.3", "x"):
        answer = _open(client, luz, forged)
        assert answer.status_code == 404
        assert "noindex" in answer.headers["X-Robots-Tag"]
    assert client.get(f"/copias/nadie/{good}/").status_code == 404
    assert _open(client, luz, good).status_code == 200
    assert client.post(f"/copias/luz/{good}/").status_code in (403, 405)
    over = token_of(luz, line.document_id, DAY - timedelta(days=1))
    assert _open(client, luz, over).status_code == 410
