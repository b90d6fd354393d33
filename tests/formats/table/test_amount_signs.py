"""Which sign is the decimal one: proved, asked for once per column, needless where there are no decimals."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.table.tables import GOOD, GOOD2, HEAD, changed, csv_bytes, invoices, look, said, workbook

_AMOUNT = HEAD[4]
_SIGN_CODES = ("decimal_ambiguous", "decimal_conflict")


def _rows(*amounts: str) -> bytes:
    return invoices(*(changed(number=f"F{i}", amount=amount) for i, amount in enumerate(amounts)))


@pytest.mark.parametrize("currency", ["CLP", "PYG", "JPY"])
@pytest.mark.parametrize(
    ("written", "whole"),
    [
        (["12.345"], [12345]),
        (["12.345", "119.000", "1.234.567"], [12345, 119000, 1234567]),
        (["12,345", "119,000", "900"], [12345, 119000, 900]),
        (["$ 12.345", "-119.000", "500"], [12345, 119000, 500]),
        (["12.345", "1.000,00"], [12345, 1000]),
        (["12,345", "1500.00"], [12345, 1500]),
    ],
)
def test_without_decimals_a_sign_before_three_digits_parts_thousands(currency, written, whole):
    if currency != "CLP":
        written = [cell.removeprefix("$ ") for cell in written]
    found = look(_rows(*written), currency=currency)
    assert found.findings.errors == 0
    assert found.interpreted.frame["amount_minor"].to_list() == whole


def test_the_currency_column_says_that_there_are_no_decimals():
    rows = [[*changed(amount="12.345"), "CLP"], [*changed(GOOD2, amount="7.000"), "PYG"]]
    found = look(invoices(*rows, head=[*HEAD, "Moneda"]))
    assert found.findings.errors == 0
    assert found.interpreted.frame["amount_minor"].to_list() == [12345, 7000]


def test_a_row_refused_for_its_currency_does_not_leave_the_others_open():
    rows = [[*changed(amount="12.345"), "CLP"], [*changed(GOOD2, amount="7.000"), "XYZ"]]
    found = look(invoices(*rows, head=[*HEAD, "Moneda"]))
    assert said(found, "unknown_currency").row == 3
    assert not found.findings.blocking
    assert found.interpreted.frame["amount_minor"].to_list() == [12345]


def test_one_row_with_decimals_in_its_currency_leaves_the_sign_open():
    rows = [[*changed(amount="12.345"), "CLP"], [*changed(GOOD2, amount="7.000"), "USD"]]
    found = look(invoices(*rows, head=[*HEAD, "Moneda"]))
    assert said(found, "decimal_ambiguous").column == _AMOUNT


@pytest.mark.parametrize(
    "amounts", [("12.345", "12,345"), ("12.345", "12.5"), ("1.234.567", "1,234,567"), ("0.500", "12.345")]
)
def test_two_ways_of_writing_thousands_are_a_conflict_even_without_decimals(amounts):
    found = look(_rows(*amounts), currency="CLP")
    finding = said(found, "decimal_conflict")
    assert (finding.severity, finding.row, finding.column) == ("error", None, _AMOUNT)
    assert "fila 2" in finding.sentence
    assert "fila 3" in finding.sentence


def test_real_decimals_of_a_currency_without_any_are_refused_in_words_that_help():
    found = look(_rows("12.345", "12,50"), currency="CLP")
    finding = said(found, "number_decimals")
    assert finding.row == 3
    assert finding.sentence.endswith(
        "«12,50» lleva decimales y la moneda no los admite. Escríbalo sin decimales."
    )
    assert found.interpreted.frame["amount_minor"].to_list() == [12345]


def test_thousands_proved_by_whole_amounts_serve_the_other_columns():
    rows = [[*changed(amount="119.000"), "19,000"]]
    found = look(invoices(*rows, head=[*HEAD, "% IVA"]), currency="CLP")
    assert found.findings.errors == 0
    assert str(found.interpreted.frame["tax_rate"][0]) == "19.0000"


@settings(deadline=None, max_examples=25)
@given(
    amounts=st.lists(st.integers(1, 10**11), min_size=1, max_size=8),
    thousands=st.sampled_from([".", ",", " ", "'", ""]),
)
def test_whole_amounts_are_always_read_whatever_parts_their_thousands(amounts, thousands):
    found = look(_rows(*(f"{a:,}".replace(",", thousands) for a in amounts)), currency="CLP")
    assert found.findings.errors == 0
    assert found.interpreted.frame["amount_minor"].to_list() == amounts


@pytest.mark.parametrize(
    "amounts",
    [("1.234", "5.678", "100"), ("1,5", "1.5", "100"), ("1.234,56", "1,234.56", ""), ("1.234 €", "€ 5.678")],
)
def test_an_undecided_sign_is_asked_once_and_no_row_repeats_it(amounts):
    found = look(_rows(*amounts))
    errors = [f for f in found.findings.kept if f.severity == "error"]
    assert [(f.code in _SIGN_CODES, f.row) for f in errors] == [(True, None)]
    assert found.findings.errors == 1


def test_an_undecided_sign_hides_no_cell_that_is_no_number_at_all():
    found = look(_rows("1.234", "abc", "1.23.4", "5 ZZZ"))
    assert [(f.code, f.row) for f in found.findings.kept if f.row] == [
        ("number_bad", 3),
        ("number_bad", 4),
        ("number_bad", 5),
    ]


def test_an_undecided_sign_makes_no_payment_the_double_of_another():
    head = ["Referencia", "Cód. cliente", "Fecha", "Importe"]
    rows = [["R1", "C1", "13/01/2026", "1.234"], ["R1", "C1", "13/01/2026", "5.678"]]
    found = look(csv_bytes([head, *rows]), kind="payments")
    assert [f.code for f in found.findings.kept if f.severity == "error"] == ["decimal_ambiguous"]


def test_an_undecided_sign_says_nothing_about_totals():
    rows = [[*GOOD, "1,5", "1.233,06", "01/03/2026"], [*GOOD2, "1.5", "98,00", "01/03/2026"]]
    found = look(invoices(*rows, head=[*HEAD, "Cobrado", "Saldo pendiente", "Fecha cobro"]))
    assert [f.code for f in found.findings.kept] == ["decimal_conflict"]


def test_a_zero_before_the_sign_proves_decimals():
    found = look(_rows("0.500", "1.250"), currency="BHD")
    assert found.findings.errors == 0
    assert found.interpreted.frame["amount_minor"].to_list() == [500, 1250]


@pytest.mark.parametrize(
    ("cell", "currency", "sentence"),
    [
        ("10,005", "EUR", "«10,005» tiene más decimales de los 2 que admite la moneda. "
         "Escríbalo con 2 decimales como máximo."),
        ("1000,5", "CLP", "«1000,5» lleva decimales y la moneda no los admite. Escríbalo sin decimales."),
        ("1,23456", "BHD", "«1,23456» tiene más decimales de los 3 que admite la moneda. "
         "Escríbalo con 3 decimales como máximo."),
        ("10,005 €", "EUR", "«10,005 €» tiene más decimales de los 2 que admite la moneda. "
         "Escríbalo con 2 decimales como máximo."),
        ("9.999.999.999.999.999,00", "EUR", "«9.999.999.999.999.999,00» es demasiado grande para un importe. "
         "Corríjalo."),
    ],
)  # fmt: skip
def test_a_refused_amount_is_quoted_as_the_file_writes_it(cell, currency, sentence):
    found = look(invoices(changed(GOOD2, amount="1,5" if currency == "BHD" else "7"), changed(amount=cell)),
                 currency=currency, decimal=",")  # fmt: skip
    assert found.findings.kept[0].sentence == f"Fila 3, columna «{_AMOUNT}»: {sentence}"


@pytest.mark.parametrize(("cell", "quoted"), [(10.005, "«10,005»"), (12.3456, "«12,3456»")])
def test_a_refused_number_of_a_workbook_is_quoted_as_its_cell_shows_it(cell, quoted):
    assert quoted in said(look(workbook([HEAD, [*GOOD[:4], cell]])), "number_decimals").sentence


def test_a_rate_that_is_not_understood_is_quoted_as_written():
    assert "«0,210»" in said(look(invoices([*GOOD, "0,210"], head=[*HEAD, "% IVA"])), "rate_unclear").sentence
