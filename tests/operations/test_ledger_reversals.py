"""What is taken back, given back, undone, or found to be somebody else's."""

import pytest
from django.db import connection

from aldia.operations import refusals as no
from aldia.queries.ledger import (
    credits_by_source_key,
)
from aldia.queries.verify import verify
from aldia.records.ledger.models import (
    Allocation,
    Credit,
    Reversal,
)
from tests.laws.books import (
    day,
    open_as_of,
    open_books,
    open_minor,
    unallocated_minor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def books():
    with open_books() as opened:
        yield opened
        connection.check_constraints()
        assert verify(opened.creditor_id) == []


def _only_allocation(credit_id):
    return Allocation.objects.get(credit_id=credit_id)


def test_a_returned_credit_uses_its_rest_first_and_then_its_newest_allocations(books):
    old, new = books.invoice(400, issued=1), books.invoice(300, issued=10)
    credit = books.payment(1_000, on=5, due_line_ids=[old, new]).credit_id
    books.do("reverse_credit", credit_id=credit, amount_minor=250, on=20)
    assert (open_minor(old), open_minor(new), unallocated_minor(credit)) == (0, 0, 50)
    head = books.do("reverse_credit", credit_id=credit, amount_minor=400, on=21)
    assert (open_minor(old), open_minor(new), unallocated_minor(credit)) == (50, 300, 0)
    children = Reversal.objects.filter(parent_id=head).order_by("amount_minor")
    assert [(each.amount_minor, each.effective_on) for each in children] == [(50, day(21)), (300, day(21))]


def test_an_allocation_later_than_the_return_is_taken_back_on_its_own_day(books):
    line = books.invoice(1_000, issued=30)
    credit = books.payment(1_000, on=5, due_line_ids=[line]).credit_id
    books.do("reverse_credit", credit_id=credit, on=10)
    assert open_minor(line) == 1_000
    assert [open_as_of(line, day(n)) for n in (29, 30, 31)] == [0, 1_000, 1_000]


def test_a_reversed_line_gives_its_money_back_newest_first(books):
    line = books.invoice(1_000)
    first = books.payment(700, on=5, due_line_ids=[line]).credit_id
    second = books.payment(300, on=6, due_line_ids=[line]).credit_id
    books.do("reverse_due_line", due_line_id=line, amount_minor=400, on=20)
    assert (unallocated_minor(first), unallocated_minor(second), open_minor(line)) == (100, 300, 0)
    books.do("reverse_due_line", due_line_id=line, on=20)
    assert (unallocated_minor(first), open_minor(line)) == (700, 0)
    with pytest.raises(no.MoreThanLeft):
        books.do("reverse_due_line", due_line_id=line, on=20)


def test_an_allocation_is_taken_back_in_parts_and_never_beyond(books):
    line = books.invoice(1_000)
    credit = books.payment(1_000, due_line_ids=[line]).credit_id
    allocation = _only_allocation(credit).pk
    books.do("reverse_allocation", allocation_id=allocation, amount_minor=600, on=9)
    with pytest.raises(no.MoreThanLeft):
        books.do("reverse_allocation", allocation_id=allocation, amount_minor=401, on=9)
    books.do("reverse_allocation", allocation_id=allocation, on=9)
    assert (open_minor(line), unallocated_minor(credit)) == (1_000, 1_000)
    with pytest.raises(no.MoreThanLeft):
        books.do("reverse_allocation", allocation_id=allocation, on=9)


def test_nothing_is_taken_back_before_it_was_there(books):
    line = books.invoice(1_000, issued=5)
    paid = books.payment(1_000, on=8, due_line_ids=[line])
    for verb, said in [
        ("reverse_credit", {"credit_id": paid.credit_id, "on": 7}),
        ("reverse_due_line", {"due_line_id": line, "on": 4}),
        ("reverse_allocation", {"allocation_id": _only_allocation(paid.credit_id).pk, "on": 7}),
    ]:
        with pytest.raises(no.TooEarly):
            books.do(verb, **said)


def test_what_was_allocated_on_a_day_can_not_be_returned_on_that_day(books):
    """Today the money is free again; on the day named it was not, and as of that day I1 would break."""
    line = books.invoice(1_000)
    credit = books.payment(1_000, on=5, due_line_ids=[line]).credit_id
    books.do("reverse_allocation", allocation_id=_only_allocation(credit).pk, on=40)
    for verb in ("refund", "reverse_credit"):
        with pytest.raises(no.NotThatDay) as refusal:
            books.do(verb, credit_id=credit, amount_minor=1_000, on=10)
        assert refusal.value.facts["on"] == day(10).isoformat()
    books.do("refund", credit_id=credit, amount_minor=1_000, on=40)


@pytest.mark.parametrize(
    ("verb", "key"),
    [
        ("reverse_credit", "credit_id"),
        ("reverse_due_line", "due_line_id"),
        ("reverse_allocation", "allocation_id"),
        ("reverse_refund", "refund_id"),
        ("write_off", "due_line_id"),
    ],
)
def test_a_row_that_is_not_there_is_refused_by_name(books, verb, key):
    with pytest.raises(no.NoSuchRow):
        books.do(verb, on=1, **{key: 10**12})


@pytest.mark.parametrize("verb", ["write_off", "forgive"])
def test_what_was_given_up_is_no_money_and_is_taken_back_whole(books, verb):
    """Else the same 600 would pay another line, or be paid out, though nobody ever brought them."""
    line, other = books.invoice(600), books.invoice(600)
    credit = books.do(verb, due_line_id=line, on=1).credit_id
    for refused, said in [
        ("reverse_allocation", {"allocation_id": _only_allocation(credit).pk, "on": 9}),
        ("reverse_credit", {"credit_id": credit, "amount_minor": 100, "on": 9}),
    ]:
        with pytest.raises(no.WrongKind):
            books.do(refused, **said)
    books.do("reverse_due_line", due_line_id=line, on=9)
    assert unallocated_minor(credit) == 600
    for refused, said in [
        ("refund", {"credit_id": credit, "amount_minor": 100, "on": 9}),
        ("allocate_credit", {"credit_id": credit, "due_line_ids": [other]}),
    ]:
        with pytest.raises(no.WrongKind):
            books.do(refused, **said)
    books.do("reverse_write_off", credit_id=credit, on=9)
    assert (unallocated_minor(credit), open_minor(other)) == (0, 600)


def test_money_is_not_taken_back_as_a_write_off(books):
    with pytest.raises(no.WrongKind):
        books.do("reverse_write_off", credit_id=books.payment(600).credit_id, on=9)


def test_another_creditors_rows_are_not_there(books):
    line = books.invoice()
    with open_books() as others, pytest.raises(no.NoSuchRow):
        others.do("write_off", due_line_id=line, on=1)


def test_identified_money_keeps_its_day_its_lines_and_its_key(books):
    line = books.invoice(600, number="F-5")
    unknown = books.payment(1_000, on=7, customer_id=None, names_document="F-5", source_key="bank:1")
    known = books.do("identify_credit", credit_id=unknown.credit_id, customer_id=books.customer_id)
    row = Credit.objects.get(pk=known)
    assert (row.customer_id, row.effective_on, row.source_key) == (books.customer_id, day(7), "bank:1")
    assert (unallocated_minor(unknown.credit_id), unallocated_minor(known), open_minor(line)) == (0, 400, 0)
    assert [open_as_of(line, day(n)) for n in (6, 7, 100)] == [600, 0, 0]
    assert _only_allocation(known).credit_customer_id == books.customer_id
    assert credits_by_source_key(books.creditor_id, ["bank:1"])["credit_id"].to_list() == [known]
    with pytest.raises(no.AnotherCustomer):
        books.do("identify_credit", credit_id=known, customer_id=books.customer_id)


def test_what_was_refunded_stays_with_the_unknown_payer(books):
    unknown = books.payment(1_000, customer_id=None, source_key="bank:2").credit_id
    books.do("refund", credit_id=unknown, amount_minor=300, on=3)
    known = books.do("identify_credit", credit_id=unknown, customer_id=books.customer_id)
    assert (unallocated_minor(unknown), unallocated_minor(known)) == (0, 700)
    assert credits_by_source_key(books.creditor_id, ["bank:2"])["credit_id"].to_list() == [unknown]


def test_undo_leaves_nothing_of_the_rows_on_any_day(books):
    mine, others = books.invoice(1_000, number="F-1"), books.invoice(500)
    credit = books.payment(1_200, on=5, due_line_ids=[mine, others]).credit_id
    books.do("reverse_allocation", allocation_id=Allocation.objects.get(due_line_id=mine).pk, on=30)
    books.do("allocate_credit", credit_id=books.payment(1_000, on=6).credit_id, due_line_ids=[mine])
    written = books.do("undo_rows", due_line_ids=[mine], credit_ids=[credit], reason="fichero equivocado")
    assert written == 4
    assert (open_minor(mine), open_minor(others), unallocated_minor(credit)) == (0, 500, 0)
    assert books.invoice(number="F-1") != mine


def test_undo_stops_at_money_that_left_the_house(books):
    credit = books.payment(1_000).credit_id
    books.do("refund", credit_id=credit, amount_minor=1, on=3)
    with pytest.raises(no.MoreThanLeft):
        books.do("undo_rows", due_line_ids=[], credit_ids=[credit])
