"""A doubt settled: somebody has found out whether a mail arrived."""

from datetime import datetime

from django.db import transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.contact_log import log_dispatch
from aldia.records.outreach.models import Dispatch, Message
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

_NOT_SENT = "not_sent"


class NoDoubt(AldiaError):
    """No mail of this key is in doubt. facts: key."""

    code = "no_doubt"


def resolve_doubt(*, creditor: Creditor, key: str, sent: bool, actor: str, now: datetime) -> Dispatch:
    """sent: it arrived, and counts as sent on the day it left. Otherwise it never took place: its step is
    open again, and the next daily run plans it anew if it still applies. Raises NoDoubt."""
    with transaction.atomic(), scope([creditor.pk]):
        found = Dispatch.objects.select_for_update().filter(creditor_id=creditor.pk, key=key)
        dispatch = found.filter(state="unknown").first()
        if dispatch is None:
            raise NoDoubt(f"El mensaje «{key}» no está sin confirmar.", key=key)
        dispatch.state = "sent" if sent else "failed"
        dispatch.resolved_by, dispatch.resolved_at = actor, now
        dispatch.save(update_fields=["state", "resolved_by", "resolved_at"])
        rows = Message.objects.filter(dispatch=dispatch, state="unknown")
        if sent:
            rows.update(state="sent", reason="")
        else:
            rows.update(state="failed", reason=_NOT_SENT, sent_on=None, sent_at=None)
        log_dispatch(
            creditor_id=creditor.pk,
            dispatch_id=dispatch.pk,
            kind="arrived" if sent else "lost",
            at=now,
            actor=actor,
        )
        record_event(
            creditor_id=creditor.pk,
            verb="outbox.doubt_resolved",
            subject=f"dispatch:{dispatch.pk}",
            actor=actor,
            payload={"sent": sent},
            at=now,
        )
    return dispatch
