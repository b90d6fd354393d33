"""Tasks for people: ticked off, or left out with a reason."""

from datetime import date, datetime

from django.db import transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.contact_log import log_contact
from aldia.records.cases.models import Task, TaskState
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.contact_chain import digest_of


class TaskNotOpen(AldiaError):
    """There is no such task, or it has been closed meanwhile."""

    code = "task_not_open"


def close_task(
    *, creditor: Creditor, task_id: int, done: bool, on: date, actor: str, now: datetime, reason: str = ""
) -> None:
    """Done, or else skipped: both count as done for the ladder. Raises TaskNotOpen."""
    with transaction.atomic(), scope([creditor.pk]):
        state = TaskState.DONE if done else TaskState.SKIPPED
        moved = Task.objects.filter(creditor=creditor, pk=task_id, state=TaskState.OPEN).update(
            state=state, closed_on=on, reason=reason.strip()[:500]
        )
        if not moved:
            raise TaskNotOpen("Esta tarea ya no está pendiente: alguien la cerró, o el proceso la retiró.")
        _log_call(Task.objects.get(pk=task_id), actor, now)
        record_event(
            creditor_id=creditor.pk,
            verb="task.closed",
            subject=f"task:{task_id}",
            actor=actor,
            payload={"state": state.value, "on": on.isoformat()},
            at=now,
        )


def _log_call(task: Task, actor: str, now: datetime) -> None:
    """A call that was made or left out, in the contact log; other tasks are no contact."""
    if task.channel != "call":
        return
    log_contact(
        creditor_id=task.creditor_id,
        customer_id=task.customer_id,
        kind="call",
        at=now,
        actor=actor,
        channel="phone",
        subject=f"task:{task.pk}",
        payload={
            "done": task.state == TaskState.DONE,
            "step": task.step,
            **({"note_sha256": digest_of(task.reason)} if task.reason else {}),
        },
    )
