"""What other mail servers tell of our mails: came back, comes late, was not wanted."""

from datetime import datetime, timedelta

from aldia.formats.mail import Bounce
from aldia.kernel.clock import business_date
from aldia.operations.alerts import raise_alert
from aldia.operations.audit import record_event
from aldia.operations.contact_log import log_contact
from aldia.operations.opt_outs import refuse_channel
from aldia.operations.outbox.falling_back import go_on_elsewhere
from aldia.operations.outbox.settling import BAD_ADDRESS, REJECTED, ask_a_person
from aldia.records.outreach.models import DeliveryEvent, DeliveryState, Dispatch, ProviderEvent
from aldia.records.parties.models import ConsentSource
from aldia.records.tenancy.models import Creditor

_LOOKED_BACK = timedelta(days=7)
_WAY = ["", *DeliveryState.values]


def apply_bounce(
    creditor: Creditor, bounce: Bounce, event: ProviderEvent, *, actor: str, now: datetime
) -> bool:
    """Write it down with the mail it is about; False where that is none of ours. Told again, done once.

    Inside a transaction in scope.
    """
    dispatch = _dispatch_of(creditor, bounce, event)
    if dispatch is None:
        return False
    state = _state(bounce)
    detail = f"{bounce.status} {bounce.words}".strip()
    _row, is_new = DeliveryEvent.objects.get_or_create(
        creditor_id=creditor.pk,
        dispatch=dispatch,
        state=state,
        detail=detail,
        defaults={
            "customer_id": dispatch.customer_id,
            "address": bounce.recipient or dispatch.recipient,
            "at": event.received_at,
            "event": event,
        },
    )
    if not is_new:
        return True
    first = _go_forward(dispatch, state)
    log_contact(
        creditor_id=creditor.pk,
        customer_id=dispatch.customer_id,
        kind="delivery",
        at=now,
        actor=actor,
        channel=dispatch.channel,
        address=bounce.recipient or dispatch.recipient,
        subject=f"dispatch:{dispatch.pk}",
        payload={"state": state, "status": bounce.status},
    )
    if bounce.is_complaint:
        refuse_channel(
            creditor=creditor,
            customer_id=dispatch.customer_id,
            channel="email",
            addresses=[dispatch.recipient, bounce.recipient],
            at=now,
            event=event,
            source=ConsentSource.PROVIDER,
        )
        raise_alert(
            creditor_id=creditor.pk,
            customer_id=dispatch.customer_id,
            kind="opt_out",
            once_key=f"event:{event.pk}/opt_out",
            at=now,
            subject=f"dispatch:{dispatch.pk}",
        )
    elif bounce.is_permanent:
        on = business_date(now, creditor.time_zone)
        ask_a_person(dispatch, BAD_ADDRESS if bounce.is_bad_address else REJECTED, on)
        raise_alert(
            creditor_id=creditor.pk,
            customer_id=dispatch.customer_id,
            kind="bounce",
            once_key=f"dispatch:{dispatch.pk}/bounce",
            at=now,
            subject=f"dispatch:{dispatch.pk}",
        )
        if first:
            go_on_elsewhere(creditor, dispatch, now=now)
    record_event(
        creditor_id=creditor.pk,
        verb=f"mail.{state if state != DeliveryState.QUEUED else 'delayed'}",
        subject=f"dispatch:{dispatch.pk}",
        actor=actor,
        payload={"customer": dispatch.customer_id, "status": bounce.status, "event": event.pk},
        at=now,
    )
    return True


def _state(bounce: Bounce) -> str:
    if bounce.is_complaint:
        return DeliveryState.COMPLAINED.value
    return DeliveryState.BOUNCED.value if bounce.is_permanent else DeliveryState.QUEUED.value


def _dispatch_of(creditor: Creditor, bounce: Bounce, event: ProviderEvent) -> Dispatch | None:
    """By the id of our mail; without one, the only mail of the last days to that address."""
    gone = Dispatch.objects.select_for_update(no_key=True).filter(
        creditor_id=creditor.pk, channel="email", state__in=("sent", "unknown")
    )
    if bounce.message_id:
        return gone.filter(message_id=bounce.message_id).first()
    if not bounce.recipient:
        return None
    since = event.received_at - _LOOKED_BACK
    recent = list(gone.filter(recipient__iexact=bounce.recipient, finished_at__gte=since)[:2])
    return recent[0] if len(recent) == 1 else None


def _go_forward(dispatch: Dispatch, state: str) -> bool:
    """Whether the mail had not come so far before."""
    if _WAY.index(state) <= _WAY.index(dispatch.delivery):
        return False
    Dispatch.objects.filter(pk=dispatch.pk).update(delivery=state)
    return True
