"""Every way a file is wrong has its sentence, in Spanish, with its row and column; the sound rows remain."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest

from aldia.formats.table import TableRefused
from aldia.kernel.errors import AldiaError
from tests.formats.table.tables import (
    GOOD,
    GOOD2,
    HEAD,
    changed,
    csv_bytes,
    invoices,
    look,
    rezipped,
    said,
    workbook,
)

_AMOUNT, _DUE, _ISSUE = HEAD[4], HEAD[3], HEAD[2]

_ROW_CASES = [
    # amounts
    *(
        (changed(amount=text), code, _AMOUNT)
        for text, code in [
            ("1e5", "number_exponent"), ("1,5E+3", "number_exponent"), ("NaN", "number_bad"),
            ("nan", "number_bad"),
            ("inf", "number_bad"), ("-Infinity", "number_bad"), ("１２３,00", "number_digits"),
            ("٣٤,00", "number_digits"),
            ("--5,00", "number_signs"), ("-5,00-", "number_signs"), ("+-5,00", "number_signs"),
            ("(-5,00)", "number_signs"),
            ("(5,00", "number_signs"), ("5,00)", "number_signs"),
            ("123456789012345678901234567890", "number_too_long"),
            ("1.234.56", "number_bad"), ("1,234,56", "number_bad"), ("12.34,56", "number_bad"),
            ("1..234", "number_bad"),
            ("5,", "number_bad"), ("12 34,00", "number_bad"), ("1'23,00", "number_bad"),
            ("abc", "number_bad"),
            ("0x1F", "number_bad"), ("1_000,00", "number_bad"), ("=SUM(A1)", "number_bad"),
            ("10%", "number_bad"),
            ("12,345", "number_decimals"), ("0,001", "number_decimals"), ("1.234,5678", "number_decimals"),
            ("€ 5,00 EUR", "number_currencies"), ("5,00 ZZZ", "number_bad"),
            ("9999999999999999,00", "number_too_long"), ("$ 5,00", "currency_unclear"), ("1/2", "number_bad"),
            ("doce", "number_bad"), ("#N/A", "number_bad"), ("#¡REF!", "number_bad"), ("..", "number_bad"),
            (",", "number_bad"), ("-", "number_bad"), ("€", "number_bad"), ("5,00€€", "number_bad"),
        ]
    ),
    # dates
    *(
        (changed(due=text), code, _DUE)
        for text, code in [
            ("31/02/2026", "date_impossible"), ("31/04/2026", "date_impossible"),
            ("29/02/2027", "date_impossible"),
            ("00/01/2027", "date_impossible"), ("32/13/2026", "date_impossible"),
            ("2026-13-01", "date_impossible"),
            ("2026-02-30", "date_impossible"), ("20261301", "date_impossible"),
            ("13/02/26", "date_short_year"),
            ("13-02-26", "date_short_year"), ("5 feb 26", "date_short_year"),
            ("13/02/9999", "date_out_of_range"),
            ("13/02/1900", "date_out_of_range"), ("0001-01-01", "date_out_of_range"),
            ("2101-01-01", "date_out_of_range"),
            ("1989-12-31", "date_out_of_range"), ("mañana", "date_bad"), ("46066", "date_bad"),
            ("13/02", "date_bad"),
            ("13/02-2026", "date_bad"), ("2026", "date_bad"), ("13/xyz/2026", "date_bad"),
            ("5 brumario 2026", "date_bad"),
            ("１３/02/2026", "date_bad"), ("13//02/2026", "date_bad"), ("NaN", "date_bad"),
            ("12,50", "date_bad"),
            ("13/02/20266", "date_bad"), ("-13/02/2026", "date_bad"), ("a plazos", "date_bad"),
        ]
    ),
    (changed(issue="30/02/2026"), "date_impossible", _ISSUE),
    # what a row needs
    (changed(number=""), "missing_number", HEAD[0]),
    (changed(customer=""), "missing_customer_code", HEAD[1]),
    (changed(issue=""), "missing_issue_date", _ISSUE),
    (changed(due=""), "missing_due_date", _DUE),
    (changed(amount=""), "missing_amount", _AMOUNT),
    (changed(number="   "), "missing_number", HEAD[0]),
    (changed(due="12/01/2026"), "due_before_issue", _DUE),
    # identifiers
    (changed(number="F\x001"), "nul_character", HEAD[0]),
    (changed(customer="C\x00"), "nul_character", HEAD[1]),
    (changed(number="x" * 201), "text_too_long", HEAD[0]),
    (changed(customer="ñ" * 201), "text_too_long", HEAD[1]),
    (changed(number="1,23457E+11"), "code_scientific", HEAD[0]),
    (changed(number="#N/A"), "formula_error", HEAD[0]),
    (changed(customer="#¡REF!"), "formula_error", HEAD[1]),
]  # fmt: skip


@pytest.mark.parametrize(("row", "code", "column"), _ROW_CASES)
def test_a_faulty_row_is_named_and_the_others_remain(row, code, column):
    found = look(invoices(GOOD2, row, changed(number="F3", due="20/02/2026")))
    finding = said(found, code)
    assert (finding.severity, finding.row, finding.column) == ("error", 3, column)
    assert finding.sentence.startswith(f"Fila 3, columna «{column}»: ")
    assert finding.sentence.endswith(".")
    assert found.interpreted.frame["source_row"].to_list() == [2, 4]
    assert (found.interpreted.rows_read, found.interpreted.rows_refused) == (3, 1)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("F9;C9;13/01/2026;13/02/2026", "ragged_row"),
        ("F9", "ragged_row"),
        ("F9;C9;13/01/2026;13/02/2026;5,00;algo", "ragged_row"),
        ("F9;C9;;13/01/2026;13/02/2026;5,00", "ragged_row"),
        ('F9;"C9;13/01/2026;13/02/2026;5,00', "broken_quotes"),
        ('F9;"C"9;13/01/2026;13/02/2026;5,00', "broken_quotes"),
        ('"F9";C9;13/01/2026;13/02/2026;"5,00" €', "broken_quotes"),
        (f"F9;{'x' * 40_000};13/01/2026;13/02/2026;5,00", "cell_too_long"),
    ],
)
def test_a_line_that_does_not_fit_spoils_itself_only(line, code):
    head, good, other = (";".join(cells) for cells in (HEAD, GOOD, GOOD2))
    found = look("\r\n".join([head, good, line, other]).encode())
    assert said(found, code).row == 3
    assert found.interpreted.frame["source_row"].to_list() == [2, 4]
    assert found.interpreted.rows_refused == 1


_EXTRA = [
    ("Moneda", "XYZ", "unknown_currency"),
    ("Moneda", "eurillos", "unknown_currency"),
    ("Moneda", "978", "unknown_currency"),
    ("Moneda", "USD", "currency_mismatch"),
    ("Tipo documento", "chascarrillo", "unknown_word"),
    ("Disputada", "quizás", "unknown_word"),
    ("Fecha cobro", "31/02/2026", "date_impossible"),
    ("Importe cobrado", "5,00", "paid_without_date"),
    ("Importe cobrado", "-5,00", "negative_paid_amount"),
    ("% IVA", "2.100,00", "rate_bad"),
    ("% IVA", "-21,00%", "rate_bad"),
    ("Base imponible", "mil", "number_bad"),
    ("Nombre cliente", "x" * 201, "text_too_long"),
    ("Nombre cliente", "Pe\x00pe", "nul_character"),
    ("Concepto", "x" * 2_001, "text_too_long"),
    ("Pedido", "4,5E+10", "code_scientific"),
]


@pytest.mark.parametrize(("heading", "cell", "code"), _EXTRA)
def test_a_faulty_cell_in_a_further_column_refuses_its_row(heading, cell, code):
    head = [*HEAD, heading]
    rows = [[*GOOD2, ""], [*changed(amount="5,00 €"), cell]]
    if heading == "Importe cobrado":
        head, rows = (
            [*head, "Fecha cobro"],
            [[*rows[0], ""], [*rows[1], "" if "without" in code else "01/02/2026"]],
        )
    found = look(invoices(*rows, head=head))
    finding = said(found, code)
    assert (finding.severity, finding.row) == ("error", 3)
    assert finding.column in {heading, HEAD[4]}
    assert found.interpreted.frame["source_row"].to_list() == [2]


_PNG, _PDF = b"\x89PNG\r\n\x1a\n" + bytes(100), b"%PDF-1.7\n" + b"x" * 100
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOOK = workbook([HEAD, GOOD])


def _zip(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def _bomb() -> bytes:
    return rezipped(_BOOK, lambda m: m.update({"xl/media/image1.bin": bytes(101 * 1024 * 1024)}))


def _far_cell() -> bytes:
    return workbook([HEAD, GOOD], more=lambda _, page: page.write(1_048_575, 16_383, "x"))


def _encrypted_flag() -> bytes:
    return _BOOK.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01").replace(
        b"PK\x01\x02\x14\x00\x14\x00\x00", b"PK\x01\x02\x14\x00\x14\x00\x01"
    )


def _doctype(members: dict[str, bytes]) -> None:
    name = "xl/worksheets/sheet1.xml"
    members[name] = members[name].replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)


_FILES = [
    (b"", "empty"),
    (b"   \r\n \r\n", "empty"),
    (b"\xef\xbb\xbf", "empty"),
    (bytes(1000), "empty"),
    (b";;;;\r\n;;;;\r\n", "empty"),
    (csv_bytes([HEAD]), "no_rows"),
    (csv_bytes([HEAD, [""] * 5, [""] * 5]), "no_rows"),
    (csv_bytes([GOOD, GOOD2]), "no_header"),
    (csv_bytes([["1", "2", "3"], ["4", "5", "6"]]), "no_header"),
    (csv_bytes([[f"c{i}" for i in range(501)], ["x"] * 501]), "too_many_columns"),
    (b"a" + b";a" * 1_000_000 + b"\nb" + b";b" * 1_000_000, "too_many_columns"),
    (b"PK\x03\x04" + bytes(range(256)), "workbook_damaged"),
    (_BOOK[: len(_BOOK) // 2], "workbook_damaged"),
    (_BOOK[:-30], "workbook_damaged"),
    (_BOOK[:1500] + b"\x00\xff" * 200 + _BOOK[1900:], "workbook_damaged"),
    (_OLE + bytes(3000), "workbook_damaged"),
    (_OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500), "workbook_encrypted"),
    (_encrypted_flag(), "workbook_encrypted"),
    (_zip(a__b=b"hola"), "other_type"),
    (_zip(**{"xl__workbook.xml": b"<workbook/>", "otro.zip": b"PK"}), "archive_nested"),
    (_zip(**{"xl__workbook.xml": b"not xml"}), "workbook_damaged"),
    (_zip(**{"mimetype": b"x", "content.xml": b"<a>"}), "workbook_damaged"),
    (_bomb(), "archive_too_big"),
    (rezipped(_BOOK, lambda m: m.update({"xl/x.bin": bytes(3_000_000)})), "archive_too_big"),
    (rezipped(_BOOK, lambda m: m.update({f"xl/{i}": b"" for i in range(2_100)})), "archive_too_big"),
    (_far_cell(), "too_many_columns"),
    (workbook([HEAD, GOOD], more=lambda _, page: page.write(1_040_000, 400, "x")), "sheet_too_wide"),
    (rezipped(_BOOK, _doctype), "workbook_entities"),
    (workbook([]), "empty"),
    (workbook([HEAD]), "no_rows"),
    (_PNG, "other_type"),
    (_PDF, "other_type"),
    (b"\x1f\x8b\x08" + bytes(100), "other_type"),
    (b"<?xml version='1.0'?><Facturae/>", "other_type"),
    (b"<!doctype html><table></table>", "other_type"),
    (b"<html><table></table></html>", "other_type"),
    (b"{\\rtf1 hola}", "other_type"),
    (bytes(range(256)) * 20, "binary"),
    (csv_bytes([HEAD, GOOD]).decode().encode("utf-16-le"), "binary"),
    (csv_bytes([HEAD, GOOD], encoding="utf-16")[:-1], "encoding_broken"),
    (csv_bytes([HEAD, changed(customer="Peña")]) + "Ñandú;x;y;z;1\r\n".encode("cp1252"), "encoding_mixed"),
    (csv_bytes([HEAD, changed(customer="Señor Núñez")], encoding="cp850"), "encoding_undecided"),
    (csv_bytes([HEAD, changed(customer="Núñez Ávila")], encoding="mac-roman"), "encoding_undecided"),
    (csv_bytes([HEAD, changed(customer="Ñ")])[:-4] + b"\x81\x8d", "encoding_mixed"),
    (b"a;b,c\r\n1;2,3\r\nx;y,z\r\n", "delimiter_undecided"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "code"), _FILES, ids=[f"{i}-{code}" for i, (_, code) in enumerate(_FILES)])
def test_a_file_that_cannot_be_used_is_refused_with_one_sentence(data, code):
    with pytest.raises(TableRefused) as refused:
        look(data)
    assert refused.value.code == code
    assert str(refused.value)[0].isupper()
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("cut", range(0, len(_BOOK), 1000))
def test_a_workbook_cut_anywhere_is_refused(cut):
    with pytest.raises(TableRefused):
        look(_BOOK[:cut])


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"encoding": "klingon"}, "encoding_unknown"),
        ({"encoding": "ascii"}, "encoding_wrong"),
        ({"encoding": "utf-16"}, "encoding_wrong"),
        ({"delimiter": "zz"}, "delimiter_wrong"),
        ({"delimiter": "a"}, "delimiter_wrong"),
        ({"date_format": "cuando sea"}, "date_format_unknown"),
        ({"date_format": "dd/mm"}, "date_format_unknown"),
        ({"chosen": {"importe": "Total"}}, "field_unknown"),
        ({"chosen": {"amount": "Totalísimo"}}, "column_unknown"),
        ({"currency": "ZZZ"}, "unknown_currency"),
    ],
)
def test_a_declaration_that_means_nothing_is_refused(given, code):
    with pytest.raises(AldiaError) as refused:
        look(invoices(GOOD), **given)
    assert refused.value.code == code


def test_a_column_that_does_not_exist_is_answered_with_those_that_do():
    with pytest.raises(TableRefused, match="«Vencimiento»"):
        look(invoices(GOOD), chosen={"amount": "Totalísimo"})


def _ambiguous_amounts(*amounts: str) -> bytes:
    return invoices(*(changed(number=f"F{i}", amount=amount) for i, amount in enumerate(amounts)))


def _dates(*pairs: tuple[str, str]) -> bytes:
    return invoices(*(changed(number=f"F{i}", issue=a, due=b) for i, (a, b) in enumerate(pairs)))


_BLOCKING = [
    (_ambiguous_amounts("1.234", "5.678"), "decimal_ambiguous", _AMOUNT, "fila 2"),
    (_ambiguous_amounts("100", "1.234"), "decimal_ambiguous", _AMOUNT, "fila 3"),
    (_ambiguous_amounts("1,234"), "decimal_ambiguous", _AMOUNT, "--decimal"),
    (_ambiguous_amounts("1,5", "1.5"), "decimal_conflict", _AMOUNT, "fila 3"),
    (_ambiguous_amounts("1.234,56", "1,234.56"), "decimal_conflict", _AMOUNT, "fila 2"),
    (_dates(("01/02/2026", "01/03/2026")), "date_ambiguous", _ISSUE, "--date-format"),
    (_dates(("05/05/2026", "05/05/2026"), ("06/06/2026", "07/08/2026")), "date_ambiguous", _DUE, "fila 3"),
    (_dates(("13/01/2026", "01/14/2026")), "date_conflict", None, "--date-format"),
    (_dates(("13/01/2026", "14/02/2026"), ("02/13/2026", "02/14/2026")), "date_conflict", None, "fila 3"),
    (csv_bytes([HEAD[1:], GOOD[1:]]), "missing_column", None, "número de factura"),
    (csv_bytes([HEAD[:4], GOOD[:4]]), "missing_column", None, "importe total"),
    (csv_bytes([["número:cliente:fecha"], ["F1:C1:13/01/2026"]]), "missing_column", None, "--map"),
    (invoices([*GOOD, "7,00"], head=[*HEAD, "Total factura"]), "ambiguous_heading", None, "--map amount="),
    (invoices([*GOOD, "F7"], head=[*HEAD, "Invoice number"]), "ambiguous_heading", None, "--map number="),
    (
        invoices(GOOD, head=[*HEAD[:4], "Importe total (USD)"]),
        "currency_in_heading",
        "Importe total (USD)",
        "Moneda",
    ),
    (
        invoices([*GOOD, "7,00"], head=[*HEAD, "Cobrado"]),
        "paid_without_date_column",
        "Cobrado",
        "--map paid_date=",
    ),
]


@pytest.mark.parametrize(("data", "code", "column", "words"), _BLOCKING)
def test_what_cannot_be_decided_blocks_the_file_and_asks(data, code, column, words):
    found = look(data)
    finding = said(found, code)
    assert (finding.severity, finding.row, finding.column) == ("error", None, column)
    assert words in finding.sentence
    assert found.interpreted.frame.is_empty()
    assert finding in found.findings.blocking


_REMARKS = [
    (invoices(changed(amount="-5,00")), "negative_invoice", "info", 2),
    (invoices(changed(amount="0,00"), GOOD2), "zero_amount", "warning", 2),
    (invoices(GOOD, ["Total", "", "", "", "1.234,56"]), "total_row", "warning", 3),
    (invoices(GOOD, ["", "", "", "Total general", "1.234,56"]), "total_row", "warning", 3),
    (invoices([*GOOD, "Proforma"], [*GOOD2, ""], head=[*HEAD, "Tipo documento"]), "not_debt", "warning", 2),
    (invoices([*GOOD, "Presupuesto"], head=[*HEAD, "Tipo documento"]), "not_debt", "warning", 2),
    (invoices([*GOOD, "albarán"], head=[*HEAD, "Tipo"]), "not_debt", "warning", 2),
    (invoices([*GOOD, "Quote"], head=[*HEAD, "Type"]), "not_debt", "warning", 2),
    (invoices([*GOOD, "Pe\u202epe"], head=[*HEAD, "Cliente"]), "hidden_characters", "warning", 2),
    (invoices([*GOOD, "Pe\u200bpe"], head=[*HEAD, "Cliente"]), "hidden_characters", "warning", 2),
    (invoices([*GOOD, "Pe\x07pe"], head=[*HEAD, "Cliente"]), "hidden_characters", "warning", 2),
    (invoices([*GOOD, "Pe�a"], head=[*HEAD, "Cliente"]), "lost_characters", "warning", 2),
    (invoices([*GOOD, "no es correo"], head=[*HEAD, "E-mail"]), "email_doubtful", "warning", 2),
    (invoices([*GOOD, "llamar"], head=[*HEAD, "Teléfono"]), "phone_doubtful", "warning", 2),
    (invoices([*GOOD, "raro"], head=[*HEAD, "Tipo cliente"]), "unknown_word", "warning", 2),
    (invoices([*GOOD, "12/01/2026"], head=[*HEAD, "Fecha cobro"]), "paid_before_issue", "warning", 2),
    (
        invoices([*GOOD, "01/02/2026", "2.000,00"], head=[*HEAD, "Fecha cobro", "Cobrado"]),
        "overpaid",
        "warning",
        2,
    ),
    (
        invoices([*GOOD, "1,00", "1,00"], head=[*HEAD, "Base imponible", "IVA"]),
        "totals_disagree",
        "warning",
        2,
    ),
    (invoices([*GOOD, "2.000,00"], head=[*HEAD, "Pendiente"]), "open_disagrees", "warning", 2),
    (invoices([*GOOD, "x"], head=[*HEAD, ""]), "empty_heading", "warning", 1),
    (invoices([*GOOD, "x", "y"], head=[*HEAD, "Nota", "Nota"]), "repeated_heading", "warning", 1),
    (invoices([*GOOD, "Narnia"], head=[*HEAD, "País"]), "unknown_country", "info", None),
    (invoices([*GOOD, "0,21"], head=[*HEAD, "% IVA"]), "rate_unclear", "warning", None),
    (invoices([*GOOD, "x"], head=[*HEAD, "Cosa"]), "unknown_columns", "info", None),
]


@pytest.mark.parametrize(("data", "code", "severity", "row"), _REMARKS)
def test_what_is_odd_but_usable_is_said(data, code, severity, row):
    finding = said(look(data), code)
    assert (finding.severity, finding.row) == (severity, row)


def test_the_same_number_customer_and_due_date_twice_is_an_error_on_the_second():
    found = look(invoices(GOOD, GOOD2, GOOD))
    finding = said(found, "duplicate_number")
    assert (finding.row, finding.column) == (4, HEAD[0])
    assert "fila 2" in finding.sentence
    assert found.interpreted.frame["source_row"].to_list() == [2, 3]


def test_findings_beyond_the_limit_are_counted_though_not_kept():
    rows = [changed(number=f"F{i}", amount="x") for i in range(12_000)]
    found = look(invoices(*rows))
    assert found.findings.count("number_bad") == 12_000
    assert found.findings.errors == 12_000
    assert len(found.findings.kept) <= 10_000
    assert found.interpreted.rows_refused == 12_000


def test_a_formula_that_was_never_computed_counts_as_empty_and_is_said():
    def formulas(_: object, page: Any) -> None:
        page.write_formula(1, 4, "=1+1", None, "")
        page.write_formula(2, 4, "=1/0", None, "#DIV/0!")

    found = look(workbook([HEAD, GOOD[:4], GOOD2[:4]], more=formulas))
    finding = said(found, "formula_without_value")
    assert finding.column == HEAD[4]
    assert "2 fórmulas" in finding.sentence
    assert "fila 2" in finding.sentence
    assert said(found, "missing_amount").row == 2


def test_a_sheet_that_does_not_exist_is_answered_with_those_that_do():
    with pytest.raises(TableRefused, match="«Facturas»") as refused:
        look(_BOOK, sheet="Hoja9")
    assert refused.value.code == "sheet_unknown"


def test_cells_joined_below_the_headings_are_said():
    def joined(_: object, page: Any) -> None:
        page.merge_range(1, 1, 2, 1, "C1")

    found = look(workbook([HEAD, [GOOD[0], None, *GOOD[2:]], [GOOD2[0], None, *GOOD2[2:]]], more=joined))
    assert said(found, "merged_cells").row == 2
    assert said(found, "missing_customer_code").row == 3


def test_a_code_the_spreadsheet_turned_into_a_date_is_refused():
    found = look(workbook([HEAD, [date(2026, 2, 1), *GOOD[1:]], GOOD2]))
    assert said(found, "code_is_date").row == 2
