"""Money that names what is no document, or several; and money that goes back and comes again in one file."""

from datetime import date
from typing import Any

import pytest

from aldia.queries.verify import verify
from aldia.records.tenancy.scope import scope
from tests.laws.books import make_creditor
from tests.operations.imports.tables import (
    INVOICES,
    PAYMENTS,
    asked,
    balances,
    imported,
    payments,
    said,
    table,
    unapplied,
)

pytestmark = pytest.mark.django_db

KINDS: dict[str, Any] = {"head": (*PAYMENTS, "Tipo de cobro"), "mapping": {"kind": "Tipo de cobro"}}


@pytest.fixture
def creditor():
    found = make_creditor()
    imported(
        found,
        table(
            ["F1", "C1", "13/01/2026", "13/02/2026", "100,00", "EUR"],
            ["F2", "C1", "13/01/2026", "03/02/2026", "50,00", "EUR"],
            ["F3", "C2", "13/01/2026", "13/02/2026", "70,00", "EUR"],
            ["U1", "C1", "13/01/2026", "13/02/2026", "80,00", "USD"],
            head=(*INVOICES, "Moneda"),
        ),
    )
    yield found
    with scope([found.pk]):
        assert verify(found.pk) == []


def _open(creditor):
    sums: dict[str, int] = {}
    for _, number, _, minor in balances(creditor):
        sums[number] = sums.get(number, 0) + minor
    return sums


def test_a_return_makes_room_for_what_pays_the_same_invoice_in_the_same_file(creditor):
    payments(creditor, ["B1", "C1", "20/02/2026", "100,00", "F1", ""])
    payments(
        creditor,
        ["B1", "C1", "25/02/2026", "40,00", "", "", "Devolución"],
        ["B2", "C1", "26/02/2026", "10,00", "F1", "", "Cobro"],
        ["B3", "C1", "26/02/2026", "5,00", "F1", "", "Retención"],
        ["B4", "C1", "26/02/2026", "5,00", "F1", "", "Compensación"],
        **KINDS,
    )
    assert _open(creditor)["F1"] == 2_000
    assert set(unapplied(creditor).values()) == {0}


def test_a_payment_its_return_and_the_next_payment_may_come_in_one_file(creditor):
    rows = [
        ["B1", "C1", "20/02/2026", "100,00", "F1", ""],
        ["B2", "C1", "28/02/2026", "100,00", "F1", ""],
        ["B1", "C1", "25/02/2026", "-100,00", "F1", ""],
    ]
    report = payments(creditor, *rows)
    assert (report.counts["payments"], report.counts["returns"]) == (2, 1)
    assert _open(creditor)["F1"] == 0
    assert unapplied(creditor) == {"payment": 0}
    again = payments(creditor, *rows)
    assert (again.counts["new"], again.counts["unchanged"]) == (0, 3)


@pytest.mark.parametrize("text", ["F1, F2", "F2;F1", "F1/F2", "F2 F1", "F1 , F2"])
def test_several_known_numbers_are_paid_oldest_due_first(creditor, text):
    payments(creditor, ["B1", "C1", "20/02/2026", "120,00", text, ""])
    assert _open(creditor) == {"F1": 3_000, "F2": 0, "F3": 7_000, "U1": 8_000}


def test_what_names_one_invoice_pays_it_before_what_names_several(creditor):
    payments(
        creditor,
        ["B1", "", "20/02/2026", "150,00", "F1, F2", ""],
        ["B2", "C1", "25/02/2026", "40,00", "F1", ""],
    )
    assert _open(creditor)["F1"] == _open(creditor)["F2"] == 0
    assert unapplied(creditor) == {"payment": 4_000}
    assert asked(creditor, "SELECT count(*) FROM ledger_credit WHERE customer_id IS NULL") == [(0,)]


@pytest.mark.parametrize(
    ("code", "customer", "number", "word"),
    [
        ("document_unknown", "C1", "F9", "no hay ninguna factura «F9» de ese cliente; el cobro queda sin"),
        ("document_unknown", "C1", "F1, F9", "«F1, F9»"),
        ("document_unknown", "C1", "F1, F3", "«F1, F3»"),
        ("document_unknown", "", "F9", "sin identificar"),
        ("document_in_other_currency", "C1", "U1", "no está en EUR"),
        ("document_of_another", "C2", "F1", "otro cliente"),
    ],
)
def test_what_is_no_document_of_the_payer_is_said_and_waits(creditor, code, customer, number, word):
    row = ["B1", customer, "20/02/2026", "10,00", number, ""]
    finding = said(payments(creditor, row), code)
    assert (finding["severity"], finding["row"]) == ("warning", 2)
    assert word in finding["sentence"]
    assert unapplied(creditor) == {"payment": 1_000}
    assert all(each["code"] != code for each in payments(creditor, row).findings)


def test_a_number_of_two_customers_does_not_say_who_paid(creditor):
    imported(creditor, table(["F1", "C2", "13/01/2026", "13/02/2026", "30,00"]), source_name="otra")
    report = payments(creditor, ["B1", "", "20/02/2026", "10,00", "F1", ""])
    assert "varios clientes" in said(report, "document_of_several")["sentence"]


def test_a_day_that_has_not_come_is_said(creditor):
    report = payments(creditor, ["B1", "C1", "20/07/2026", "10,00", "F1", ""])
    assert said(report, "date_in_the_future")["row"] == 2
    assert asked(creditor, "SELECT effective_on FROM ledger_credit") == [(date(2026, 7, 20),)]
    head = (*INVOICES, "Fecha cobro")
    rows = [
        ["F7", "C1", "02/06/2026", "02/07/2026", "10,00", ""],
        ["F8", "C1", "01/06/2026", "02/07/2026", "10,00", "05/06/2026"],
    ]
    report = imported(creditor, table(*rows, head=head))
    told = [each["row"] for each in report.findings if each["code"] == "date_in_the_future"]
    assert told == [2, 3]


def test_one_number_of_two_customers_in_one_file_is_two_invoices_and_said(creditor):
    rows = [
        ["F7", "C1", "13/01/2026", "13/02/2026", "10,00"],
        ["F7", "C2", "13/01/2026", "13/02/2026", "20,00"],
    ]
    report = imported(creditor, table(*rows), source_name="otra")
    finding = said(report, "number_of_two_customers")
    assert (finding["severity"], finding["row"]) == ("warning", 3)
    assert "fila 2" in finding["sentence"]
    assert [line[3] for line in balances(creditor) if line[1] == "F7"] == [1_000, 2_000]
