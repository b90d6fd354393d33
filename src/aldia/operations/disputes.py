"""Disputes: a person is asked to look into what a customer contests, and says how it ended."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.operations.cases import must_work, touch_case
from aldia.operations.customers import locked_customer
from aldia.operations.ledger.overlays import end_overlay
from aldia.operations.ledger.state import lock_lines
from aldia.queries.disputes import has_open_dispute
from aldia.queries.people import name_of_actor
from aldia.records.cases.models import Task, TaskState
from aldia.records.ledger.models import Overlay, OverlayEnd, OverlayKind
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.outcomes import CHECK_DISPUTE

REASON_LENGTH_MAX = 200


class DisputeRefused(AldiaError):
    """It cannot be ended so. facts: field (reason)."""

    code = "dispute_refused"


class UnknownDispute(AldiaError):
    """The creditor has no dispute of that number. facts: dispute."""

    code = "unknown_dispute"


class DisputeAlreadyEnded(AldiaError):
    """Somebody was first. facts: dispute, on (the first day without it), by."""

    code = "dispute_already_ended"


def end_dispute(*, creditor: Creditor, dispute_id: int, reason: str, actor: str, now: datetime) -> date:
    """What was contested of a due line is so no longer, and is claimed again from the next run on; the first
    day without it: today, or the day on which it would have begun.

    The task that asked to look into it is done once nothing of the customer's is contested any more. Raises
    UnknownDispute, DisputeRefused (no reason, or one that is too long), DisputeAlreadyEnded, MayNotWork.
    """
    why = _reason(reason)
    today = business_date(now, creditor.time_zone)
    with transaction.atomic(), scope([creditor.pk]):
        must_work(creditor, actor)
        disputes = Overlay.objects.filter(creditor=creditor, pk=dispute_id, kind=OverlayKind.DISPUTE)
        dispute = disputes.first()
        if dispute is None or dispute.due_line_id is None:
            raise UnknownDispute("No hay ninguna incidencia con ese número.", dispute=dispute_id)
        customer_id = dispute.customer_id
        locked_customer(creditor, customer_id)
        touch_case(creditor=creditor, customer_id=customer_id, actor=actor, now=now)
        lock_lines(creditor.pk, [dispute.due_line_id])
        _must_be_open(dispute)
        ends = max(today, dispute.effective_on)
        end_overlay(creditor_id=creditor.pk, overlay_id=dispute_id, on=ends, actor=actor, now=now, reason=why)
        if not has_open_dispute(creditor, customer_id):
            _checks(creditor, customer_id).update(state=TaskState.DONE, closed_on=today)
    return ends


def leave_check(*, creditor: Creditor, customer_id: int, once: str, on: date) -> None:
    """Somebody has to look into what the customer contests: one task, whatever is contested besides; none
    where one waits already. once: what it comes from, `call:17`. Within the operation that opened the
    dispute, the customer locked."""
    if _checks(creditor, customer_id).exists():
        return
    Task.objects.get_or_create(
        creditor=creditor,
        once_key=_once_key(once),
        defaults={"customer_id": customer_id, "kind": CHECK_DISPUTE, "due_on": on},
    )


def withdraw_check(
    *, creditor: Creditor, customer_id: int, once: Sequence[str], on: date, reason: str
) -> None:
    """What it came from was taken back: nobody needs to look any more, unless something else is contested."""
    if not has_open_dispute(creditor, customer_id):
        came = _checks(creditor, customer_id).filter(once_key__in=[_once_key(each) for each in once])
        came.update(state=TaskState.CANCELLED, closed_on=on, reason=reason)


def _checks(creditor: Creditor, customer_id: int) -> QuerySet[Task]:
    tasks = Task.objects.filter(creditor=creditor, customer_id=customer_id, kind=CHECK_DISPUTE)
    return tasks.filter(state=TaskState.OPEN)


def _once_key(once: str) -> str:
    return f"{once}/{CHECK_DISPUTE}/1"


def _must_be_open(dispute: Overlay) -> None:
    """Raises DisputeAlreadyEnded."""
    end = OverlayEnd.objects.filter(creditor=dispute.creditor_id, overlay=dispute).first()
    if end is None:
        return
    who = name_of_actor(end.recorded_by) or "otra persona"
    raise DisputeAlreadyEnded(
        f"Esa incidencia ya estaba resuelta desde el {end.effective_on:%d/%m/%Y}: lo anotó {who}. No se ha"
        " cambiado nada.",
        dispute=dispute.pk,
        on=end.effective_on.isoformat(),
        by=end.recorded_by,
    )


def _reason(reason: str) -> str:
    why = " ".join(reason.replace("\0", " ").split())
    if not why:
        raise DisputeRefused("Diga cómo se ha resuelto.", field="reason")
    if len(why) > REASON_LENGTH_MAX:
        raise DisputeRefused(f"El motivo pasa de {REASON_LENGTH_MAX} caracteres: acórtelo.", field="reason")
    return why
