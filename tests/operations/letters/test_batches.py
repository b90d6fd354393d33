"""From the tray to the post: batches, their files, and letters that are taken out again."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.letters import (
    LettersRefused,
    make_print_batch,
    mark_posted,
    note_printing,
    put_back,
    withdraw_letter,
)
from aldia.queries.letters import address_file, letter_counts, print_file
from aldia.queries.timeline import timeline
from aldia.records.audit.models import AuditEntry
from aldia.records.outreach.models import DeliveryEvent, Letter, Message
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.operations.letters.post import by_post, letters, pages_of, post_house, send
from tests.queries.gate_house import DAY, NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

DUE = date(2026, 9, 1)
WHO: dict[str, Any] = {"actor": "ana", "now": NOW}


@pytest.fixture
def house():
    found = post_house()
    for code in ("UNO", "DOS", "TRES"):
        by_post(found, code, (120_000, DUE), name=f"Taller {code}")
    found.run()
    assert send(found.creditor).sent == 3
    return found


def _files(house, batch, *, duplex=False):
    with house.inside():
        return print_file(house.creditor, batch, duplex=duplex), address_file(house.creditor, batch.number)


def test_a_batch_takes_all_of_the_tray_once(house):
    batch = make_print_batch(creditor=house.creditor, **WHO)
    assert (batch.number, batch.posted_on) == (1, None)
    assert [each.state for each in letters(house.creditor)] == ["printed"] * 3
    with pytest.raises(LettersRefused, match="vacía"):
        make_print_batch(creditor=house.creditor, **WHO)
    with house.inside():
        assert letter_counts(house.creditor) == {("letter", "printed"): (3, 6)}


def test_the_print_file_has_every_letter_and_the_addresses_in_the_same_order(house):
    batch = make_print_batch(creditor=house.creditor, **WHO)
    pdf, addresses = _files(house, batch)
    pages = pages_of(pdf)
    assert len(pages) == 6
    order = [each.dispatch.recipient_name or each.pk for each in letters(house.creditor)]
    rows = list(csv.reader(io.StringIO(addresses.decode("utf-8-sig")), delimiter=";"))
    assert [row[1] for row in rows[1:]] == ["UNO", "DOS", "TRES"]
    assert [row[2] for row in rows[1:]] == ["Taller UNO", "Taller DOS", "Taller TRES"]
    assert rows[1][3:5] == ["Avenida de la Constitución 25, 3.º", "41001 Sevilla, Sevilla"]
    assert {len(row) for row in rows} == {9}
    assert [row[8] for row in rows[1:]] == ["2", "2", "2"]
    for place, name in ((0, "UNO"), (2, "DOS"), (4, "TRES")):
        assert f"Taller {name}" in pages[place]
    assert len(order) == 3


def test_the_same_batch_printed_again_is_the_same_file_and_leaves_a_trace(house):
    batch = make_print_batch(creditor=house.creditor, **WHO)
    first, again = _files(house, batch), _files(house, batch)
    assert first == again
    for duplex in (False, True):
        note_printing(creditor=house.creditor, number=1, duplex=duplex, **WHO)
    with house.inside():
        verbs = list(AuditEntry.objects.filter(verb__startswith="letters.").values_list("verb", flat=True))
    assert sorted(verbs) == ["letters.batch_made", "letters.file_taken", "letters.file_taken"]


def test_a_name_that_is_a_formula_is_text_in_the_addresses():
    house = post_house()
    by_post(house, "MAL", (120_000, DUE), name="=1+1", address="@SUMA(A1)\n28013 Madrid")
    house.run()
    send(house.creditor)
    _pdf, addresses = _files(house, make_print_batch(creditor=house.creditor, **WHO))
    (row,) = list(csv.reader(io.StringIO(addresses.decode("utf-8-sig")), delimiter=";"))[1:]
    assert (row[2], row[3]) == ("'=1+1", "'@SUMA(A1)")


def test_posted_on_a_day_and_on_the_timeline(house):
    make_print_batch(creditor=house.creditor, **WHO)
    assert mark_posted(creditor=house.creditor, number=1, on=DAY, **WHO) == 3
    assert {(each.state, each.posted_on) for each in letters(house.creditor)} == {("posted", DAY)}
    with house.inside():
        page = timeline(house.creditor, house.customers["UNO"].pk, titles={}, until=DAY)
    assert [(each.title, each.state, each.on) for each in page.entries if each.kind == "letter"] == [
        ("Carta", "Enviada", DAY)
    ]
    with pytest.raises(LettersRefused, match="ya consta"):
        mark_posted(creditor=house.creditor, number=1, on=DAY, **WHO)


@pytest.mark.parametrize(
    ("on", "why"), [(DAY + timedelta(days=1), "por llegar"), (DAY - timedelta(days=1), "anterior")]
)
def test_a_day_that_cannot_be_is_refused(house, on, why):
    make_print_batch(creditor=house.creditor, **WHO)
    with pytest.raises(LettersRefused, match=why):
        mark_posted(creditor=house.creditor, number=1, on=on, **WHO)
    with pytest.raises(LettersRefused, match="ningún lote 7"):
        mark_posted(creditor=house.creditor, number=7, on=DAY, **WHO)


def test_one_goes_back_and_is_printed_with_the_next(house):
    batch = make_print_batch(creditor=house.creditor, **WHO)
    first = letters(house.creditor)[0]
    put_back(creditor=house.creditor, letter_id=first.pk, **WHO)
    assert [each.state for each in letters(house.creditor)] == ["tray", "printed", "printed"]
    assert len(pages_of(_files(house, batch)[0])) == 4
    mark_posted(creditor=house.creditor, number=1, on=DAY, **WHO)
    second = make_print_batch(creditor=house.creditor, **WHO)
    assert second.number == 2
    assert len(pages_of(_files(house, second)[0])) == 2
    with pytest.raises(LettersRefused, match="aún no se ha enviado"):
        put_back(creditor=house.creditor, letter_id=letters(house.creditor)[1].pk, **WHO)


def test_one_is_withdrawn_with_a_reason_and_its_step_stays_done(house):
    batch = make_print_batch(creditor=house.creditor, **WHO)
    first = letters(house.creditor)[0]
    with pytest.raises(LettersRefused, match="por qué"):
        withdraw_letter(creditor=house.creditor, letter_id=first.pk, reason=" \n ", **WHO)
    withdraw_letter(creditor=house.creditor, letter_id=first.pk, reason="Pagó\nayer", **WHO)
    (letter,) = letters(house.creditor, pk=first.pk)
    assert (letter.state, letter.reason, letter.dispatch.delivery) == ("withdrawn", "Pagó ayer", "failed")
    with house.inside():
        assert DeliveryEvent.objects.get().detail == "Retirada antes de enviarla: Pagó ayer"
        assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
        page = timeline(house.creditor, letter.customer_id, titles={}, until=DAY)
    told = [(each.state, each.note) for each in page.entries if each.kind == "letter"]
    assert told == [("Retirada", "Pagó ayer")]
    assert len(pages_of(_files(house, batch)[0])) == 4
    assert mark_posted(creditor=house.creditor, number=1, on=DAY, **WHO) == 2
    with pytest.raises(LettersRefused, match="no se puede retirar"):
        withdraw_letter(creditor=house.creditor, letter_id=first.pk, reason="x", **WHO)
    with transaction.atomic(), scope([house.creditor.pk]):
        assert Letter.objects.get(pk=first.pk).state == "withdrawn"


def test_a_letter_of_another_creditor_does_not_exist(house):
    other = make.creditor()
    (first, *_rest) = letters(house.creditor)
    for act in (put_back, lambda **who: withdraw_letter(reason="x", **who)):
        with pytest.raises(LettersRefused, match="No hay ninguna carta"):
            act(creditor=other, letter_id=first.pk, **WHO)
