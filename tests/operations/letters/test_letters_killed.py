"""Kill −9 between tray and record, two at once, a letter that comes late: nothing lost, nothing twice, and,
unlike a mail's, no doubt.

The judge is the tray itself. The PDFs are made before the processes part: a child that was forked must not
start the threads of a library anew.
"""

import hashlib
import os
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from aldia.channels.mail import Attachment, NotSent
from aldia.formats.paper import Head, Paper, paper_pdf
from aldia.operations.outbox import claiming, settling, taking_over
from aldia.operations.outbox import sending as sending_room
from aldia.operations.outbox.account import tray_transport
from aldia.queries.outbox import doubts
from aldia.records.outreach.models import Dispatch, Message
from aldia.records.tenancy.scope import scope
from tests.operations.letters.post import letters, pdf_of
from tests.operations.outbox.house import (
    _texts,
    die_sending,
    fates,
    house_with_mail,
    pass_everything,
    send,
    send_after_a_death,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
POINTS = (
    "outbox.claimed",
    "outbox.begun",
    "letters.in_the_tray",
    "outbox.handed_over",
    "outbox.settled",
)


@pytest.fixture(scope="module")
def pdf():
    return paper_pdf(Paper("Aviso", Head("Luz"), to=("Talleres",), dated="hoy", heading="Aviso"), at=AT)


@pytest.fixture(autouse=True)
def everything_passes_on_paper(monkeypatch, pdf):
    """A gate that lets everything pass, and a letter of its own for each unit."""
    pass_everything(monkeypatch)

    def written(creditor, units, **_moment):
        return {
            key: replace(
                text,
                attachments=(Attachment("carta.pdf", "application/pdf", pdf + b"% " + key.encode()),),
            )
            for key, text in _texts(units).items()
        }

    monkeypatch.setattr(claiming, "written", written)


def _letters_to_write(count):
    creditor = house_with_mail(count)
    with transaction.atomic(), scope([creditor.pk]):
        Message.objects.update(channel="letter")
    return creditor


@pytest.mark.parametrize("nth", [1, 2])
def test_a_kill_loses_no_letter_doubles_none_and_leaves_no_doubt(nth):
    for point in POINTS:
        creditor = _letters_to_write(3)
        died = die_sending(creditor, f"{point}#{nth}")
        assert died or (point, nth) == ("outbox.claimed", 2)
        after = send_after_a_death(creditor)
        assert (dict(fates(creditor)), after.doubts) == ({"sent": 3}, 0), point
        with transaction.atomic(), scope([creditor.pk]):
            assert list(doubts(creditor)) == []
        there = letters(creditor)
        assert len(there) == len({each.dispatch_id for each in there}) == 3, point
        for each in there:
            assert each.attempt == each.dispatch.attempts
            assert hashlib.sha256(pdf_of(each)).hexdigest() == each.sha256


def test_two_processes_put_each_letter_into_the_tray_once():
    creditor = _letters_to_write(8)
    connection.close()
    children = []
    for _ in range(2):
        child = os.fork()
        if child == 0:
            try:
                send(creditor, batch=2)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    there = letters(creditor)
    assert (len(there), len({each.dispatch_id for each in there})) == (8, 8)
    assert dict(fates(creditor)) == {"sent": 8}


def test_a_letter_that_comes_late_is_not_taken(monkeypatch):
    """The dispatch was given back meanwhile: what is still handed over of it does not count."""
    creditor, held = _letters_to_write(1), []

    def stop(round_, done, following):
        held.append(following)
        return "", False

    with monkeypatch.context() as patch:
        patch.setattr(sending_room, "settle_and_begin", stop)
        send(creditor)
    transport = tray_transport(creditor, in_house=True)
    assert transport.ready() is None
    outcome = transport.send(held[0].mail)
    transport.close()
    assert isinstance(outcome, NotSent)
    assert letters(creditor) == []
    assert send(creditor).sent == 1
    assert len(letters(creditor)) == 1


def test_handed_over_twice_it_lies_there_once(monkeypatch):
    """A line that broke after the commit: the transport asks again and finds its letter."""
    creditor, again = _letters_to_write(1), []
    real = settling.settle_and_begin

    def settled(round_, done, following):
        if done:
            again.append(round_.ways.by_channel["letter"].transport.send(done.claimed.mail))
        return real(round_, done, following)

    monkeypatch.setattr(sending_room, "settle_and_begin", settled)
    assert send(creditor).sent == 1
    assert type(again[0]).__name__ == "Sent"
    assert len(letters(creditor)) == 1


def test_control_without_asking_the_tray_a_kill_leaves_a_doubt(monkeypatch):
    creditor = _letters_to_write(1)
    assert die_sending(creditor, "outbox.handed_over")
    monkeypatch.setattr(taking_over, "ON_PAPER", ())
    monkeypatch.setattr(taking_over, "_in_the_tray", lambda left: [])
    send_after_a_death(creditor)
    assert dict(fates(creditor, Dispatch)) == {"unknown": 1}
