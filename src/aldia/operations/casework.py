"""What a person does with a case in one go: a call, what came of it, a promise, a note, what is next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.operations.alerts import alert_leads
from aldia.operations.audit import record_event
from aldia.operations.call_effects import own_lines
from aldia.operations.calls import NewCall, record_call
from aldia.operations.cases import (
    NOT_SAID,
    CaseChanges,
    NoSuchCase,
    change_case,
    leave_case,
    must_not_be_taken,
    must_work,
    touch_case,
    write_note,
)
from aldia.operations.cases.bulk import AT_ONCE_MAX, Many
from aldia.operations.cases.changing import must_be_seen, open_case
from aldia.operations.customers import locked_customer
from aldia.operations.disputes import leave_check
from aldia.operations.holds import put_on_hold
from aldia.operations.ledger import record_dispute
from aldia.operations.promises import NewPromise, record_promise
from aldia.records.cases.models import Case, Collector
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope


class WorkRefused(AldiaError):
    """Nothing was said, or of lines that are not the customer's. facts: field."""

    code = "work_refused"


@dataclass(frozen=True, slots=True)
class Hold:
    """Nobody duns the customer before the day."""

    until_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """These due lines are contested, whole."""

    due_line_ids: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done next; at: an instant of the day."""

    action: str
    on: date | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """All that is said at once; None and "" for what is not."""

    call: NewCall | None = None
    promise: NewPromise | None = None
    hold: Hold | None = None
    dispute: Dispute | None = None
    note: str = ""
    next: Next | None = None
    priority: int | None = None
    state: str = ""

    @property
    def says_something(self) -> bool:
        """There is something to be written."""
        return self.is_work or self.priority is not None or bool(self.state)

    @property
    def is_work(self) -> bool:
        """The case has been worked, not only moved in the list."""
        return any((self.call, self.promise, self.hold, self.dispute, self.next, self.note.strip()))


@dataclass(frozen=True, slots=True)
class Worked:
    """What was written. sequence: of the entry in the audit chain that names it all. parts: kind → ids."""

    case_id: int
    sequence: int
    parts: Mapping[str, tuple[int, ...]]


def record_work(
    *,
    creditor: Creditor,
    case_id: int,
    work: Work,
    seen_version: int | None,
    member: Membership,
    actor: str,
    now: datetime,
) -> Worked:
    """Everything that was said of an open case, in one transaction or nothing; the lock is left.

    seen_version: of the case as it was shown: whoever is first wins, the second is told what changed. The
    access and the right of the actor are asked again here. Raises NoSuchCase, CaseIsClosed, CaseChanged,
    CaseIsTaken, MayNotWork, WorkRefused, and what the calls, promises, holds and cases raise.
    """
    with transaction.atomic(), scope([creditor.pk]):
        must_work(creditor, actor)
        lock_customer_of(creditor, case_id)
        case = open_case(creditor, case_id)
        must_be_seen(creditor, case, seen_version)
        must_not_be_taken(creditor=creditor, case_id=case_id, member=member, now=now)
        if not work.says_something:
            raise WorkRefused("No hay nada que guardar: anote qué ha pasado o qué toca.", field="note")
        by: dict[str, Any] = {"creditor": creditor, "customer_id": case.customer_id}
        by |= {"actor": actor, "now": now}
        before = _standing(case)
        parts = {kind: ids for kind, ids in _written(work, by, member).items() if ids}
        _change(case, work, by, member)
        leave_case(creditor=creditor, case_id=case_id, member=member, now=now)
        sequence = record_event(
            creditor_id=creditor.pk,
            verb="case.worked",
            subject=f"case:{case_id}",
            actor=actor,
            payload={
                **{kind: list(ids) for kind, ids in parts.items()},
                "before": before,
                "after": Case.objects.values_list("version", flat=True).get(pk=case_id),
            },
            at=now,
        )
    return Worked(case_id, sequence, parts)


def record_talk(
    *, creditor: Creditor, customer_id: int, work: Work, member: Membership, actor: str, now: datetime
) -> dict[str, tuple[int, ...]]:
    """What a customer said, whether or not they have an open case, in one transaction or nothing: kind → ids.

    What is next belongs to a call or a case. Raises UnknownCustomer, MayNotWork, WorkRefused, and what the
    calls, promises and holds raise.
    """
    with transaction.atomic(), scope([creditor.pk]):
        must_work(creditor, actor)
        locked_customer(creditor, customer_id)
        if not work.is_work:
            raise WorkRefused("No hay nada que guardar: anote qué ha pasado.", field="note")
        by = {"creditor": creditor, "customer_id": customer_id, "actor": actor, "now": now}
        return {kind: ids for kind, ids in _written(work, by, member).items() if ids}


def lock_customer_of(creditor: Creditor, case_id: int) -> None:
    """Before the case: whoever calls or pauses the customer elsewhere locks them in this order, too."""
    mine = Case.objects.filter(creditor=creditor, pk=case_id)
    for customer_id in mine.values_list("customer_id", flat=True):
        locked_customer(creditor, customer_id)


def _standing(case: Case) -> dict[str, Any]:
    """What taking the work back restores, without words a person wrote."""
    on, at, touched_at = case.next_on, case.next_at, case.touched_at
    return {
        "state": case.state,
        "priority": case.priority,
        "owner_id": case.owner_id,
        "team_id": case.team_id,
        "next_on": on.isoformat() if on else None,
        "next_at": at.isoformat() if at else None,
        "touched_at": touched_at.isoformat() if touched_at else None,
    }


def _written(work: Work, by: dict[str, Any], member: Membership) -> dict[str, tuple[int, ...]]:
    """kind → ids, in the order in which one thing bears on the next."""
    disputes = _disputes(work.dispute, by)
    call = record_call(**by, new=_agreed(work.call, work.next), member=member) if work.call else None
    promise = None
    if work.promise:
        promise = record_promise(**by, new=_of_call(work.promise, call), member=member)
    hold = put_on_hold(**by, until_on=work.hold.until_on, reason=work.hold.reason) if work.hold else None
    note = write_note(**by, text=work.note) if work.note.strip() else None
    return {
        "dispute": disputes,
        "call": (call.pk,) if call else (),
        "promise": (promise.pk,) if promise else (),
        "hold": (hold.hold_id,) if hold else (),
        "note": (note.pk,) if note else (),
    }


def _agreed(call: NewCall, following: Next | None) -> NewCall:
    """What is next was agreed in the call."""
    if following is None:
        return call
    return replace(call, next_action=following.action, next_on=following.on, next_at=following.at)


def _of_call(promise: NewPromise, call: Any) -> NewPromise:
    """The promise was made in the call, where there was one."""
    return replace(promise, call_id=call.pk, source="call") if call else promise


def _disputes(dispute: Dispute | None, by: dict[str, Any]) -> tuple[int, ...]:
    """The overlays written, which somebody is asked to look into. Raises WorkRefused for lines that are not
    the customer's."""
    if dispute is None:
        return ()
    creditor, now = by["creditor"], by["now"]
    today = business_date(now, creditor.time_zone)
    wanted = own_lines(by["customer_id"], dispute.due_line_ids)
    if not wanted:
        raise WorkRefused("Elija qué partidas de este cliente no se aceptan.", field="lines")
    made = tuple(
        record_dispute(
            creditor_id=creditor.pk,
            due_line_id=line,
            on=today,
            actor=by["actor"],
            now=now,
            reason=dispute.reason,
        )
        for line in wanted
    )
    leave_check(creditor=creditor, customer_id=by["customer_id"], once=f"overlay:{made[0]}", on=today)
    return made


