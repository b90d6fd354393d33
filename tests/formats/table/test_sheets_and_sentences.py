"""Which sheet is read, what is said of formulas, and that sentences read like Spanish."""

from typing import Any

import pytest
from stdnum.es import nif

from aldia.formats.table.words import examples, word_index
from tests.formats.table.tables import GOOD, GOOD2, HEAD, csv_bytes, invoices, look, said, workbook

_CUSTOMERS = ["Código", "Nombre", "NIF", "País"]


def _with_table(rows: list[list[Any]], *, name: str = "Facturas", hide: bool = False) -> Any:
    def add(book: Any, _: object) -> None:
        page = book.add_worksheet(name)
        for y, row in enumerate(rows):
            page.write_row(y, 0, row)
        if hide:
            page.hide()

    return add


_COVERS: list[list[list[Any]]] = [
    [["Informe de facturas pendientes"]],
    [["Facturas"]],
    [[None, "ACME, S. L."], [], [None, "Facturas pendientes"], [None, "Noviembre de 2026"]],
    [["Cliente", "ACME, S. L."], ["Ejercicio", "2026"]],
    [["Hoja"], ["Facturas"], ["Cobros"]],
    [[2026], ["Memoria"]],
]


@pytest.mark.parametrize("cover", _COVERS)
def test_a_cover_is_passed_over_for_the_first_sheet_with_headings(cover):
    found = look(workbook(cover, sheet="Portada", more=_with_table([HEAD, GOOD, GOOD2])))
    assert found.table.facts.sheet == "Facturas"
    assert found.interpreted.frame["number"].to_list() == ["F1", "F2"]
    assert "el libro tiene otra: «Portada»." in said(found, "other_sheets").sentence


def test_without_known_headings_anywhere_the_first_sheet_is_read():
    book = workbook([["Uno", "Dos"], ["a", "b"]], sheet="Alfa", more=_with_table([["Tres"], ["c"]]))
    assert look(book).table.facts.sheet == "Alfa"


def test_a_hidden_sheet_is_not_preferred_for_its_headings():
    book = workbook([["Uno", "Dos"], ["a", "b"]], sheet="Alfa", more=_with_table([HEAD, GOOD], hide=True))
    assert look(book).table.facts.sheet == "Alfa"


def test_a_named_cover_is_read_as_asked():
    book = workbook([["Uno", "Dos"], ["a", "b"]], sheet="Portada", more=_with_table([HEAD, GOOD]))
    assert look(book, sheet="Portada").table.facts.sheet == "Portada"


def test_the_last_value_of_formulas_is_used_and_said_once_per_column():
    def formulas(_: object, page: Any) -> None:
        for row, value in ((1, 121), (2, 242)):
            page.write_formula(row, 4, "=100*1.21", None, value)
            page.write_formula(row, 1, '="C"&1', None, f"C{row}")

    found = look(workbook([HEAD, GOOD[:4], GOOD2[:4]], more=formulas))
    assert found.interpreted.frame["amount_minor"].to_list() == [12100, 24200]
    assert found.interpreted.frame["customer_code"].to_list() == ["C1", "C2"]
    said_of = [f for f in found.findings.kept if f.code == "formula_value"]
    assert {(f.severity, f.row, f.column) for f in said_of} == {
        ("info", None, HEAD[1]),
        ("info", None, HEAD[4]),
    }
    assert len(said_of) == 2
    assert f"Columna «{HEAD[4]}»: lleva fórmulas; se usa el último valor calculado." in said_of[1].sentence


def test_text_that_begins_like_a_formula_and_formulas_above_the_table_are_not_said():
    def above(_: object, page: Any) -> None:
        page.write_formula(0, 4, "=1+1", None, 2)

    found = look(workbook([["Listado"], HEAD, ["=F1", *GOOD[1:]]], more=above))
    assert not found.findings.count("formula_value")
    assert found.interpreted.frame["number"].to_list() == ["=F1"]


def test_one_formula_without_value_is_said_in_the_singular():
    book = workbook([HEAD, GOOD[:4], GOOD2], more=lambda _, page: page.write_formula(1, 4, "=1+1", None, ""))
    sentence = said(look(book), "formula_without_value").sentence
    assert "hay 1 fórmula sin valor o con error, en la fila 2; cuenta como vacía." in sentence


def test_one_payment_without_owner_is_said_in_the_singular():
    payment = ["13/01/2026", "5,00"]
    one = look(csv_bytes([["Fecha", "Importe"], payment]), kind="payments")
    assert said(one, "unidentified_payment").sentence.startswith("1 cobro (en la fila 2) no dice ")
    two = look(csv_bytes([["Fecha", "Importe"], payment, payment]), kind="payments")
    assert said(two, "unidentified_payment").sentence.startswith(
        "2 cobros (el primero en la fila 2) no dicen "
    )


