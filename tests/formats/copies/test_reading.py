"""What may be the copy of a document: told by its content, whatever it is called."""

import hashlib
import io
import zipfile

import pytest

from aldia.formats.copies import FILE_BYTES_MAX, CopyRefused, files_in, read_copy
from aldia.formats.copies import archive as unpacking

PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"
UBL = b'<?xml version="1.0"?><inv:Invoice xmlns:inv="urn:x"><inv:ID>F-1</inv:ID></inv:Invoice>'


def packed(*members: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def test_a_pdf_and_an_invoice_in_xml_are_known():
    found = read_copy(PDF)
    assert (found.kind, found.content_type, found.content) == ("pdf", "application/pdf", PDF)
    assert found.sha256 == hashlib.sha256(PDF).hexdigest()
    assert read_copy(b"\xef\xbb\xbf" + UBL).kind == "xml"
    assert read_copy(UBL.decode().replace("1.0", "1.0").encode("utf-16")).kind == "xml"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "vacío"),
        (b"MZ\x90 no soy un PDF", "No es un PDF"),
        (PDF[:-8], "cortado"),
        (PDF + b" " * FILE_BYTES_MAX, "pasa de 5 MB"),
        (b"<html><script>alert(1)</script></html>", "no una factura"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "no una factura"),
        (b"<Invoice><ID>1</Invoice>", "mal formado"),
        (b'<!DOCTYPE a [<!ENTITY b "x">]><Invoice>&b;</Invoice>', "DOCTYPE"),
        (b'<!DOCTYPE Invoice SYSTEM "file:///etc/passwd"><Invoice/>', "DOCTYPE"),
        (b"<Invoice>" + b"<a>" * 200 + b"</a>" * 200 + b"</Invoice>", "hondo"),
        (b"<Invoice>\xff</Invoice>", "mal formado"),
        (b'<?xml version="1.0" encoding="nope"?><Invoice/>', "mal formado"),
    ],
)
def test_anything_else_is_refused_with_its_reason(content, why):
    with pytest.raises(CopyRefused, match=why):
        read_copy(content, "factura.pdf")


def test_a_zip_is_its_files_without_folders_and_leftovers():
    found = files_in(
        [
            ("suelta.pdf", PDF),
            (
                "todo.zip",
                packed(
                    ("2026/F-1.pdf", PDF),
                    ("../../etc/F-2.pdf", PDF),
                    ("C:\\temp\\F-3.pdf", PDF),
                    ("__MACOSX/._F-1.pdf", b"x"),
                    (".DS_Store", b"x"),
                    ("2026/Thumbs.db", b"x"),
                ),
            ),
        ]
    )
    assert [each.name for each in found] == ["suelta.pdf", "F-1.pdf", "F-2.pdf", "F-3.pdf"]
    assert {each.content for each in found} == {PDF}


def _never(*_what: object, **_more: object) -> None:
    raise AssertionError("nothing is unpacked")


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    many = packed(*((f"F-{n}.pdf", b"\0" * (5 * 1024 * 1024)) for n in range(30)))
    with monkeypatch.context() as watched:
        watched.setattr(zipfile.ZipFile, "open", _never)
        with pytest.raises(CopyRefused, match="100 MB"):
            files_in([("bomba.zip", many)])
    with pytest.raises(CopyRefused, match="al descomprimirlo"):
        files_in([("bomba.zip", packed(("F-1.pdf", b"\0" * (4 * 1024 * 1024))))])


def test_an_announced_size_that_lies_is_not_believed():
    data = bytearray(packed(("F-1.pdf", b"\0" * (6 * 1024 * 1024))))
    place = data.rfind(b"PK\x01\x02")  # the size stands in the directory at its end
    data[place + 24 : place + 28] = (10).to_bytes(4, "little")
    with pytest.raises(CopyRefused, match=r"dañado|descomprimirlo"):
        files_in([("miente.zip", bytes(data))])


@pytest.mark.parametrize("data", [b"PK\x03\x04 roto", packed(("F-1.pdf", PDF))[:-30]])
def test_a_damaged_zip_is_refused(data):
    with pytest.raises(CopyRefused, match="dañado"):
        files_in([("roto.zip", data)])


def test_a_member_too_large_encrypted_or_a_zip_itself_is_told_alone():
    data = bytearray(packed(("F-1.pdf", PDF), ("F-2.pdf", PDF)))
    place = data.find(b"PK\x01\x02")
    data[place + 8] |= 1  # says it is encrypted
    first, second = files_in([("dos.zip", bytes(data))])
    assert (first.why, first.content) == ("está protegido con contraseña", b"")
    assert second.content == PDF
    large = packed(("F-1.pdf", b"x" * (FILE_BYTES_MAX + 1)), ("dentro.zip", packed(("a", b"b"))))
    big, inner = files_in([("x.zip", large)])
    assert big.why == "pasa de 5 MB"
    with pytest.raises(CopyRefused, match="No es un PDF"):
        read_copy(inner.content, inner.name)


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr(unpacking, "FILES_MAX", 3)
    with pytest.raises(CopyRefused, match="Son más de 3 archivos"):
        files_in([("z.zip", packed(*((f"{n}.pdf", PDF) for n in range(4))))])
    with pytest.raises(CopyRefused, match="Son más de 3 archivos"):
        files_in([(f"{n}.pdf", PDF) for n in range(4)])
