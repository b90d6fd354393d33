"""From the yes to the mail: what leaves, what stays, what is written down."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import polars as pl
import psycopg
import pytest
from django.db import connection, transaction

from aldia.channels.mail import NotSent
from aldia.channels.mailbox import MailboxTransport
from aldia.kernel.errors import AldiaError
from aldia.operations.outbox import (
    MailNotConfigured,
    RehearsalLeaves,
    approve,
    asking,
    claiming,
    resume_sending,
    send_due,
    sending,
    stop_sending,
)
from aldia.operations.run.record import RunRow, _still_here
from aldia.queries import outbox
from aldia.queries.outbox import mailbox
from aldia.queries.portfolio import freeze
from aldia.queries.snapshot import snapshot_of
from aldia.records.audit.models import AuditEntry
from aldia.records.outreach.models import Dispatch, DispatchLine, MailAccount, Message, MessageLine
from aldia.records.tenancy.models import House
from aldia.records.tenancy.scope import scope
from aldia.rules.gate import Allowed, Refused
from tests import factories as make
from tests.operations.outbox.house import (
    ACTOR,
    DAY,
    NOW,
    dispatches,
    fates,
    house_with_mail,
    in_mailbox,
    messages,
    over_smtp,
    pass_everything,
    send,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def everything_passes(monkeypatch):
    pass_everything(monkeypatch)


def _beside(creditor, message, **fields):
    """Another message of the same bundle."""
    with transaction.atomic(), scope([creditor.pk]):
        return make.message(
            customer=message.customer,
            bundle=message.bundle,
            planned_on=DAY,
            run_id=message.run_id,
            **{"state": "planned", **fields},
        )


def _look_by(monkeypatch, looks):
    """The looks at whole batches and at single units are these, and really asked for."""
    monkeypatch.setattr(asking, "last_looks", looks)
    monkeypatch.setattr(asking, "judging_of", lambda creditor, bundles, *, now: (creditor, bundles, now))
    monkeypatch.setattr(asking, "looks_by", lambda asked: looks(asked[0], asked[1], now=asked[2]))
    monkeypatch.setattr(claiming, "looked_at", asking.looked_at)


def test_a_mail_that_left_is_written_down_with_what_it_said():
    creditor = house_with_mail(1)
    report = send(creditor)
    (mail,), (message,), (dispatch,) = mailbox(creditor), messages(creditor), dispatches(creditor)
    assert report.as_dict() | {"sent": 1} == report.as_dict()
    assert (mail.key, mail.recipient, mail.subject) == (message.bundle, "c0@example.com", "Aviso")
    assert (mail.at, mail.headers["Message-ID"]) == (NOW, dispatch.message_id)
    assert (message.state, message.sent_on, message.sent_at) == ("sent", DAY, NOW)
    assert (dispatch.state, dispatch.key, dispatch.attempts) == ("sent", message.bundle, 1)
    assert message.dispatch_id == dispatch.pk
    with transaction.atomic(), scope([creditor.pk]):
        line = DispatchLine.objects.get()
        entry = AuditEntry.objects.order_by("-sequence")[0]
    assert (line.dispatch_id, line.due_line_id, line.open_minor) == (dispatch.pk, message.due_line_id, 10_000)
    assert (entry.verb, entry.payload) == ("outbox.sent", {"units": 1, "dispatches": [dispatch.pk]})
    assert "example.com" not in str(entry.payload)


def test_sending_again_and_again_sends_nothing_more():
    creditor = house_with_mail(3)
    first = send(creditor)
    later = [send(creditor, now=NOW + timedelta(minutes=each)) for each in range(1, 25)]
    assert (first.sent, sum(each.sent for each in later)) == (3, 0)
    assert set(in_mailbox(creditor).values()) == {1}


def test_rows_of_one_bundle_leave_as_one_mail_and_latecomers_as_another():
    creditor = house_with_mail(1)
    (first,) = messages(creditor)
    _beside(creditor, first)
    assert send(creditor).sent == 1
    _beside(creditor, first)
    assert send(creditor).sent == 1
    assert list(in_mailbox(creditor)) == [first.bundle, f"{first.bundle}/2"]
    assert fates(creditor) == {"sent": 3}


def test_a_bundle_waits_for_the_yes_to_all_of_it():
    creditor = house_with_mail(1)
    (first,) = messages(creditor)
    _beside(creditor, first, state="waiting_approval")
    report = send(creditor)
    assert (report.sent, report.waiting) == (0, 1)
    approve(creditor=creditor, keys=[first.bundle], actor=ACTOR, now=NOW)
    assert send(creditor).sent == 1


def test_a_bundle_leaves_by_the_channel_of_its_highest_step():
    creditor = house_with_mail(1)
    over_smtp(creditor, 1)  # mail has a server; short messages have no provider yet
    (first,) = messages(creditor)
    _beside(creditor, first, rank=3, channel="sms")
    report = send(creditor)
    assert (report.sent, report.waiting_channel) == (0, 1)
    assert fates(creditor) == {"approved": 1, "planned": 1}


def test_what_the_gate_refuses_is_cancelled_or_put_off_with_its_reason(monkeypatch):
    creditor = house_with_mail(3)
    later = NOW + timedelta(hours=5)
    answers = [
        Refused("paid", "Cuenta del cliente", None),
        Refused("window", "Ley", later, {"a": 1}),
        Allowed(),
    ]
    monkeypatch.setattr(
        claiming,
        "looked_at",
        lambda creditor, units, **_moment: dict(zip([unit.key for unit in units], answers, strict=False)),
    )
    report = send(creditor)
    assert (report.sent, report.cancelled, report.postponed) == (1, {"paid": 1}, {"window": 1})
    paid, put_off, _sent = messages(creditor)
    assert (paid.state, paid.reason) == ("cancelled", "paid")
    assert (put_off.state, put_off.not_before_at) == ("approved", later)
    assert put_off.refusal == {"rule": "window", "source": "Ley", "facts": {"a": 1}}
    assert send(creditor, now=NOW + timedelta(hours=4)).postponed == {}
    pass_everything(monkeypatch)
    assert send(creditor, now=later).sent == 1


def test_a_message_that_no_longer_stands_falls_out_of_its_bundle(monkeypatch):
    creditor = house_with_mail(1)
    (first,) = messages(creditor)
    gone = _beside(creditor, first)
    look = Allowed((first.pk,), {gone.pk: Refused("paid", "Cuenta del cliente", None)})
    monkeypatch.setattr(claiming, "looked_at", lambda creditor, units, **_moment: {first.bundle: look})
    assert send(creditor).sent == 1
    assert [each.state for each in messages(creditor)] == ["sent", "cancelled"]


def test_where_the_message_that_chose_the_way_falls_out_the_rest_goes_its_own_way(monkeypatch):
    """A text message fell due with a mail and is void by now: the mail is no text message."""
    creditor = house_with_mail(1)
    (first,) = messages(creditor)
    gone = _beside(creditor, first, rank=3, channel="sms")

    def looks(creditor, units, **_moment):
        refused = Refused("paid", "Cuenta del cliente", None)
        return {
            unit.key: Allowed((first.pk,), {gone.pk: refused} if gone.pk in unit.message_ids else {})
            for unit in units
        }

    monkeypatch.setattr(claiming, "looked_at", looks)
    assert send(creditor).sent == 1
    assert [(each.channel, each.recipient) for each in dispatches(creditor)] == [("email", "c0@example.com")]
    assert fates(creditor) == {"sent": 1, "cancelled": 1}


@pytest.mark.parametrize("rule", ["not_approved", "brake_held"])
def test_what_came_to_need_a_yes_goes_where_a_yes_can_be_given(monkeypatch, rule):
    creditor = house_with_mail(1)
    (first,) = messages(creditor)
    later = _beside(creditor, first)
    with transaction.atomic(), scope([creditor.pk]):
        Message.objects.filter(pk=first.pk).update(state="cancelled", reason="superseded")
    refused = Refused(rule, "Estrategia", NOW + timedelta(minutes=15))
    monkeypatch.setattr(claiming, "looked_at", lambda creditor, units, **_moment: {first.bundle: refused})
    report = send(creditor)
    assert (report.sent, report.waiting) == (0, 1)
    monkeypatch.undo()
    pass_everything(monkeypatch)
    approve(creditor=creditor, keys=[first.bundle], actor=ACTOR, now=NOW)
    assert send(creditor).sent == 1
    assert messages(creditor, pk=later.pk)[0].state == "sent"


def test_a_defect_over_one_message_holds_up_no_other(monkeypatch):
    creditor = house_with_mail(3)
    broken = messages(creditor)[1].bundle

    def looks(creditor, bundles, *, now):
        return {key: Allowed(tuple(ids)) for key, ids in bundles.items() if key != broken or ids["x"]}

    _look_by(monkeypatch, looks)
    report = send(creditor)
    assert (report.sent, report.postponed) == (2, {"trouble": 1})


def test_what_is_tried_again_keeps_its_key_though_a_latecomer_has_left(monkeypatch):
    creditor = house_with_mail(1)
    (first,) = messages(creditor)
    hand_over = MailboxTransport.send

    def latecomer():
        try:
            _beside(creditor, first)
            assert send(creditor).sent == 1
        finally:
            connection.close()

    def come_later(self, mail):
        monkeypatch.setattr(MailboxTransport, "send", hand_over)
        with ThreadPoolExecutor(1) as another_session:
            another_session.submit(latecomer).result()
        return NotSent("Vuelva más tarde.")

    monkeypatch.setattr(MailboxTransport, "send", come_later)
    assert send(creditor).returned == 1
    assert send(creditor, now=NOW + timedelta(hours=1)).sent == 1
    assert in_mailbox(creditor) == {f"{first.bundle}/2": 1, first.bundle: 1}


def test_what_is_put_off_while_it_is_being_claimed_stays(monkeypatch):
    creditor = house_with_mail(1)
    find = outbox.units_ready

    def find_and_lose(creditor, **options):
        found = find(creditor, **options)
        Message.objects.update(not_before_at=NOW + timedelta(days=1))
        return found

    monkeypatch.setattr(claiming, "units_ready", find_and_lose)
    assert send(creditor).sent == 0
    assert fates(creditor) == {"approved": 1}


def test_who_is_told_to_end_finishes_the_mail_under_way_and_gives_back_the_rest():
    creditor = house_with_mail(4)
    asked = iter([False, True, True, True])
    report = send(creditor, is_over=lambda: next(asked))
    assert (report.sent, report.returned) == (1, 3)
    assert fates(creditor) == {"sent": 1, "approved": 3}


def test_a_look_that_has_grown_old_is_taken_again(monkeypatch):
    creditor = house_with_mail(2)
    monkeypatch.setattr(sending, "_LOOK_GOOD_FOR_SECONDS", -1.0)
    report = send_due(creditor=creditor, now=NOW, actor=ACTOR)
    assert (report.sent, report.returned, report.more) == (0, 2, True)


def test_a_doubt_shows_although_the_red_button_is_pressed():
    creditor = house_with_mail(1)
    (first,) = messages(creditor)
    with transaction.atomic(), scope([creditor.pk]):
        dispatch = make.dispatch(
            customer=first.customer, key=first.bundle, unit=first.bundle, worker=999_999, begun_at=NOW
        )
        Message.objects.filter(pk=first.pk).update(state="sending", dispatch=dispatch)
    stop_sending(creditor=creditor, actor="ana", now=NOW)
    report = send(creditor)
    assert (report.doubts, report.sent) == (1, 0)
    assert fates(creditor) == {"unknown": 1}


def test_trouble_with_one_customer_puts_off_that_message_alone(monkeypatch):
    creditor = house_with_mail(3)
    broken = messages(creditor)[1].bundle

    def looks(creditor, bundles, *, now):
        if broken in bundles:
            raise AldiaError("No se entiende.")
        return {key: Allowed(tuple(ids)) for key, ids in bundles.items()}

    _look_by(monkeypatch, looks)
    report = send(creditor)
    assert (report.sent, report.postponed) == (2, {"trouble": 1})
    (put_off,) = messages(creditor, state="approved")
    assert (put_off.bundle, put_off.reason) == (broken, "")
    assert put_off.refusal == {
        "rule": "trouble",
        "source": "No se entiende.",
        "facts": {"code": "error", "sentence": "No se entiende."},
    }


def test_the_red_button_stops_within_one_mail_and_what_is_left_goes_on_later(monkeypatch):
    creditor = house_with_mail(4)
    hand_over = MailboxTransport.send

    def press(self, mail):
        stop_sending(creditor=creditor, actor="ana", now=NOW)
        return hand_over(self, mail)

    monkeypatch.setattr(MailboxTransport, "send", press)
    report = send(creditor)
    assert (report.sent, report.returned) == (1, 3)
    assert "parados (ana)" in report.stopped
    assert fates(creditor) == {"sent": 1, "approved": 3}
    assert send(creditor).sent == 0
    monkeypatch.setattr(MailboxTransport, "send", hand_over)
    resume_sending(creditor=creditor, actor="ana", now=NOW)
    assert send(creditor).sent == 3
    assert set(in_mailbox(creditor).values()) == {1}


def test_the_lock_on_the_house_holds_everybody():
    House.objects.update_or_create(
        pk=1, defaults={"sending_locked_at": NOW, "sending_locked_reason": "copia restaurada."}
    )
    creditor = house_with_mail(1)
    report = send(creditor)
    assert (report.sent, report.stopped) == (0, "Los envíos están bloqueados: copia restaurada.")
    House.objects.update(sending_locked_at=None, sending_locked_reason="")


def test_simulated_time_never_leaves_the_house(monkeypatch):
    creditor = house_with_mail(1)
    over_smtp(creditor, 1)
    monkeypatch.undo()
    with pytest.raises(RehearsalLeaves, match="fecha simulada"):
        send(creditor)
    assert (fates(creditor), dispatches(creditor)) == ({"approved": 1}, [])


def test_without_an_account_nothing_is_claimed_unless_this_machine_keeps_all_mail(monkeypatch):
    creditor = house_with_mail(1)
    with transaction.atomic(), scope([creditor.pk]):
        MailAccount.objects.all().delete()
    with pytest.raises(MailNotConfigured, match="Falta configurar el correo"):
        send(creditor)
    assert fates(creditor) == {"approved": 1}
    monkeypatch.setenv("ALDIA_MAILBOX", "1")
    assert send(creditor).sent == 1


def test_mail_is_never_sent_inside_a_transaction():
    creditor = house_with_mail(1)
    with transaction.atomic(), pytest.raises(AssertionError, match="cannot be rolled back"):
        send(creditor)


def test_a_daily_run_does_not_withdraw_what_is_being_sent():
    creditor = house_with_mail(2)
    going, waiting = messages(creditor)
    with transaction.atomic(), scope([creditor.pk]):
        Message.objects.filter(pk=waiting.pk).update(state="waiting_approval")
        dispatch = make.dispatch(customer=going.customer)
        Message.objects.filter(pk=going.pk).update(state="sending", dispatch=dispatch)
        row = RunRow(creditor.pk, 1, DAY, {})
        assert _still_here(row, pl.Series([going.pk, waiting.pk, None], dtype=pl.Int64)) == [waiting.pk]


def test_a_database_line_that_breaks_while_a_mail_leaves_costs_no_doubt(monkeypatch, app_dsn):
    creditor = house_with_mail(3)
    hand_over = MailboxTransport.send
    cut: list[int] = []

    def and_cut(self, mail):
        answer = hand_over(self, mail)
        if not cut:
            cut.append(connection.connection.info.backend_pid)
            with psycopg.connect(app_dsn) as other:
                other.execute("SELECT pg_terminate_backend(%s)", cut)
            time.sleep(0.1)
        return answer

    monkeypatch.setattr(MailboxTransport, "send", and_cut)
    monkeypatch.setattr(sending, "_CALL_AGAIN_SECONDS", 0.05)
    report = send(creditor)
    assert (report.sent, report.returned, report.unknown) == (1, 2, 0)
    assert "base de datos" in report.trouble
    assert send(creditor, now=NOW + timedelta(minutes=5)).sent == 2
    assert set(in_mailbox(creditor).values()) == {1}


def test_a_claim_counts_from_what_the_mail_said_not_from_what_was_planned():
    creditor = house_with_mail(2)
    with transaction.atomic(), scope([creditor.pk]):
        for message in Message.objects.all():
            told = {"creditor": creditor, "message": message, "customer_id": message.customer_id}
            MessageLine.objects.create(
                **told,
                due_line_id=message.due_line_id or 0,
                currency="EUR",
                open_minor=10_000,
                days_overdue=21,
                claim_from=DAY,
                claim_until=DAY,
            )
    assert _claimed_lines(creditor) == []
    send(creditor)
    assert _claimed_lines(creditor) == []
    with transaction.atomic(), scope([creditor.pk]):
        said = DispatchLine.objects.order_by("pk")[0]
        said.pk, said.attempt, said.claim_from, said.claim_until = None, 2, DAY, DAY
        said.save(force_insert=True)
        Dispatch.objects.filter(pk=said.dispatch_id).update(attempts=2)
    assert _claimed_lines(creditor) == [said.due_line_id]


def _claimed_lines(creditor):
    with transaction.atomic(), scope([creditor.pk]), snapshot_of(creditor.pk) as snapshot:
        return freeze(snapshot, DAY).claims["line_id"].to_list()
