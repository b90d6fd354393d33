"""What a payment table becomes: money on documents, on account, unidentified, or gone back."""

from datetime import date

import pytest

from aldia.operations import imports, ledger
from aldia.operations.imports import ImportRefused
from aldia.queries.verify import verify
from aldia.records.tenancy.scope import scope
from tests.laws.books import make_creditor
from tests.operations.imports.tables import (
    NOW,
    PAYMENTS,
    asked,
    balances,
    imported,
    open_on,
    payments,
    said,
    table,
    unapplied,
)

pytestmark = pytest.mark.django_db

CREDITS = "SELECT kind, amount_minor, effective_on, names_document, reference FROM ledger_credit ORDER BY id"


@pytest.fixture
def creditor():
    found = make_creditor()
    imported(
        found,
        table(
            ["F1", "C1", "13/01/2026", "13/02/2026", "100,00"],
            ["F1", "C1", "13/01/2026", "13/03/2026", "100,00"],
            ["F2", "C1", "13/01/2026", "13/02/2026", "50,00"],
            ["F3", "C2", "13/01/2026", "13/02/2026", "70,00"],
        ),
    )
    yield found
    with scope([found.pk]):
        assert verify(found.pk) == []


def _open(creditor):
    return [line[3] for line in balances(creditor)]


def _counts(report):
    return {name: report.counts[name] for name in ("new", "unchanged", "changed")}


def test_a_payment_pays_the_document_it_names_oldest_due_first(creditor):
    report = payments(creditor, ["B1", "C1", "20/02/2026", "130,00", "F1", "Transferencia"])
    assert _counts(report) == {"new": 1, "unchanged": 0, "changed": 0}
    assert _open(creditor) == [0, 7_000, 5_000, 7_000]
    assert asked(creditor, CREDITS) == [("payment", 13_000, date(2026, 2, 20), "F1", "B1")]


def test_several_payments_of_one_document_share_what_is_open(creditor):
    payments(
        creditor,
        ["B2", "C1", "25/02/2026", "120,00", "F1", ""],
        ["B1", "C1", "20/02/2026", "60,00", "F1", ""],
        ["B3", "C1", "26/02/2026", "50,00", "F1", ""],
    )
    assert _open(creditor) == [0, 0, 5_000, 7_000]
    assert unapplied(creditor) == {"payment": 3_000}


def test_without_a_document_it_stays_on_account_and_without_a_customer_unidentified(creditor):
    report = payments(
        creditor,
        ["B1", "C1", "20/02/2026", "10,00", "", ""],
        ["B2", "", "20/02/2026", "20,00", "", ""],
        ["B3", "X9", "20/02/2026", "30,00", "", ""],
    )
    assert asked(creditor, "SELECT reference, customer_id IS NULL FROM ledger_credit ORDER BY 1") == [
        ("B1", False),
        ("B2", True),
        ("B3", True),
    ]
    assert said(report, "customer_unknown")["row"] == 4
    assert report.counts["unidentified"] == 2
    assert unapplied(creditor) == {"payment": 6_000}


def test_a_number_only_one_customer_has_says_whose_the_money_is(creditor):
    payments(creditor, ["B1", "", "20/02/2026", "70,00", "F3", ""])
    assert _open(creditor)[3] == 0


def test_the_number_of_another_customer_is_left_to_a_person(creditor):
    report = payments(creditor, ["B1", "C2", "20/02/2026", "50,00", "F2", ""])
    assert said(report, "document_of_another")["severity"] == "warning"
    assert _open(creditor)[2] == 5_000


def test_a_reference_seen_before_is_not_new_whatever_the_file_is_called(creditor):
    row = ["B1", "C1", "20/02/2026", "50,00", "F2", ""]
    payments(creditor, row)
    assert _counts(payments(creditor, row, source_name="otro banco"))["unchanged"] == 1
    other = payments(creditor, ["B1", "C1", "20/02/2026", "51,00", "F2", ""])
    assert _counts(other) == {"new": 0, "unchanged": 0, "changed": 1}
    assert said(other, "reference_known")["row"] == 2


def test_one_reference_may_pay_several_invoices(creditor):
    rows = [["B1", "C1", "20/02/2026", "50,00", "F2", ""], ["B1", "C1", "20/02/2026", "100,00", "F1", ""]]
    assert _counts(payments(creditor, rows[0]))["new"] == 1
    assert _counts(payments(creditor, *rows)) == {"new": 1, "unchanged": 1, "changed": 0}
    assert _open(creditor) == [0, 10_000, 0, 7_000]


def test_equal_rows_without_reference_are_told_apart_by_their_number_in_the_day(creditor):
    row = ["", "C1", "20/02/2026", "10,00", "", "Bizum"]
    assert _counts(payments(creditor, row))["new"] == 1
    assert _counts(payments(creditor, row, row)) == {"new": 1, "unchanged": 1, "changed": 0}
    assert _counts(payments(creditor, row, row))["unchanged"] == 2
    assert unapplied(creditor) == {"payment": 2_000}


