"""Copies in messages: attached, linked or neither, as the creditor has chosen, with what there is."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aldia.operations.copies import put_copy, put_copy_link, withdraw_copy
from aldia.operations.texts import save_text
from aldia.queries.copy_addresses import opened, token_of
from aldia.queries.rendering import Rendered, rendered
from aldia.queries.texts import TextUse
from aldia.records.ledger.models import Document
from aldia.records.outreach.models import Message
from aldia.records.tenancy.models import Creditor
from aldia.rules.copies import VALID_DAYS
from aldia.rules.texts.render import Text
from tests.queries.gate_house import DAY, NOW, House, house, plain

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LATE = date(2026, 11, 10)
PUBLIC = "https://aldia.luz.example"
LINK = "https://facturas.luz.example/F-A-1.pdf?k=1&x="


def pdf(size: int = 60, mark: str = "") -> bytes:
    return f"%PDF-1.7 {mark}".encode().ljust(size - 6) + b"%%EOF\n"


@pytest.fixture
def luz():
    return house()


def bring(luz: House, number: str, content: bytes | None = None, link: str = "") -> int:
    with luz.inside():
        document = Document.objects.get(number=number).pk
    who: dict[str, Any] = {"creditor": luz.creditor, "document_id": document, "actor": "ana", "now": NOW}
    if link:
        put_copy_link(**who, url=link)
    else:
        put_copy(**who, file_name=f"{number}.pdf", content=content or pdf(mark=number))
    return document


def delivery(luz: House, *numbers: str) -> None:
    """An invoice issued six days ago, not due yet: delivered and asked about today."""
    luz.settings(live_from=date(2026, 10, 1))
    dues = [(60_000, date(2026, 12, 20)) for _ in numbers or ("F-A-1",)]
    luz.customer("A", *dues, issued_on=date(2026, 11, 19))
    for number in numbers:
        bring(luz, number)
    luz.run()


def of(luz: House) -> Rendered:
    (answer,) = luz.words().values()
    assert isinstance(answer, Rendered), answer
    return answer


def test_the_delivered_invoice_is_attached_and_the_text_says_so(luz):
    delivery(luz, "F-A-1")
    mail = of(luz)
    assert mail.template == "delivery"
    assert [(each.name, each.file.size, each.file.kind) for each in mail.copies] == [("F-A-1.pdf", 60, "pdf")]
    assert "600,00 €\n\nFactura F-A-1: copia adjunta\n\n" in plain(mail.text)
    assert "Factura F-A-1: copia adjunta</p>" in mail.html
    assert "<a " not in mail.html


def test_a_reminder_links_what_was_given_and_what_the_house_can_be_asked_for(luz):
    luz.settings(public_url=PUBLIC)
    luz.customer("A", (60_000, LATE), (4_000, LATE), (5_000, LATE))
    bring(luz, "F-A-1", link=LINK)
    second = bring(luz, "F-A-2")
    luz.run()
    mail = luz.mail("A")
    assert mail.copies == ()
    until = DAY + timedelta(days=VALID_DAYS)
    own = f"{PUBLIC}/copias/{luz.creditor.code}/{token_of(luz.creditor, second, until)}/"
    assert f"Factura F-A-1: copia en {LINK}\nFactura F-A-2: copia en {own}\n\n" in mail.text
    assert f'Factura F-A-2: <a href="{own}"' in mail.html
    assert 'href="https://facturas.luz.example/F-A-1.pdf?k=1&amp;x="' in mail.html
    assert mail.html.count("<a ") == 2


def test_without_a_public_address_an_uploaded_file_is_not_linked(luz):
    luz.customer("A", (60_000, LATE))
    bring(luz, "F-A-1")
    luz.run()
    mail = luz.mail("A")
    assert (mail.copies, "copia" in mail.text) == ((), False)
    luz.settings(copies_in_reminders="attached")
    mail = luz.mail("A")
    assert [each.name for each in mail.copies] == ["F-A-1.pdf"]


def test_neither_is_neither_whatever_there_is(luz):
    luz.settings(public_url=PUBLIC, copies_in_reminders="neither", copies_at_delivery="neither")
    luz.customer("A", (60_000, LATE))
    bring(luz, "F-A-1")
    bring(luz, "F-A-1", link=LINK)
    luz.run()
    mail = luz.mail("A")
    assert (mail.copies, "copia" in mail.text.lower()) == ((), False)


def test_what_does_not_fit_is_linked_where_it_can_be_and_said_where_it_cannot(luz):
    luz.settings(copies_in_reminders="attached", copies_mb_max=1)
    luz.customer("A", (60_000, LATE), (4_000, LATE), (5_000, LATE))
    for number in ("F-A-1", "F-A-2", "F-A-3"):
        bring(luz, number, pdf(600 * 1024, number))
    bring(luz, "F-A-2", link=LINK)
    luz.run()
    mail = luz.mail("A")
    assert [each.name for each in mail.copies] == ["F-A-1.pdf"]
    assert (
        "Factura F-A-1: copia adjunta\n"
        f"Factura F-A-2: copia en {LINK}\n"
        "Factura F-A-3: la copia no cabe en este correo; está a su disposición\n"
    ) in mail.text


def test_the_list_stands_where_the_text_says_and_never_twice(luz):
    luz.customer("A", (60_000, LATE))
    bring(luz, "F-A-1", link=LINK)
    luz.run()
    use = TextUse("friendly", "email", "usted")
    said = Text("Aviso", "{saludo}\n\n{copias}\n\n{partidas}\n\n{firma}")
    save_text(creditor=luz.creditor, use=use, text=said, actor="ana", now=NOW)
    text = luz.mail("A").text
    assert text.index("copia en") < text.index("600,00")
    assert text.count(LINK) == 1


def test_a_short_message_has_the_address_only_where_its_text_names_it(luz):
    luz.customer("A", (60_000, LATE), reached=("phone",))
    bring(luz, "F-A-1", link=LINK)
    bring(luz, "F-A-1")
    luz.run()
    with luz.inside():
        Message.objects.update(channel="sms")
    assert LINK not in luz.mail("A").text
    use = TextUse("friendly", "sms", "usted")
    said = Text("", "{acreedor}: pendiente {total}.\nCopia: {enlaces}")
    save_text(creditor=luz.creditor, use=use, text=said, actor="ana", now=NOW)
    mail = luz.mail("A")
    assert mail.text.endswith(f"Copia: {LINK}")
    assert mail.copies == ()


def test_a_replaced_copy_goes_in_its_last_version_and_a_withdrawn_one_not_at_all(luz):
    delivery(luz, "F-A-1")
    document = bring(luz, "F-A-1", pdf(80, "otra"))
    assert [each.file.size for each in of(luz).copies] == [80]
    xml = b"<Invoice><ID>F-A-1</ID></Invoice>"
    put_copy(
        creditor=luz.creditor,
        document_id=document,
        file_name="F.xml",
        content=xml,
        actor="ana",
        now=NOW,
    )
    assert [each.name for each in of(luz).copies] == ["F-A-1.pdf", "F-A-1.xml"]
    for kind in ("pdf", "xml"):
        withdraw_copy(creditor=luz.creditor, document_id=document, kind=kind, actor="ana", now=NOW)
    assert of(luz).copies == ()
    assert "copia" not in of(luz).text


def _selects(luz: House) -> tuple[int, int]:
    bundles = luz.bundles()
    with (
        luz.inside(),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        rendered(luz.creditor, bundles, now=NOW)
    sql = [each["sql"] for each in asked.captured_queries]
    return len(sql), sum("FROM ledger_document_copy c\n" in each and "DISTINCT ON" in each for each in sql)


def test_copies_cost_one_select_for_a_batch_and_nothing_where_there_are_none(luz):
    for code in "ABCDE":
        luz.customer(code, (60_000, LATE))
    luz.run()
    none, asked = _selects(luz)
    assert asked == 0
    for code in "ABCD":
        bring(luz, f"F-{code}-1", link=LINK)
    some, asked = _selects(luz)
    assert asked == 1
    assert some == none + 1


def test_only_our_own_signature_opens_and_names_one_document(luz):
    token = token_of(luz.creditor, 77, DAY)
    found = opened(luz.creditor, token)
    assert found is not None
    assert (found.document_id, found.until) == (77, DAY)
    said, _point, signature = token.rpartition(".")
    for forged in (
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        f"4e.{said.partition('.')[2]}.{signature}",
        said,
        "",
        "..",
        f"{said}.",
        "ñ.ñ.ñ",
    ):
        assert opened(luz.creditor, forged) is None
    other = Creditor(pk=luz.creditor.pk + 1, code="sombra")
    assert opened(other, token) is None
