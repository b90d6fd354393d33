"""What an invoice table becomes: documents, due lines, taxes, payments, credit notes, circumstances."""

from datetime import date

import pytest

from aldia.operations import imports, ledger
from aldia.operations.imports import ImportOptions, ImportRefused
from aldia.queries.verify import verify
from aldia.records.tenancy.scope import scope
from tests.laws.books import make_creditor
from tests.operations.imports.tables import (
    INVOICES,
    NOW,
    TODAY,
    asked,
    balances,
    imported,
    row_counts,
    said,
    staged,
    table,
    unapplied,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def creditor():
    found = make_creditor()
    yield found
    with scope([found.pk]):
        assert verify(found.pk) == []


def _invoices(creditor, *rows, head=INVOICES, **more):
    return imported(creditor, table(*rows, head=head), **more)


def test_rows_of_one_number_are_due_lines_of_one_document(creditor):
    report = _invoices(
        creditor,
        ["F1", "C1", "13/01/2026", "13/03/2026", "300,00"],
        ["F1", "C1", "13/01/2026", "13/02/2026", "200,00"],
        ["F2", "C1", "14/01/2026", "14/02/2026", "99,50"],
    )
    assert (report.counts["documents"], report.counts["due_lines"]) == (2, 3)
    assert balances(creditor) == [
        ("C1", "F1", date(2026, 2, 13), 20_000),
        ("C1", "F1", date(2026, 3, 13), 30_000),
        ("C1", "F2", date(2026, 2, 14), 9_950),
    ]
    keys = [key for (key,) in asked(creditor, "SELECT source_key FROM ledger_due_line ORDER BY id")]
    assert keys[:2] == ["default:invoice:C1:F1:EUR:1", "default:invoice:C1:F1:EUR:2"]
    assert asked(creditor, "SELECT total_minor FROM ledger_document ORDER BY id") == [(50_000,), (9_950,)]


def test_codes_with_colons_never_share_a_source_key(creditor):
    report = _invoices(
        creditor,
        ["2", "A:1", "13/01/2026", "13/02/2026", "1,00"],
        ["1:2", "A", "13/01/2026", "13/02/2026", "2,00"],
    )
    assert report.counts["due_lines"] == 2


@pytest.mark.parametrize(
    ("tax_id", "kind"),
    [
        ("B12345674", "business"),
        ("P2807900B", "public_body"),
        ("Q2866001G", "public_body"),
        ("12345678Z", "consumer"),
        ("X1234567L", "consumer"),
        ("", "consumer"),
    ],
)
def test_an_unknown_customer_is_created_and_its_tax_id_says_what_it_is(creditor, tax_id, kind):
    head = (*INVOICES, "Cliente", "NIF", "Correo", "Teléfono")
    row = [
        "F1",
        "C1",
        "13/01/2026",
        "13/02/2026",
        "10,00",
        "Peña López",
        tax_id,
        "ana@ejemplo.es",
        "600123456",
    ]
    _invoices(creditor, row, head=head)
    query = "SELECT name, folded_name, person_kind FROM parties_customer"
    assert asked(creditor, query) == [("Peña López", "pena lopez", kind)]
    words = {word for (word,) in asked(creditor, "SELECT word FROM parties_customer_word")}
    assert {"pena", "lopez", "c1"} <= words
    points = (
        "SELECT p.channel, c.role FROM parties_contact_point p JOIN parties_contact c ON c.id = p.contact_id"
    )
    assert sorted(asked(creditor, points)) == [("email", "holder"), ("phone", "holder")]


def test_a_known_customer_is_not_rewritten_by_its_invoices(creditor):
    _invoices(creditor, ["F1", "C1", "13/01/2026", "13/02/2026", "10,00", "Uno"], head=(*INVOICES, "Cliente"))
    _invoices(creditor, ["F2", "C1", "13/01/2026", "13/02/2026", "10,00", "Dos"], head=(*INVOICES, "Cliente"))
    assert asked(creditor, "SELECT name FROM parties_customer") == [("Uno",)]


def test_taxes_become_lines_and_a_retention_belongs_to_the_total(creditor):
    head = (*INVOICES, "Base", "IVA", "Tipo IVA", "Retención", "Tipo impuesto")
    _invoices(
        creditor,
        ["F1", "C1", "13/01/2026", "13/02/2026", "106,00", "100,00", "21,00", "21", "15,00", ""],
        ["F2", "C1", "13/01/2026", "13/02/2026", "107,00", "100,00", "7,00", "", "", "IGIC"],
        ["F3", "C1", "13/01/2026", "13/02/2026", "50,00", "50,00", "0,00", "", "", "Exento"],
        head=head,
    )
    taxes = asked(
        creditor,
        "SELECT d.number, t.kind, t.rate_bp, t.base_minor, t.amount_minor FROM ledger_tax_line t"
        " JOIN ledger_document d ON d.id = t.document_id ORDER BY 1, 2",
    )
    assert taxes == [
        ("F1", "iva", 2100, 10_000, 2_100),
        ("F1", "retention", 1500, 10_000, 1_500),
        ("F2", "igic", 700, 10_000, 700),
    ]
    totals = asked(creditor, "SELECT number, total_minor, net_minor FROM ledger_document ORDER BY 1")
    assert totals == [("F1", 12_100, 10_000), ("F2", 10_700, 10_000), ("F3", 5_000, 5_000)]


def test_a_base_repeated_on_every_due_line_counts_once(creditor):
    head = (*INVOICES, "Base", "IVA")
    _invoices(
        creditor,
        ["F1", "C1", "13/01/2026", "13/02/2026", "60,50", "100,00", "21,00"],
        ["F1", "C1", "13/01/2026", "13/03/2026", "60,50", "100,00", "21,00"],
        ["F2", "C1", "13/01/2026", "13/02/2026", "60,50", "50,00", "10,50"],
        ["F2", "C1", "13/01/2026", "13/03/2026", "60,50", "50,00", "10,50"],
        head=head,
    )
    assert (
        asked(creditor, "SELECT base_minor, amount_minor, rate_bp FROM ledger_tax_line")
        == [(10_000, 2_100, 2100)] * 2
    )


def test_what_is_paid_is_a_payment_of_its_day_and_the_excess_stays_unapplied(creditor):
    head = (*INVOICES, "Fecha cobro", "Importe cobrado")
    _invoices(
        creditor,
        ["F1", "C1", "13/01/2026", "13/02/2026", "100,00", "20/02/2026", "40,00"],
        ["F2", "C1", "13/01/2026", "13/02/2026", "100,00", "21/02/2026", "130,00"],
        ["F3", "C1", "13/01/2026", "13/02/2026", "100,00", "", ""],
        head=head,
    )
    assert [line[3] for line in balances(creditor)] == [6_000, 0, 10_000]
    paid = "SELECT names_document, amount_minor, effective_on, kind FROM ledger_credit ORDER BY 1"
    assert asked(creditor, paid) == [
        ("F1", 4_000, date(2026, 2, 20), "payment"),
        ("F2", 13_000, date(2026, 2, 21), "payment"),
    ]
    assert unapplied(creditor) == {"payment": 3_000}


def test_an_open_balance_alone_invents_no_payment(creditor):
    report = _invoices(
        creditor,
        ["F1", "C1", "13/01/2026", "13/02/2026", "100,00", "30,00"],
        ["F2", "C1", "13/01/2026", "13/02/2026", "50,00", "50,00"],
        head=(*INVOICES, "Saldo pendiente"),
    )
    credits_ = asked(creditor, "SELECT kind, amount_minor, effective_on FROM ledger_credit")
    assert credits_ == [("opening_credit", 7_000, date(2026, 1, 13))]
    assert [line[3] for line in balances(creditor)] == [3_000, 5_000]
    assert said(report, "opening_credit")["severity"] == "info"


def test_a_negative_invoice_is_a_credit_note_and_pays_the_document_it_corrects(creditor):
    _invoices(
        creditor,
        ["F1", "C1", "13/01/2026", "13/02/2026", "100,00"],
        ["F1", "C1", "15/01/2026", "", "-30,00"],
        ["R9", "C1", "15/01/2026", "", "-20,00"],
    )
    assert balances(creditor) == [("C1", "F1", date(2026, 2, 13), 7_000)]
    notes = "SELECT number, amount_minor, adjusts_id IS NOT NULL FROM ledger_credit ORDER BY 1"
    assert asked(creditor, notes) == [("F1", 3_000, True), ("R9", 2_000, False)]
    assert unapplied(creditor) == {"credit_note": 2_000}


def test_a_credit_note_never_pays_more_than_is_open(creditor):
    head = (*INVOICES, "Fecha cobro")
    _invoices(
        creditor,
        ["F1", "C1", "13/01/2026", "13/02/2026", "100,00", "20/02/2026"],
        ["F1", "C1", "15/01/2026", "", "-30,00", ""],
        head=head,
    )
    assert unapplied(creditor) == {"credit_note": 3_000, "payment": 0}


def test_a_proforma_never_enters(creditor):
    head = (*INVOICES, "Tipo documento")
    report = _invoices(
        creditor,
        ["P1", "C1", "13/01/2026", "13/02/2026", "100,00", "Proforma"],
        ["F1", "C1", "13/01/2026", "13/02/2026", "50,00", "Factura"],
        head=head,
    )
    assert report.counts["excluded"] == 1
    assert [line[1] for line in balances(creditor)] == ["F1"]


def test_a_dispute_stands_only_beside_what_is_open_and_from_today(creditor):
    head = (*INVOICES, "Disputa", "Fecha cobro")
    report = _invoices(
        creditor,
        ["F1", "C1", "13/01/2026", "13/02/2026", "100,00", "Sí", ""],
        ["F2", "C1", "13/01/2026", "13/02/2026", "100,00", "Sí", "20/02/2026"],
        head=head,
    )
    overlays = "SELECT kind, effective_on, until_on FROM ledger_overlay"
    assert asked(creditor, overlays) == [("dispute", TODAY, None)]
    assert said(report, "disputed_after_fact")["severity"] == "info"


def test_acceptance_and_beneficiary_are_kept(creditor):
    head = (*INVOICES, "Alumno", "Estado conformidad", "Número conformidad")
    mapping = {"acceptance_state": "Estado conformidad", "acceptance_number": "Número conformidad"}
    _invoices(
        creditor,
        ["F1", "C1", "13/01/2026", "13/02/2026", "10,00", "Lía", "Aceptada", "A-7"],
        ["F2", "C1", "13/01/2026", "13/02/2026", "10,00", "Lía", "", ""],
        head=head,
        mapping=mapping,
    )
    assert asked(creditor, "SELECT state, number, effective_on FROM ledger_acceptance") == [
        ("accepted", "A-7", TODAY)
    ]
    assert asked(creditor, "SELECT name FROM parties_beneficiary") == [("Lía",)]
    assert asked(creditor, "SELECT count(beneficiary_id) FROM ledger_document") == [(2,)]


def test_money_that_waited_for_an_invoice_pays_it_when_it_comes(creditor):
    _invoices(creditor, ["F0", "C1", "13/01/2026", "13/02/2026", "1,00"])
    customer = asked(creditor, "SELECT id FROM parties_customer")[0][0]
    with scope([creditor.pk]):
        ledger.record_payment(
            creditor_id=creditor.pk,
            customer_id=customer,
            amount_minor=4_000,
            currency="EUR",
            value_on=date(2026, 1, 20),
            actor="ana",
            now=NOW,
            names_document="F1",
        )
    head = (*INVOICES, "Fecha cobro", "Importe cobrado")
    _invoices(creditor, ["F1", "C1", "13/01/2026", "13/02/2026", "100,00", "1/02/2026", "60,00"], head=head)
    assert balances(creditor)[1] == ("C1", "F1", date(2026, 2, 13), 4_000)
    paid = asked(creditor, "SELECT amount_minor FROM ledger_credit ORDER BY id")
    assert paid == [(4_000,), (2_000,)]


def test_errors_refuse_everything_unless_the_rest_is_asked_for(creditor):
    rows = [
        ["F1", "C1", "13/01/2026", "31/02/2026", "100,00"],
        ["F2", "C1", "13/01/2026", "13/02/2026", "50,00"],
        ["F2", "C1", "13/01/2026", "13/02/2026", "50,00"],
    ]
    batch = staged(creditor, table(*rows))
    before = row_counts(creditor)
    with pytest.raises(ImportRefused) as refused:
        imports.commit(creditor=creditor, batch_id=batch.pk, actor="ana", now=NOW)
    assert refused.value.facts["errors"] == 2
    assert {finding["row"] for finding in refused.value.facts["findings"]} == {2, 4}
    assert row_counts(creditor) == before
    report = imports.commit(creditor=creditor, batch_id=batch.pk, actor="ana", now=NOW, partial=True)
    assert (report.counts["new"], report.counts["refused"]) == (1, 2)
    assert [line[1] for line in balances(creditor)] == ["F2"]


def test_a_file_that_cannot_be_proved_is_refused_even_in_part(creditor):
    content = table(["F1", "C1", "01/02/2026", "03/04/2026", "100,00"])
    batch = staged(creditor, content, options=ImportOptions())
    with pytest.raises(ImportRefused) as refused:
        imports.commit(creditor=creditor, batch_id=batch.pk, actor="ana", now=NOW, partial=True)
    assert refused.value.facts["blocking"]
    assert balances(creditor) == []
