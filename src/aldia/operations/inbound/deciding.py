"""What a person makes of an answer: confirms it into what exists, says whose it is, or leaves it aside."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.contacts import ContactChanges, NewAddress, change_contacts
from aldia.operations.customers import locked_customer
from aldia.operations.disputes import leave_check
from aldia.operations.holds import put_on_hold
from aldia.operations.ledger.overlays import record_dispute
from aldia.operations.opt_outs import refuse_channel
from aldia.operations.outbox.writing import send_copies
from aldia.operations.promises import NAME_LENGTH_MAX, NewPromise, record_promise
from aldia.operations.replies import record_reply
from aldia.queries.customers import customer_by_code
from aldia.queries.inbound_ties import tie_of
from aldia.queries.people import name_of_actor
from aldia.records.cases.models import PromiseSource, Task
from aldia.records.ledger.models import DueLine
from aldia.records.outreach.models import InboundKind, InboundMessage, InboundState
from aldia.records.parties.models import Channel, ContactPoint, PointQuality
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope

_NOTE_MAX = 2_000
_REASON_MAX = 200

# What each is taken down as; what no customer has said is taken down as nothing.
REPLY_KINDS = {
    InboundKind.PAID: "paid",
    InboundKind.PROMISE: "promises",
    InboundKind.DISPUTE: "disputes",
    InboundKind.REFUSES: "will_not",
    InboundKind.INSTALMENTS: "asks",
    InboundKind.HARDSHIP: "cannot",
    InboundKind.COPY: "asks",
    InboundKind.WRONG_PERSON: "wrong_person",
    InboundKind.OPT_OUT: "other",
    InboundKind.OTHER: "other",
}
TASK_KINDS = {InboundKind.COPY: "send_copy", InboundKind.WRONG_PERSON: "bad_address"}
"""Kind → the task it leaves for a person."""

_REPLY_CHANNELS = {"email": Channel.EMAIL, "sms": Channel.PHONE, "whatsapp": Channel.WHATSAPP}
_POINTS = {"email": ["email"], "sms": ["phone"], "whatsapp": ["whatsapp", "phone"]}


class NoSuchInbound(AldiaError):
    """There is no such answer."""

    code = "no_such_inbound"


class AlreadyLookedAt(AldiaError):
    """Somebody was first, or it has changed since it was shown. facts: state, kind, by."""

    code = "already_looked_at"


class NotYetAnybodys(AldiaError):
    """Nobody has said whose it is."""

    code = "not_yet_anybodys"


@dataclass(frozen=True, slots=True)
class _By:
    """Who does it, for whom, when."""

    creditor: Creditor
    actor: str
    now: datetime

    @property
    def today(self) -> date:
        """The creditor's day."""
        return business_date(self.now, self.creditor.time_zone)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """kind: an InboundKind, as the person sees it. note: theirs, else the answer's own words. hold_until: the
    first day on which the customer may be dunned again, None for no hold. disputed_lines: due lines that are
    contested. shown_customer_id: whose it was when it was shown, None for not said. copies_of: due lines
    whose copies are sent in answer; only to who asks for a copy, who then leaves no task. promise: what is
    promised, to be taken down in the same step; only of who promises to pay. member: who confirms."""

    kind: str
    note: str = ""
    hold_until: date | None = None
    disputed_lines: tuple[int, ...] = ()
    shown_customer_id: int | None = None
    copies_of: tuple[int, ...] = ()
    promise: NewPromise | None = None
    member: Membership | None = None


