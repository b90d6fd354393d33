"""An amount that goes one way and comes back ends as if it had never gone; and so does its undoing."""

from datetime import timedelta

import pytest

from aldia.operations import imports
from aldia.operations.imports import UndoRefused
from aldia.queries.verify import verify
from aldia.records.tenancy.scope import scope
from tests.laws.books import make_creditor
from tests.operations.imports.tables import (
    INVOICES,
    NOW,
    asked,
    balances,
    imported,
    open_on,
    payments,
    table,
    unapplied,
)

pytestmark = pytest.mark.django_db

PAID = (*INVOICES, "Fecha cobro", "Importe cobrado")
_STANDING = """
SELECT (SELECT count(*) FROM ledger_credit_balance WHERE reversed_minor < original_minor),
       (SELECT count(*) FROM ledger_item_balance WHERE reversed_minor < original_minor)
"""


@pytest.fixture
def creditor():
    found = make_creditor()
    yield found
    with scope([found.pk]):
        assert verify(found.pk) == []


def _amount(creditor, euros, days=0, paid=None):
    row = ["F1", "C1", "13/01/2026", "13/02/2026", f"{euros},00"]
    now = NOW + timedelta(days=days)
    if paid is None:
        return imported(creditor, table(row), now=now)
    return imported(creditor, table([*row, "20/02/2026", f"{paid},00"], head=PAID), now=now)


def _pay(creditor, euros, reference="B1"):
    return payments(creditor, [reference, "C1", "20/02/2026", f"{euros},00", "F1", ""])


def _open(creditor):
    return [line[3] for line in balances(creditor)]


def _undo(creditor, report):
    return imports.undo(creditor=creditor, batch_id=report.batch_id, actor="ana", now=NOW)


def test_up_and_down_again_leaves_one_open_line(creditor):
    _amount(creditor, 100)
    _amount(creditor, 150, 30)
    report = _amount(creditor, 100, 60)
    assert (report.counts["changed"], report.counts["corrections"]) == (1, 1)
    assert _open(creditor) == [10_000]
    assert asked(creditor, _STANDING) == [(0, 1)]
    days = [(NOW + timedelta(days=n)).date() for n in (29, 30, 59, 60)]
    assert [sum(minor for *_, minor in open_on(creditor, on)) for on in days] == [
        10_000,
        15_000,
        15_000,
        10_000,
    ]
    assert _amount(creditor, 100, 60).counts["unchanged"] == 1


def test_down_and_up_again_leaves_one_open_line(creditor):
    _amount(creditor, 300)
    _amount(creditor, 250, 30)
    _amount(creditor, 300, 60)
    assert _open(creditor) == [30_000]
    assert asked(creditor, _STANDING) == [(0, 1)]


def test_only_what_goes_beyond_the_earlier_adjustments_becomes_a_new_one(creditor):
    for euros, days in ((100, 0), (120, 10), (150, 20)):
        _amount(creditor, euros, days)
    _amount(creditor, 110, 30)
    assert _open(creditor) == [10_000, 1_000]
    _amount(creditor, 70, 40)
    assert _open(creditor) == [7_000]
    _amount(creditor, 130, 50)
    assert _open(creditor) == [10_000, 3_000]


def test_paid_down_and_up_again_ends_paid_with_nothing_beside(creditor):
    _amount(creditor, 300)
    _pay(creditor, 300)
    _amount(creditor, 250, 30)
    assert sum(unapplied(creditor).values()) == 5_000
    _amount(creditor, 300, 60)
    assert (_open(creditor), set(unapplied(creditor).values())) == ([0], {0})


def test_the_same_with_paid_columns(creditor):
    for euros, days in ((300, 0), (250, 30), (300, 60)):
        _amount(creditor, euros, days, paid=300)
    assert (_open(creditor), set(unapplied(creditor).values())) == ([0], {0})


def test_money_that_was_too_much_pays_what_is_owed_again(creditor):
    _amount(creditor, 300)
    _amount(creditor, 250, 30)
    _pay(creditor, 300)
    assert unapplied(creditor)["payment"] == 5_000
    _amount(creditor, 300, 60)
    assert (_open(creditor), set(unapplied(creditor).values())) == ([0], {0})
    assert _amount(creditor, 300, 60, paid=300).counts["unchanged"] == 1


def test_money_on_a_line_that_is_taken_back_pays_the_rest_of_its_document(creditor):
    _amount(creditor, 100)
    _amount(creditor, 150, 30)
    _pay(creditor, 150)
    _amount(creditor, 100, 60)
    assert (_open(creditor), unapplied(creditor)) == ([0], {"payment": 5_000})
    _amount(creditor, 150, 90)
    assert (sum(_open(creditor)), unapplied(creditor)) == (0, {"payment": 0})


def test_undoing_a_correction_brings_the_adjustment_back(creditor):
    for euros in ((100, 150, 100), (300, 250, 300)):
        creditor_ = make_creditor()
        first, second = _amount(creditor_, euros[0]), _amount(creditor_, euros[1], 30)
        _pay(creditor_, euros[1])
        days = [(NOW + timedelta(days=n)).date() for n in (0, 29, 30, 60, 90)]
        before = [sum(minor for *_, minor in open_on(creditor_, on)) for on in days]
        third = _amount(creditor_, euros[2], 60)
        for report in (first, second):
            with pytest.raises(UndoRefused, match=f"importación {third.batch_id}"):
                _undo(creditor_, report)
        _undo(creditor_, third)
        assert [sum(minor for *_, minor in open_on(creditor_, on)) for on in days] == before
        assert sum(unapplied(creditor_).values()) == 0
        assert _amount(creditor_, euros[1], 60).counts["unchanged"] == 1
        _undo(creditor_, second)
        assert _amount(creditor_, euros[0], 60).counts["unchanged"] == 1
        _undo(creditor_, first)
        assert _open(creditor_) == []
        with scope([creditor_.pk]):
            assert verify(creditor_.pk) == []


def test_an_import_whose_money_a_later_one_sent_back_is_undone_after_it(creditor):
    _amount(creditor, 100)
    paid = _pay(creditor, 100)
    back = payments(creditor, ["", "C1", "25/02/2026", "-100,00", "F1", ""])
    with pytest.raises(UndoRefused, match=f"importación {back.batch_id}"):
        _undo(creditor, paid)
    _undo(creditor, back)
    _undo(creditor, paid)
    assert (_open(creditor), unapplied(creditor)) == ([10_000], {"payment": 0})
