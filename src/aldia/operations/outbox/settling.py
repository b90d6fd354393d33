"""The end of one message and the beginning of the next, in one commit: a kill leaves one doubt at most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from aldia.channels.mail import NotSent, Outcome, Sent, Unknown
from aldia.kernel import clock
from aldia.kernel.faults import fault_point
from aldia.operations.alerts import alert_about_dispatch
from aldia.operations.audit import record_event
from aldia.operations.contact_log import SAID_LENGTH_MAX, log_dispatch
from aldia.operations.opt_outs import SAID_BY_PROVIDER, take_as_refused
from aldia.operations.outbox.batch import Claimed, Round
from aldia.operations.outbox.falling_back import go_on_elsewhere
from aldia.records.cases.models import Task
from aldia.records.outreach.models import ChannelAccount, Dispatch, MailAccount, Message
from aldia.records.parties.models import ContactPoint, PointQuality
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import ask_alone, scope
from aldia.rules.gate import GateRule
from aldia.rules.texts.phones import e164

BAD_ADDRESS, REJECTED, PUT_OFF, IN_DOUBT = "bad_address", "rejected", "put_off", "in_doubt"
OPTED_OUT = GateRule.OPTED_OUT.value
"""Codes of `Message.reason` for what went wrong on the way."""

_PUT_OFF_FIRST, _PUT_OFF_LONGEST = timedelta(minutes=15), timedelta(hours=4)
_PUT_OFF_TIMES_MAX = 8

_NUMBER_OF = {"sms": "phone", "whatsapp": "whatsapp"}  # channel → whose contact points

# What is sent is settled as the next begins, or the next begins alone (a function of the database).
_LEFT_AND_BEGUN = """
SELECT begun FROM outreach_left_and_begun(
    %(creditor)s, %(worker)s, %(now)s, %(zone)s, %(actor)s, %(done)s, %(provider_id)s, %(said)s, %(next)s)