def confirm(
    *, creditor: Creditor, message_id: int, confirmation: Confirmation, actor: str, now: datetime
) -> InboundMessage:
    """Take the answer down as the person says, with all that follows, or nothing of it.

    Raises NoSuchInbound, AlreadyLookedAt, NotYetAnybodys, WritingRefused, HoldRefused, PromiseRefused, and
    what the ledger refuses.
    """
    with transaction.atomic(), scope([creditor.pk]):
        message = _locked(creditor, message_id)
        kind = _kind(confirmation.kind)
        if message.customer_id is None:
            raise NotYetAnybodys("Diga primero de qué cliente es.")
        if confirmation.shown_customer_id not in (None, message.customer_id):
            raise AlreadyLookedAt(
                "Alguien ha dicho mientras tanto que esto es de otro cliente. Vuelva a mirarlo.",
                state=message.state,
                kind=message.kind,
                by="",
            )
        by = _By(creditor, actor, now)
        locked_customer(creditor, message.customer_id)
        message.reply_id = _taken_down(by, message, kind, confirmation.note)
        if confirmation.promise is not None and kind is InboundKind.PROMISE:
            _promised(by, message, confirmation.promise, confirmation.member)
        _circumstances(by, message, confirmation)
        if confirmation.copies_of and kind is InboundKind.COPY:
            _answer_with_copies(by, message, confirmation.copies_of)
        else:
            _consequences(by, message, kind)
        _close(by, message, InboundState.HANDLED, kind=kind)
        _audit(by, "inbound.confirmed", message, kind=kind.value)
    return message


def dismiss(*, creditor: Creditor, message_id: int, reason: str, actor: str, now: datetime) -> InboundMessage:
    """Leave it aside for a reason: it counts as no answer. Raises NoSuchInbound, AlreadyLookedAt."""
    said = " ".join(reason.split())[:_REASON_MAX]
    if not said:
        raise NotYetAnybodys("Diga por qué se descarta.")
    with transaction.atomic(), scope([creditor.pk]):
        message = _locked(creditor, message_id)
        message.reason = said
        by = _By(creditor, actor, now)
        _close(by, message, InboundState.DISMISSED, kind=InboundKind(message.kind))
        _audit(by, "inbound.dismissed", message, kind=message.kind)
    return message


def assign(
    *,
    creditor: Creditor,
    message_id: int,
    customer_code: str,
    actor: str,
    now: datetime,
    remember: bool = False,
) -> InboundMessage:
    """Say whose it is. remember: keep the sender's address with the customer.

    Raises NoSuchInbound, AlreadyLookedAt, UnknownCustomer, ContactRefused.
    """
    with transaction.atomic(), scope([creditor.pk]):
        message = _locked(creditor, message_id)
        customer = customer_by_code(customer_code.strip())
        if message.customer_id != customer.pk:
            message.customer_id, message.dispatch = customer.pk, None
            message.save(update_fields=["customer", "dispatch"])
        if remember and message.sender:
            known = "email" if message.channel == "email" else "phone"
            new = NewAddress(channel=known, value=message.sender)
            change_contacts(
                creditor=creditor,
                customer_id=customer.pk,
                changes=ContactChanges(new=(new,)),
                actor=actor,
                now=now,
            )
        _audit(_By(creditor, actor, now), "inbound.assigned", message)
    return message


def _locked(creditor: Creditor, message_id: int) -> InboundMessage:
    """The answer, ours until commit. Raises NoSuchInbound, AlreadyLookedAt."""
    rows = InboundMessage.objects.select_for_update().filter(creditor_id=creditor.pk, pk=message_id)
    message = rows.first()
    if message is None:
        raise NoSuchInbound("No hay ninguna respuesta así.", id=message_id)
    if message.state != InboundState.NEW:
        who, label = name_of_actor(message.handled_by), InboundKind(message.kind).label
        raise AlreadyLookedAt(
            f"{who} la ha descartado antes. No se ha cambiado nada."
            if message.state == InboundState.DISMISSED
            else f"{who} la ha atendido antes: «{label}». No se ha cambiado nada.",
            state=message.state,
            kind=message.kind,
            by=message.handled_by,
        )
    return message


def _kind(text: str) -> InboundKind:
    if text not in InboundKind.values:
        raise NoSuchInbound(f"«{text}» no es ninguna clase de respuesta.", kind=text)
    return InboundKind(text)


def _taken_down(by: _By, message: InboundMessage, kind: InboundKind, note: str) -> int | None:
    if kind not in REPLY_KINDS or message.customer is None:
        return None
    reply = record_reply(
        creditor=by.creditor,
        customer_code=message.customer.code,
        kind=REPLY_KINDS[kind],
        received_on=business_date(message.received_at, by.creditor.time_zone),
        now=by.now,
        actor=by.actor,
        channel=_REPLY_CHANNELS.get(message.channel, Channel.EMAIL).value,
        note=(note.strip() or message.text)[:_NOTE_MAX],
    )
    return reply.pk


