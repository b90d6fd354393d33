"""Letters as PDF: what stands on them is what was said, whatever it contains."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader

from aldia.formats.paper import (
    Head,
    Paper,
    PaperFailed,
    Row,
    Section,
    Table,
    Words,
    joined_pdf,
    page_count,
    paper_pdf,
)
from aldia.rules.postal import address_lines, window_lines
from aldia.rules.texts.clean import one_line

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_MM = 72 / 25.4


def _letter(**fields):
    known: dict[str, Any] = {
        "title": "Requerimiento de pago",
        "head": Head("Papelería Luz", ("Calle Mayor 1 · 28013 Madrid",)),
        "to": ("Talleres Tarde, S.L.", "Avenida de la Constitución 25", "41001 Sevilla"),
        "back": "Papelería Luz · Calle Mayor 1 · 28013 Madrid",
        "dated": "Madrid, 20 de noviembre de 2026",
        "heading": "Requerimiento de pago",
        "body": (Words(("Debe 1.200,00 €.",)),),
    }
    return Paper(**known | fields)


def _words(pdf):
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


NASTY = (
    '#panic() #set page() #eval("1")',
    "$x$ *gordo* _fino_ @cita <etiqueta> `código` ~ // nada /* nada */",
    "\"comillas\" 'simples' \\ barra \\\\ \\u{41}",
    "{{7*7}} ${7*7} {% if %} <b>x</b> &amp;",
    "=1+1 -2 + = título",
    "] [ ) ( } {",
)


@pytest.mark.parametrize("name", NASTY)
def test_what_a_name_contains_stays_text(name):
    pdf = paper_pdf(_letter(to=(name, "Calle 1"), head=Head(name), heading=name, title=name), at=AT)
    assert _words(pdf).count(" ".join(name.split())) >= 3
    assert "49" not in _words(pdf)
    assert page_count(pdf) == 1


def test_a_table_keeps_what_is_in_its_cells():
    table = Table(("Documento", "Importe"), tuple(Row((name, "1,00 €")) for name in NASTY), right=(1,))
    words = _words(paper_pdf(_letter(body=(table,)), at=AT))
    assert all(" ".join(name.split()) in words for name in NASTY)


def test_marks_that_turn_the_line_round_never_reach_the_paper():
    name = one_line("Bar \u202eOLPMEJE\u202c\u2066 x")
    assert "Bar OLPMEJE x" in _words(paper_pdf(_letter(to=(name,)), at=AT))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Bar 🍺 Pepe 😀", "Bar Pepe"),
        ("中文 Importaciones", "□□ Importaciones"),
        ("Γιώργος Živković שלום", "Γιώργος Živković"),
    ],
)
def test_what_no_font_has_does_not_stop_the_letter(name, shown):
    assert shown in _words(paper_pdf(_letter(to=(name,)), at=AT))


def test_very_many_unknown_characters_still_make_a_letter():
    strange = "".join(chr(0x4E00 + n) for n in range(300))
    assert page_count(paper_pdf(_letter(body=(Words((strange,)),)), at=AT)) == 1


def test_ten_kilobytes_of_name_stay_in_the_window():
    lines = window_lines(
        customer="Z" * 10_000, person_kind="business", contact="Y\n" * 5_000, address="X " * 5_000
    )
    assert max(map(len, lines)) <= 100
    pdf = paper_pdf(_letter(to=lines), at=AT)
    assert page_count(pdf) == 1
    assert _seen_in_the_window(pdf).startswith("Papelería Luz")


def _seen_in_the_window(pdf, left=95, right=205, top=34, bottom=90):
    """The words a right-hand window may show of the folded sheet as it slips: millimetres from its corner."""
    page, found = PdfReader(io.BytesIO(pdf)).pages[0], []

    def see(text, cm, tm, _font, _size):
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = float(page.mediabox.height) - (tm[4] * cm[1] + tm[5] * cm[3] + cm[5])
        if text.strip() and left <= x / _MM <= right and top <= y / _MM <= bottom:
            found.append(text)

    page.extract_text(visitor_text=see)
    return " ".join(" ".join(found).replace("\u00a0", " ").split())


def test_the_window_shows_name_and_address_and_no_word_of_a_debt():
    letter = _letter(keys=(("Cliente", "C-17"), ("Referencia", "C-17/20261120")))
    seen = _seen_in_the_window(paper_pdf(letter, at=AT))
    assert seen == (
        "Papelería Luz · Calle Mayor 1 · 28013 Madrid"
        " Talleres Tarde, S.L. Avenida de la Constitución 25 41001 Sevilla"
    )
    left = paper_pdf(replace(letter, window="left"), at=AT)
    assert "Talleres Tarde" in _seen_in_the_window(left, left=10, right=120)
    assert "2026" not in _seen_in_the_window(left, left=10, right=120)
    assert "Talleres" not in _seen_in_the_window(left)


def test_the_same_letter_is_the_same_file():
    assert paper_pdf(_letter(), at=AT) == paper_pdf(_letter(), at=AT)
    assert paper_pdf(_letter(), at=AT) != paper_pdf(_letter(heading="Otra"), at=AT)


def test_the_file_says_that_it_can_be_read_aloud():
    pdf = paper_pdf(_letter(), at=AT)
    reader = PdfReader(io.BytesIO(pdf))
    assert b"pdfuaid" in pdf
    root: Any = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert (reader.metadata.title, root["/Lang"]) == ("Requerimiento de pago", "es")


def test_long_statements_go_on_page_after_page_with_their_heads():
    rows = tuple(Row((f"Factura F-{n}", "1,00 €")) for n in range(120))
    section = Section("Estado", (Table(("Documento", "Importe"), rows, right=(1,)),), new_page=True)
    pdf = paper_pdf(_letter(sections=(section,)), at=AT)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) == page_count(pdf) > 3
    assert all("Documento" in page for page in pages[1:])
    assert "Página 2 / " in pages[1]


@pytest.mark.parametrize("duplex", [False, True])
def test_on_both_sides_each_letter_begins_on_a_front(duplex):
    one = paper_pdf(_letter(heading="UNO"), at=AT)
    two = paper_pdf(_letter(heading="DOS", sections=(Section("x", (), new_page=True),)), at=AT)
    three = paper_pdf(_letter(heading="TRES"), at=AT)
    joined = joined_pdf([one, two, three], title="Lote 1", at=AT, duplex=duplex)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(joined)).pages]
    begins = [next(n for n, page in enumerate(pages, 1) if word in page) for word in ("UNO", "DOS", "TRES")]
    assert begins == ([1, 3, 5] if duplex else [1, 2, 4])
    assert page_count(joined) == len(pages) == (6 if duplex else 4)


def test_what_is_no_pdf_has_no_pages_and_is_not_printed():
    assert page_count(b"") == page_count(b"%PDF-1.7 nada") == 0
    with pytest.raises(PaperFailed):
        joined_pdf([b"%PDF-1.7 /Type /Pages /Count 1"], title="x", at=AT)


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        ("Calle Mayor 1, 2.º B, 28013 Madrid, Madrid", ("Calle Mayor 1, 2.º B", "28013 Madrid, Madrid")),
        ("Calle 1\n\n28013 Madrid", ("Calle 1", "28013 Madrid")),
        ("Av. Corrientes 1234, C1043AAZ Buenos Aires", ("Av. Corrientes 1234", "C1043AAZ Buenos Aires")),
        ("Calle sin código", ("Calle sin código",)),
        ("", ()),
    ],
)
def test_an_address_is_broken_before_its_postal_code(address, lines):
    assert address_lines(address) == lines


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ({"person_kind": "business", "contact": "Ana"}, ("Luz", "A la atención de Ana", "Calle 1")),
        ({"person_kind": "business", "contact": ""}, ("Luz", "Calle 1")),
        ({"person_kind": "consumer", "contact": "Ana"}, ("Ana", "Calle 1")),
        ({"person_kind": "consumer", "contact": "", "country": "Francia"}, ("Luz", "Calle 1", "FRANCIA")),
    ],
)
def test_who_stands_on_the_envelope(fields, lines):
    assert window_lines(customer="Luz", address="Calle 1", **fields) == lines
