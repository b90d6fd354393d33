"""What providers have told of messages that left, written where it belongs: in whatever order it came."""

import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from aldia.channels.hooks import SOURCES, delivery_of
from aldia.channels.news import STATUS, Delivery
from aldia.kernel import clock
from aldia.operations.alerts import raise_alert
from aldia.operations.audit import record_event
from aldia.operations.contact_log import log_contact
from aldia.operations.opt_outs import SAID_BY_PROVIDER, take_as_refused
from aldia.operations.outbox.doubts import resolve_doubt
from aldia.operations.outbox.falling_back import go_on_elsewhere
from aldia.operations.outbox.settling import BAD_ADDRESS, REJECTED, ask_a_person
from aldia.records.outreach.models import DeliveryEvent, DeliveryState, Dispatch, ProviderEvent
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

_WAY = ("", *DeliveryState.values)  # delivery only goes forward along it
_PAGE = 100
_PATIENCE = timedelta(minutes=15)
"""So long news wait for the message they are about: its outcome may still be under way."""

_UNSUBSCRIBED = "Se dio de baja por el enlace o en el proveedor: lo dice el proveedor."
_NOTES = {
    "complained": "Marcó un correo como no deseado: lo dice el proveedor.",
    "failed": SAID_BY_PROVIDER,
}
_NOT_OURS = "No es de ningún envío de esta casa."
_UNREADABLE = "No se entiende lo que dice el proveedor."
_DEFECTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class NewsReport:
    """applied: by state. waiting: of messages whose outcome is not written yet. put_by: of no use to us."""

    applied: Counter[str] = field(default_factory=Counter)
    waiting: int = 0
    put_by: int = 0

    def as_dict(self) -> dict[str, Any]:
        """For the job's log."""
        return {
            "applied": dict(sorted(self.applied.items())),
            "waiting": self.waiting,
            "put_by": self.put_by,
        }


def apply_news(*, creditor: Creditor, actor: str, now: datetime) -> NewsReport:
    """Apply what has come of messages that left, each piece in a commit of its own, and none twice.

    Duplicates and any order end the same: a message's delivery is the furthest it is known to have come.
    """
    report, after = NewsReport(), 0
    while page := _pending(creditor, after):
        for event_id in page:
            became = _one(creditor, event_id, actor, now)
            if became in _WAY or became == "refused":
                report.applied[became] += 1
            elif became == "waiting":
                report.waiting += 1
            elif became == "put_by":
                report.put_by += 1
        after = page[-1]
    return report


def _pending(creditor: Creditor, after: int) -> list[int]:
    with transaction.atomic(), scope([creditor.pk]):
        rows = ProviderEvent.objects.filter(
            creditor_id=creditor.pk,
            pk__gt=after,
            processed_at=None,
            source__in=SOURCES,
            external_id__startswith=STATUS,
        )
        return list(rows.order_by("pk").values_list("pk", flat=True)[:_PAGE])


def _one(creditor: Creditor, event_id: int, actor: str, now: datetime) -> str:
    """The state that the piece has told, `refused` where it tells of nothing but a refusal, else `waiting`,
    `put_by`, or `elsewhere` where another is at it."""
    with transaction.atomic(), scope([creditor.pk]):
        rows = ProviderEvent.objects.select_for_update(skip_locked=True)
        event = rows.filter(pk=event_id, processed_at=None).first()
        return _applied(creditor, event, actor, now) if event else "elsewhere"


def _applied(creditor: Creditor, event: ProviderEvent, actor: str, now: datetime) -> str:
    try:
        delivery = delivery_of(event)
    except _DEFECTS:
        _log.exception("news %d cannot be read", event.pk)
        return _put_by(event, _UNREADABLE, now)
    if delivery is None:
        return _put_by(event, "", now)
    dispatch = _dispatch(creditor, event, delivery)
    if delivery.opted_out:
        _refused(creditor, dispatch, event, delivery, actor=actor, now=now)  # waits for nothing
    if not delivery.state:
        event.processed_at = now
        event.save(update_fields=["processed_at"])
        return "refused"
    if dispatch is None or dispatch.state in ("claimed", "returned"):
        if now - event.received_at < _PATIENCE:
            return "waiting"
        return _put_by(event, _NOT_OURS, now)
    if dispatch.state == "unknown":
        dispatch = _no_longer_in_doubt(creditor, dispatch, event, delivery, now)
    event.processed_at = now
    event.save(update_fields=["processed_at"])
    if _told(dispatch, event, delivery):
        _forward(creditor, dispatch, delivery, now)
        record_event(
            creditor_id=creditor.pk,
            verb="delivery.recorded",
            subject=f"dispatch:{dispatch.pk}",
            actor=actor,
            payload={"state": delivery.state, "code": delivery.detail, "source": event.source},
            at=now,
        )
    return delivery.state


