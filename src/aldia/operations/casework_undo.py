"""What was done with a case in one go, taken back in one go: within ten minutes, by who did it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from aldia.kernel.clock import business_date
from aldia.operations.audit import record_event
from aldia.operations.calls import undo_call
from aldia.operations.cases import must_work, withdraw_note
from aldia.operations.cases.changes import ACTION_MAX, apply
from aldia.operations.casework import WorkRefused, lock_customer_of
from aldia.operations.disputes import withdraw_check
from aldia.operations.holds import end_hold
from aldia.operations.ledger import end_overlay
from aldia.operations.promises import withdraw_promise
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import Case
from aldia.records.ledger.models import OverlayEnd
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from aldia.rules.cases import BY_PEOPLE, UNDO_MINUTES, may_become

_WHY = "Anotado por error y deshecho"


def undo_work(
    *,
    creditor: Creditor,
    sequence: int,
    next_action: str,
    member: Membership,
    actor: str,
    now: datetime,
) -> int:
    """Take back what `record_work` wrote under that entry of the chain; the case's id.

    next_action: what was to be done next before, in words, which the chain does not keep. What others have
    changed on the case since stays as they left it. Raises WorkRefused (too late, somebody else's, undone
    already), MayNotWork and what the calls, promises, holds and notes raise.
    """
    with transaction.atomic(), scope([creditor.pk]):
        must_work(creditor, actor)
        entry = _entry(creditor, sequence, actor, now)
        case_id = int(entry.subject.removeprefix("case:"))
        lock_customer_of(creditor, case_id)
        cases = Case.objects.select_for_update(no_key=True).filter(creditor=creditor)
        before = cases.get(pk=case_id)
        ours, customer_id = before.version == entry.payload["after"], before.customer_id
        _take_back(creditor, entry.payload, member=member, actor=actor, now=now)
        withdraw_check(
            creditor=creditor,
            customer_id=customer_id,
            once=[f"overlay:{each}" for each in entry.payload.get("dispute", ())],
            on=business_date(now, creditor.time_zone),
            reason=_WHY,
        )
        case = cases.get(pk=case_id)
        if ours and case.state != "closed":
            by = {"creditor": creditor, "actor": actor, "now": now}
            _put_back(by, case, entry.payload["before"], next_action)
        record_event(
            creditor_id=creditor.pk,
            verb="case.work_undone",
            subject=f"case:{case_id}",
            actor=actor,
            payload={"entry": sequence},
            at=now,
        )
    return case_id


def _entry(creditor: Creditor, sequence: int, actor: str, now: datetime) -> AuditEntry:
    entries = AuditEntry.objects.filter(creditor=creditor)
    entry = entries.filter(sequence=sequence, verb="case.worked", actor=actor).first()
    if entry is None or now - entry.recorded_at > timedelta(minutes=UNDO_MINUTES):
        raise WorkRefused(
            f"Solo puede deshacerlo quien lo anotó, en los {UNDO_MINUTES} minutos siguientes: corríjalo en la"
            " ficha del cliente.",
            field="done",
        )
    undone = entries.filter(
        sequence__gt=sequence, verb="case.work_undone", subject=entry.subject, payload__entry=sequence
    )
    if undone.exists():
        raise WorkRefused("Eso ya estaba deshecho.", field="done")
    return entry


def _take_back(
    creditor: Creditor, parts: Mapping[str, Any], *, member: Membership, actor: str, now: datetime
) -> None:
    """Promises before the calls they were made in."""
    by: dict[str, Any] = {"creditor": creditor, "actor": actor, "now": now}
    for promise in parts.get("promise", ()):
        withdraw_promise(**by, promise_id=promise, reason=_WHY)
    for call in parts.get("call", ()):
        undo_call(**by, call_id=call, member=member)
    for hold in parts.get("hold", ()):
        end_hold(**by, hold_id=hold, reason=_WHY)
    for note in parts.get("note", ()):
        withdraw_note(**by, note_id=note)
    today = business_date(now, creditor.time_zone)
    over = set(
        OverlayEnd.objects.filter(overlay__in=parts.get("dispute", ())).values_list("overlay_id", flat=True)
    )
    for overlay in sorted(set(parts.get("dispute", ())) - over):
        end_overlay(creditor_id=creditor.pk, overlay_id=overlay, on=today, actor=actor, now=now, reason=_WHY)


def _put_back(by: dict[str, Any], case: Case, before: Mapping[str, Any], next_action: str) -> None:
    """State, priority, owner and next action as they were, and when it was last worked; a day that has passed
    meanwhile is left out. What was new is new no more, for somebody has worked it."""
    today = business_date(by["now"], by["creditor"].time_zone)
    on = date.fromisoformat(before["next_on"]) if before["next_on"] else None
    is_past = on is not None and on < today
    state = before["state"] if before["state"] in BY_PEOPLE else "working"
    values = {
        "state": state if may_become(case.state, state) else case.state,
        "priority": before["priority"],
        "owner_id": before["owner_id"],
        "team_id": before["team_id"],
        "next_action": " ".join(next_action.replace("\0", " ").split())[:ACTION_MAX],
        "next_on": None if is_past else on,
        "next_at": None if is_past else _moment(before["next_at"]),
        "touched_at": _moment(before["touched_at"]),
    }
    apply(case, values, **by, worked=False)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
