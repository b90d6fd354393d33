"""What invoices, payments and credits do to what is open and what is left, and what is refused."""

from datetime import date

import pytest
from django.db import connection

from aldia.kernel.dates import DayOutsideLedger
from aldia.kernel.money import CurrenciesDiffer
from aldia.operations import ledger
from aldia.operations import refusals as no
from aldia.queries.ledger import (
    lines_by_number,
)
from aldia.queries.verify import verify
from aldia.records.audit.models import AuditEntry
from aldia.records.ledger.models import (
    Allocation,
    Credit,
    DueLine,
    TaxLine,
)
from tests.laws.books import (
    day,
    make_customer,
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


def test_a_part_payment_and_a_part_return_as_the_rules_tell_it(books):
    line = books.invoice(10_000, issued_on=date(2026, 3, 1), dues=[ledger.Due(10_000, date(2026, 3, 31))])
    paid = books.payment(6_000, value_on=date(2026, 4, 10), due_line_ids=[line])
    books.do(
        "reverse_credit",
        credit_id=paid.credit_id,
        amount_minor=2_500,
        on=date(2026, 4, 20),
        kind="returned_debit",
    )
    days = [date(2026, 2, 28), date(2026, 4, 5), date(2026, 4, 15), date(2026, 4, 25)]
    assert [open_as_of(line, each) for each in days] == [0, 10_000, 4_000, 6_500]
    assert open_minor(line) == 6_500


@pytest.mark.parametrize("wrong", [date(1, 1, 1), date(1989, 12, 31), date(2101, 1, 1), date(9999, 12, 31)])
def test_no_verb_takes_a_day_that_no_ledger_speaks_of(books, wrong):
    line, paid = books.invoice(10_000), books.payment(5_000)
    for verb, said in [
        ("write_off", {"due_line_id": line, "on": wrong}),
        ("record_terms", {"due_line_id": line, "until_on": wrong, "on": 1}),
        ("refund", {"credit_id": paid.credit_id, "amount_minor": 1, "on": wrong}),
        ("reverse_credit", {"credit_id": paid.credit_id, "on": wrong}),
    ]:
        with pytest.raises(DayOutsideLedger, match="tiene que estar entre"):
            books.do(verb, **said)
    with pytest.raises(DayOutsideLedger):
        books.payment(value_on=wrong)
    with pytest.raises(DayOutsideLedger):
        books.invoice(issued_on=date(2026, 1, 1), dues=[ledger.Due(1, wrong)])


def test_a_payment_beyond_its_invoice_leaves_a_rest(books):
    line = books.invoice(10_000)
    paid = books.payment(15_000, on=5, due_line_ids=[line])
    assert paid == ledger.Applied(paid.credit_id, ((line, 10_000),), 5_000)
    assert (open_minor(line), unallocated_minor(paid.credit_id)) == (0, 5_000)


def test_an_invoice_has_a_line_for_each_due_date_and_payer(books):
    other = make_customer(creditor_id=books.creditor_id)
    booked = books.do(
        "book_invoice",
        customer_id=books.customer_id,
        number="F-1",
        issued_on=day(0),
        dues=[ledger.Due(300, day(30)), ledger.Due(200, day(60), payer_id=other)],
        currency="EUR",
        net_minor=413,
        taxes=[ledger.Tax("iva", 2100, 413, 87)],
    )
    lines = DueLine.objects.filter(document_id=booked.document_id).order_by("line_number")
    assert [(each.customer_id, each.amount_minor, each.source_key) for each in lines] == [
        (books.customer_id, 300, "invoice:F-1/1"),
        (other, 200, "invoice:F-1/2"),
    ]
    assert {each.effective_on for each in lines} == {day(0)}
    assert TaxLine.objects.get(document_id=booked.document_id).amount_minor == 87


def test_the_same_number_is_not_booked_twice_until_the_first_is_taken_back(books):
    line = books.invoice(number="F-9")
    with pytest.raises(no.SourceKeyTaken):
        books.invoice(number="F-9")
    books.do("reverse_due_line", due_line_id=line, on=1)
    assert books.invoice(number="F-9") != line


def test_a_fee_is_a_debit_like_any_other(books):
    booked = books.do(
        "book_fee",
        customer_id=books.customer_id,
        number="C-1",
        issued_on=day(0),
        due_date=day(4),
        amount_minor=4_500,
        currency="EUR",
    )
    assert DueLine.objects.get(pk=booked.due_line_ids[0]).kind == "fee"
    assert open_minor(booked.due_line_ids[0]) == 4_500


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"dues": [ledger.Due(0, day(30))]}, no.AmountNotPositive),
        ({"dues": [ledger.Due(100, day(-1))]}, no.DueBeforeIssue),
        ({"customer_id": 10**12}, no.NoSuchRow),
        ({"currency": "euro"}, no.BadValue),
        ({"kind": "proforma"}, no.BadValue),
        ({"dues": [ledger.Due(100, day(30), payer_id=10**12)]}, no.NoSuchRow),
    ],
)
def test_an_impossible_invoice_is_refused_by_name_and_nothing_is_booked(books, change, refusal):
    with pytest.raises(refusal):
        books.invoice(**change)
    assert not DueLine.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_payment_that_names_a_document_pays_its_oldest_line_first(books):
    dues = [ledger.Due(500, day(60)), ledger.Due(400, day(30))]
    books.invoice(number="F-7", dues=dues)
    late, early = lines_by_number(books.creditor_id, ["F-7"]).sort("due_date", descending=True)["due_line_id"]
    paid = books.payment(600, on=10, names_document="F-7")
    assert paid.allocated == ((early, 400), (late, 200))