def _put_by(event: ProviderEvent, error: str, now: datetime) -> str:
    event.processed_at, event.error = now, error
    event.save(update_fields=["processed_at", "error"])
    return "put_by"


def _dispatch(creditor: Creditor, event: ProviderEvent, delivery: Delivery) -> Dispatch | None:
    """By the provider's name of it, else by our own, which it brings back."""
    rows = Dispatch.objects.select_for_update().filter(creditor_id=creditor.pk, channel=event.channel)
    found = rows.filter(provider_id=delivery.provider_id).first() if delivery.provider_id else None
    if found is None and delivery.reference:
        found = rows.filter(message_id=f"<{delivery.reference}>").first()
    return found


def _told(dispatch: Dispatch, event: ProviderEvent, delivery: Delivery) -> bool:
    """Write it down; False where it was known. The dispatch is locked: nobody else is at it."""
    detail = delivery.reason
    if DeliveryEvent.objects.filter(dispatch=dispatch, state=delivery.state, detail=detail).exists():
        return False
    DeliveryEvent.objects.create(
        creditor_id=dispatch.creditor_id,
        dispatch=dispatch,
        customer_id=dispatch.customer_id,
        state=delivery.state,
        address=delivery.address,
        detail=detail,
        at=delivery.at,
        event=event,
    )
    return True


def _forward(creditor: Creditor, dispatch: Dispatch, delivery: Delivery, now: datetime) -> None:
    if _WAY.index(delivery.state) > _WAY.index(dispatch.delivery):
        dispatch.delivery = delivery.state
        dispatch.save(update_fields=["delivery"])
    log_contact(
        creditor_id=creditor.pk,
        customer_id=dispatch.customer_id,
        kind="delivery",
        at=now,
        actor="hooks",
        channel=dispatch.channel,
        address=delivery.address,
        subject=f"dispatch:{dispatch.pk}",
        payload={"state": delivery.state, "code": delivery.detail},
    )
    if delivery.state in ("failed", "bounced"):
        if not delivery.opted_out:
            _somebody_is_told(creditor, dispatch, delivery, now)
        go_on_elsewhere(creditor, dispatch, now=now)


def _somebody_is_told(creditor: Creditor, dispatch: Dispatch, delivery: Delivery, now: datetime) -> None:
    on = clock.business_date(now, creditor.time_zone)
    ask_a_person(dispatch, BAD_ADDRESS if delivery.bad_address else REJECTED, on)
    raise_alert(
        creditor_id=creditor.pk,
        customer_id=dispatch.customer_id,
        kind="bounce" if delivery.bad_address else "failed",
        once_key=f"dispatch:{dispatch.pk}/bounce",
        at=now,
        subject=f"dispatch:{dispatch.pk}",
    )


def _refused(
    creditor: Creditor,
    dispatch: Dispatch | None,
    event: ProviderEvent,
    delivery: Delivery,
    *,
    actor: str,
    now: datetime,
) -> None:
    """Whoever the message went to wants no more: in force at once."""
    new = take_as_refused(
        creditor,
        channel=event.channel,
        address=dispatch.recipient if dispatch else delivery.address.lower(),
        customer_id=dispatch.customer_id if dispatch else None,
        dispatch=dispatch,
        at=now,
        actor=event.source,
        event=event,
        note=_NOTES.get(delivery.state, _UNSUBSCRIBED),
    )
    if new:
        record_event(
            creditor_id=creditor.pk,
            verb="delivery.opted_out",
            subject=f"event:{event.pk}",
            actor=actor,
            payload={"channel": event.channel, "source": event.source, "customers": new},
            at=now,
        )


def _no_longer_in_doubt(
    creditor: Creditor, dispatch: Dispatch, event: ProviderEvent, delivery: Delivery, now: datetime
) -> Dispatch:
    """Whoever tells of a message has taken it: the doubt is over, whatever became of it then."""
    settled = resolve_doubt(creditor=creditor, key=dispatch.key, sent=True, actor=event.source, now=now)
    settled.provider_id = settled.provider_id or delivery.provider_id
    settled.save(update_fields=["provider_id"])
    return settled
