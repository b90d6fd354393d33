"""Many rows obey the laws of one; every deed leaves a trace; the database speaks with our words."""

from typing import Any

import polars as pl
import pytest
from django.db import DatabaseError, connection, transaction

from aldia.operations import ledger
from aldia.operations import refusals as no
from aldia.operations.bulk import next_ids
from aldia.queries.ledger import (
    balances,
    credits_of_customer,
    customers_by_code,
    lines_by_source_key,
    open_lines,
)
from aldia.queries.verify import verify
from aldia.records.audit.models import AuditEntry
from aldia.records.ledger.models import (
    Allocation,
    Credit,
    DueLine,
    Refund,
    Reversal,
)
from aldia.records.tenancy.scope import scope
from tests.laws.books import (
    NOW,
    day,
    make_customer,
    open_books,
    unallocated_minor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def books():
    with open_books() as opened:
        yield opened
        connection.check_constraints()
        assert verify(opened.creditor_id) == []


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
    by: dict[str, Any] = {"creditor_id": books.creditor_id, "now": NOW}
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
    changes: list[tuple[dict[str, Any], type[no.LedgerRefusal]]] = [
        ({"amount_minor": 101}, no.MoreThanOpen),
        ({"amount_minor": 0}, no.AmountNotPositive),
        ({"amount_minor": 1, "credit_customer_id": None}, no.AnotherCustomer),
        ({"amount_minor": 1, "effective_on": day(-1)}, no.TooEarly),
        ({"amount_minor": 1, "currency": "USD"}, no.NoSuchRow),
        ({"amount_minor": 10**19}, no.BadValue),
    ]
    for change, refusal in changes:
        with pytest.raises(refusal) as heard, no.spoken(), transaction.atomic():
            Allocation.objects.create(**{**row, **change})
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
