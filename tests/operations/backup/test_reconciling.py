"""After a restore nothing leaves until a person has said what becomes of mail that may have left already."""

from datetime import timedelta

import pytest
from django.db import transaction

from aldia.operations.backup import unlock_sending
from aldia.operations.backup.errors import NotLocked, RunFirst, StillPending
from aldia.operations.run import daily_run
from aldia.queries.creditors import the_creditor
from aldia.queries.reconciliation import sending_lock, standings
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import DailyRun
from aldia.records.outreach.models import Dispatch, Message
from aldia.records.tenancy.scope import scope
from tests.cli.books import DAY, NOW
from tests.operations.backup.conftest import Place, create, leave
from tests.operations.backup.test_making import copy
from tests.operations.backup.test_restoring import restore

UNDER_WAY = "dunning:x:2026-11-20"
SOON, LATER = NOW + timedelta(minutes=5), NOW + timedelta(days=20)


@pytest.fixture(scope="module")
def restored(luz_place, tmp_path_factory):
    """The copy of a house in which one message waits for its yes and another is just leaving, put back."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        luz_place.enter(monkeypatch)
        _let_one_leave()
        made = copy(tmp_path_factory.mktemp("copia") / "copia.tar")
        place = Place(
            luz_place.app.replace("_luz", "_restored"),
            luz_place.owner.replace("_luz", "_restored"),
            luz_place.home,
        )
        create(place)
        place.enter(monkeypatch)
        restore(made.path)
        leave()
    return place


def _let_one_leave():
    """A second message, claimed by a worker that will not live to tell."""
    creditor = the_creditor("luz")
    with transaction.atomic(), scope([creditor.pk]):
        message = Message.objects.get()
        said = {"creditor": creditor, "customer": message.customer, "channel": "email"}
        dispatch = Dispatch.objects.create(
            **said,
            key=UNDER_WAY,
            unit=UNDER_WAY,
            recipient="a@b.example",
            message_id="<1@luz.example>",
            worker=1,
            claimed_at=NOW,
        )
        second = Message.objects.create(
            **said,
            once_key="episode:1/x/1",
            kind=message.kind,
            bundle=UNDER_WAY,
            step="x",
            state="approved",
            approved_by="eva",
            approved_at=NOW,
            planned_on=DAY,
        )
        Message.objects.filter(pk=second.pk).update(state="sending", dispatch=dispatch)


@pytest.fixture
def luz_back(restored, monkeypatch):
    """The restored house; what a test changes there is undone."""
    restored.enter(monkeypatch)
    with transaction.atomic():
        yield the_creditor("luz")
        transaction.set_rollback(True)


@pytest.fixture
def luz_again(restored, elsewhere, monkeypatch):
    """A house of its own, where runs may be made."""
    create(elsewhere, restored.database)
    elsewhere.lay_key(restored)
    elsewhere.enter(monkeypatch)
    return the_creditor("luz")


def _messages(creditor):
    with transaction.atomic(), scope([creditor.pk]):
        return list(Message.objects.order_by("pk").values_list("state", "reason"))


def _as_if_run_since(creditor):
    """Another run of the same day, after the restore."""
    with transaction.atomic(), scope([creditor.pk]):
        last = DailyRun.objects.latest("on_date", "sequence")
        another = last.sequence + 1
        DailyRun.objects.create(creditor=creditor, on_date=last.on_date, sequence=another, now_at=SOON)


def test_what_was_leaving_is_in_doubt_and_what_waited_is_listed(luz_back):
    (standing,) = standings(now=NOW)
    assert standing.copied_at == NOW
    assert standing.doubts == (UNDER_WAY,)
    assert [(each.customer_code, each.state, each.new) for each in standing.pending] == [
        ("TARDE", "planned", False)
    ]
    assert _messages(luz_back) == [("planned", ""), ("unknown", "in_doubt")]


def test_without_a_word_about_what_waits_the_lock_stays(luz_back):
    _as_if_run_since(luz_back)
    with pytest.raises(StillPending, match="Hay 1 mensajes"):
        unlock_sending(pending=None, actor="eva", now=NOW)
    assert sending_lock() is not None


def test_what_may_have_left_counts_as_done_and_is_never_planned_again(luz_again):
    _as_if_run_since(luz_again)
    done = unlock_sending(pending="skip", actor="eva", now=NOW)
    assert (done.sendable, done.skipped, sending_lock()) == (0, 1, None)
    daily_run(creditor=luz_again, on=DAY, now=NOW, actor="prueba")
    assert _messages(luz_again) == [("skipped", "restored"), ("unknown", "in_doubt")]


def test_what_did_not_leave_may_leave_after_all(luz_back):
    _as_if_run_since(luz_back)
    done = unlock_sending(pending="send", actor="eva", now=NOW)
    assert (done.sendable, done.skipped, sending_lock()) == (1, 0, None)
    assert _messages(luz_back)[0] == ("planned", "")


def test_first_the_run_of_today_must_say_what_it_would_send_anew(luz_again):
    with pytest.raises(RunFirst, match="luz"):
        unlock_sending(pending="skip", actor="eva", now=LATER)
    daily_run(creditor=luz_again, on=LATER.date(), now=LATER, actor="prueba")
    pending = standings(now=LATER)[0].pending
    assert {each.new for each in pending} == {True, False}
    unlock_sending(pending="skip", actor="eva", now=LATER)
    assert {state for state, _reason in _messages(luz_again)} == {"skipped", "unknown"}


def test_the_run_that_was_in_the_copy_is_not_enough_one_since_the_restore_is(luz_again):
    with pytest.raises(RunFirst, match="luz"):
        unlock_sending(pending="skip", actor="eva", now=NOW)
    assert daily_run(creditor=luz_again, on=DAY, now=SOON, actor="prueba").recorded
    assert daily_run(creditor=luz_again, on=DAY, now=SOON, actor="prueba").recorded
    unlock_sending(pending="skip", actor="eva", now=SOON)
    assert not daily_run(creditor=luz_again, on=DAY, now=SOON, actor="prueba").recorded


def test_who_took_off_the_lock_stands_in_every_chain(luz_back):
    _as_if_run_since(luz_back)
    unlock_sending(pending="skip", actor="eva", now=NOW)
    with transaction.atomic(), scope([luz_back.pk]):
        entry = AuditEntry.objects.latest("sequence")
    assert (entry.verb, entry.actor) == ("house.reconciled", "eva")
    assert entry.payload == {"pending": 1, "choice": "skip", "messages_skipped": 1, "doubts": 1}


def test_a_house_that_is_not_locked_has_nothing_to_reconcile(luz):
    with pytest.raises(NotLocked):
        unlock_sending(pending="skip", actor="eva", now=NOW)
