"""Raw news becomes an answer that waits for a person: read, tied, suggested; a clear refusal at once."""

import logging
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from aldia.channels.news import INCOMING
from aldia.kernel.clock import business_date
from aldia.kernel.faults import fault_point
from aldia.operations.audit import record_event
from aldia.operations.inbound.bouncing import apply_bounce
from aldia.operations.inbound.heard import MAIL, READERS, Heard
from aldia.operations.opt_outs import refuse_channel
from aldia.queries.inbound_ties import tie_of
from aldia.records.outreach.models import InboundMessage, ProviderEvent
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.inbound import InboundKind, classify

_PAGE = 100
_LATE, _EARLY = timedelta(days=7), timedelta(days=1)
_DEFECTS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class TakenIn:
    """answers: for a person to look at. bounces: mails that came back or late. opted_out: refusals in force.
    unreadable: kept raw, with the reason."""

    answers: int = 0
    bounces: int = 0
    opted_out: int = 0
    unreadable: int = 0


def take_in_waiting(*, creditor: Creditor, actor: str, now: datetime) -> TakenIn:
    """Make something of all raw news of answers, oldest first, each in a commit of its own and once."""
    taken, after = TakenIn(), 0
    while page := _pending(creditor, after):
        for event_id in page:
            try:
                _take_in(creditor, event_id, taken, actor, now)
            except _DEFECTS:
                _log.exception("creditor %d: news %d cannot be read", creditor.pk, event_id)
                _put_by(creditor, event_id, now)
                taken.unreadable += 1
        after = page[-1]
    return taken


def _pending(creditor: Creditor, after: int) -> list[int]:
    with transaction.atomic(), scope([creditor.pk]):
        rows = ProviderEvent.objects.filter(
            Q(source=MAIL) | Q(external_id__startswith=INCOMING),
            creditor_id=creditor.pk,
            pk__gt=after,
            processed_at=None,
            source__in=list(READERS),
        )
        return list(rows.order_by("pk").values_list("pk", flat=True)[:_PAGE])


def _take_in(creditor: Creditor, event_id: int, taken: TakenIn, actor: str, now: datetime) -> None:
    with transaction.atomic(), scope([creditor.pk]):
        waiting = ProviderEvent.objects.select_for_update(skip_locked=True)
        event = waiting.filter(pk=event_id, processed_at=None).first()
        heard = READERS[event.source](event) if event is not None else None
        if event is None or heard is None:
            return
        ProviderEvent.objects.filter(pk=event.pk).update(processed_at=now)
        told = [apply_bounce(creditor, each, event, actor=actor, now=now) for each in heard.bounces]
        taken.bounces += sum(told)
        if not told or not all(told):
            refused = _keep_answer(creditor, event, heard, actor, now)
            taken.answers += 1
            taken.opted_out += refused
        fault_point("inbound.taken_in")


def _put_by(creditor: Creditor, event_id: int, now: datetime) -> None:
    with transaction.atomic(), scope([creditor.pk]):
        rows = ProviderEvent.objects.filter(pk=event_id, processed_at=None)
        rows.update(processed_at=now, error="No se entiende lo que ha llegado.")


def _keep_answer(creditor: Creditor, event: ProviderEvent, heard: Heard, actor: str, now: datetime) -> bool:
    """Whether a refusal has taken effect."""
    tie = tie_of(
        creditor,
        channel=heard.channel,
        sender=heard.sender,
        references=heard.references,
        answers=heard.answers,
    )
    reading = classify(
        heard.text,
        on=_written_on(creditor, event, heard),
        currency=creditor.currency,
        subject=heard.subject,
        automatic=heard.automatic,
    )
    if heard.opts_out:
        reading = replace(reading, kind=InboundKind.OPT_OUT, opt_out=True)
    message = InboundMessage.objects.create(
        creditor_id=creditor.pk,
        event=event,
        customer_id=tie.customer_id,
        dispatch=tie.dispatch,
        channel=heard.channel,
        sender=heard.sender,
        sender_name=heard.sender_name,
        subject=heard.subject,
        text=heard.text,
        quoted=heard.quoted,
        automatic=heard.automatic,
        attachments=list(heard.attachments),
        received_at=event.received_at,
        written_at=heard.written_at,
        kind=InboundKind.BOUNCE if heard.bounces else reading.kind,
        suggestion={} if heard.bounces else reading.as_dict(),
    )
    refused = reading.opt_out and not heard.bounces and bool(tie.addresses)
    if refused:
        refuse_channel(
            creditor=creditor,
            customer_id=tie.customer_id,
            channel=heard.channel,
            addresses=tie.addresses,
            at=now,
            event=event,
        )
    record_event(
        creditor_id=creditor.pk,
        verb="inbound.opted_out" if refused else "inbound.taken_in",
        subject=f"inbound:{message.pk}",
        actor=actor,
        payload={
            "customer": tie.customer_id,
            "channel": heard.channel,
            "kind": message.kind,
            "event": event.pk,
        },
        at=now,
    )
    return refused


def _written_on(creditor: Creditor, event: ProviderEvent, heard: Heard) -> date:
    """The day its «mañana» is counted from: as it says itself where that can be, else when it came."""
    said, came = heard.written_at, event.received_at
    is_likely = said is not None and came - _LATE <= said <= came + _EARLY
    return business_date(said if said and is_likely else came, creditor.time_zone)
