"""The claim: units ready to leave are looked at once more, written, and taken, in one commit."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Q

from aldia.channels.mail import Mail
from aldia.kernel.faults import fault_point
from aldia.operations.audit import record_event
from aldia.operations.contact_log import log_units
from aldia.operations.outbox.asking import looked_at, written
from aldia.operations.outbox.batch import Claimed, Round
from aldia.operations.outbox.keys import message_id
from aldia.operations.outbox.report import SendReport
from aldia.operations.outbox.taking_over import record_taken_over, take_over_dead
from aldia.operations.outbox.workers import claim_alone
from aldia.queries.outbox import Unit, units_ready
from aldia.queries.rendering import Rendered
from aldia.records.outreach.models import FREE, Dispatch, DispatchAttachment, DispatchLine, Message
from aldia.records.tenancy.scope import scope
from aldia.rules.gate import Allowed, GateRule, Refused

_Answer = TypeVar("_Answer")
_ASKS_A_PERSON = (GateRule.NOT_APPROVED, GateRule.BRAKE_HELD)
"""What lacks a yes goes where a yes can be given, also when the step came to need one only afterwards."""


def claim(round_: Round) -> list[Claimed]:
    """Take the next units that may leave, at most a batch of them; what may not is put off or cancelled."""
    with transaction.atomic(durable=True), scope([round_.creditor.pk]):
        claim_alone(round_.creditor)
        taken = take_over_dead(round_.creditor, worker=round_.worker, now=round_.now)
        round_.report.doubts += len(taken.in_doubt)
        fault_point("outbox.taken_over")
        ready = units_ready(
            round_.creditor, now=round_.now, limit=round_.batch, channels=round_.ways.channels
        )
        units = locked(ready, now=round_.now)
        round_.report.more = len(ready) == round_.batch and len(units) > 0
        fault_point("outbox.found")
        looks = looked_at(round_.creditor, units, now=round_.now)
        fault_point("outbox.looked")
        passed = [_standing(round_, unit, answer) for unit, answer in _passed(round_, units, looks)]
        texts = written(round_.creditor, passed, now=round_.now)
        fault_point("outbox.rendered")
        claimed = [_taken(round_, unit, text) for unit, text in _passed(round_, passed, texts)]
        _log_refusals(round_)
        record_taken_over(round_.creditor, taken, now=round_.now)
        _record_refusals(round_)
        fault_point("outbox.taken")
    fault_point("outbox.claimed")
    return claimed


def locked(units: Sequence[Unit], *, now: datetime) -> list[Unit]:
    """Those of the units whose rows are all ours now; what a person has decided meanwhile goes first."""
    ids = [pk for unit in units for pk in unit.message_ids]
    due = Q(not_before_at__isnull=True) | Q(not_before_at__lte=now)
    rows = Message.objects.select_for_update(skip_locked=True).filter(pk__in=ids)
    free = rows.filter(due, state__in=FREE).order_by("pk")
    ours = set(free.values_list("pk", flat=True))
    return [unit for unit in units if ours.issuperset(unit.message_ids)]


def _passed(
    round_: Round, units: Sequence[Unit], answers: Mapping[str, _Answer | Refused]
) -> list[tuple[Unit, _Answer]]:
    """Units without a refusal, with what was answered; the others are cancelled or put off."""
    passed = []
    for unit in units:
        answer = answers[unit.key]
        if isinstance(answer, Refused):
            _refuse(round_, unit.message_ids, answer)
            _count(round_.report, answer)
        else:
            passed.append((unit, answer))
    return passed


def _standing(round_: Round, unit: Unit, allowed: Allowed) -> Unit:
    """The unit with those of its messages that still stand; the others fall out of it."""
    for pk, refused in allowed.dropped.items():
        _refuse(round_, [pk], refused)
    return replace(unit, message_ids=tuple(allowed.leaving)) if allowed.dropped else unit


def _refuse(round_: Round, message_ids: Sequence[int], refused: Refused) -> None:
    """Never, or not before the refusal says."""
    said = {"rule": str(refused.rule), "source": refused.source, "facts": dict(refused.facts)}
    rows = Message.objects.filter(pk__in=message_ids)
    if refused.rule in _ASKS_A_PERSON:
        rows.update(state="waiting_approval", not_before_at=None, refusal=said)
    elif refused.retry_at is None:
        rows.update(state="cancelled", reason=str(refused.rule), refusal=said)
        round_.refused.append((tuple(message_ids), said))
    else:
        rows.update(not_before_at=refused.retry_at, refusal=said)


def _count(report: SendReport, refused: Refused) -> None:
    counted = report.cancelled if refused.retry_at is None else report.postponed
    counted[str(refused.rule)] += 1


def _taken(round_: Round, unit: Unit, text: Rendered) -> Claimed:
    """The dispatch, claimed: a fresh one, or the one an earlier attempt left to be tried again."""
    dispatch = _dispatch(round_, unit, text)
    DispatchLine.objects.bulk_create(
        DispatchLine(
            creditor_id=round_.creditor.pk,
            dispatch=dispatch,
            customer_id=unit.customer_id,
            attempt=dispatch.attempts,
            due_line_id=line.due_line_id,
            currency=line.currency,
            open_minor=line.open_minor,
            days_overdue=line.days_overdue,
            interest_minor=line.interest_minor,
            compensation_minor=line.compensation_minor,
            claim_from=line.claim_from,
            claim_until=line.claim_until,
        )
        for line in text.lines
    )
    DispatchAttachment.objects.bulk_create(
        DispatchAttachment(
            creditor_id=round_.creditor.pk,
            dispatch=dispatch,
            customer_id=unit.customer_id,
            attempt=dispatch.attempts,
            name=each.name,
            content_type=each.content_type,
            content=each.content,
            sha256=hashlib.sha256(each.content).hexdigest(),
        )
        for each in text.attachments
    )
    Message.objects.filter(pk__in=unit.message_ids).update(
        state="sending", dispatch=dispatch, not_before_at=None, refusal=None
    )
    return Claimed(dispatch.pk, _mail(round_, dispatch, text))


def _dispatch(round_: Round, unit: Unit, text: Rendered) -> Dispatch:
    said = {
        "recipient": text.recipient,
        "recipient_name": text.recipient_name,
        "subject": text.subject,
        "text": text.text,
        "html": text.html,
        "language": text.language,
        "state": "claimed",
        "worker": round_.worker,
        "claimed_at": round_.now,
        "begun_at": None,
        "finished_at": None,
        "error": "",
    }
    earlier = Dispatch.objects.filter(creditor_id=round_.creditor.pk, key=unit.key, state="returned")
    if earlier.update(**said, attempts=F("attempts") + 1):
        return Dispatch.objects.get(creditor_id=round_.creditor.pk, key=unit.key)
    return Dispatch.objects.create(
        creditor_id=round_.creditor.pk,
        key=unit.key,
        unit=unit.unit,
        customer_id=unit.customer_id,
        channel=unit.channel,
        message_id=message_id(round_.creditor.code, unit.key, round_.ways.domain),
        **said,
    )


def _mail(round_: Round, dispatch: Dispatch, text: Rendered) -> Mail:
    return Mail(
        key=dispatch.key,
        message_id=dispatch.message_id,
        sender=round_.ways.by_channel[dispatch.channel].sender,
        recipient=dispatch.recipient,
        recipient_name=dispatch.recipient_name,
        subject=dispatch.subject,
        text=dispatch.text,
        html=dispatch.html,
        language=dispatch.language,
        at=round_.now,
        channel=dispatch.channel,
        attachments=text.attachments,
        template=text.template,
        values=text.values,
    )


def _log_refusals(round_: Round) -> None:
    """What will never leave, in the contact logs; what is put off is asked again, and leaves no trace."""
    log_units(
        creditor_id=round_.creditor.pk,
        kind="refused",
        units=round_.refused,
        at=round_.now,
        actor=round_.actor,
    )


def _record_refusals(round_: Round) -> None:
    """One entry for what will never leave; what is put off is asked again, and leaves no trace each time."""
    cancelled = round_.report.cancelled
    if cancelled:
        record_event(
            creditor_id=round_.creditor.pk,
            verb="outbox.cancelled",
            subject=f"creditor:{round_.creditor.pk}",
            actor=round_.actor,
            payload={"units": cancelled.total(), "rules": dict(sorted(cancelled.items()))},
            at=round_.now,
        )
