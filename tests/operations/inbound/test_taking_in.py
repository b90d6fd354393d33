"""Answers are kept raw, once, tied to customer and message, and wait for a person; a clear end at once."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from aldia.channels.imap import InboxTrouble
from aldia.channels.news import INCOMING
from aldia.operations.inbound import InboxRefused, fetch, keep_raw_mail, set_inbox, try_inbox
from aldia.operations.inbound.heard import READERS, Heard
from aldia.queries.inbound_ties import tie_of
from aldia.records.cases.models import Task
from aldia.records.outreach.models import DeliveryEvent, InboxAccount, OptOut, ProviderEvent
from aldia.records.parties.models import ContactPoint
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.fakes.imap_server import imap_server
from tests.formats.mail.mails import answer, complaint, delivery_report
from tests.formats.mail.test_reading import HOSTILE
from tests.operations.inbound.house import (
    ACTOR,
    ANA,
    NOW,
    answers,
    arrives,
    point,
    verbs,
    with_inbox,
    written_to,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_what_waits_in_the_box_is_fetched_once_and_nothing_is_changed_there():
    creditor, customer, dispatch = written_to()
    with imap_server() as (box, port):
        with_inbox(creditor, port)
        box.add(answer("Le pago el viernes."))
        box.add(answer("BAJA", message_id="<r2@cliente.example>", sender="x@y.example", answers=""))
        assert try_inbox(creditor=creditor, actor=ACTOR, now=NOW) == 2
        report = fetch(creditor=creditor, actor=ACTOR, now=NOW)
        again = fetch(creditor=creditor, actor=ACTOR, now=NOW)
    assert (report.fetched, report.taken.answers, report.taken.opted_out) == (2, 2, 1)
    assert (again.fetched, again.known) == (0, 0)
    assert box.inbox.seen == set()
    assert "EXAMINE" in box.commands
    assert "UID STORE" not in box.commands
    first, second = answers(creditor)
    assert (first.customer, first.dispatch, first.kind) == (customer, dispatch, "promise")
    assert first.suggestion["pay_on"] == "2026-11-20"
    assert first.received_at == datetime(2026, 11, 18, 9, tzinfo=UTC)
    assert (second.customer, second.kind) == (None, "opt_out")


def test_it_is_marked_as_read_only_where_that_was_asked_for():
    creditor, _customer, _dispatch = written_to()
    with imap_server() as (box, port):
        with_inbox(creditor, port, marks_read=True)
        box.add(answer("Hola"))
        fetch(creditor=creditor, actor=ACTOR, now=NOW)
    assert box.inbox.seen == {1}


def test_a_line_cut_in_the_middle_loses_nothing_and_keeps_the_trouble():
    creditor, _customer, _dispatch = written_to()
    with imap_server() as (box, port):
        with_inbox(creditor, port)
        for number in range(3):
            box.add(answer(f"Hola {number}", message_id=f"<{number}@cliente.example>"))
        box.breaks_at = 2
        with pytest.raises(InboxTrouble, match="dejado de contestar"):
            fetch(creditor=creditor, actor=ACTOR, now=NOW)
        assert len(answers(creditor)) == 1
        assert _account(creditor).trouble
        box.breaks_at = None
        assert fetch(creditor=creditor, actor=ACTOR, now=NOW).fetched == 2
    assert [each.text for each in answers(creditor)] == ["Hola 0", "Hola 1", "Hola 2"]
    assert _account(creditor).trouble == ""


def test_a_folder_that_was_numbered_anew_brings_nothing_twice():
    creditor, _customer, _dispatch = written_to()
    with imap_server() as (box, port):
        with_inbox(creditor, port)
        box.add(answer("Hola"))
        fetch(creditor=creditor, actor=ACTOR, now=NOW)
        box.inbox.validity = 2
        report = fetch(creditor=creditor, actor=ACTOR, now=NOW)
    assert (report.fetched, report.known) == (0, 1)
    assert len(answers(creditor)) == 1


def _account(creditor):
    with transaction.atomic(), scope([creditor.pk]):
        return InboxAccount.objects.get(creditor=creditor)


@pytest.mark.parametrize(
    "options, told",
    [
        ({"folder": "Nada"}, "carpeta «Nada»"),
        ({"username": "otro"}, "usuario o la contraseña"),
        ({"port": 1}, "No se puede leer"),
    ],
)
def test_what_is_wrong_with_the_box_is_told_in_words(options, told):
    creditor, _customer, _dispatch = written_to()
    with imap_server() as (_box, port):
        with_inbox(creditor, **{"port": port} | options)
        with pytest.raises(InboxTrouble, match=told):
            try_inbox(creditor=creditor, actor=ACTOR, now=NOW)


@pytest.mark.parametrize(
    "options, field",
    [
        ({"host": "imap ejemplo"}, "host"),
        ({"port": 0}, "port"),
        ({"security": "some"}, "security"),
        ({"username": " "}, "username"),
        ({"folder": "A\r\nB LOGOUT"}, "folder"),
        ({"password": "ñandú"}, "password"),
        ({"password": None}, "password"),  # another server, and none kept for it
    ],
)
def test_an_account_that_cannot_be_is_refused(options, field):
    creditor = make.creditor()
    values: dict[str, Any] = {"host": "imap.ejemplo.es", "username": "u", "password": "p"}
    with pytest.raises(InboxRefused) as refusal:
        set_inbox(creditor=creditor, actor=ACTOR, now=NOW, **values | options)
    assert refusal.value.facts["field"] == field


def test_a_kept_password_is_not_carried_to_another_server():
    creditor = make.creditor()
    same: dict[str, Any] = {"creditor": creditor, "actor": ACTOR, "now": NOW, "username": "u"}
    set_inbox(**same, host="imap.ejemplo.es", password="p")
    set_inbox(**same, host="imap.ejemplo.es", marks_read=True)
    with pytest.raises(InboxRefused):
        set_inbox(**same, host="malo.ejemplo.es")


def test_an_answer_is_tied_by_the_mail_it_answers_whoever_sends_it():
    creditor, customer, dispatch = written_to()
    message = arrives(creditor, answer("Hola", sender="otra@sitio.example"))
    assert (message.customer, message.dispatch) == (customer, dispatch)


def test_without_that_by_an_address_that_is_of_one_customer_only():
    creditor, customer, _dispatch = written_to()
    assert arrives(creditor, answer("Hola", sender=ANA.upper(), answers="")).customer == customer
    with transaction.atomic(), scope([creditor.pk]):
        point(make.customer(creditor=creditor), ANA)
    both = arrives(creditor, answer("Hola otra vez", sender=ANA, answers="", message_id="<r3@c.example>"))
    assert both.customer is None


def test_a_telephone_is_known_however_it_is_written():
    creditor, customer, _dispatch = written_to()
    with transaction.atomic(), scope([creditor.pk]):
        point(customer, "600 11 22 33", "phone")
        tie = tie_of(creditor, channel="sms", sender="+34600112233")
        stranger = tie_of(creditor, channel="sms", sender="+52600112233")
    assert tie.customer_id == customer.pk
    assert tie.addresses == ("+34600112233", "600 11 22 33")
    assert stranger.customer_id is None


def test_another_way_in_needs_only_a_reader(monkeypatch):
    creditor, customer, dispatch = written_to()
    with transaction.atomic(), scope([creditor.pk]):
        point(customer, "600 11 22 33", "phone")
        type(dispatch).objects.filter(pk=dispatch.pk).update(provider_id="SM1")
        ProviderEvent.objects.create(
            creditor=creditor,
            channel="sms",
            source="fake",
            external_id=f"{INCOMING}1",
            payload={},
            received_at=NOW,
        )
    heard = Heard(channel="sms", sender="+34600112233", text="STOP")
    monkeypatch.setitem(READERS, "fake", lambda event: heard)
    message = arrives(creditor)
    assert (message.customer, message.channel, message.kind) == (customer, "sms", "opt_out")
    assert _refused(creditor) == {("sms", "+34600112233"), ("sms", "600 11 22 33")}


def _refused(creditor):
    with transaction.atomic(), scope([creditor.pk]):
        return set(OptOut.objects.values_list("channel", "address"))


def test_told_twice_it_is_kept_once_and_another_with_its_id_is_kept_too():
    creditor, _customer, _dispatch = written_to()
    mail = answer("Hola")
    assert keep_raw_mail(creditor=creditor, content=mail, at=NOW)
    moved = b"Received: by other.example\r\n" + mail
    assert not keep_raw_mail(creditor=creditor, content=moved, at=NOW)
    assert keep_raw_mail(creditor=creditor, content=answer("Otra cosa"), at=NOW)
    arrives(creditor)
    arrives(creditor)
    assert [each.text for each in answers(creditor)] == ["Hola", "Otra cosa"]


def test_a_clear_end_takes_effect_without_a_person_and_says_so_in_the_chain():
    creditor, _customer, _dispatch = written_to()
    message = arrives(creditor, answer("BAJA", sender="gerencia@cliente.example"))
    assert message.state == "new"
    assert _refused(creditor) == {("email", ANA), ("email", "gerencia@cliente.example")}
    assert "inbound.opted_out" in verbs(creditor)


@pytest.mark.parametrize(
    "text",
    ["No quiero darme de baja", "> BAJA\n> STOP", "Pago el viernes\n\n-- \nBAJA SL", "¿Cómo me doy de baja?"],
)
def test_what_is_not_clear_takes_no_effect(text):
    creditor, _customer, _dispatch = written_to()
    arrives(creditor, answer(text))
    assert _refused(creditor) == set()


def test_a_machine_that_says_stop_is_no_customer():
    creditor, _customer, _dispatch = written_to()
    message = arrives(creditor, answer("STOP", Auto_Submitted="auto-replied"))
    assert (message.kind, _refused(creditor)) == ("out_of_office", set())


def test_a_mail_that_came_back_marks_the_address_and_asks_a_person():
    creditor, customer, dispatch = written_to()
    assert arrives(creditor, delivery_report(recipient=ANA), delivery_report(recipient=ANA)) is None
    with transaction.atomic(), scope([creditor.pk]):
        dispatch.refresh_from_db()
        assert dispatch.delivery == "bounced"
        assert ContactPoint.objects.get(customer=customer).quality == "bad"
        assert Task.objects.get(customer=customer).kind == "bad_address"
        event = DeliveryEvent.objects.get(dispatch=dispatch)
        assert (event.state, event.address) == ("bounced", ANA)
        assert "5.1.1" in event.detail
    assert verbs(creditor).count("mail.bounced") == 1


def test_a_full_box_asks_a_person_and_leaves_the_address():
    creditor, customer, _dispatch = written_to()
    arrives(creditor, delivery_report(recipient=ANA, status="5.2.2"))
    with transaction.atomic(), scope([creditor.pk]):
        assert ContactPoint.objects.get(customer=customer).quality == "unknown"
        assert Task.objects.get(customer=customer).kind == "mail_failed"


def test_a_delay_is_noted_and_a_bounce_after_it_goes_on():
    creditor, customer, dispatch = written_to()
    arrives(creditor, delivery_report(recipient=ANA, status="4.2.2", action="delayed"))
    with transaction.atomic(), scope([creditor.pk]):
        dispatch.refresh_from_db()
        assert dispatch.delivery == "queued"
        assert not Task.objects.filter(customer=customer).exists()
    arrives(creditor, delivery_report(recipient=ANA))
    arrives(creditor, delivery_report(recipient=ANA, status="4.2.1", action="delayed"))  # late news
    with transaction.atomic(), scope([creditor.pk]):
        dispatch.refresh_from_db()
        assert dispatch.delivery == "bounced"


def test_a_complaint_is_a_refusal():
    creditor, _customer, dispatch = written_to()
    arrives(creditor, complaint(recipient=ANA))
    with transaction.atomic(), scope([creditor.pk]):
        dispatch.refresh_from_db()
    assert dispatch.delivery == "complained"
    assert _refused(creditor) == {("email", ANA)}


def test_a_report_about_a_mail_of_others_waits_for_a_person():
    creditor, _customer, dispatch = written_to()
    message = arrives(creditor, delivery_report(recipient="x@y.example", original="<none@ours.example>"))
    assert (message.kind, message.customer) == ("bounce", None)
    with transaction.atomic(), scope([creditor.pk]):
        dispatch.refresh_from_db()
    assert dispatch.delivery == ""


def test_hostile_mails_are_all_taken_in():
    creditor, _customer, _dispatch = written_to()
    arrives(creditor, *HOSTILE.values())
    with transaction.atomic(), scope([creditor.pk]):
        events = ProviderEvent.objects.filter(creditor=creditor)
        assert events.count() == len(HOSTILE)
        assert not events.filter(processed_at=None).exists()
        assert not events.exclude(error="").exists()


def test_a_reader_that_fails_holds_nobody_up(monkeypatch):
    creditor, _customer, _dispatch = written_to()

    def broken(event):
        raise ValueError("no")

    with transaction.atomic(), scope([creditor.pk]):
        ProviderEvent.objects.create(
            creditor=creditor,
            channel="sms",
            source="fake",
            external_id=f"{INCOMING}1",
            payload={},
            received_at=NOW,
        )
    monkeypatch.setitem(READERS, "fake", broken)
    assert arrives(creditor, answer("Hola")).text == "Hola"
    with transaction.atomic(), scope([creditor.pk]):
        assert ProviderEvent.objects.get(source="fake").error


def test_ten_megabytes_are_kept_in_part_and_read():
    creditor, _customer, _dispatch = written_to()
    with imap_server() as (box, port):
        with_inbox(creditor, port)
        box.add(answer("Pago el viernes.\n\n" + "relleno " * 20) + b"x" * 10_000_000)
        fetch(creditor=creditor, actor=ACTOR, now=NOW)
    (message,) = answers(creditor)
    assert message.text.startswith("Pago el viernes.")
    with transaction.atomic(), scope([creditor.pk]):
        assert ProviderEvent.objects.get().payload["whole"] is False