"""


@dataclass(frozen=True, slots=True)
class Done:
    """A message that was handed over, and what became of it."""

    claimed: Claimed
    outcome: Outcome


def settle_and_begin(round_: Round, done: Done | None, following: Claimed | None) -> tuple[str, bool]:
    """In one commit: what became of one message is written down, and that the next may have left from now on.

    The state of the first ("" for none), and whether the next may leave: not after the stop, and not where
    it is no longer ours. Asked again after a broken line, it writes nothing twice.
    """
    if done is None or isinstance(done.outcome, Sent):
        (begun,) = ask_alone([round_.creditor.pk], _LEFT_AND_BEGUN, _names(round_, done, following))
        if done is not None:
            _left(round_, done.claimed)
        return "sent" if done else "", begun
    with transaction.atomic(), scope([round_.creditor.pk], until_commit=True):
        state = _settled(round_, done)
        if following is None:
            return state, False
        with connection.cursor() as cursor:
            cursor.execute(_LEFT_AND_BEGUN, _names(round_, None, following))
            (begun,) = cursor.fetchone()
        return state, begun


def _names(round_: Round, done: Done | None, following: Claimed | None) -> dict[str, Any]:
    sent = done.outcome if done and isinstance(done.outcome, Sent) else None
    return {
        "creditor": round_.creditor.pk,
        "worker": round_.worker,
        "now": round_.now,
        "zone": round_.creditor.time_zone,
        "actor": round_.actor,
        "done": done.claimed.dispatch_id if done else None,
        "provider_id": sent.provider_id if sent else "",
        "said": sent.answer[:SAID_LENGTH_MAX] if sent else "",
        "next": following.dispatch_id if following else None,
    }


def _left(round_: Round, claimed: Claimed) -> None:
    """The audit tells of all that left in a batch at its end; its channel has no trouble any more."""
    round_.left.append(claimed.dispatch_id)
    channel = claimed.mail.channel
    if channel not in round_.ways.well:
        with transaction.atomic(), scope([round_.creditor.pk]):
            _all_is_well(round_.creditor.pk, channel)
        round_.ways.well.add(channel)


def _settled(round_: Round, done: Done) -> str:
    """The state of a dispatch that was not simply sent. Done once, however often it is called."""
    dispatch = Dispatch.objects.select_for_update().get(pk=done.claimed.dispatch_id)
    if dispatch.state != "claimed" or dispatch.worker != round_.worker:
        return dispatch.state
    state, reason, said = _fate(dispatch, done.outcome)
    _close(dispatch, state, round_.now, error=said)
    if state == "returned":
        _give_back([dispatch.pk], round_.now + _pause(dispatch.put_off_times))
    else:
        _messages_follow(round_.creditor, dispatch, reason)
    if state == "failed":
        _what_follows(round_, dispatch, reason)
        go_on_elsewhere(round_.creditor, dispatch, now=round_.now)
    _log(dispatch, now=round_.now, actor=round_.actor, said=said)
    fault_point("outbox.logged")
    _audit(round_, f"mail.{state}", dispatch)
    fault_point("outbox.settling")
    return state


def _what_follows(round_: Round, dispatch: Dispatch, reason: str) -> None:
    """Who wants nothing by this way is heard; all else somebody has to look at."""
    if reason == OPTED_OUT:
        take_as_refused(
            round_.creditor,
            channel=dispatch.channel,
            address=dispatch.recipient,
            customer_id=dispatch.customer_id,
            dispatch=dispatch,
            at=round_.now,
            actor=round_.actor,
            note=SAID_BY_PROVIDER,
        )
    else:
        ask_a_person(dispatch, reason, clock.business_date(round_.now, round_.creditor.time_zone))


def audit_of_the_sent(round_: Round) -> None:
    """One entry for all that left in a batch, by dispatch. Inside a transaction in scope."""
    if round_.left:
        record_event(
            creditor_id=round_.creditor.pk,
            verb="outbox.sent",
            subject=f"creditor:{round_.creditor.pk}",
            actor=round_.actor,
            payload={"units": len(set(round_.left)), "dispatches": sorted(set(round_.left))},
            at=round_.now,
        )


def _fate(dispatch: Dispatch, outcome: Outcome) -> tuple[str, str, str]:
    """State of a dispatch that was not simply sent, reason code of its messages, and what was said."""
    match outcome:
        case Unknown(reason=said):
            return "unknown", IN_DOUBT, said
        case NotSent(reason=said, permanent=True, opted_out=True):
            return "failed", OPTED_OUT, said
        case NotSent(reason=said, permanent=True, bad_address=bad):
            return "failed", BAD_ADDRESS if bad else REJECTED, said
    assert isinstance(outcome, NotSent), "what was sent is written in one go"
    dispatch.put_off_times += 1
    if dispatch.put_off_times > _PUT_OFF_TIMES_MAX:
        return "failed", PUT_OFF, outcome.reason
    return "returned", "", outcome.reason


def _pause(times: int) -> timedelta:
    doublings: int = 2 ** (times - 1)
    return min(_PUT_OFF_LONGEST, _PUT_OFF_FIRST * doublings)


def _close(dispatch: Dispatch, state: str, now: datetime, *, error: str) -> None:
    dispatch.state, dispatch.finished_at, dispatch.error = state, now, error
    dispatch.save(update_fields=["state", "finished_at", "error", "put_off_times"])


def _messages_follow(creditor: Creditor, dispatch: Dispatch, reason: str) -> None:
    """What is in doubt counts as contact on the day it began; what failed never took place."""
    values: dict[str, Any] = {"state": dispatch.state, "reason": reason}
    if dispatch.state != "failed":
        assert dispatch.begun_at is not None
        values["sent_at"] = dispatch.begun_at
        values["sent_on"] = clock.business_date(dispatch.begun_at, creditor.time_zone)
    Message.objects.filter(dispatch=dispatch, state="sending").update(**values)


def ask_a_person(dispatch: Dispatch, reason: str, on: date) -> None:
    """A task, one for each reason; an address that is wrong is not written to again until somebody has looked
    at it. Inside a transaction in scope."""
    Task.objects.get_or_create(
        creditor_id=dispatch.creditor_id,
        once_key=f"dispatch:{dispatch.pk}/{reason}/1",
        defaults={
            "customer_id": dispatch.customer_id,
            "kind": BAD_ADDRESS if reason == BAD_ADDRESS else "mail_failed",
            "channel": dispatch.channel,
            "due_on": on,
        },
    )
    if reason == BAD_ADDRESS:
        points = ContactPoint.objects.filter(pk__in=points_of(dispatch))
        points.update(quality=PointQuality.BAD)


def points_of(dispatch: Dispatch) -> list[int]:
    """Ids of the contact points that the message went to; a telephone however it is written."""
    points = ContactPoint.objects.filter(customer_id=dispatch.customer_id)
    if dispatch.channel not in _NUMBER_OF:
        return list(points.filter(value=dispatch.recipient).values_list("pk", flat=True))
    country = dispatch.customer.country or dispatch.creditor.country
    return [
        point.pk
        for point in points.filter(channel=_NUMBER_OF[dispatch.channel])
        if dispatch.recipient in (point.value, e164(point.value, country))
    ]


def _all_is_well(creditor_id: int, channel: str) -> None:
    """A message has left: what its account was in trouble for is over."""
    troubled = _accounts(creditor_id, channel).filter(trouble_at__isnull=False)
    troubled.update(trouble="", trouble_at=None)


def _accounts(creditor_id: int, channel: str) -> QuerySet[Any]:
    """The account that messages of the channel leave by; none for letters."""
    if channel == "email":
        return MailAccount.objects.filter(creditor_id=creditor_id)
    return ChannelAccount.objects.filter(creditor_id=creditor_id, channel=channel)


def keep_trouble(round_: Round, channel: str, trouble: str) -> None:
    """Spanish, what is wrong with the channel's way: kept with its account until a message leaves."""
    with transaction.atomic(), scope([round_.creditor.pk]):
        since = Coalesce("trouble_at", Value(round_.now))
        _accounts(round_.creditor.pk, channel).update(trouble=trouble, trouble_at=since)


