"""Copies are brought with their history, many at once by their names, and never of another creditor."""

import io
import zipfile
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from aldia.formats.copies import CopyRefused
from aldia.operations.copies import checked_link, put_copies, put_copy, put_copy_link, withdraw_copy
from aldia.operations.refusals import NoSuchRow
from aldia.queries.copies import copies_of, version_of
from aldia.records.audit.models import AuditEntry
from aldia.records.ledger.models import Document, DocumentCopy
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.operations.outbox.house import ACTOR, NOW

pytestmark = pytest.mark.django_db(transaction=True)

BY: dict[str, Any] = {"actor": ACTOR, "now": NOW}
XML = b"<Invoice><ID>1</ID></Invoice>"


def pdf(mark: str = "") -> bytes:
    return f"%PDF-1.7 {mark} %%EOF".encode()


@pytest.fixture
def house():
    creditor = make.creditor()
    with transaction.atomic(), scope([creditor.pk]):
        customer = make.customer(creditor=creditor)
        numbers = ("F-2026/118", "F-2026/119", "DOBLE-1")
        ids = {number: make.document(customer=customer, number=number).pk for number in numbers}
        make.document(customer=make.customer(creditor=creditor), number="DOBLE-1")
    return creditor, ids


def _in_force(creditor, document):
    with transaction.atomic(), scope([creditor.pk]):
        return [(each.kind, each.file_name or each.url) for each in copies_of(creditor, document).in_force]


def test_the_last_version_of_each_kind_counts_and_all_of_them_stay(house):
    creditor, ids = house
    document = {"creditor": creditor, "document_id": ids["F-2026/118"]}
    assert put_copy(**document, file_name="a.pdf", content=pdf("a"), **BY)
    assert not put_copy(**document, file_name="otra vez.pdf", content=pdf("a"), **BY)
    assert put_copy(**document, file_name="b.pdf", content=pdf("b"), **BY)
    assert put_copy(**document, file_name="c.xml", content=XML, **BY)
    assert put_copy_link(**document, url=" https://a.example/118 ", **BY)
    assert not put_copy_link(**document, url="https://a.example/118", **BY)
    found = [("pdf", "b.pdf"), ("xml", "c.xml"), ("link", "https://a.example/118")]
    assert _in_force(creditor, ids["F-2026/118"]) == found
    assert withdraw_copy(**document, kind="pdf", **BY)
    assert not withdraw_copy(**document, kind="pdf", **BY)
    assert _in_force(creditor, ids["F-2026/118"]) == found[1:]
    assert put_copy(**document, file_name="b.pdf", content=pdf("b"), **BY)
    assert _in_force(creditor, ids["F-2026/118"]) == found
    with transaction.atomic(), scope([creditor.pk]):
        versions = copies_of(creditor, ids["F-2026/118"]).versions
        first = versions[-1]
        assert len(versions) == 6
        as_it_was = version_of(creditor, ids["F-2026/118"], first.id)
        assert as_it_was is not None
        assert as_it_was[1] == pdf("a")
        assert version_of(creditor, ids["F-2026/119"], first.id) is None
        verbs = list(AuditEntry.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["copy.brought"] * 3 + ["copy.linked", "copy.withdrawn", "copy.brought"]


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/1",
        "javascript:alert(1)",
        "https://",
        "https://localhost/1",
        "https://ana:clave@a.example/1",
        "https://a.example/una factura",
        "https://a.example/\n1",
        "https://a.example/ñ",
        "https://a.example/" + "1" * 1000,
        "https://[roto",
        "",
    ],
)
def test_what_is_no_address_for_a_customer_is_refused(url):
    with pytest.raises(CopyRefused):
        checked_link(url)


