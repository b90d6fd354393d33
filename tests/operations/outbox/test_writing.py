"""A person's own words: through the gate, after ten minutes, never in anger, and never twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.creditors import create_creditor
from aldia.operations.ledger import record_hold
from aldia.operations.outbox import (
    HotWords,
    OwnWords,
    TooLate,
    approve,
    take_back,
    take_back_yes,
    use_mailbox,
    write_to,
)
from aldia.operations.outbox.deciding import EditRefused
from aldia.operations.outbox.writing import WritingRefused
from aldia.operations.respect import WordsQuestioned
from aldia.queries.outbox import mailbox
from aldia.queries.own_words import words_waiting
from aldia.records.outreach.models import Message
from aldia.records.parties.models import Contact, ContactPoint, Customer
from aldia.records.tenancy.scope import scope
from aldia.rules.texts.render import Text
from tests.cli.books import DAY, NOW, write_books
from tests.operations.outbox.house import messages, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BY: dict[str, Any] = {"actor": "ana", "now": NOW}
CALM = Text("Su duda del lunes", "Buenos días, {contacto}:\n\nLe adjunto lo que pidió. Un saludo.\n\n{firma}")
LATER = NOW + timedelta(minutes=11)


@pytest.fixture
def luz():
    creditor = create_creditor(name="Papelería Luz", country="ES", code="luz", **BY).creditor
    write_books(creditor)
    use_mailbox(creditor=creditor, **BY)
    with transaction.atomic(), scope([creditor.pk]):
        late = Customer.objects.get(code="TARDE")
        of = {"creditor": creditor, "customer": late}
        contact = Contact.objects.create(**of, name="Ana Gil", role="accounts_payable")
        ContactPoint.objects.create(**of, contact=contact, channel="email", value="ana@example.com")
    return creditor


@pytest.fixture
def tarde(luz):
    with transaction.atomic(), scope([luz.pk]):
        return Customer.objects.get(code="TARDE").pk


def _write(creditor, customer_id, text=CALM, when="now", **said):
    said = {"channel": "email", **BY, **said}
    return write_to(creditor=creditor, customer_id=customer_id, text=text, when=when, **said)


def test_own_words_leave_after_ten_minutes_as_they_were_written(luz, tarde):
    written = _write(luz, tarde)
    assert written.leaves_at == NOW + timedelta(minutes=10)
    assert send(luz).sent == 0
    assert send(luz, now=LATER).sent == 1
    (mail,) = mailbox(luz)
    assert (mail.subject, mail.recipient) == ("Su duda del lunes", "ana@example.com")
    assert "Buenos días, Ana Gil:" in mail.text
    with pytest.raises(TooLate):
        take_back(creditor=luz, key=written.key, **BY)


def test_within_ten_minutes_they_are_taken_back(luz, tarde):
    written = _write(luz, tarde)
    with transaction.atomic(), scope([luz.pk]):
        assert [each.key for each in words_waiting(luz, tarde)] == [written.key]
    take_back(creditor=luz, key=written.key, **BY)
    assert send(luz, now=LATER).sent == 0
    assert [(each.state, each.reason) for each in messages(luz)] == [("skipped", "withdrawn")]
    with transaction.atomic(), scope([luz.pk]):
        assert words_waiting(luz, tarde) == []


def test_hot_words_do_not_leave_now_but_tomorrow_or_after_somebody_elses_yes(luz, tarde):
    hot = Text("Su factura", "ESTAMOS MUY CANSADOS DE ESPERAR SU RESPUESTA A ESTAS ALTURAS. Un saludo.")
    with pytest.raises(HotWords):
        _write(luz, tarde, hot)
    assert messages(luz) == []
    tomorrow = _write(luz, tarde, hot, when="tomorrow")
    assert tomorrow.leaves_at is not None
    assert tomorrow.leaves_at > NOW + timedelta(hours=12)
    read_first = _write(luz, tarde, hot, when="colleague")
    assert read_first.leaves_at is None
    with pytest.raises(OwnWords):
        approve(creditor=luz, keys=[read_first.key], **BY)
    assert approve(creditor=luz, keys=[read_first.key], actor="luis", now=NOW).messages == 1
    assert [each.not_before_at for each in messages(luz, once_key=read_first.key)] == [
        NOW + timedelta(minutes=10)
    ]


def test_an_insult_needs_somebodys_reason_and_is_not_kept_without(luz, tarde):
    insult = Text("Su factura", "Es usted un sinvergüenza y un moroso profesional. Un saludo.")
    with pytest.raises(WordsQuestioned):
        _write(luz, tarde, insult, when="tomorrow")
    assert messages(luz) == []


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"channel": "letter"}, WritingRefused),
        ({"channel": "sms"}, WritingRefused),
        ({"when": "ayer"}, WritingRefused),
        ({"text": Text("Hola", "")}, EditRefused),
        ({"text": Text("Hola", "{nada} de esto")}, EditRefused),
        ({"text": Text("", "Hola.")}, EditRefused),
    ],
)
def test_what_cannot_be_is_refused_whole(luz, tarde, said, refusal):
    with pytest.raises(refusal):
        _write(luz, tarde, **said)
    assert messages(luz) == []


def test_the_gate_keeps_also_a_person_from_writing(luz, tarde):
    _write(luz, tarde)
    with transaction.atomic(), scope([luz.pk]):
        record_hold(creditor_id=luz.pk, customer_id=tarde, on=DAY, reason="Duelo", **BY)
    report = send(luz, now=LATER)
    assert (report.sent, dict(report.cancelled)) == (0, {"on_hold": 1})


def test_words_changed_on_a_step_wait_ten_minutes_after_the_yes_which_can_be_taken_back(luz, tarde):
    written = _write(luz, tarde, when="colleague")
    approve(creditor=luz, keys=[written.key], actor="luis", now=NOW)
    assert take_back_yes(creditor=luz, keys=[written.key], actor="luis", now=NOW).messages == 1
    assert send(luz, now=LATER).sent == 0
    with transaction.atomic(), scope([luz.pk]):
        assert Message.objects.get().state == "waiting_approval"


def test_two_of_the_same_customer_have_a_name_each(luz, tarde):
    keys = {_write(luz, tarde).key for _ in range(3)}
    assert len(keys) == 3
