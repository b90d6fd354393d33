"""Files as people really send them: whatever the program, the place or the habit, the same rows come out."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from aldia.formats.table import FIELDS, KINDS, Shape, read_table, recognise_headings
from aldia.formats.table.heading_words import STRONG
from aldia.formats.table.synonyms import heading_key, strong_field, weak_fields
from tests.formats.table.tables import (
    GOOD,
    GOOD2,
    HEAD,
    changed,
    csv_bytes,
    invoices,
    look,
    said,
    us_export_twin,
    workbook,
)

_REAL = Path(__file__).parents[4] / "shared" / "data" / "ar" / "ibm_watson_accounts_receivable.csv"


def _rows(data: bytes, **given: Any) -> list[tuple[object, ...]]:
    frame = look(data, **given).interpreted.frame
    return frame.select(
        "number", "customer_code", "issue_date", "due_date", "amount_minor", "currency"
    ).rows()


_EXPECTED = [
    ("F1", "C1", date(2026, 1, 13), date(2026, 2, 13), 123456, "EUR"),
    ("F2", "C2", date(2026, 1, 14), date(2026, 2, 14), 9950, "EUR"),
]
_US = [
    HEAD,
    [*GOOD[:2], "01/13/2026", "02/13/2026", "1,234.56"],
    [*GOOD2[:2], "01/14/2026", "02/14/2026", "99.50"],
]
_ISO = [
    HEAD,
    [*GOOD[:2], "2026-01-13", "2026-02-13 00:00:00", "1234.56"],
    [*GOOD2[:2], "20260114", "2026/02/14", "99.5"],
]
_TYPED: list[list[Any]] = [
    HEAD,
    [*GOOD[:2], date(2026, 1, 13), date(2026, 2, 13), 1234.56],
    [*GOOD2[:2], datetime(2026, 1, 14, 10, 30), 46067, 99.5],
]
_PLAIN = [HEAD, GOOD, GOOD2]
_TITLES = [
    ["Listado de facturas"],
    [],
    ["Empresa: Una SL", "", "", "", "13/02/2026"],
    [],
    *_PLAIN,
    [],
    ["Total", "", "", "", "9,00"],
]


@pytest.mark.parametrize(
    "data",
    [
        csv_bytes(_PLAIN),
        csv_bytes(_PLAIN, delimiter=","),
        csv_bytes(_PLAIN, delimiter="\t"),
        csv_bytes(_PLAIN, delimiter="|"),
        csv_bytes(_PLAIN, encoding="utf-8-sig"),
        csv_bytes(_PLAIN, encoding="utf-16"),
        csv_bytes(_PLAIN, encoding="cp1252"),
        csv_bytes(_PLAIN).replace(b"\r\n", b"\n"),
        csv_bytes(_PLAIN).replace(b"\r\n", b"\r"),
        csv_bytes(_PLAIN).rstrip(),
        csv_bytes(_PLAIN).replace(b"\r\n", b";\r\n"),
        b"sep=;\r\n" + csv_bytes(_PLAIN),
        csv_bytes([[f"  {cell}  " for cell in row] for row in _PLAIN]),
        csv_bytes([[*row, "", ""] for row in _PLAIN]),
        csv_bytes([row + [""] * (5 - len(row)) for row in _TITLES]),
        csv_bytes(_US, delimiter=","),
        csv_bytes(_ISO, delimiter=","),
        workbook(_PLAIN),
        workbook(_US),
        workbook(_TYPED),
        workbook([[], [], *([None, *row] for row in _TYPED)]),
        workbook(_TITLES),
    ],
)
def test_the_same_invoices_come_out_of_every_way_of_writing_them(data):
    found = look(data)
    assert _rows(data) == _EXPECTED, found.findings.kept
    assert found.findings.errors == 0


def test_rows_are_counted_as_a_person_counts_lines():
    head = "Factura;Cliente;Fecha;Vencimiento;Importe\r\n\r\n"
    text = head + 'F1;"A\r\nB";13/01/2026;13/02/2026;5,00\r\nF2;C;x;;\r\n'
    found = look(text.encode())
    assert found.interpreted.frame["source_row"].to_list() == [3]
    assert found.interpreted.frame["customer_code"].to_list() == ["A B"]
    assert said(found, "date_bad").row == 5


def test_a_twin_of_a_known_us_export_imports_as_it_is():
    found = look(us_export_twin())
    frame = found.interpreted.frame
    assert frame.height == 500
    assert found.findings.errors == 0
    assert frame.row(0, named=True)["issue_date"] == date(2012, 1, 2)
    assert frame["paid_amount_minor"].to_list() == frame["amount_minor"].to_list()
    assert frame["disputed"].sum() == 125
    assert "PaperlessDate" in found.headings.unknown


@pytest.mark.skipif(not _REAL.exists(), reason="the sample file is not beside the repository")
def test_the_real_us_export_imports_as_it_is():
    found = look(_REAL.read_bytes(), currency="USD")
    frame = found.interpreted.frame
    assert found.headings.fields == {
        "number": "invoiceNumber", "customer_code": "customerID", "issue_date": "InvoiceDate",
        "due_date": "DueDate",
        "amount": "InvoiceAmount", "paid_date": "SettledDate", "disputed": "Disputed",
        "country": "countryCode",
    }  # fmt: skip
    assert (frame.height, found.findings.errors, frame["customer_code"].n_unique()) == (2466, 0, 100)
    first = frame.row(0, named=True)
    assert (first["number"], first["amount_minor"], first["due_date"]) == ("611365", 5594, date(2013, 2, 1))


@pytest.mark.parametrize(
    ("declared", "due"),
    [("dd/mm/yyyy", date(2026, 3, 2)), ("m/d/Y", date(2026, 2, 3)), ("%d/%m/%Y", date(2026, 3, 2)),
     ("mm-dd-yyyy", date(2026, 2, 3)), ("dd/mm/aaaa", date(2026, 3, 2)), ("d.m.Y", date(2026, 3, 2))],
)  # fmt: skip
def test_a_declared_date_format_decides_what_cannot_be_proved(declared, due):
    data = invoices(changed(issue="01/01/2026", due="02/03/2026"))
    assert look(data, date_format=declared).interpreted.frame["due_date"].to_list() == [due]


def test_two_digit_years_are_read_once_declared():
    data = invoices(changed(issue="13/01/26", due="02/03/26"))
    assert look(data, date_format="dd/mm/yy").interpreted.frame["due_date"].to_list() == [date(2026, 3, 2)]


def test_a_date_column_nobody_uses_may_prove_the_order():
    data = invoices(
        [*changed(issue="01/02/2026", due="03/04/2026"), "25/12/2025"], head=[*HEAD, "Fecha de alta"]
    )
    assert look(data).interpreted.frame["due_date"].to_list() == [date(2026, 4, 3)]


def test_dates_that_read_the_same_both_ways_need_no_proof():
    data = invoices(changed(issue="01/01/2026", due="03/03/2026"))
    assert look(data).interpreted.frame["due_date"].to_list() == [date(2026, 3, 3)]


@pytest.mark.parametrize(("sign", "minor"), [(",", 123400), (".", None)])
def test_a_declared_decimal_sign_decides_what_cannot_be_proved(sign, minor):
    found = look(invoices(changed(amount="1.234")), decimal=sign)
    assert found.interpreted.frame["amount_minor"].to_list() == ([minor] if minor else [])
    assert found.findings.count("number_decimals") == (0 if minor else 1)


@pytest.mark.parametrize(
    ("written", "minor", "kind"),
    [
        ("1.234,56", 123456, "invoice"), ("1 234,56", 123456, "invoice"),
        ("1\u00a0234,56 €", 123456, "invoice"),
        ("€1.234,56", 123456, "invoice"), ("1234,56 EUR", 123456, "invoice"),
        ("EUR 1.234,5", 123450, "invoice"),
        ("1'234,56", 123456, "invoice"), ("+5,00", 500, "invoice"), ("5,000", 500, "invoice"),
        (",5", 50, "invoice"),
        ("-5,00", 500, "credit_note"), ("5,00-", 500, "credit_note"), ("(5,00)", 500, "credit_note"),
        ("\u22125,00", 500, "credit_note"), ("- 5,00 €", 500, "credit_note"), ("€ -5,00", 500, "credit_note"),
        ("5,00 euros", 500, "invoice"), ("007,10", 710, "invoice"),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(written, minor, kind):
    frame = look(invoices(changed(amount=written), changed(number="F2", amount="0,01"))).interpreted.frame
    assert frame.filter(source_row=2).select("amount_minor", "kind").row(0) == (minor, kind)


@pytest.mark.parametrize(
    ("currency", "written", "minor"),
    [("CLP", "15000", 15000), ("CLP", "15000,00", 15000), ("BHD", "1,234", None), ("BHD", "1,2345", None),
     ("BHD", "12,3456", None), ("USD", "$ 5,50", 550), ("MXN", "$1.234,50", 123450), ("PEN", "S/ 7,25", 725)],
)  # fmt: skip
def test_the_currency_says_how_many_decimals_an_amount_may_have(currency, written, minor):
    frame = look(invoices(changed(amount=written)), currency=currency).interpreted.frame
    assert frame["amount_minor"].to_list() == ([minor] if minor else [])


def test_each_row_may_have_its_own_currency():
    rows = [
        [*changed(number=f"F{i}", amount=a), c]
        for i, (a, c) in enumerate([("5,50", "eur"), ("7,25", "US$"), ("900", "CLP")])
    ]
    frame = look(invoices(*rows, head=[*HEAD, "Divisa"])).interpreted.frame
    assert frame.select("amount_minor", "currency").rows() == [(550, "EUR"), (725, "USD"), (900, "CLP")]


def test_a_code_beside_the_amount_is_the_currency_of_its_row():
    frame = look(invoices(changed(amount="5,50 USD"), GOOD2)).interpreted.frame
    assert frame["currency"].to_list() == ["USD", "EUR"]


def test_binary_noise_of_a_workbook_is_forgiven_and_nothing_more():
    found = look(workbook([HEAD, [*GOOD[:4], 55.940000000000005], [*GOOD2[:4], 55.945]]))
    assert found.interpreted.frame["amount_minor"].to_list() == [5594]
    assert said(found, "number_decimals").row == 3


def test_numbers_serve_as_codes_without_their_decimals():
    frame = look(workbook([HEAD, [611365, 1001.0, *_TYPED[1][2:]]])).interpreted.frame
    assert frame.select("number", "customer_code").row(0) == ("611365", "1001")


def test_several_due_lines_of_one_invoice_are_allowed():
    frame = look(invoices(GOOD, changed(due="13/03/2026"))).interpreted.frame
    assert frame["number"].to_list() == ["F1", "F1"]


def test_a_paid_date_without_amount_means_paid_in_full():
    frame = look(invoices([*GOOD, "20/01/2026"], [*GOOD2, ""], head=[*HEAD, "Fecha cobro"])).interpreted.frame
    assert frame["paid_amount_minor"].to_list() == [123456, None]


def test_an_over_payment_is_kept_with_its_amount():
    head = [*HEAD, "Fecha cobro", "Cobrado"]
    frame = look(invoices([*GOOD, "20/01/2026", "1.300,00"], head=head)).interpreted.frame
    assert frame["paid_amount_minor"].to_list() == [130000]


def test_a_credit_note_needs_no_due_date():
    frame = look(invoices([*changed(due=""), "Rectificativa"], head=[*HEAD, "Tipo"])).interpreted.frame
    assert frame.select("kind", "due_date", "amount_minor").row(0) == (
        "credit_note",
        date(2026, 1, 13),
        123456,
    )


def test_without_a_code_the_tax_id_serves():
    found = look(invoices(["F1", "B-12.345.678", *GOOD[2:]], head=[HEAD[0], "NIF", *HEAD[2:]]))
    assert found.interpreted.frame["customer_code"].to_list() == ["B12345678"]
    assert said(found, "code_from_tax_id").severity == "info"


def test_names_that_are_code_stay_inert_text():
    names = [
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
        "{{7*7}}",
        "'; DROP TABLE x;--",
        "@SUM(1)",
        "+34",
    ]
    rows = [[*changed(number=f"F{i}"), name] for i, name in enumerate(names)]
    found = look(invoices(*rows, head=[*HEAD, "Razón social"]))
    assert found.interpreted.frame["customer_name"].to_list() == names
    assert (
        look(workbook([[*HEAD, "Razón social"], *rows])).interpreted.frame["customer_name"].to_list() == names
    )


def test_the_other_sheets_are_named_and_one_may_be_chosen():
    def more(book: object, _: object) -> None:
        page = book.add_worksheet("Marzo")  # type: ignore[attr-defined]
        for y, row in enumerate([HEAD, GOOD2]):
            page.write_row(y, 0, row)

    data = workbook([HEAD, GOOD], more=more)
    found = look(data)
    assert found.table.facts.sheet == "Facturas"
    assert "«Marzo»" in said(found, "other_sheets").sentence
    assert look(data, sheet="Marzo").interpreted.frame["number"].to_list() == ["F2"]


def test_an_empty_first_sheet_is_passed_over():
    def more(book: object, _: object) -> None:
        page = book.add_worksheet("Datos")  # type: ignore[attr-defined]
        for y, row in enumerate([HEAD, GOOD]):
            page.write_row(y, 0, row)

    assert look(workbook([], more=more)).table.facts.sheet == "Datos"


def test_open_items_without_total_take_the_open_amount():
    found = look(invoices(GOOD, head=[*HEAD[:4], "Saldo pendiente"]))
    assert found.interpreted.frame["amount_minor"].to_list() == [123456]
    assert said(found, "amount_from_open").severity == "warning"


def test_a_choice_of_the_user_goes_before_what_is_recognised():
    head = [*HEAD, "Total factura"]
    found = look(invoices([*GOOD, "7,00"], head=head), chosen={"amount": "Total factura"})
    assert found.interpreted.frame["amount_minor"].to_list() == [700]
    assert HEAD[4] in found.headings.unknown


def test_a_field_may_be_left_out():
    data = invoices([*GOOD, "x"], head=[*HEAD, "Tipo"])
    assert look(data).interpreted.frame.height == 0
    assert look(data, chosen={"kind": "-"}).interpreted.frame.height == 1


def test_payments_are_read_with_their_direction():
    head = [
        "Fecha operación",
        "Fecha valor",
        "Ordenante",
        "Importe",
        "Factura",
        "Forma de pago",
        "Tipo movimiento",
    ]
    rows = [
        ["13/01/2026", "14/01/2026", "Una SL", "100,50", "F1", "Transferencia", "Cobro"],
        ["13/01/2026", "15/01/2026", "Otra SL", "-20,00", "", "Recibo domiciliado", ""],
        ["13/01/2026", "16/01/2026", "Otra SL", "5,00", "", "", "Reembolso"],
    ]
    found = look(csv_bytes([head, *rows]), kind="payments")
    frame = found.interpreted.frame
    assert frame.select("value_date", "amount_minor", "kind", "method").rows() == [
        (date(2026, 1, 14), 10050, "payment", "transfer"),
        (date(2026, 1, 15), 2000, "return", "direct_debit"),
        (date(2026, 1, 16), 500, "refund", None),
    ]
    assert said(found, "negative_payment").row == 3
    assert said(found, "unidentified_payment").severity == "info"


def test_the_same_reference_pays_several_invoices_but_each_once():
    head = ["Referencia", "Fecha cobro", "Importe", "Nº factura"]
    rows = [
        ["R1", "13/01/2026", "5,00", "F1"],
        ["R1", "13/01/2026", "5,00", "F2"],
        ["R1", "13/01/2026", "5,00", "F2"],
    ]
    found = look(csv_bytes([head, *rows]), kind="payments")
    assert found.interpreted.frame["source_row"].to_list() == [2, 3]
    assert said(found, "duplicate_reference").row == 4


def test_customers_are_read_with_their_vocabulary():
    head = ["Código", "Razón social", "NIF/CIF", "Tipo de cliente", "E-mail", "Tfno.", "Idioma",
    "Tratamiento", "Etiquetas",
            "País", "Provincia", "Población", "C.P.", "Gestor", "Interés pactado",
            "Fecha de nacimiento"]  # fmt: skip
    row = ["C1", "Peña SL", "b-12345674", "Empresa", "a@b.es", "+34 600 000 000", "Castellano", "Usted",
    "vip; norte",
           "España", "Álava", "Vitoria", "01001", "Ana", "10,15 %", "31/12/1985"]  # fmt: skip
    found = look(csv_bytes([head, row]), kind="customers")
    read = found.interpreted.frame.row(0, named=True)
    expected = {
        "code": "C1", "name": "Peña SL", "tax_id": "B12345674", "kind": "business", "email": "a@b.es",
        "language": "es",
        "form_of_address": "usted", "tags": ["vip", "norte"], "country": "ES", "postal_code": "01001",
        "owner": "Ana",
        "agreed_rate": Decimal("10.1500"), "birth_date": date(1985, 12, 31), "phone": "+34 600 000 000",
    }  # fmt: skip
    assert {name: read[name] for name in expected} == expected
    assert found.findings.errors == 0


def test_the_same_customer_twice_is_an_error_on_the_second():
    found = look(csv_bytes([["Código", "Nombre"], ["C1", "Ana"], ["C1", "Ana bis"]]), kind="customers")
    assert said(found, "duplicate_code").row == 3


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("InvoiceDate", "issue_date"), ("Fecha factura", "issue_date"), ("F. Fra.", "issue_date"),
        ("FECHA_EMISION", "issue_date"),
        ("F. Vto.", "due_date"), ("Fec. Vcto", "due_date"), ("Vencimiento", "due_date"),
        ("DueDate", "due_date"),
        ("Nº factura", "number"), ("N.º Fra.", "number"), ("Nro. Comprobante", "number"),
        ("InvoiceNo", "number"),
        ("Folio", "number"), ("Invoice #", "number"), ("num_factura", "number"), ("Núm. doc.", "number"),
        ("Importe total", "amount"), ("Total factura (€)", "amount"), ("Monto total", "amount"),
        ("InvoiceAmount", "amount"),
        ("customerID", "customer_code"), ("Cód. cliente", "customer_code"), ("IDCliente", "customer_code"),
        ("Razón social", "customer_name"), ("Nombre del cliente", "customer_name"),
        ("NIF/CIF", "customer_tax_id"),
        ("R.U.C.", "customer_tax_id"), ("RFC", "customer_tax_id"), ("NIT", "customer_tax_id"),
        ("RUT", "customer_tax_id"),
        ("C.U.I.T.", "customer_tax_id"), ("Saldo pdte.", "open_amount"),
        ("Pendiente de cobro", "open_amount"),
        ("% IVA", "tax_rate"), ("Cuota IVA", "tax_amount"), ("Base imponible", "net_amount"),
        ("Retención IRPF", "retention_amount"),
        ("Moneda", "currency"), ("Fecha de cobro", "paid_date"), ("SettledDate", "paid_date"),
        ("Importe cobrado", "paid_amount"),
        ("Disputed", "disputed"), ("Alumno", "beneficiary"), ("Orden de compra", "order_reference"),
        ("countryCode", "country"),
    ],
)  # fmt: skip
def test_headings_are_recognised_however_they_are_written(heading, field):
    assert strong_field(heading, "invoices") == field


@pytest.mark.parametrize("heading", ["PaperlessDate", "DaysLate", "Cosa", "", "???", "Fecha de alta", "IBAN"])
def test_words_that_mean_nothing_are_taken_for_nothing(heading):
    assert not strong_field(heading, "invoices")
    assert not weak_fields(heading, "invoices")


@pytest.mark.parametrize("kind", KINDS)
def test_no_heading_names_two_fields_of_a_table(kind):
    seen: dict[str, str] = {}
    for field, entries in STRONG[kind].items():
        for words in entries.split("|"):
            assert seen.setdefault(heading_key(words), field) == field, words


@pytest.mark.parametrize("kind", KINDS)
def test_every_known_word_leads_to_a_field_of_its_table(kind):
    names = {field.name for field in FIELDS[kind]}
    assert set(STRONG[kind]) <= names
    unreachable = names - set(STRONG[kind]) - {"customer_tax_id"}
    assert not unreachable


def test_a_customer_beside_a_code_is_a_name():
    columns = ["Código cliente", "Cliente", "Factura", "Fecha", "Vencimiento", "Importe"]
    fields = recognise_headings(columns, "invoices").fields
    assert (fields["customer_code"], fields["customer_name"]) == ("Código cliente", "Cliente")


def test_the_frame_has_every_field_of_its_kind_whatever_the_file_brings():
    frame = look(invoices(GOOD)).interpreted.frame
    assert frame.columns == ["source_row", *(field.column for field in FIELDS["invoices"])]
    money = [field.column for field in FIELDS["invoices"] if field.shape is Shape.MONEY]
    assert {str(frame.schema[name]) for name in money} == {"Int64"}


def test_the_table_remembers_how_it_was_written():
    facts = read_table(csv_bytes(_PLAIN, encoding="cp1252")).facts
    assert (facts.file_type, facts.encoding, facts.delimiter, facts.header_row) == ("csv", "cp1252", ";", 1)
