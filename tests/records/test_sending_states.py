"""States of messages and of mails move by their table alone, whoever writes."""

import itertools

import pytest

from aldia.records.outreach.models import DispatchState, Message, MessageState
from tests import factories as make
from tests.records.refusals import refused

pytestmark = pytest.mark.django_db

MESSAGE_MOVES = {
    "planned": {"waiting_approval", "approved", "sending", "cancelled", "skipped", "failed"},
    "waiting_approval": {"planned", "approved", "cancelled", "skipped"},
    "approved": {"waiting_approval", "sending", "cancelled", "skipped", "failed"},
    "sending": {"planned", "approved", "sent", "failed", "unknown"},
    "sent": set(),
    "failed": set(),
    "cancelled": set(),
    "unknown": {"sent", "failed"},
    "skipped": set(),
}
DISPATCH_MOVES = {
    "claimed": {"sent", "failed", "unknown", "returned"},
    "returned": {"claimed"},
    "unknown": {"sent", "failed"},
    "sent": set(),
    "failed": set(),
}
_SENT = {"sent_on": make.MORNING.date(), "reason": "prueba"}


def _dispatch(customer, state, **fields):
    finished = None if state == "claimed" else make.MORNING
    ended = {"finished_at": finished, "begun_at": make.MORNING, "error": "duda"}
    return make.dispatch(customer=customer, state=state, **ended, **fields)


def _mail_for(customer, before, after):
    """The mail whose state allows the move: claimed before sending, settled by a person after a doubt."""
    if before == "unknown":
        return _dispatch(customer, after, resolved_at=make.MORNING, resolved_by="ana")
    state = {"sending": "claimed", "sent": "sent", "unknown": "unknown"}.get(after, "returned")
    return _dispatch(customer, state)


def test_a_message_goes_only_where_the_table_says(ours):
    customer = make.customer(creditor=ours)
    for before, after in itertools.permutations(MessageState.values, 2):
        allowed = after in MESSAGE_MOVES[before]
        mail = _mail_for(customer, before, after) if allowed else None
        message = make.message(customer=customer, state=before, dispatch=mail, **_SENT)
        move = Message.objects.filter(pk=message.pk)
        if allowed:
            assert move.update(state=after) == 1
        else:
            with refused("message_moves:"):
                move.update(state=after)


def test_a_mail_goes_only_where_the_table_says(ours):
    customer = make.customer(creditor=ours)
    for before, after in itertools.permutations(DispatchState.values, 2):
        mail = _dispatch(customer, before)
        changes = {
            "state": after,
            "finished_at": None if after == "claimed" else make.MORNING,
            "resolved_at": make.MORNING,
            "resolved_by": "ana",
        }
        move = type(mail).objects.filter(pk=mail.pk)
        if after in DISPATCH_MOVES[before]:
            assert move.update(**changes) == 1
        else:
            with refused("dispatch_moves:"):
                move.update(**changes)


@pytest.mark.parametrize(
    ("before", "after", "mail"),
    [
        ("approved", "sending", None),
        ("approved", "sending", "sent"),
        ("sending", "sent", None),
        ("sending", "sent", "claimed"),
        ("sending", "unknown", "sent"),
        ("unknown", "sent", "unknown"),
        ("unknown", "failed", "failed"),
    ],
)
def test_a_message_is_sent_in_doubt_or_under_way_only_as_its_mail_is(ours, before, after, mail):
    customer = make.customer(creditor=ours)
    dispatch = _dispatch(customer, mail) if mail else None
    message = make.message(customer=customer, state=before, dispatch=dispatch, **_SENT)
    with refused("by no dispatch"):
        Message.objects.filter(pk=message.pk).update(state=after)


def test_a_doubt_is_settled_by_a_person(ours):
    mail = _dispatch(make.customer(creditor=ours), "unknown")
    with refused("only a person settles"):
        type(mail).objects.filter(pk=mail.pk).update(state="sent")


def test_keys_stay_and_mails_are_never_removed(ours):
    message = make.message(customer=make.customer(creditor=ours))
    mail = make.dispatch(customer=message.customer)
    for row, changes in (
        (message, {"once_key": "x"}),
        (message, {"bundle": "x"}),
        (mail, {"key": "x"}),
        (mail, {"message_id": "x"}),
    ):
        with refused("stay"):
            type(row).objects.filter(pk=row.pk).update(**changes)
    with refused("stays"):
        type(mail).objects.filter(pk=mail.pk)._raw_delete(using="default")
