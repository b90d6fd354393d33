"""The same history comes again with less paid, or paid on another day: asked, never booked by guess."""

from datetime import date

import pytest

from aldia.operations import ledger
from aldia.queries.verify import verify
from aldia.records.tenancy.scope import scope
from tests.laws.books import make_creditor
from tests.operations.imports.tables import (
    INVOICES,
    NOW,
    asked,
    balances,
    imported,
    payments,
    said,
    table,
    unapplied,
)

pytestmark = pytest.mark.django_db

F1 = ["F1", "C1", "13/01/2026", "13/02/2026", "100,00"]
PAID = (*INVOICES, "Fecha cobro", "Importe cobrado")


@pytest.fixture
def creditor():
    found = make_creditor()
    yield found
    with scope([found.pk]):
        assert verify(found.pk) == []


def _history(creditor, day="", minor=""):
    return imported(creditor, table([*F1, day, minor], head=PAID))


def _counts(report):
    return {name: report.counts[name] for name in ("unchanged", "changed", "questioned")}


ASKED = {"unchanged": 0, "changed": 0, "questioned": 1}
SAME = {"unchanged": 1, "changed": 0, "questioned": 0}


def test_less_paid_than_before_is_a_question(creditor):
    _history(creditor, "20/02/2026", "100,00")
    for told in (("20/02/2026", "60,00"), ("", "")):
        report = _history(creditor, *told)
        assert _counts(report) == ASKED
        finding = said(report, "paid_less")
        assert (finding["severity"], finding["row"]) == ("warning", 2)
        assert "100,00" in finding["sentence"]
    assert balances(creditor)[0][3] == 0
    assert _counts(_history(creditor, "20/02/2026", "100,00")) == SAME


def test_once_the_money_went_back_less_paid_is_no_question(creditor):
    _history(creditor, "20/02/2026", "100,00")
    payments(creditor, ["", "C1", "25/02/2026", "-100,00", "F1", ""])
    assert balances(creditor)[0][3] == 10_000
    assert _counts(_history(creditor)) == SAME


def test_paid_on_another_day_is_a_question_also_after_it_went_back(creditor):
    _history(creditor, "20/02/2026", "100,00")
    report = _history(creditor, "21/02/2026", "100,00")
    assert _counts(report) == ASKED
    assert "20/02/2026" in said(report, "paid_date_changed")["sentence"]
    with scope([creditor.pk]):
        ledger.reverse_credit(
            creditor_id=creditor.pk,
            credit_id=asked(creditor, "SELECT id FROM ledger_credit")[0][0],
            on=date(2026, 3, 1),
            actor="ana",
            now=NOW,
            kind="returned_debit",
        )
    assert _counts(_history(creditor, "05/03/2026", "100,00")) == ASKED


def test_a_history_that_has_not_heard_of_the_banks_money_asks_nothing(creditor):
    _history(creditor)
    payments(creditor, ["B1", "C1", "20/02/2026", "100,00", "F1", ""])
    assert _counts(_history(creditor)) == SAME
    assert _counts(_history(creditor, "20/02/2026", "60,00")) == ASKED
    assert _counts(imported(creditor, table(F1))) == SAME
    assert unapplied(creditor) == {"payment": 0}


def test_what_is_summed_up_counts_one_as_one(creditor):
    head = (*INVOICES, "Saldo pendiente")
    one = imported(creditor, table([*F1, "40,00"], head=head))
    assert "en la fila 2 lo ya cobrado" in said(one, "opening_credit")["sentence"]
    rows = [[f"G{i}", *F1[1:], "40,00"] for i in range(3)]
    many = imported(creditor, table(*rows, head=head))
    assert "en 3 filas (la primera, la 2) lo ya" in said(many, "opening_credit")["sentence"]
