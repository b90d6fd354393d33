"""What each verb of the ledger does to what is open and what is left, and what it refuses."""

from datetime import date

import polars as pl
import pytest
from django.db import DatabaseError, connection, transaction

from aldia.kernel.money import CurrenciesDiffer
from aldia.operations import ledger
from aldia.operations import refusals as no
from aldia.operations.bulk import next_ids
from aldia.queries.ledger import (
    balances,
    credits_by_source_key,
    credits_of_customer,
    customers_by_code,
    lines_by_number,
    lines_by_source_key,
    open_lines,
)
from aldia.queries.verify import verify
from aldia.records.audit.models import AuditEntry
from aldia.records.ledger.models import (
    Allocation,
    Credit,
    DueLine,
    Overlay,
    Refund,
    Reversal,
    TaxLine,
)
from aldia.records.tenancy.scope import scope
from tests.laws.books import (
    NOW,
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


# ------------------------------------------------------------------ the worked example of docs/rules/ledger.md


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


def test_a_payment_beyond_its_invoice_leaves_a_rest(books):
    line = books.invoice(10_000)
    paid = books.payment(15_000, on=5, due_line_ids=[line])
    assert paid == ledger.Applied(paid.credit_id, ((line, 10_000),), 5_000)
    assert (open_minor(line), unallocated_minor(paid.credit_id)) == (0, 5_000)


# ------------------------------------------------------------------------------------------------------ debits


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


# ------------------------------------------------------------------------------------------------------ credits


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


# ---------------------------------------------------------------------------------------------------- reversals


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


def test_another_creditors_rows_are_not_there(books):
    line = books.invoice()
    with open_books() as others, pytest.raises(no.NoSuchRow):
        others.do("write_off", due_line_id=line, on=1)


# ---------------------------------------------------------------------------------------- unidentified and undone


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


# ----------------------------------------------------------------------------------------------------- overlays


def test_overlays_bear_the_payer_of_their_line_and_move_no_money(books):
    line = books.invoice(1_000)
    ids = [
        books.do("record_terms", due_line_id=line, until_on=day(90), on=10),
        books.do("record_dispute", due_line_id=line, amount_minor=400, on=10),
        books.do("record_cover", due_line_id=line, until_on=day(80), on=10),
        books.do("record_hold", customer_id=books.customer_id, until_on=day(30), on=10),
        books.do("record_hold", customer_id=books.customer_id, due_line_id=line, on=10),
    ]
    assert set(Overlay.objects.values_list("customer_id", flat=True)) == {books.customer_id}
    assert open_minor(line) == 1_000
    books.do("end_overlay", overlay_id=ids[1], on=20)
    with pytest.raises(no.AlreadyEnded):
        books.do("end_overlay", overlay_id=ids[1], on=21)


@pytest.mark.parametrize(
    ("verb", "said", "refusal"),
    [
        ("record_dispute", {"amount_minor": 1_001}, no.MoreThanOpen),
        ("record_dispute", {"amount_minor": 0}, no.AmountNotPositive),
        ("record_cover", {"until_on": day(10)}, no.TooEarly),
        ("record_hold", {"customer_id": 10**12}, no.NoSuchRow),
        ("record_hold", {"customer_id": 10**12, "due_line_id": None}, no.NoSuchRow),
    ],
)
def test_impossible_overlays_are_refused_by_name(books, verb, said, refusal):
    line = books.invoice(1_000)
    with pytest.raises(refusal):
        books.do(verb, **({"due_line_id": line, "on": 10} | said))


def test_acceptance_is_a_dated_word_on_the_document(books):
    document = DueLine.objects.get(pk=books.invoice()).document_id
    books.do("record_acceptance", document_id=document, state="registered", number="RCF-1", on=5)
    with pytest.raises(no.BadValue):
        books.do("record_acceptance", document_id=document, state="maybe", on=5)
    with pytest.raises(no.NoSuchRow):
        books.do("record_acceptance", document_id=10**12, state="accepted", on=5)


# ---------------------------------------------------------------------------------------------- many rows, traces


def _import(books, count):
    documents = pl.DataFrame(
        {
            "id": next_ids("ledger_document", count),
            "customer_id": [books.customer_id] * count,
            "kind": ["invoice"] * count,
            "number": [f"I-{n}" for n in range(count)],
            "issued_on": [day(n % 50) for n in range(count)],
            "currency": ["EUR"] * count,
            "total_minor": [100 + n for n in range(count)],
        }
    )
    lines = documents.select(
        "customer_id",
        document_id="id",
        amount_minor="total_minor",
        due_date=pl.col("issued_on").dt.offset_by("30d"),
        source_key=pl.format("file:{}", "number"),
    )
    credits_ = pl.DataFrame(
        {
            "customer_id": [books.customer_id] * count,
            "kind": ["payment"] * count,
            "currency": ["EUR"] * count,
            "amount_minor": [100] * count,
            "effective_on": [day(25)] * count,
        }
    )
    by = {"creditor_id": books.creditor_id, "now": NOW}
    line_ids = ledger.book_documents(documents=documents, lines=lines, **by)
    credit_ids = ledger.book_credits(credits=credits_, **by)
    allocations = pl.DataFrame(
        {"credit_id": credit_ids, "due_line_id": line_ids, "amount_minor": [100] * count}
    )
    ledger.allocate(allocations=allocations, **by)
    return line_ids


@pytest.mark.parametrize("count", [1, 30, 300])
def test_many_rows_obey_the_same_laws_as_one(books, count):
    line_ids = _import(books, count)
    found = open_lines(books.creditor_id, books.customer_id)
    assert found["open_minor"].sum() == sum(range(count))
    keys = [f"file:I-{n}" for n in range(count)]
    assert set(lines_by_source_key(books.creditor_id, keys)["due_line_id"]) == set(line_ids)
    days = Allocation.objects.values_list("due_line_id", "effective_on")
    assert all(on == max(day(25), DueLine.objects.get(pk=line).issued_on) for line, on in days[:20])
    verbs = list(AuditEntry.objects.order_by("sequence").values_list("verb", flat=True))
    assert verbs == ["ledger.documents_booked", "ledger.credits_booked", "ledger.allocated"]


def test_many_allocations_are_all_or_nothing(books):
    lines = [books.invoice(100), books.invoice(100)]
    credit = books.payment(150).credit_id
    frame = pl.DataFrame({"credit_id": [credit] * 2, "due_line_id": lines, "amount_minor": [100, 51]})
    with pytest.raises(no.MoreThanLeft):
        ledger.allocate(creditor_id=books.creditor_id, allocations=frame, now=NOW)
    twice = pl.DataFrame({"credit_id": [credit] * 2, "due_line_id": [lines[0]] * 2, "amount_minor": [60, 41]})
    with pytest.raises(no.MoreThanOpen):
        ledger.allocate(creditor_id=books.creditor_id, allocations=twice, now=NOW)
    assert unallocated_minor(credit) == 150


def test_every_verb_leaves_one_trace_with_who_what_and_when(books):
    line = books.invoice(1_000)
    paid = books.payment(400, on=5, due_line_ids=[line])
    entry = AuditEntry.objects.latest("sequence")
    assert (entry.verb, entry.subject) == ("ledger.payment_recorded", f"credit:{paid.credit_id}")
    assert (entry.actor, entry.recorded_at) == ("ana", NOW)
    assert entry.payload["allocated"] == [[line, 400]]
    assert AuditEntry.objects.count() == 2


def test_traces_hold_nothing_personal(books):
    secret = "Canario Secreto"
    line = books.invoice(description=secret, order_reference=secret, number=secret)
    paid = books.payment(payer_name=secret, reference=secret, method=secret, due_line_ids=[line])
    books.do("reverse_credit", credit_id=paid.credit_id, on=9, reason=secret)
    books.do("write_off", due_line_id=line, on=9, reason=secret)
    told = list(AuditEntry.objects.values_list("subject", "payload", "verb"))
    assert len(told) == 4
    assert secret not in str(told)


def test_what_lies_in_the_database_refuses_by_the_same_names(books):
    """Behind the looks before the leap stand the constraints, and they speak the same words."""
    line = books.invoice(100)
    credit = books.payment(150).credit_id
    row = {
        "creditor_id": books.creditor_id,
        "credit_id": credit,
        "due_line_id": line,
        "customer_id": books.customer_id,
        "credit_customer_id": books.customer_id,
        "currency": "EUR",
        "effective_on": day(0),
    }
    for change, refusal in [
        ({"amount_minor": 101}, no.MoreThanOpen),
        ({"amount_minor": 0}, no.AmountNotPositive),
        ({"amount_minor": 1, "credit_customer_id": None}, no.AnotherCustomer),
        ({"amount_minor": 1, "effective_on": day(-1)}, no.TooEarly),
        ({"amount_minor": 1, "currency": "USD"}, no.NoSuchRow),
        ({"amount_minor": 10**19}, no.BadValue),
    ]:
        with pytest.raises(refusal) as heard, no.spoken(), transaction.atomic():
            Allocation.objects.create(**(row | change))
        assert heard.value.as_dict()["constraint"] or refusal is no.BadValue
    big = books.invoice(10_000)
    with pytest.raises(no.MoreThanLeft), no.spoken(), transaction.atomic():
        Allocation.objects.create(**(row | {"due_line_id": big, "amount_minor": 151}))


@pytest.mark.parametrize("model", [Credit, DueLine, Allocation, Refund, Reversal])
def test_no_row_of_the_ledger_is_changed_or_deleted(books, model):
    line = books.invoice(100)
    credit = books.payment(150, due_line_ids=[line]).credit_id
    books.do("refund", credit_id=credit, amount_minor=10, on=3)
    books.do("reverse_credit", credit_id=credit, amount_minor=5, on=3)
    for change in (lambda: model.objects.update(amount_minor=1), lambda: model.objects.all().delete()):
        with pytest.raises(no.NeverChanged), no.spoken(), transaction.atomic():
            change()


def test_what_is_no_refusal_passes_through(books):
    with pytest.raises(DatabaseError) as error, no.spoken(), transaction.atomic():
        connection.cursor().execute("SELECT nothing_of_the_sort")
    assert not isinstance(error.value, no.LedgerRefusal)


def test_lists_of_a_customer_show_what_is_left(books):
    line = books.invoice(1_000)
    credit = books.payment(1_400, due_line_ids=[line]).credit_id
    books.invoice(70, currency="USD")
    assert balances(books.creditor_id, books.customer_id).rows() == [("EUR", 0, 400), ("USD", 70, 0)]
    assert credits_of_customer(books.creditor_id, books.customer_id)["credit_id"].to_list() == [credit]
    make_customer(creditor_id=books.creditor_id, code="ALPHA")
    assert customers_by_code(books.creditor_id, ["ALPHA", "ALPHA", "nobody"])["code"].to_list() == ["ALPHA"]


def test_without_the_scope_there_is_no_ledger(books):
    line = books.invoice()
    with scope([]), pytest.raises(no.NoSuchRow):
        books.do("write_off", due_line_id=line, on=1)