def _promised(by: _By, message: InboundMessage, promise: NewPromise, member: Membership | None) -> None:
    """What the customer has promised in writing, in the words of who wrote it."""
    assert message.customer_id is not None
    record_promise(
        creditor=by.creditor,
        customer_id=message.customer_id,
        new=replace(
            promise,
            source=PromiseSource.REPLY.value,
            promised_by=promise.promised_by or message.sender_name[:NAME_LENGTH_MAX],
        ),
        actor=by.actor,
        now=by.now,
        member=member,
    )


def _circumstances(by: _By, message: InboundMessage, confirmation: Confirmation) -> None:
    """A pause and contested lines, where the person chose them. What is contested has to be looked into, also
    where nobody knows yet of which lines it is."""
    assert message.customer_id is not None
    said: dict[str, Any] = {
        "actor": by.actor,
        "now": by.now,
        "reason": str(InboundKind(confirmation.kind).label),
    }
    if confirmation.hold_until is not None:
        put_on_hold(
            creditor=by.creditor,
            customer_id=message.customer_id,
            until_on=confirmation.hold_until,
            **said,
        )
    contested = _lines_of(message, confirmation.disputed_lines)
    for line in contested:
        record_dispute(creditor_id=by.creditor.pk, due_line_id=line, on=by.today, **said)
    if contested or confirmation.kind == InboundKind.DISPUTE:
        leave_check(
            creditor=by.creditor,
            customer_id=message.customer_id,
            once=f"inbound:{message.pk}",
            on=by.today,
        )


def _lines_of(message: InboundMessage, lines: tuple[int, ...]) -> list[int]:
    """Those lines, which must all be the customer's. Raises NoSuchInbound."""
    own = DueLine.objects.filter(customer=message.customer_id or 0, pk__in=lines)
    found = list(own.order_by("pk").values_list("pk", flat=True))
    if len(found) != len(set(lines)):
        raise NoSuchInbound("Una de las partidas no es de este cliente.")
    return found


def _answer_with_copies(by: _By, message: InboundMessage, lines: tuple[int, ...]) -> None:
    """To the address the house knows, whoever asked."""
    assert message.customer_id is not None
    send_copies(
        creditor=by.creditor,
        customer_id=message.customer_id,
        due_line_ids=lines,
        actor=by.actor,
        now=by.now,
    )


def _consequences(by: _By, message: InboundMessage, kind: InboundKind) -> None:
    """A task; an address that is somebody else's is bad; one that refuses messages gets none."""
    assert message.customer_id is not None
    if kind in TASK_KINDS:
        Task.objects.get_or_create(
            creditor_id=by.creditor.pk,
            once_key=f"inbound:{message.pk}/{TASK_KINDS[kind]}/1",
            defaults={
                "customer_id": message.customer_id,
                "kind": TASK_KINDS[kind],
                "channel": message.channel,
                "due_on": by.today,
            },
        )
    if kind not in (InboundKind.WRONG_PERSON, InboundKind.OPT_OUT):
        return
    tie = tie_of(by.creditor, channel=message.channel, sender=message.sender)
    addresses = set(tie.addresses) | ({message.dispatch.recipient} if message.dispatch else set())
    if kind is InboundKind.OPT_OUT:
        refuse_channel(
            creditor=by.creditor,
            customer_id=message.customer_id,
            channel=message.channel,
            addresses=addresses,
            at=by.now,
            event=message.event,
        )
        return
    points = ContactPoint.objects.filter(customer=message.customer_id, value__in=list(addresses))
    points.filter(channel__in=_POINTS.get(message.channel, [])).update(quality=PointQuality.BAD)


def _close(by: _By, message: InboundMessage, state: InboundState, *, kind: InboundKind) -> None:
    message.state, message.kind = state.value, kind.value
    message.handled_by, message.handled_at = by.actor, by.now
    message.save(update_fields=["state", "kind", "handled_by", "handled_at", "reply", "reason"])


def _audit(by: _By, verb: str, message: InboundMessage, **told: Any) -> None:
    record_event(
        creditor_id=by.creditor.pk,
        verb=verb,
        subject=f"inbound:{message.pk}",
        actor=by.actor,
        payload={"customer": message.customer_id, **told},
        at=by.now,
    )
