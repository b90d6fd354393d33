"""Dated facts beside a line: they move no money."""

import pytest
from django.db import connection

from aldia.operations import refusals as no
from aldia.queries.verify import verify
from aldia.records.ledger.models import (
    DueLine,
    Overlay,
)
from tests.laws.books import (
    day,
    open_books,
    open_minor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def books():
    with open_books() as opened:
        yield opened
        connection.check_constraints()
        assert verify(opened.creditor_id) == []


def test_overlays_bear_the_payer_of_their_line_and_move_no_money(books):
    line = books.invoice(1_000)
    ids = [
        books.do("record_terms", due_line_id=line, until_on=day(90), on=10),
        books.do("record_dispute", due_line_id=line, amount_minor=400, on=10),
        books.do("record_cover", due_line_id=line, until_on=day(80), on=10),
        books.do("record_hold", customer_id=books.customer_id, until_on=day(30), on=10),
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


def test_a_hold_is_the_customers_own(books):
    with pytest.raises(no.NoSuchRow):
        books.do("record_hold", customer_id=10**12, on=10)
    with pytest.raises(no.TooEarly):
        books.do("record_hold", customer_id=books.customer_id, until_on=day(10), on=10)