def test_a_number_nobody_knows_or_two_documents_share_leaves_the_money_unapplied(books):
    assert books.payment(600, names_document="F-404").allocated == ()
    for key in ("a", "b"):
        books.invoice(number="F-8", source_key=key)
    paid = books.payment(600, names_document="F-8")
    assert (paid.allocated, paid.rest_minor) == ((), 600)
    assert Credit.objects.get(pk=paid.credit_id).names_document == "F-8"


def test_a_payment_of_one_customer_may_pay_anothers_line_when_it_is_named(books):
    other = make_customer(creditor_id=books.creditor_id)
    line = books.invoice(1_000, customer_id=other)
    paid = books.payment(1_000, due_line_ids=[line])
    allocation = _only_allocation(paid.credit_id)
    assert (allocation.customer_id, allocation.credit_customer_id) == (other, books.customer_id)


def test_an_allocation_counts_from_the_later_of_value_date_and_issue(books):
    line = books.invoice(1_000, issued=20)
    ahead = books.payment(400, on=5, due_line_ids=[line])
    late = books.payment(600, on=33, due_line_ids=[line])
    assert _only_allocation(ahead.credit_id).effective_on == day(20)
    assert _only_allocation(late.credit_id).effective_on == day(33)


def test_money_given_back_to_a_line_makes_room_only_from_that_day_on(books):
    line = books.invoice(1_000)
    first = books.payment(1_000, on=5, due_line_ids=[line])
    second = books.payment(1_000, on=6)
    books.do("reverse_credit", credit_id=first.credit_id, on=40, kind="returned_debit")
    books.do("allocate_credit", credit_id=second.credit_id, due_line_ids=[line])
    assert _only_allocation(second.credit_id).effective_on == day(40)
    assert [open_as_of(line, day(n)) for n in (4, 5, 39, 40)] == [1_000, 0, 0, 0]


def test_a_credit_note_pays_the_document_it_corrects_and_leaves_the_rest(books):
    line = books.invoice(1_000)
    document = DueLine.objects.get(pk=line).document_id
    noted = books.do(
        "record_credit_note",
        customer_id=books.customer_id,
        number="R-1",
        amount_minor=1_200,
        currency="EUR",
        issued_on=day(3),
        adjusts_id=document,
    )
    assert (noted.allocated, noted.rest_minor) == (((line, 1_000),), 200)
    with pytest.raises(no.SourceKeyTaken):
        books.do(
            "record_credit_note",
            customer_id=books.customer_id,
            number="R-1",
            amount_minor=1,
            currency="EUR",
            issued_on=day(3),
        )


