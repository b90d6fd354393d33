"""The claim: units ready to leave are looked at once more, written, and taken, in one commit."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import F, Q

from aldia.channels.mail import Attachment, Mail
from aldia.kernel.clock import business_date
from aldia.kernel.faults import fault_point
from aldia.operations.audit import record_event
from aldia.operations.bulk import insert_rows
from aldia.operations.contact_log import log_units
from aldia.operations.outbox.asking import Facts, looked_at, written
from aldia.operations.outbox.batch import Claimed, Round
from aldia.operations.outbox.keys import message_id
from aldia.operations.outbox.report import SendReport
from aldia.operations.outbox.taking_over import record_taken_over, take_over_dead
from aldia.operations.outbox.workers import claim_alone
from aldia.operations.sales_notices import tell_of
from aldia.queries.copies import contents_of
from aldia.queries.outbox import Unit, units_of, units_ready
from aldia.queries.rendering import Rendered
from aldia.records.outreach.models import FREE, Dispatch, DispatchAttachment, Message
from aldia.records.tenancy.scope import scope
from aldia.rules.gate import Allowed, GateRule, Refused

_Answer = TypeVar("_Answer")
_ASKS_A_PERSON = (GateRule.NOT_APPROVED, GateRule.BRAKE_HELD)
"""What lacks a yes goes where a yes can be given, also when the step came to need one only afterwards."""


COPIES_BYTES_MAX = 64 * 1024 * 1024
"""Of all copies that one batch carries: units beyond wait for the next batch, so that none is ever too large
to be held."""

_NOW_SENDING = """
UPDATE outreach_message m
SET state = 'sending', dispatch_id = taken.dispatch, not_before_at = NULL, refusal = NULL
FROM unnest(%(ids)s::bigint[], %(dispatches)s::bigint[]) AS taken(id, dispatch)
WHERE m.creditor_id = %(creditor)s AND m.id = taken.id
"""


# Cancelled for ever, back to a person, or put off until a moment: whichever, one statement for all of them.
_REFUSED = """
UPDATE outreach_message m
SET state = coalesce(r.state, m.state), reason = coalesce(r.reason, m.reason), refusal = r.said,
    not_before_at = CASE WHEN r.state = 'cancelled' THEN m.not_before_at ELSE r.until END
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
    id bigint, state text, reason text, until timestamptz, said jsonb)