def test_a_negative_amount_takes_the_earlier_payment_back(creditor):
    rows = [["B1", "C1", "20/02/2026", "50,00", "F2", ""], ["", "C1", "25/02/2026", "-50,00", "", "Devuelto"]]
    report = payments(creditor, *rows)
    assert report.counts["returns"] == 1
    assert _open(creditor)[2] == 5_000
    f2 = asked(
        creditor,
        "SELECT l.id FROM ledger_due_line l JOIN ledger_document d ON d.id = document_id WHERE number = 'F2'",
    )
    owed = {day: {line[0]: line[2] for line in open_on(creditor, date(2026, 2, day))} for day in (22, 26)}
    assert f2[0][0] not in owed[22]
    assert owed[26][f2[0][0]] == 5_000
    assert _counts(payments(creditor, *rows)) == {"new": 0, "unchanged": 2, "changed": 0}


def test_a_return_may_name_its_payment_and_take_only_a_part(creditor):
    payments(creditor, ["B1", "C1", "20/02/2026", "150,00", "F1", ""])
    payments(creditor, ["B1", "C1", "25/02/2026", "-30,00", "", ""])
    assert _open(creditor)[:2] == [0, 8_000]


def test_a_return_of_nothing_is_an_error_and_the_rest_may_come(creditor):
    rows = [["", "C1", "25/02/2026", "-99,00", "", ""], ["B1", "C1", "20/02/2026", "50,00", "F2", ""]]
    with pytest.raises(ImportRefused) as refused:
        payments(creditor, *rows)
    assert refused.value.facts["findings"][0]["code"] == "return_without_payment"
    assert _open(creditor)[2] == 5_000
    assert payments(creditor, *rows, partial=True).counts["new"] == 1


def test_a_payment_goes_back_once_however_many_returns_ask_for_it(creditor):
    payments(creditor, ["B1", "C1", "20/02/2026", "50,00", "F2", ""])
    back = ["", "C1", "25/02/2026", "-50,00", "", ""]
    report = payments(creditor, back, back, partial=True)
    assert (report.counts["returns"], report.counts["refused"]) == (1, 1)


def test_undoing_a_return_brings_the_money_back_from_the_day_it_went(creditor):
    payments(creditor, ["B1", "C1", "20/02/2026", "50,00", "F2", ""])
    before = open_on(creditor, date(2026, 3, 1))
    back = payments(creditor, ["", "C1", "25/02/2026", "-50,00", "", ""])
    assert open_on(creditor, date(2026, 3, 1)) != before
    imports.undo(creditor=creditor, batch_id=back.batch_id, actor="ana", now=NOW)
    assert open_on(creditor, date(2026, 3, 1)) == before
    assert payments(creditor, ["", "C1", "25/02/2026", "-50,00", "", ""]).counts["returns"] == 1


def test_undone_payments_never_were_and_may_come_again(creditor):
    before = open_on(creditor, date(2026, 5, 1))
    rows = [["B1", "C1", "20/02/2026", "50,00", "F2", ""], ["", "C1", "25/02/2026", "-50,00", "", ""]]
    report = payments(creditor, *rows)
    imports.undo(creditor=creditor, batch_id=report.batch_id, actor="ana", now=NOW)
    assert open_on(creditor, date(2026, 5, 1)) == before
    again = payments(creditor, *rows)
    assert (again.counts["payments"], again.counts["returns"]) == (1, 1)


def test_a_refund_in_a_file_is_left_to_a_person(creditor):
    head = (*PAYMENTS, "Tipo de cobro")
    mapping = {"kind": "Tipo de cobro"}
    with pytest.raises(ImportRefused, match="reembolso"):
        payments(
            creditor, ["B1", "C1", "20/02/2026", "5,00", "", "", "Reembolso"], head=head, mapping=mapping
        )


def test_a_withholding_needs_its_customer(creditor):
    head = (*PAYMENTS, "Tipo de cobro")
    rows = [
        ["R1", "C1", "20/02/2026", "5,00", "F2", "", "Retención"],
        ["R2", "X9", "20/02/2026", "5,00", "", "", "Retención"],
    ]
    report = payments(creditor, *rows, head=head, mapping={"kind": "Tipo de cobro"}, partial=True)
    assert report.counts["refused"] == 1
    assert [row[0] for row in asked(creditor, CREDITS)] == ["withholding"]


def test_money_by_hand_with_the_banks_reference_is_known(creditor):
    customer = asked(creditor, "SELECT id FROM parties_customer WHERE code = 'C1'")[0][0]
    with scope([creditor.pk]):
        ledger.record_payment(
            creditor_id=creditor.pk,
            customer_id=customer,
            amount_minor=5_000,
            currency="EUR",
            value_on=date(2026, 2, 20),
            actor="ana",
            now=NOW,
            reference="B1",
        )
    assert _counts(payments(creditor, ["B1", "C1", "20/02/2026", "50,00", "F2", ""]))["unchanged"] == 1