def _comes_to(case: Case, member: Membership) -> bool:
    """Nobody's case becomes that of the collector who works it."""
    return (
        case.owner_id is None
        and Collector.objects.filter(creditor=member.creditor_id, member=member).exists()
    )


def _change(case: Case, work: Work, by: dict[str, Any], member: Membership) -> None:
    """The case has been worked; whose it is, what is next, and how pressing it is. What a promise or a hold
    makes of its state they have said already."""
    changes = CaseChanges(
        state=NOT_SAID if work.is_work else work.state or NOT_SAID,
        priority=NOT_SAID if work.priority is None else work.priority,
        owner_id=member.pk if work.is_work and _comes_to(case, member) else NOT_SAID,
    )
    if changes.said():
        by_case = {name: by[name] for name in ("creditor", "actor", "now")}
        change_case(**by_case, case_id=case.pk, changes=changes)
    if work.state == "escalated" != case.state:
        _tell_leads(case, by, member)
    if not work.is_work:
        return
    following = work.next
    touch_case(
        **by,
        state=work.state or None,
        next_action=following.action if following else None,
        next_on=following.on if following else None,
        next_at=following.at if following else None,
    )


def _tell_leads(case: Case, by: dict[str, Any], member: Membership) -> None:
    """Whoever leads is to decide. case: as it was before, so that it is told once each time."""
    alert_leads(
        creditor_id=case.creditor_id,
        customer_id=case.customer_id,
        member_id=member.pk,
        kind="escalated",
        once_key=f"case:{case.pk}/escalated/{case.version}",
        subject=f"case:{case.pk}",
        detail=member.user.name,
        at=by["now"],
    )


def note_cases(*, creditor: Creditor, case_ids: Sequence[int], text: str, actor: str, now: datetime) -> Many:
    """The same note on each open case. Raises NoteRefused, NoSuchCase, MayNotWork, WorkRefused."""
    ids = sorted(set(case_ids))
    if not ids or len(ids) > AT_ONCE_MAX:
        raise WorkRefused(f"Elija entre uno y {AT_ONCE_MAX} expedientes.", field="case_ids")
    with transaction.atomic(), scope([creditor.pk]):
        must_work(creditor, actor)
        cases = Case.objects.filter(creditor=creditor, pk__in=ids).exclude(state="closed").order_by("pk")
        customers = list(cases.values_list("customer_id", flat=True))
        if len(customers) != len(ids):
            raise NoSuchCase("Alguno de los expedientes elegidos ya no está abierto: no se ha escrito nada.")
        notes = [
            write_note(creditor=creditor, customer_id=customer_id, text=text, actor=actor, now=now).pk
            for customer_id in customers
        ]
        sequence = record_event(
            creditor_id=creditor.pk,
            verb="cases.noted",
            subject=f"creditor:{creditor.pk}",
            actor=actor,
            payload={"cases": ids, "notes": notes},
            at=now,
        )
    return Many(len(ids), sequence)