WHERE m.creditor_id = %(creditor)s AND m.id = r.id
"""


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
        facts = Facts()
        looks = looked_at(round_.creditor, units, now=round_.now, facts=facts)
        fault_point("outbox.looked")
        passed = _standing(round_, _passed(round_, units, looks))
        texts = written(round_.creditor, passed, now=round_.now, facts=facts)
        fault_point("outbox.rendered")
        claimed = _taken(round_, _that_fit(round_, _passed(round_, passed, texts)))
        _log_refusals(round_)
        record_taken_over(round_.creditor, taken, now=round_.now)
        _record_refusals(round_)
        fault_point("outbox.taken")
    fault_point("outbox.claimed")
    return claimed


def _that_fit(round_: Round, units: Sequence[tuple[Unit, Rendered]]) -> Sequence[tuple[Unit, Rendered]]:
    """Those whose copies can be held at once, in their order; the others stay as they were."""
    carried, fit = 0, []
    for unit, text in units:
        own = sum(each.file.size for each in text.copies)
        if own and carried + own > COPIES_BYTES_MAX:
            round_.report.more = True
            continue
        carried += own
        fit.append((unit, text))
    return fit


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
    passed: list[tuple[Unit, _Answer]] = []
    refusals: list[tuple[Sequence[int], Refused]] = []
    untold: list[int] = []
    for unit in units:
        answer = answers[unit.key]
        if isinstance(answer, Refused):
            refusals.append((unit.message_ids, answer))
            _count(round_.report, answer)
            if answer.rule == GateRule.SALESPERSON_FIRST and not answer.facts["told"]:
                untold += unit.message_ids
        else:
            passed.append((unit, answer))
    _refuse(round_, refusals)
    tell_of(creditor=round_.creditor, message_ids=untold, on=_day(round_), at=round_.now)
    return passed


def _day(round_: Round) -> date:
    return business_date(round_.now, round_.creditor.time_zone)


def _standing(round_: Round, allowed: Sequence[tuple[Unit, Allowed]]) -> list[Unit]:
    """The units with those of their messages that still stand; the others fall out of them.

    Where the one that fell out had chosen the way, the rest is a message of another way: it is looked at anew
    as such, in the next batch.
    """
    dropped = [((pk,), no) for _unit, answer in allowed for pk, no in answer.dropped.items()]
    _refuse(round_, dropped)
    lessened = [pk for _unit, answer in allowed if answer.dropped for pk in answer.leaving]
    by_way = {each.unit: each.channel for each in units_of(round_.creditor, lessened)}
    moved = {unit.key for unit, _answer in allowed if by_way.get(unit.unit, unit.channel) != unit.channel}
    round_.report.more = round_.report.more or bool(moved)
    return [
        replace(unit, message_ids=tuple(answer.leaving)) if answer.dropped else unit
        for unit, answer in allowed
        if unit.key not in moved
    ]


def _refuse(round_: Round, refusals: Sequence[tuple[Sequence[int], Refused]]) -> None:
    """Never, or not before the refusal says; the rule stands with each message."""
    rows: list[dict[str, Any]] = []
    for message_ids, refused in refusals:
        said = {"rule": str(refused.rule), "source": refused.source, "facts": dict(refused.facts)}
        becomes: dict[str, Any] = {"state": None, "reason": None, "until": None, "said": said}
        if refused.rule in _ASKS_A_PERSON:
            becomes["state"] = "waiting_approval"
        elif refused.retry_at is None:
            becomes |= {"state": "cancelled", "reason": str(refused.rule)}
            round_.refused.append((tuple(message_ids), said))
        else:
            becomes["until"] = refused.retry_at.isoformat()
        rows += [{"id": pk, **becomes} for pk in message_ids]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_REFUSED, {"creditor": round_.creditor.pk, "rows": json.dumps(rows)})


def _count(report: SendReport, refused: Refused) -> None:
    counted = report.cancelled if refused.retry_at is None else report.postponed
    counted[str(refused.rule)] += 1


def _taken(round_: Round, units: Sequence[tuple[Unit, Rendered]]) -> list[Claimed]:
    """Their dispatches, claimed, in the order of the units; so many statements however many there are."""
    if not units:
        return []
    dispatches = _dispatches(round_, units)
    taken = [(unit, text, dispatches[unit.key]) for unit, text in units]
    _keep_lines(round_, taken)
    _keep_attachments(round_, taken)
    _now_sending(round_, taken)
    contents = contents_of(
        round_.creditor, {each.file.id for _unit, text, _dispatch in taken for each in text.copies}
    )
    return [
        Claimed(dispatch.id, _mail(round_, unit, dispatch, text, contents)) for unit, text, dispatch in taken
    ]


@dataclass(frozen=True, slots=True)
class _Own:
    """A dispatch that is ours now, at its so-manyeth attempt."""

    id: int
    attempt: int
    message_id: str


_Taken = Sequence[tuple[Unit, Rendered, _Own]]


def _keep_lines(round_: Round, taken: _Taken) -> None:
    """What each says of which due line."""
    rows = [
        {
            "dispatch_id": dispatch.id,
            "customer_id": unit.customer_id,
            "attempt": dispatch.attempt,
            "due_line_id": line.due_line_id,
            "currency": line.currency,
            "open_minor": line.open_minor,
            "days_overdue": line.days_overdue,
            "interest_minor": line.interest_minor,
            "compensation_minor": line.compensation_minor,
            "claim_from": line.claim_from,
            "claim_until": line.claim_until,
        }
        for unit, text, dispatch in taken
        for line in text.lines
    ]
    insert_rows("outreach_dispatch_line", round_.creditor.pk, rows)


def _keep_attachments(round_: Round, taken: _Taken) -> None:
    """The files that each carries; of copies the digest alone, by which the content is found where it is
    kept."""
    DispatchAttachment.objects.bulk_create(
        DispatchAttachment(
            creditor_id=round_.creditor.pk,
            dispatch_id=dispatch.id,
            customer_id=unit.customer_id,
            attempt=dispatch.attempt,
            name=name,
            content_type=content_type,
            content=content,
            sha256=sha256,
        )
        for unit, text, dispatch in taken
        for name, content_type, content, sha256 in _files(text)
    )


def _files(text: Rendered) -> Iterator[tuple[str, str, bytes, str]]:
    """Name, type, content and digest."""
    for each in text.attachments:
        yield each.name, each.content_type, each.content, hashlib.sha256(each.content).hexdigest()
    for copy in text.copies:
        yield copy.name, copy.file.content_type, b"", copy.file.sha256


def _now_sending(round_: Round, taken: _Taken) -> None:
    rows = [(pk, dispatch.id) for unit, _text, dispatch in taken for pk in unit.message_ids]
    with connection.cursor() as cursor:
        cursor.execute(
            _NOW_SENDING,
            {
                "creditor": round_.creditor.pk,
                "ids": [pk for pk, _dispatch in rows],
                "dispatches": [dispatch for _pk, dispatch in rows],
            },
        )


def _dispatches(round_: Round, units: Sequence[tuple[Unit, Rendered]]) -> dict[str, _Own]:
    """By key: fresh ones, and those an earlier attempt left to be tried again."""
    words = {unit.key: _words(round_, text) for unit, text in units}
    found = _tried_again(round_, words)
    fresh = [
        {
            "key": unit.key,
            "unit": unit.unit,
            "customer_id": unit.customer_id,
            "channel": unit.channel,
            "message_id": message_id(round_.creditor.code, unit.key, round_.ways.domain),
            **words[unit.key],
        }
        for unit, _text in units
        if unit.key not in found
    ]
    said = ("key", "id", "attempts", "message_id")
    rows = insert_rows("outreach_dispatch", round_.creditor.pk, fresh, returning=said)
    return found | {key: _Own(*rest) for key, *rest in rows}


def _tried_again(round_: Round, words: Mapping[str, dict[str, Any]]) -> dict[str, _Own]:
    earlier = Dispatch.objects.filter(creditor_id=round_.creditor.pk, state="returned", key__in=list(words))
    found = {}
    for dispatch in earlier:
        said = words[dispatch.key]
        Dispatch.objects.filter(pk=dispatch.pk).update(**said, attempts=F("attempts") + 1)
        found[dispatch.key] = _Own(dispatch.pk, dispatch.attempts + 1, dispatch.message_id)
    return found


def _words(round_: Round, text: Rendered) -> dict[str, Any]:
    """What a claimed dispatch says, and to whom."""
    return {
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


def _mail(round_: Round, unit: Unit, dispatch: _Own, text: Rendered, contents: Mapping[int, bytes]) -> Mail:
    copies = (Attachment(each.name, each.file.content_type, contents[each.file.id]) for each in text.copies)
    return Mail(
        key=unit.key,
        message_id=dispatch.message_id,
        sender=round_.ways.by_channel[unit.channel].sender,
        recipient=text.recipient,
        recipient_name=text.recipient_name,
        subject=text.subject,
        text=text.text,
        html=text.html,
        language=text.language,
        at=round_.now,
        channel=unit.channel,
        attachments=(*text.attachments, *copies),
        template=text.template,
        values=text.values,
        refusable=text.refusable,
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