@pytest.mark.parametrize(("verb", "kind"), [("write_off", "write_off"), ("forgive", "forgiveness")])
def test_what_is_given_up_closes_so_much_of_the_line_and_never_more(books, verb, kind):
    line = books.invoice(1_000)
    part = books.do(verb, due_line_id=line, amount_minor=300, on=50)
    assert (open_minor(line), Credit.objects.get(pk=part.credit_id).kind) == (700, kind)
    with pytest.raises(no.MoreThanOpen):
        books.do(verb, due_line_id=line, amount_minor=701, on=50)
    books.do(verb, due_line_id=line, on=50)
    assert open_minor(line) == 0
    with pytest.raises(no.MoreThanOpen):
        books.do(verb, due_line_id=line, on=50)


def test_allocating_takes_what_fits_or_exactly_what_was_asked(books):
    lines = [books.invoice(400, due=40), books.invoice(300, due=35)]
    credit = books.payment(1_000).credit_id
    applied = books.do("allocate_credit", credit_id=credit, due_line_ids=lines, amount_minor=350)
    assert applied == ledger.Applied(credit, ((lines[1], 300), (lines[0], 50)), 650)
    with pytest.raises(no.MoreThanOpen):
        books.do("allocate_credit", credit_id=credit, due_line_ids=lines, amount_minor=351)
    with pytest.raises(no.MoreThanLeft):
        books.do("allocate_credit", credit_id=credit, due_line_ids=lines, amount_minor=651)
    assert books.do("allocate_credit", credit_id=credit, due_line_ids=lines).rest_minor == 300


def test_currencies_never_meet(books):
    line = books.invoice(currency="USD")
    with pytest.raises(CurrenciesDiffer):
        books.payment(due_line_ids=[line])
    assert not Credit.objects.exists()


def test_a_refund_gives_back_unallocated_money_only(books):
    line = books.invoice(600)
    credit = books.payment(1_000, on=5, due_line_ids=[line]).credit_id
    with pytest.raises(no.MoreThanLeft):
        books.do("refund", credit_id=credit, amount_minor=401, on=9)
    refund = books.do("refund", credit_id=credit, amount_minor=400, on=9)
    assert unallocated_minor(credit) == 0
    books.do("reverse_refund", refund_id=refund, amount_minor=150, on=10)
    assert unallocated_minor(credit) == 150
    with pytest.raises(no.MoreThanLeft):
        books.do("reverse_refund", refund_id=refund, amount_minor=251, on=10)


@pytest.mark.parametrize("amount", [0, -5])
def test_no_verb_takes_nothing_or_less(books, amount):
    line = books.invoice(600)
    paid = books.payment(1_000, due_line_ids=[line])
    refund = books.do("refund", credit_id=paid.credit_id, amount_minor=100, on=9)
    allocation = _only_allocation(paid.credit_id).pk
    for verb, said in [
        ("write_off", {"due_line_id": books.invoice(5), "on": 1}),
        ("allocate_credit", {"credit_id": paid.credit_id, "due_line_ids": [line]}),
        ("refund", {"credit_id": paid.credit_id, "on": 9}),
        ("reverse_credit", {"credit_id": paid.credit_id, "on": 9}),
        ("reverse_due_line", {"due_line_id": line, "on": 9}),
        ("reverse_allocation", {"allocation_id": allocation, "on": 9}),
        ("reverse_refund", {"refund_id": refund, "on": 9}),
    ]:
        with pytest.raises(no.AmountNotPositive):
            books.do(verb, amount_minor=amount, **said)
    with pytest.raises(no.AmountNotPositive):
        books.payment(amount)
