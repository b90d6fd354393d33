"""The red button: nothing leaves any more, within one mail."""

from datetime import datetime

from django.db import transaction

from aldia.operations.audit import record_event
from aldia.records.tenancy.models import Creditor, House
from aldia.records.tenancy.scope import scope


def stop_sending(*, creditor: Creditor, actor: str, now: datetime) -> None:
    """Nothing of this creditor leaves until somebody resumes; the mail under way is the last."""
    _set(creditor, "sending.stopped", actor, now, {"sending_stopped_at": now, "sending_stopped_by": actor})


def resume_sending(*, creditor: Creditor, actor: str, now: datetime) -> None:
    """What waits may leave again; the gate looks at all of it as of then."""
    _set(creditor, "sending.resumed", actor, now, {"sending_stopped_at": None, "sending_stopped_by": ""})


def _set(creditor: Creditor, verb: str, actor: str, now: datetime, values: dict[str, object]) -> None:
    with transaction.atomic(), scope([creditor.pk]):
        Creditor.objects.filter(pk=creditor.pk).update(**values)
        creditor.refresh_from_db()
        record_event(
            creditor_id=creditor.pk,
            verb=verb,
            subject=f"creditor:{creditor.pk}",
            actor=actor,
            payload={},
            at=now,
        )


def why_stopped(creditor: Creditor) -> str:
    """Spanish sentence when nothing may leave now, else blank. Reads the rows afresh."""
    stopped = Creditor.objects.values_list("sending_stopped_at", "sending_stopped_by").get(pk=creditor.pk)
    if stopped[0] is not None:
        return f"Los envíos están parados ({stopped[1]}): reanúdelos en el buzón de salida."
    reason = (
        House.objects.filter(sending_locked_at__isnull=False)
        .values_list("sending_locked_reason", flat=True)
        .first()
    )
    return f"Los envíos están bloqueados: {reason}" if reason else ""
