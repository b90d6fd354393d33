"""The lock of a restore: what was under way goes in doubt, and a person lets sending begin again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import transaction

from aldia.operations.audit import record_event
from aldia.operations.backup.errors import NotLocked, RunFirst, StillPending
from aldia.operations.contact_log import log_units
from aldia.operations.outbox.settling import in_doubt
from aldia.queries.outbox import units_not_left
from aldia.queries.reconciliation import Standing, sending_lock, standings
from aldia.records.outreach.models import NOT_LEFT, Dispatch, Message
from aldia.records.tenancy.models import Creditor, House
from aldia.records.tenancy.scope import scope

Choice = Literal["send", "skip"]

SKIPPED_REASON = "restored"
"""`Message.reason` of what may have left before a restore and is not sent again."""

_ACTOR = "restore"

_SAID = "La copia se hizo mientras se enviaba: puede que haya llegado o que no."


@dataclass(frozen=True, slots=True)
class Unlocked:
    """Sending goes on. sendable, skipped: units that will leave, and that never will."""

    sendable: int
    skipped: int


def doubt_what_was_under_way(creditor: Creditor, now: datetime) -> int:
    """Mails claimed when the copy was made may have left after it; how many. In a transaction, in scope."""
    claimed = Dispatch.objects.filter(creditor=creditor, state="claimed").select_for_update()
    for dispatch in claimed:
        Dispatch.objects.filter(pk=dispatch.pk, begun_at=None).update(begun_at=dispatch.claimed_at)
        dispatch.refresh_from_db()
        in_doubt(creditor, dispatch, said=_SAID, now=now, actor=_ACTOR)
    return len(claimed)


def unlock_sending(*, pending: Choice | None, actor: str, now: datetime) -> Unlocked:
    """Let messages leave again, one audit entry per creditor.

    pending: what becomes of messages that have not left as far as the books know: they are sent, or count as
    done. Raises NotLocked; RunFirst where a run of today would plan more of them; StillPending where there
    are some and nothing was said.
    """
    lock = sending_lock()
    if lock is None:
        raise NotLocked("Los envíos no están bloqueados: no hay nada que conciliar.")
    with transaction.atomic():
        found = standings(now=now)
        _refuse_unrun(found)
        count = sum(len(each.pending) for each in found)
        if count and pending is None:
            raise StillPending(
                f"Hay {count} mensajes que, según la copia, no han salido. Si es así, «--pending send»;"
                " si no se sabe, «--pending skip»: no se envían y su paso cuenta como hecho.",
                count=count,
            )
        for each in found:
            _close(each, pending, actor, now)
        House.objects.filter(pk=1).update(sending_locked_at=None, sending_locked_reason="")
    skipped = count if pending == "skip" else 0
    return Unlocked(count - skipped, skipped)


def _refuse_unrun(found: Sequence[Standing]) -> None:
    codes = [each.creditor.code for each in found if each.run_due_on is not None]
    if codes:
        raise RunFirst(
            f"Falta el proceso de hoy de {', '.join(codes)}: volvería a prever mensajes que quizá ya han"
            " salido. Importe lo que falte desde la copia, haga «aldia run --all» y concilie después.",
            creditors=codes,
        )


def _close(standing: Standing, pending: Choice | None, actor: str, now: datetime) -> None:
    creditor, count = standing.creditor, len(standing.pending)
    with scope([creditor.pk]):
        messages = 0
        if pending == "skip":
            waiting = Message.objects.filter(creditor=creditor, state__in=NOT_LEFT)
            units = [(each.message_ids, {"reason": SKIPPED_REASON}) for each in units_not_left(creditor)]
            log_units(creditor_id=creditor.pk, kind="skipped", units=units, at=now, actor=actor)
            messages = waiting.update(state="skipped", reason=SKIPPED_REASON)
        record_event(
            creditor_id=creditor.pk,
            verb="house.reconciled",
            subject=f"creditor:{creditor.pk}",
            actor=actor,
            payload={
                "pending": count,
                "choice": pending or "",
                "messages_skipped": messages,
                "doubts": len(standing.doubts),
            },
            at=now,
        )