def test_many_files_go_to_their_documents_and_the_rest_is_told_with_its_reason(house):
    creditor, ids = house
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("facturas/F-2026-118.pdf", pdf("118"))
        archive.writestr("F2026118.xml", XML)
        archive.writestr("leeme.txt", b"hola")
        archive.writestr("DOBLE-1.pdf", pdf("doble"))
    uploads = [("todo.zip", out.getvalue()), ("F-2026-119.pdf", pdf("x")), ("F2026-119.pdf", pdf("y"))]
    told = {each.file_name: each for each in put_copies(creditor=creditor, uploads=uploads, **BY)}
    assert (told["F-2026-118.pdf"].number, told["F-2026-118.pdf"].is_kept) == ("F-2026/118", True)
    assert told["F2026118.xml"].is_kept
    assert told["leeme.txt"].why == "no es un PDF ni una factura electrónica en XML"
    assert "varios documentos con ese número" in told["DOBLE-1.pdf"].why
    for name in ("F-2026-119.pdf", "F2026-119.pdf"):
        assert told[name].why == "hay varios archivos para «F-2026/119»: elija uno"
        assert not told[name].is_kept
    assert _in_force(creditor, ids["F-2026/118"]) == [("pdf", "F-2026-118.pdf"), ("xml", "F2026118.xml")]
    assert _in_force(creditor, ids["F-2026/119"]) == []
    again = put_copies(creditor=creditor, uploads=[("F-2026-118.pdf", pdf("118"))], **BY)
    assert [(each.again, each.is_kept) for each in again] == [(True, True)]
    with transaction.atomic(), scope([creditor.pk]):
        assert DocumentCopy.objects.count() == 2
        (entry,) = AuditEntry.objects.all()
    assert (entry.verb, entry.payload) == ("copy.many_brought", {"files": 6, "kept": 2})


def test_an_upload_that_breaks_leaves_nothing(house, monkeypatch):
    creditor, _ids = house
    with pytest.raises(CopyRefused):
        put_copies(creditor=creditor, uploads=[("F-2026-118.pdf", pdf()), ("x.zip", b"PK\x03\x04")], **BY)
    monkeypatch.setattr("aldia.operations.copies._record", lambda *a: (_ for _ in ()).throw(RuntimeError))
    with pytest.raises(RuntimeError):
        put_copies(creditor=creditor, uploads=[("F-2026-118.pdf", pdf())], **BY)
    with transaction.atomic(), scope([creditor.pk]):
        assert not DocumentCopy.objects.exists()


def test_what_was_added_to_an_invoice_later_has_the_invoices_copy(house):
    creditor, ids = house
    with transaction.atomic(), scope([creditor.pk]):
        first = Document.objects.get(pk=ids["F-2026/118"])
        more = make.document(customer=first.customer, number=first.number, adjusts=first).pk
        note = make.document(customer=first.customer, number="NC-1", adjusts=first).pk
    (told,) = put_copies(creditor=creditor, uploads=[("F-2026-118.pdf", pdf())], **BY)
    assert (told.document_id, told.is_kept) == (first.pk, True)
    assert _in_force(creditor, more) == _in_force(creditor, first.pk) == [("pdf", "F-2026-118.pdf")]
    put_copy(creditor=creditor, document_id=more, file_name="b.pdf", content=pdf("b"), **BY)
    assert _in_force(creditor, first.pk) == [("pdf", "b.pdf")]
    assert _in_force(creditor, note) == []


def test_another_creditors_document_and_copy_are_not_there(house):
    creditor, ids = house
    put_copy(creditor=creditor, document_id=ids["F-2026/118"], file_name="a.pdf", content=pdf(), **BY)
    other = make.creditor()
    with pytest.raises(NoSuchRow):
        put_copy(creditor=other, document_id=ids["F-2026/118"], file_name="a.pdf", content=pdf(), **BY)
    told = put_copies(creditor=other, uploads=[("F-2026-118.pdf", pdf())], **BY)
    assert "ningún documento" in told[0].why
    with transaction.atomic(), scope([other.pk]):
        assert not DocumentCopy.objects.exists()
        assert copies_of(other, ids["F-2026/118"]).versions == ()
    with pytest.raises((DatabaseError, psycopg.Error)), transaction.atomic(), scope([other.pk]):
        DocumentCopy.objects.create(
            creditor_id=other.pk,
            document_id=ids["F-2026/118"],
            kind="link",
            url="https://a.example/1",
            recorded_by=ACTOR,
        )


def test_a_digest_that_is_not_of_the_content_is_refused_by_the_database(house):
    creditor, ids = house
    with (
        pytest.raises(DatabaseError, match="document_copy_digest_is_of_its_content"),
        transaction.atomic(),
        scope([creditor.pk]),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO ledger_document_copy (creditor_id, document_id, kind, file_name, content_type,"
            " size, sha256, content, recorded_by)"
            " VALUES (%s, %s, 'pdf', 'a', 'application/pdf', 4, %s, 'otra', 'a')",
            [creditor.pk, ids["F-2026/118"], "0" * 64],
        )
