"""What a person decides before a message leaves, and about the mails nobody knows the fate of."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.operations.outbox import (
    AlreadyLeft,
    NoDoubt,
    UnknownKey,
    approve,
    discard_draft,
    edit,
    edit_as,
    postpone,
    resolve_doubt,
    skip,
)
from aldia.operations.outbox.deciding import EditRefused
from aldia.operations.respect import WordsQuestioned
from aldia.records.audit.models import AuditEntry
from aldia.records.outreach.models import Draft, Message
from aldia.records.tenancy.models import Membership
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.operations.outbox.house import (
    ACTOR,
    DAY,
    NOW,
    die_sending,
    dispatches,
    fates,
    house_with_mail,
    in_mailbox,
    messages,
    pass_everything,
    send,
    send_after_a_death,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BY: dict[str, Any] = {"actor": ACTOR, "now": NOW}


@pytest.fixture(autouse=True)
def everything_passes(monkeypatch):
    pass_everything(monkeypatch)


def _waiting(units):
    creditor = house_with_mail(units)
    with transaction.atomic(), scope([creditor.pk]):
        for each in messages(creditor):
            customer = each.customer
            make.message(
                customer=customer,
                once_key=f"episode:{customer.pk}/second/1",
                bundle=f"dunning:{customer.pk}:later",
                state="waiting_approval",
                planned_on=DAY,
                run_id=each.run_id,
            )
            Message.objects.filter(pk=each.pk).update(state="cancelled", reason="prueba")
    return creditor, [each.bundle for each in messages(creditor, state="waiting_approval")]


def test_one_yes_for_one_or_for_all_and_said_twice_it_changes_nothing():
    creditor, keys = _waiting(3)
    done = approve(creditor=creditor, keys=keys[:1], **BY)
    assert (done.units, done.messages, done.already) == (1, 1, 0)
    again = approve(creditor=creditor, keys=keys[:1], **BY)
    assert (again.units, again.already) == (0, 1)
    assert approve(creditor=creditor, **BY).units == 2
    assert approve(creditor=creditor, **BY).units == 0
    approved = messages(creditor, state="approved")
    assert {(each.approved_by, each.approved_at) for each in approved} == {(ACTOR, NOW)}
    with transaction.atomic(), scope([creditor.pk]):
        assert AuditEntry.objects.filter(verb="outbox.approved").count() == 2


def test_a_single_message_names_its_bundle():
    creditor, _ = _waiting(1)
    (message,) = messages(creditor, state="waiting_approval")
    assert approve(creditor=creditor, keys=[message.once_key], **BY).units == 1


def test_a_key_that_does_not_exist_refuses_them_all():
    creditor, keys = _waiting(2)
    with pytest.raises(UnknownKey, match="«dunning:0:nunca»"):
        approve(creditor=creditor, keys=[*keys, "dunning:0:nunca"], **BY)
    assert fates(creditor)["waiting_approval"] == 2


def test_the_key_of_another_creditor_does_not_exist():
    creditor, _keys = _waiting(1)
    _other, theirs = _waiting(1)
    with pytest.raises(UnknownKey):
        approve(creditor=creditor, keys=theirs, **BY)


def test_about_what_has_left_nothing_is_decided():
    creditor = house_with_mail(1)
    send(creditor)
    key, own = dispatches(creditor)[0].key, {"creditor": creditor, **BY}
    for decide in (
        lambda: skip(keys=[key], **own),
        lambda: approve(keys=[key], **own),
        lambda: postpone(keys=[key], until=NOW + timedelta(1), **own),
        lambda: edit(key=key, subject="Hola", body="Hola", **own),
    ):
        with pytest.raises(AlreadyLeft, match="ha salido"):
            decide()


def test_a_yes_to_what_has_left_is_none_to_what_came_after_it():
    creditor = house_with_mail(1)
    send(creditor)
    (left,) = messages(creditor)
    with transaction.atomic(), scope([creditor.pk]):
        make.message(
            customer=left.customer,
            bundle=left.bundle,
            state="waiting_approval",
            planned_on=DAY,
            run_id=left.run_id,
        )
    with pytest.raises(AlreadyLeft):
        approve(creditor=creditor, keys=[left.bundle], **BY)
    assert approve(creditor=creditor, keys=[f"{left.bundle}/2"], **BY).units == 1


def test_a_skipped_message_never_leaves_and_counts_as_done():
    creditor, keys = _waiting(1)
    assert skip(creditor=creditor, keys=keys, **BY).messages == 1
    approve(creditor=creditor, **BY)
    assert send(creditor).sent == 0
    assert [(each.state, each.reason) for each in messages(creditor)][1:] == [("skipped", "skipped")]


def test_a_postponed_message_leaves_at_its_time_and_keeps_its_state():
    creditor = house_with_mail(1)
    until = NOW + timedelta(days=3)
    postpone(creditor=creditor, keys=[messages(creditor)[0].bundle], until=until, **BY)
    assert (send(creditor).sent, fates(creditor)) == (0, {"approved": 1})
    assert send(creditor, now=until).sent == 1
    with pytest.raises(EditRefused):
        postpone(creditor=creditor, keys=["x"], until=NOW, **BY)


def test_an_edit_is_kept_for_its_unit_until_it_is_taken_back():
    creditor, (key,) = _waiting(1)
    edit(creditor=creditor, key=key, subject=" Otro\n asunto ", body="Hola,\r\nadiós", **BY)
    edit(creditor=creditor, key=key, subject="Otro asunto", body="Hola,\r\nadiós\n", **BY)
    with transaction.atomic(), scope([creditor.pk]):
        draft = Draft.objects.get()
    assert (draft.key, draft.subject, draft.body) == (key, "Otro asunto", "Hola,\nadiós")
    discard_draft(creditor=creditor, key=key, **BY)
    with transaction.atomic(), scope([creditor.pk]):
        assert not Draft.objects.exists()


def test_words_that_no_mail_can_have_are_refused():
    creditor, (key,) = _waiting(1)
    for subject, body in (
        ("x", " \n"),
        ("x" * 201, "y"),
        ("x", "y" * 20_001),
        ("x", "\0"),
        ("", "y"),
        ("x", "Hola, {nadie}"),
    ):
        with pytest.raises(EditRefused):
            edit(creditor=creditor, key=key, subject=subject, body=body, **BY)


def test_questioned_words_of_one_mail_need_the_reason_of_somebody_who_looks_after_texts():
    creditor, (key,) = _waiting(1)
    rude = {"key": key, "subject": "Un recordatorio", "body": "Es usted un moroso.", **BY}
    reason = "Lo ha pedido el propio cliente."
    with pytest.raises(WordsQuestioned):
        edit(creditor=creditor, **rude)
    gestor = Membership(creditor=creditor, role="gestor")
    with pytest.raises(WordsQuestioned):
        edit_as(member=gestor, accepted=reason, **rude)
    with transaction.atomic(), scope([creditor.pk]):
        assert not Draft.objects.exists()
    edit_as(member=Membership(creditor=creditor, role="manager"), accepted=reason, **rude)
    with transaction.atomic(), scope([creditor.pk]):
        assert Draft.objects.get().body == "Es usted un moroso."
        entry = AuditEntry.objects.filter(verb="outbox.edited").get()
    assert entry.payload["accepted"] == reason
    assert entry.payload["findings"] == ["insult"]


def _doubt():
    creditor = house_with_mail(1)
    assert die_sending(creditor, "outbox.handed_over")
    send_after_a_death(creditor)
    (dispatch,) = dispatches(creditor)
    assert (dispatch.state, dispatch.error[:23]) == ("unknown", "El envío se interrumpió")
    return creditor, dispatch.key


def test_a_doubt_counts_as_contact_until_a_person_says_that_it_never_arrived():
    creditor, key = _doubt()
    (message,) = messages(creditor)
    assert (message.state, message.reason, message.sent_on) == ("unknown", "in_doubt", DAY)
    resolve_doubt(creditor=creditor, key=key, sent=False, **BY)
    (message,) = messages(creditor)
    assert (message.state, message.reason, message.sent_on) == ("failed", "not_sent", None)
    assert send(creditor).sent == 0


def test_a_doubt_that_arrived_is_sent_on_the_day_it_left():
    creditor, key = _doubt()
    resolve_doubt(creditor=creditor, key=key, sent=True, actor="ana", now=NOW + timedelta(days=2))
    (message,), (dispatch,) = messages(creditor), dispatches(creditor)
    assert (message.state, message.sent_on) == ("sent", DAY)
    assert (dispatch.state, dispatch.resolved_by) == ("sent", "ana")
    assert set(in_mailbox(creditor).values()) == {1}
    with pytest.raises(NoDoubt):
        resolve_doubt(creditor=creditor, key=key, sent=False, **BY)
