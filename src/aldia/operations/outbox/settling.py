"""One mail's begin and its outcome, each in a commit of its own, so that a kill leaves one doubt at most."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from aldia.channels.mail import NotSent, Outcome, Sent, Unknown
from aldia.kernel import clock
from aldia.kernel.faults import fault_point
from aldia.operations.audit import record_event
from aldia.operations.outbox.batch import Claimed, Round
from aldia.records.cases.models import Task
from aldia.records.outreach.models import ChannelAccount, Dispatch, MailAccount, Message
from aldia.records.parties.models import ContactPoint, PointQuality
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

BAD_ADDRESS, REJECTED, PUT_OFF, IN_DOUBT = "bad_address", "rejected", "put_off", "in_doubt"
"""Codes of `Message.reason` for what went wrong on the way."""

_PUT_OFF_FIRST, _PUT_OFF_LONGEST = timedelta(minutes=15), timedelta(hours=4)
_PUT_OFF_TIMES_MAX = 8

# The stop is read in the same statement that begins: after the button is pressed, no further mail begins.
_BEGIN = """
UPDATE outreach_dispatch SET begun_at = %(now)s
WHERE creditor_id = %(creditor)s AND id = %(dispatch)s AND state = 'claimed' AND worker = %(worker)s
  AND NOT EXISTS (SELECT FROM tenancy_creditor WHERE id = %(creditor)s AND sending_stopped_at IS NOT NULL)
  AND NOT EXISTS (SELECT FROM tenancy_house WHERE sending_locked_at IS NOT NULL)
"""


def begin(round_: Round, claimed: Claimed) -> bool:
    """Mark that from here on the mail may have left. False: it must not, or is no longer ours."""
    said: dict[str, Any] = {
        "now": round_.now,
        "creditor": round_.creditor.pk,
        "dispatch": claimed.dispatch_id,
        "worker": round_.worker,
    }
    with transaction.atomic(), scope([round_.creditor.pk]), connection.cursor() as cursor:
        cursor.execute(_BEGIN, said)
        return bool(cursor.rowcount == 1)


def settle(round_: Round, claimed: Claimed, outcome: Outcome) -> str:
    """Write down what became of the mail: the dispatch's state. Done once, however often it is called."""
    with transaction.atomic(), scope([round_.creditor.pk]):
        dispatch = Dispatch.objects.select_for_update().get(pk=claimed.dispatch_id)
        if dispatch.state != "claimed" or dispatch.worker != round_.worker:
            return dispatch.state
        state, reason, said = _fate(dispatch, outcome)
        dispatch.provider_id = outcome.provider_id if isinstance(outcome, Sent) else ""
        _close(dispatch, state, round_.now, error=said)
        if state == "returned":
            _give_back([dispatch.pk], round_.now + _pause(dispatch.put_off_times))
        else:
            _messages_follow(round_.creditor, dispatch, reason)
        if state == "sent":
            _all_is_well(dispatch)
        if state == "failed":
            _ask_a_person(dispatch, reason, clock.business_date(round_.now, round_.creditor.time_zone))
        _audit(round_, f"mail.{state}", dispatch)
        fault_point("outbox.settling")
    return state


def _fate(dispatch: Dispatch, outcome: Outcome) -> tuple[str, str, str]:
    """State of the dispatch, reason code of its messages, and what was said."""
    match outcome:
        case Sent(answer=answer):
            return "sent", "", answer
        case Unknown(reason=said):
            return "unknown", IN_DOUBT, said
        case NotSent(reason=said, permanent=True, bad_address=bad):
            return "failed", BAD_ADDRESS if bad else REJECTED, said
    dispatch.put_off_times += 1
    if dispatch.put_off_times > _PUT_OFF_TIMES_MAX:
        return "failed", PUT_OFF, outcome.reason
    return "returned", "", outcome.reason


def _pause(times: int) -> timedelta:
    doublings: int = 2 ** (times - 1)
    return min(_PUT_OFF_LONGEST, _PUT_OFF_FIRST * doublings)


def _close(dispatch: Dispatch, state: str, now: datetime, *, error: str) -> None:
    dispatch.state, dispatch.finished_at = state, now
    dispatch.error = "" if state == "sent" else error
    dispatch.save(update_fields=["state", "finished_at", "error", "put_off_times", "provider_id"])


def _messages_follow(creditor: Creditor, dispatch: Dispatch, reason: str) -> None:
    """Sent and in doubt count as contact on the day they began; failed ones never took place."""
    values: dict[str, Any] = {"state": dispatch.state, "reason": reason}
    if dispatch.state != "failed":
        assert dispatch.begun_at is not None
        values["sent_at"] = dispatch.begun_at
        values["sent_on"] = clock.business_date(dispatch.begun_at, creditor.time_zone)
    Message.objects.filter(dispatch=dispatch, state="sending").update(**values)


def _ask_a_person(dispatch: Dispatch, reason: str, on: Any) -> None:
    """A task; an address that is wrong is not written to again until somebody has looked at it."""
    Task.objects.create(
        creditor_id=dispatch.creditor_id,
        once_key=f"dispatch:{dispatch.pk}/{reason}/1",
        customer_id=dispatch.customer_id,
        kind=BAD_ADDRESS if reason == BAD_ADDRESS else "mail_failed",
        channel=dispatch.channel,
        due_on=on,
    )
    if reason == BAD_ADDRESS:
        points = ContactPoint.objects.filter(customer_id=dispatch.customer_id, value=dispatch.recipient)
        points.update(quality=PointQuality.BAD)


def _all_is_well(dispatch: Dispatch) -> None:
    """A message has left: what its account was in trouble for is over."""
    troubled = _accounts(dispatch.creditor_id, dispatch.channel).filter(trouble_at__isnull=False)
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
    """What was claimed and not begun waits again, as it did before; how many dispatches."""
    with transaction.atomic(), scope([round_.creditor.pk]):
        ids = [each.dispatch_id for each in claimed]
        ours = Dispatch.objects.filter(pk__in=ids, state="claimed", worker=round_.worker, begun_at=None)
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


def in_doubt(creditor: Creditor, dispatch: Dispatch, *, said: str, now: datetime) -> None:
    """Begun and never answered, by a worker that is dead. Inside a transaction in scope."""
    _close(dispatch, "unknown", now, error=said)
    _messages_follow(creditor, dispatch, IN_DOUBT)


def arrived(creditor: Creditor, dispatch: Dispatch, *, now: datetime) -> None:
    """Begun by a worker that is dead, and known to have got there. Inside a transaction in scope."""
    _close(dispatch, "sent", now, error="")
    _messages_follow(creditor, dispatch, "")
