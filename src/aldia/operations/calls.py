"""Calls and visits: written down with what follows, put right, taken back. docs/rules/calls.md."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.operations import call_effects as effects
from aldia.operations.alerts import alert_leads
from aldia.operations.audit import record_event
from aldia.operations.call_effects import By
from aldia.operations.cases import must_work, touch_case
from aldia.operations.contact_log import log_contact
from aldia.operations.customers import locked_customer
from aldia.queries.calling import Calling, calling_of
from aldia.queries.calls import outcomes_of
from aldia.queries.people import name_of_actor
from aldia.records.cases.models import Call, Case, CaseState, Promise, PromiseOutcome, Task, TaskState
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from aldia.rules.calls import OLDEST_DAYS, CallFacts, SaidCall, completed, faults_of
from aldia.rules.cases import UNDO_MINUTES
from aldia.rules.contact_chain import digest_of
from aldia.rules.outcomes import NOBODY, UNDONE, Effect, Outcome, labels_of

_CALL_AGAIN, _GO_ON = "Volver a llamar", "Seguir con el expediente"


class CallRefused(AldiaError):
    """What was said of a call cannot be so, or it may not take place. facts: field; all faults by field."""

    code = "call_refused"


@dataclass(frozen=True, slots=True)
class NewCall:
    """What somebody says took place; as `Call` keeps it. at: None for this moment. task_id: the planned call
    it does. made_anyway: it was made although the gate was against it. disputed_lines: what they contest;
    dispute_reason: what of it they do not accept, as it was said.
    """

    reached: str
    outcome: str
    kind: str = "call"
    direction: str = "out"
    number: str = ""
    number_status: str = ""
    reason: str = ""
    volunteered: bool = False
    note: str = ""
    next_action: str = ""
    next_on: date | None = None
    next_at: datetime | None = None
    at: datetime | None = None
    task_id: int | None = None
    made_anyway: bool = False
    disputed_lines: tuple[int, ...] = ()
    dispute_reason: str = ""


def record_call(
    *,
    creditor: Creditor,
    customer_id: int,
    new: NewCall,
    actor: str,
    now: datetime,
    member: Membership | None = None,
) -> Call:
    """Write a call or visit down, with all that follows from its outcome, or nothing of it.

    One of ours that the gate is against is kept only with `made_anyway`, and those who lead are told. Raises
    UnknownCustomer, CallRefused, NoStrategy.
    """
    by = By(creditor, actor, now, member)
    with transaction.atomic(), scope([creditor.pk]):
        must_work(creditor, actor)
        locked_customer(by.creditor, customer_id)
        task = _planned(by, customer_id, new.task_id)
        said, holds, calling = _checked(by, customer_id, new)
        refusal = _gate(calling, said, made_anyway=new.made_anyway)
        call = _write(by, customer_id, said, task=task, refusal=refusal)
        _follow(by, call, said, holds.outcomes[call.outcome])
        _tell(by, call, "call.recorded")
    return call


def correct_call(
    *,
    creditor: Creditor,
    call_id: int,
    new: NewCall,
    actor: str,
    now: datetime,
    member: Membership | None = None,
) -> Call:
    """Put a call right by another row, on the day it was written down: what followed from it is taken back,
    and what follows from the new one is done. Its planned call and what the gate said stay. Raises
    CallRefused.
    """
    by = By(creditor, actor, now, member)
    with transaction.atomic(), scope([creditor.pk]):
        must_work(creditor, actor)
        wrong = _standing(by, call_id)
        if business_date(wrong.recorded_at, creditor.time_zone) != by.today:
            raise CallRefused(
                "Una llamada se corrige el mismo día: anote lo que falte en una nota.", field="call"
            )
        said, holds, calling = _checked(by, wrong.customer_id, replace(new, at=new.at or wrong.at))
        refusal = wrong.refusal
        if wrong.direction == "in":
            refusal = _gate(calling, said, made_anyway=new.made_anyway)
        _take_back(by, wrong)
        call = _write(by, wrong.customer_id, said, task=wrong.task, refusal=refusal, corrects=wrong)
        _follow(by, call, said, holds.outcomes[call.outcome], wrong)
        _tell(by, call, "call.corrected")
    return call


def undo_call(
    *, creditor: Creditor, call_id: int, actor: str, now: datetime, member: Membership | None = None
) -> Call:
    """Say that a call did not take place, within ten minutes and by who wrote it down; all that followed is
    taken back. The row that says so. Raises CallRefused.
    """
    by = By(creditor, actor, now, member)
    with transaction.atomic(), scope([creditor.pk]):
        wrong = _standing(by, call_id)
        if wrong.actor != actor or now - wrong.recorded_at > timedelta(minutes=UNDO_MINUTES):
            raise CallRefused(
                f"Solo puede deshacerla quien la anotó, en los {UNDO_MINUTES} minutos siguientes: corríjala.",
                field="call",
            )
        _take_back(by, wrong)
        effects.reopen_planned(by, wrong)
        said = SaidCall(
            at=wrong.at, reached=NOBODY, outcome=UNDONE, kind=wrong.kind, direction=wrong.direction
        )
        call = _write(by, wrong.customer_id, said, task=None, refusal=None, corrects=wrong)
        _follow(by, call, said, None, wrong)
        _tell(by, call, "call.undone")
    return call


def _planned(by: By, customer_id: int, task_id: int | None) -> Task | None:
    """The planned call, if it still waits. One the run has withdrawn meanwhile is made all the same."""
    if task_id is None:
        return None
    task = Task.objects.filter(customer_id=customer_id, channel="call", pk=task_id).first()
    if task is None:
        raise CallRefused("Esa llamada prevista no es de este cliente.", field="task_id")
    if task.state in (TaskState.DONE, TaskState.SKIPPED):
        raise CallRefused(_done_already(by, task), field="task_id", task=task.pk)
    return task if task.state == TaskState.OPEN else None


def _done_already(by: By, task: Task) -> str:
    call = Call.objects.filter(task_id=task.pk).order_by("-pk").first()
    if call is None:
        return "Esa llamada prevista ya se dio por hecha. Si ha llamado usted también, anótelo sin ella."
    who, outcome = name_of_actor(call.actor), labels_of(outcomes_of(by.creditor, hidden=True))[call.outcome]
    return (
        f"{who} acaba de anotar esa llamada: «{outcome}». Si ha llamado usted también, anótelo como otra "
        "llamada."
    )


def _checked(by: By, customer_id: int, new: NewCall) -> tuple[SaidCall, CallFacts, Calling]:
    """What was said, complete and without fault. Raises CallRefused with every fault there is."""
    said = _said(by, new)
    oldest = by.now - timedelta(days=OLDEST_DAYS)
    calling = calling_of(by.creditor, customer_id, now=min(max(said.at, oldest), by.now))
    holds = CallFacts(
        now=by.now,
        today=by.today,
        time_zone=by.creditor.time_zone,
        outcomes={each.code: each for each in outcomes_of(by.creditor)},
        facts=calling.facts(visit=True),
        limits=calling.limits(),
        not_asked=calling.not_asked,
    )
    said = completed(said, holds)
    faults = faults_of(said, holds)
    if faults:
        told = {each.field: each.sentence for each in reversed(faults)}
        raise CallRefused(faults[0].sentence, field=faults[0].field, faults=told)
    if said.disputed_lines and effects.own_lines(customer_id, said.disputed_lines) is None:
        raise CallRefused("Una de las partidas no es de este cliente.", field="disputed_lines")
    return said, holds, calling


def _said(by: By, new: NewCall) -> SaidCall:
    values = asdict(new)
    for name in ("task_id", "made_anyway"):
        values.pop(name)
    for name in ("number", "note", "next_action", "dispute_reason"):
        values[name] = values[name].strip()
    return SaidCall(**(values | {"at": new.at or by.now}))


def _gate(calling: Calling, said: SaidCall, *, made_anyway: bool) -> dict[str, Any] | None:
    """What the gate said against it at its moment; None where it might take place."""
    if said.direction == "in":
        return None
    leave = calling.leave(number=said.number, visit=said.kind == "visit")
    if leave.allowed or made_anyway:
        return leave.as_refusal
    raise CallRefused(
        f"{leave.sentence} Si ya se ha hecho, dígalo: queda anotado con el motivo.",
        field="made_anyway",
        rule=leave.rule,
        source=leave.source,
        retry_at=leave.retry_at.isoformat() if leave.retry_at else None,
    )


def _standing(by: By, call_id: int) -> Call:
    """The call, its customer locked, if nothing has put it right yet."""
    found = Call.objects.filter(creditor=by.creditor, pk=call_id).first()
    if found is None:
        raise CallRefused("No hay ninguna llamada así.", field="call")
    locked_customer(by.creditor, found.customer_id)
    if found.outcome == UNDONE or Call.objects.filter(corrects=found).exists():
        raise CallRefused("Esa llamada ya se corrigió: mire la que vale ahora.", field="call")
    return found


def _write(
    by: By,
    customer_id: int,
    said: SaidCall,
    *,
    task: Task | None,
    refusal: dict[str, Any] | None,
    corrects: Call | None = None,
) -> Call:
    open_case = Case.objects.filter(customer_id=customer_id).exclude(state=CaseState.CLOSED).first()
    values = asdict(said)
    for name in ("disputed_lines", "dispute_reason"):
        values.pop(name)
    return Call.objects.create(
        creditor=by.creditor,
        customer_id=customer_id,
        case=open_case,
        on_date=business_date(said.at, by.creditor.time_zone),
        actor=by.actor,
        member=by.member,
        task=task,
        refusal=refusal,
        corrects=corrects,
        recorded_at=by.now,
        **values,
    )


def _follow(by: By, call: Call, said: SaidCall, outcome: Outcome | None, wrong: Call | None = None) -> None:
    """Everything the outcome does; the contact log before whatever writes the audit chain. wrong: the call
    this one puts right. outcome: None where it only takes that one back."""
    if outcome is not None:
        effects.mark_number(by, call)
        effects.close_planned(by, call)
        effects.leave_tasks(by, call, outcome.effect)
        _next(by, call, outcome)
    _log(by, call, outcome)
    if call.refusal is not None:
        _alert(by, call)
    if wrong is not None:
        effects.end_disputes(by, wrong)
        effects.keep_check(by, call, wrong)
    effects.open_disputes(by, call, said.disputed_lines, reason=said.dispute_reason)


def _next(by: By, call: Call, outcome: Outcome) -> None:
    """The case comes up again when it was agreed; without an open case a task holds the promise to call."""
    again = outcome.effect is Effect.CALLBACK
    action = call.next_action or (_CALL_AGAIN if again else _GO_ON if call.next_on else "")
    case = touch_case(
        creditor=by.creditor,
        customer_id=call.customer_id,
        actor=by.actor,
        now=by.now,
        state="waiting" if again else None,
        next_action=action or None,
        next_on=call.next_on,
        next_at=call.next_at,
    )
    if case is None and again and call.next_on is not None:
        effects.make_task(by, call, effects.CALLBACK, due_on=call.next_on, channel="call")


def _take_back(by: By, wrong: Call) -> None:
    """What had followed from a call that is put right. Raises CallRefused where a promise hangs on it."""
    promises = Promise.objects.filter(call=wrong)
    withdrawn = PromiseOutcome.objects.filter(verdict="withdrawn").values("promise_id")
    if promises.exclude(pk__in=withdrawn).exists():
        raise CallRefused("Esa llamada dejó un compromiso de pago: retírelo antes.", field="call")
    effects.restore_number(by, wrong)
    effects.withdraw_tasks(by, wrong)


def _log(by: By, call: Call, outcome: Outcome | None) -> None:
    step = call.task.step if call.task else ""
    told = {
        "direction": call.direction,
        "reached": call.reached,
        "outcome": call.outcome,
        "label": outcome.label if outcome else labels_of(())[call.outcome],
        "step": step,
        "corrects": call.corrects_id,
        "refused": (call.refusal or {}).get("rule", ""),
        **({"note_sha256": digest_of(call.note)} if call.note else {}),
    }
    log_contact(
        creditor_id=by.creditor.pk,
        customer_id=call.customer_id,
        kind="call",
        at=call.at,
        actor=by.actor,
        channel="visit" if call.kind == "visit" else "phone",
        address=call.number,
        subject=f"call:{call.pk}",
        payload=told,
    )


def _alert(by: By, call: Call) -> None:
    alert_leads(
        creditor_id=by.creditor.pk,
        customer_id=call.customer_id,
        member_id=call.member_id,
        kind="forced_call",
        once_key=f"call:{call.pk}/forced",
        subject=f"call:{call.pk}",
        detail=str((call.refusal or {}).get("source", ""))[:200],
        at=by.now,
    )


def _tell(by: By, call: Call, verb: str) -> None:
    record_event(
        creditor_id=by.creditor.pk,
        verb=verb,
        subject=f"call:{call.pk}",
        actor=by.actor,
        payload={
            "customer": call.customer_id,
            "kind": call.kind,
            "outcome": call.outcome,
            "reached": call.reached,
            "anyway": (call.refusal or {}).get("rule", ""),
            "corrects": call.corrects_id,
        },
        at=by.now,
    )