def test_one_customer_without_code_and_one_unused_column_are_said_in_the_singular():
    found = look(invoices([GOOD[0], "00000000T", *GOOD[2:], "x"], head=[HEAD[0], "NIF", *HEAD[2:], "Cosa"]))
    assert "en la fila 2 el NIF sirve" in said(found, "code_from_tax_id").sentence
    assert said(found, "unknown_columns").sentence == "Esta columna no se usa: «Cosa»."


def test_one_unknown_country_is_said_in_the_singular_and_quoted_as_its_cell_shows_it():
    found = look(workbook([[*HEAD, "País"], [*GOOD, 46032.0]]))
    assert "no es un país y no se guarda: «46032»." in said(found, "unknown_country").sentence


def test_a_date_kept_as_a_number_is_quoted_as_its_cell_shows_it():
    found = look(workbook([HEAD, [*GOOD[:3], 46066.0, GOOD[4]]]))
    assert "«46066» se lee como 13/02/2026" in said(found, "date_serial").sentence


def test_a_row_of_one_column_is_said_in_the_singular():
    data = "\r\n".join([";".join(HEAD), ";".join(GOOD), "F9"]).encode()
    assert "tiene 1 columna y los títulos son 5" in said(look(data), "ragged_row").sentence


def test_an_unknown_word_is_answered_with_words_spelled_right():
    found = look(invoices([*GOOD, "chascarrillo"], head=[*HEAD, "Tipo documento"]))
    assert said(found, "unknown_word").sentence.endswith(
        "Use una de estas palabras: factura, rectificativa, nota de débito, saldo inicial, proforma, "
        "presupuesto, pedido, albarán, anulada."
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("payment_kind", "devolución"), ("payment_kind", "retención"), ("payment_method", "domiciliación"),
        ("payment_method", "pagaré"), ("person_kind", "administración"), ("language", "inglés"),
        ("flag", "sí"), ("tax_kind", "IVA"), ("form_of_address", "tú"),
    ],
)  # fmt: skip
def test_shown_words_have_their_accents_and_are_understood_with_or_without(name, words):
    assert words in examples(name).split(", ")
    plain = words.lower().translate(str.maketrans("áéíóú", "aeiou"))
    assert word_index(name)[plain]


def _customers(*rows: list[str]) -> Any:
    return look(csv_bytes([_CUSTOMERS, *rows]), kind="customers")


@pytest.mark.parametrize(
    ("tax_id", "country"),
    [("12345678A", "ES"), ("12345678A", ""), ("12.345.678-A", ""), ("X1234567A", ""), ("B12345678", ""),
     ("B12345678", "España"), ("ES12345678A", "ES"), ("1234", "ES"), ("12345678K", "ES")],
)  # fmt: skip
def test_a_spanish_tax_id_whose_control_does_not_fit_is_doubted_and_kept(tax_id, country):
    found = _customers(["C0", "Ana", "00000000T", "ES"], ["C1", "Eva", tax_id, country])
    finding = said(found, "tax_id_doubtful")
    assert (finding.severity, finding.row, finding.column) == ("warning", 3, "NIF")
    assert found.findings.count("tax_id_doubtful") == 1
    bare = tax_id.replace(".", "").replace("-", "")
    assert f"«{bare}»" in finding.sentence
    assert found.interpreted.frame["tax_id"].to_list() == ["00000000T", bare]


@pytest.mark.parametrize(
    ("tax_id", "country"),
    [
        ("12345678Z", "ES"), ("ES12345678Z", ""), ("X1234567L", ""), ("B58378431", "ES"), ("", "ES"),
        ("12345678A", "CL"), ("12345678A", "FR"), ("1234", ""), ("20512345678", ""), ("XAXX010101000", ""),
        ("DE123456789", ""),
    ],
)  # fmt: skip
def test_a_sound_or_a_foreign_tax_id_is_not_doubted(tax_id, country):
    assert not _customers(["C1", "Ana", tax_id, country]).findings.count("tax_id_doubtful")


def test_a_chilean_number_is_no_wrong_spanish_one():
    assert not nif.is_valid("10000013K")
    assert not _customers(["C1", "Ana", "10.000.013-K", ""]).findings.count("tax_id_doubtful")


@pytest.mark.parametrize("kind", ["invoices", "payments"])
def test_the_tax_ids_of_invoices_and_payments_are_looked_at_too(kind):
    invoice, payment = invoices([*GOOD, "12345678A"], head=[*HEAD, "NIF"]), csv_bytes(
        [["Fecha", "Importe", "NIF"], ["13/01/2026", "5,00", "12345678A"]]
    )  # fmt: skip
    finding = said(look(invoice if kind == "invoices" else payment, kind=kind), "tax_id_doubtful")
    assert (finding.severity, finding.row, finding.column) == ("warning", 2, "NIF")