def put_back(round_: Round, claimed: Sequence[Claimed], *, not_before: datetime | None) -> int:
    """What was claimed and never handed over waits again, as it did before; how many dispatches."""
    with transaction.atomic(), scope([round_.creditor.pk]):
        ids = [each.dispatch_id for each in claimed]
        ours = Dispatch.objects.filter(pk__in=ids, state="claimed", worker=round_.worker)
        ours_ids = list(ours.select_for_update().order_by("pk").values_list("pk", flat=True))
        return give_back(ours_ids, now=round_.now, not_before=not_before)


def give_back(dispatch_ids: Sequence[int], *, now: datetime, not_before: datetime | None) -> int:
    """Claimed dispatches of which nothing left are to be tried again. Inside a transaction in scope."""
    claimed = Dispatch.objects.filter(pk__in=dispatch_ids, state="claimed")
    returned = claimed.update(state="returned", finished_at=now)
    _give_back(dispatch_ids, not_before)
    return returned


def _give_back(dispatch_ids: Sequence[int], not_before: datetime | None) -> None:
    rows = Message.objects.filter(dispatch_id__in=dispatch_ids, state="sending")
    rows.filter(approved_at=None).update(state="planned", not_before_at=not_before)
    rows.filter(approved_at__isnull=False).update(state="approved", not_before_at=not_before)


def _audit(round_: Round, verb: str, dispatch: Dispatch) -> None:
    record_event(
        creditor_id=round_.creditor.pk,
        verb=verb,
        subject=f"dispatch:{dispatch.pk}",
        actor=round_.actor,
        payload={"customer": dispatch.customer_id, "attempt": dispatch.attempts},
        at=round_.now,
    )


def in_doubt(creditor: Creditor, dispatch: Dispatch, *, said: str, now: datetime, actor: str) -> None:
    """Begun and never answered, by a worker that is dead. Inside a transaction in scope, before the audit
    entry."""
    _close(dispatch, "unknown", now, error=said)
    _messages_follow(creditor, dispatch, IN_DOUBT)
    _log(dispatch, now=now, actor=actor, said=said)


def arrived(creditor: Creditor, dispatch: Dispatch, *, now: datetime, actor: str) -> None:
    """Begun by a worker that is dead, and known to have got there. Inside a transaction in scope."""
    _close(dispatch, "sent", now, error="")
    _messages_follow(creditor, dispatch, "")
    _log(dispatch, now=now, actor=actor, said="")


def _log(dispatch: Dispatch, *, now: datetime, actor: str, said: str) -> None:
    """The attempt, in the customer's contact log; who works the customer is told of what went wrong."""
    log_dispatch(
        creditor_id=dispatch.creditor_id,
        dispatch_id=dispatch.pk,
        kind=dispatch.state,
        at=now,
        actor=actor,
        said=said,
    )
    if dispatch.state in ("failed", "unknown"):
        alert_about_dispatch(creditor_id=dispatch.creditor_id, dispatch_id=dispatch.pk, at=now)
