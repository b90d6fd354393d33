"""A customer's word to pay: taken down on what is free of the items, and taken back."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from aldia.kernel.errors import AldiaError
from aldia.operations.promises import (
    NewPromise,
    PromiseDecided,
    PromiseRefused,
    UnknownPromise,
    record_promise,
    withdraw_promise,
)
from aldia.queries.promises import promise_board, promises_of
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import Promise, PromiseLine
from aldia.records.ledger.models import Allocation
from aldia.records.tenancy.models import Creditor
from tests.laws.books import NOW, Books, day, make_customer, open_books

pytestmark = pytest.mark.django_db

TODAY = NOW.date()


@pytest.fixture
def books():
    with open_books() as opened:
        yield opened
        connection.check_constraints()


def promise(books: Books, amount: int = 5_000, *, days: int = 5, **more) -> Promise:
    """So much in so many days, from the desk."""
    said: dict[str, Any] = {
        "amount_minor": amount,
        "currency": "EUR",
        "promised_on": TODAY + timedelta(days=days),
    } | more
    return record_promise(
        creditor=Creditor.objects.get(pk=books.creditor_id),
        customer_id=books.customer_id,
        new=NewPromise(**said),
        actor="user:1",
        now=NOW,
    )


def refused(books: Books, *args, **more) -> tuple[str, str]:
    """(field, sentence) of the refusal; nothing is written."""
    with pytest.raises(PromiseRefused) as refusal:
        promise(books, *args, **more)
    assert not Promise.objects.exists()
    return refusal.value.facts["field"], str(refusal.value).replace("\u00a0", " ")


def parts(made: Promise) -> dict[int, int]:
    return dict(PromiseLine.objects.filter(promise=made).values_list("due_line_id", "amount_minor"))


def seen(books: Books, on: date = TODAY):
    return promises_of(Creditor.objects.get(pk=books.creditor_id), books.customer_id, on)


def test_it_is_laid_on_the_oldest_items_first_and_kept_as_it_was_said(books):
    younger, older = books.invoice(4_000, due=60), books.invoice(3_000, due=30)
    made = promise(books, 5_000, method="transfer", promised_by="  Ana   Gil ", note="al cobrar")
    assert parts(made) == {older: 3_000, younger: 2_000}
    assert (made.made_on, made.grace_days, made.promised_by) == (TODAY, 2, "Ana Gil")
    assert AuditEntry.objects.get(verb="promise.recorded").subject == f"promise:{made.pk}"
    (row,) = seen(books)
    assert (row.state, row.missing.minor, row.until_on) == ("open", 5_000, TODAY + timedelta(days=7))


def test_other_terms_decide_which_item_is_older(books):
    first, second = books.invoice(3_000, due=30), books.invoice(3_000, due=60)
    books.do("record_terms", due_line_id=first, until_on=day(90), on=10)
    assert parts(promise(books, 3_000)) == {second: 3_000}


def test_money_known_by_then_does_not_count_for_it(books):
    line = books.invoice(10_000)
    books.payment(4_000, due_line_ids=[line])
    made = promise(books, 6_000)
    assert made.known_allocation_id == Allocation.objects.latest("pk").pk
    books.payment(2_500, on=150, due_line_ids=[line])
    (row,) = seen(books)
    assert (row.paid.minor, row.missing.minor, row.state) == (2_500, 3_500, "open")


@pytest.mark.parametrize(
    ("amount", "said", "field", "words"),
    [
        (0, {}, "amount", "más de cero"),
        (-5, {}, "amount", "más de cero"),
        (10_001, {}, "amount", "Es más de lo que debe: quedan 100,00 €"),
        (5_000, {"days": -1}, "promised_on", "ya ha pasado"),
        (5_000, {"days": 46}, "promised_on", "demasiado lejos: como mucho el 16/07/2026"),
        (5_000, {"currency": "USD"}, "amount", "no debe nada en USD"),
        (5_000, {"currency": "eur"}, "currency", "no es ninguna moneda"),
        (5_000, {"method": "humo"}, "method", "forma de pago"),
        (5_000, {"source": "humo"}, "source", "cómo llegó"),
        (5_000, {"call_id": 7}, "call", "no es de este cliente"),
        (5_000, {"due_line_ids": (0,)}, "lines", "no es de este cliente"),
        (5_000, {"promised_by": "x" * 121}, "promised_by", "120"),
        (5_000, {"note": "x" * 2_001}, "note", "2000"),
    ],
)
def test_what_cannot_be_promised_is_refused_by_field(books, amount, said, field, words):
    books.invoice(10_000)
    at, sentence = refused(books, amount, **said)
    assert at == field
    assert words in sentence


def test_who_owes_nothing_promises_nothing(books):
    line = books.invoice(10_000)
    books.payment(10_000, due_line_ids=[line])
    assert refused(books)[0] == "amount"
    assert refused(books, due_line_ids=(line,)) == ("lines", "De eso no queda nada pendiente.")


def test_the_items_of_somebody_else_are_not_theirs_to_promise(books):
    other = make_customer(creditor_id=books.creditor_id)
    line = books.invoice(10_000, customer_id=other)
    books.invoice(10_000)
    assert refused(books, due_line_ids=(line,))[0] == "lines"


def test_a_disputed_item_is_refused_by_name_and_left_out_otherwise(books):
    disputed, clear = books.invoice(10_000), books.invoice(2_000)
    books.do("record_dispute", due_line_id=disputed, on=10)
    field, sentence = refused(books, due_line_ids=(disputed,))
    assert field == "lines"
    assert "está en incidencia: resuélvala antes" in sentence
    field, sentence = refused(books, 5_000)
    assert (field, sentence) == (
        "amount",
        "De los 120,00 € pendientes, 100,00 € están en incidencia. Se pueden prometer hasta 20,00 €.",
    )
    assert parts(promise(books, 2_000)) == {clear: 2_000}


def test_a_dispute_over_part_leaves_the_rest_free(books):
    line = books.invoice(10_000, due=300)  # not even due
    books.do("record_dispute", due_line_id=line, amount_minor=4_000, on=10)
    assert "hasta 60,00 €" in refused(books, 6_001)[1]
    assert parts(promise(books, 6_000)) == {line: 6_000}


def test_no_item_is_promised_twice(books):
    books.invoice(10_000)
    promise(books, 7_000)
    with pytest.raises(PromiseRefused) as refusal:
        promise(books, 3_001)
    assert refusal.value.facts == {"field": "amount", "left_minor": 3_000}
    assert "70,00\u00a0€ ya están prometidos" in str(refusal.value)
    promise(books, 3_000)
    with pytest.raises(PromiseRefused, match="No queda nada que prometer"):
        promise(books, 1)


def test_what_has_been_paid_of_a_promise_is_no_longer_promised(books):
    line = books.invoice(10_000)
    promise(books, 6_000, days=3)
    books.payment(3_000, on=150, due_line_ids=[line])
    with pytest.raises(PromiseRefused):
        promise(books, 4_001)
    promise(books, 4_000, days=9)
    assert [row.missing.minor for row in seen(books)] == [4_000, 3_000]


def test_a_payment_over_two_promises_serves_the_earlier_day_first(books):
    line = books.invoice(10_000)
    later, sooner = promise(books, 4_000, days=9), promise(books, 6_000, days=3)
    books.payment(7_000, on=150, due_line_ids=[line])
    rows = {row.id: row for row in seen(books)}
    assert (rows[sooner.pk].state, rows[sooner.pk].paid.minor) == ("kept", 6_000)
    assert (rows[later.pk].state, rows[later.pk].paid.minor) == ("open", 1_000)


def test_a_payment_dated_before_the_promise_and_typed_in_after_it_counts(books):
    line = books.invoice(10_000)
    made = promise(books, 10_000)
    books.payment(10_000, on=100, due_line_ids=[line])
    (row,) = seen(books)
    assert (row.id, row.state) == (made.pk, "kept")


def test_a_payment_undone_and_entered_anew_keeps_no_promise(books):
    line = books.invoice(10_000)
    first = books.payment(4_000, on=100, due_line_ids=[line])
    promise(books, 6_000)
    books.do("reverse_credit", credit_id=first.credit_id, kind="correction", on=151)
    books.payment(4_000, on=100, due_line_ids=[line])
    (row,) = seen(books)
    assert (row.paid.minor, row.state) == (0, "open")
    books.payment(6_000, on=151, due_line_ids=[line])
    assert seen(books)[0].state == "kept"


def test_withdrawn_is_final_and_says_why(books):
    books.invoice(10_000)
    made, creditor = promise(books, 10_000), Creditor.objects.get(pk=books.creditor_id)
    by: dict[str, Any] = {"creditor": creditor, "promise_id": made.pk, "actor": "user:1", "now": NOW}
    with pytest.raises(PromiseRefused):
        withdraw_promise(**by, reason="  ")
    withdraw_promise(**by, reason="No lo  dijo")
    (row,) = seen(books)
    assert (row.state, row.reason) == ("withdrawn", "No lo dijo")
    with pytest.raises(PromiseDecided):
        withdraw_promise(**by, reason="otra vez")
    with pytest.raises(UnknownPromise):
        withdraw_promise(**by | {"promise_id": 0}, reason="x")
    promise(books, 10_000)


def test_a_kept_promise_is_not_taken_back(books):
    line = books.invoice(10_000)
    made = promise(books, 10_000)
    books.payment(10_000, on=150, due_line_ids=[line])
    with pytest.raises(AldiaError, match="cumplido"):
        withdraw_promise(
            creditor=Creditor.objects.get(pk=books.creditor_id),
            promise_id=made.pk,
            reason="x",
            actor="user:1",
            now=NOW,
        )


def test_the_board_has_them_by_date_with_what_is_to_come(books):
    books.invoice(10_000)
    promise(books, 4_000, days=9)
    promise(books, 3_000, days=2)
    board = promise_board(Creditor.objects.get(pk=books.creditor_id), TODAY)
    assert [row.amount.minor for row in board.rows] == [3_000, 4_000]
    assert (board.counts, [(m.minor, m.currency) for m in board.expected]) == ({"open": 2}, [(7_000, "EUR")])
