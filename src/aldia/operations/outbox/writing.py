"""A person writes to a customer in their own words: it leaves after ten minutes, unless taken back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.outbox.deciding import BODY_LENGTH_MAX, TO_THINK_AGAIN, EditRefused
from aldia.operations.respect import findings_as_json, refuse_unaccepted
from aldia.queries.copies import lines_with_copy
from aldia.queries.outbox import sendable
from aldia.queries.respect import findings_of_message
from aldia.queries.ways import open_ways
from aldia.records.ledger.models import ItemBalance
from aldia.records.outreach.models import FREE, Draft, Message, MessageKind, MessageLine
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from aldia.rules.copies import COPY
from aldia.rules.respect.reader import is_hot
from aldia.rules.rights import Right, may
from aldia.rules.texts.render import Text, faults_in
from aldia.rules.texts.uses import provided_to

STEP = "free"
WITHDRAWN = "withdrawn"
CHANNELS = ("email", "sms", "whatsapp")
NOW, TOMORROW, COLLEAGUE = "now", "tomorrow", "colleague"
WHEN = (NOW, TOMORROW, COLLEAGUE)


class WritingRefused(AldiaError):
    """A message that cannot be written so. facts: what is wrong with it."""

    code = "writing_refused"


class HotWords(AldiaError):
    """Words that read as if written in anger: tomorrow morning, or a colleague first. facts: findings."""

    code = "hot_words"


class TooLate(AldiaError):
    """The message has left or is no longer waiting: it cannot be taken back."""

    code = "too_late"


@dataclass(frozen=True, slots=True)
class Written:
    """key: of the message. leaves_at: not before then; None where a colleague reads it first."""

    key: str
    leaves_at: datetime | None


def write_to_as(
    *,
    member: Membership,
    customer_id: int,
    channel: str,
    text: Text,
    when: str,
    actor: str,
    now: datetime,
    accepted: str = "",
) -> Written:
    """`write_to` by somebody of the house; only who looks after texts may accept what is questioned."""
    return write_to(
        creditor=member.creditor,
        customer_id=customer_id,
        channel=channel,
        text=text,
        when=when,
        actor=actor,
        now=now,
        accepted=accepted if may(member.role, Right.STRATEGY) else "",
    )


def write_to(
    *,
    creditor: Creditor,
    customer_id: int,
    channel: str,
    text: Text,
    when: str,
    actor: str,
    now: datetime,
    accepted: str = "",
) -> Written:
    """One message in a person's words, through the gate like any other.

    when: now (after ten minutes, in which it can be taken back), tomorrow (not before the morning) or
    colleague (somebody else says yes first). accepted: why words that are questioned stay. Raises
    WritingRefused, EditRefused, WordsQuestioned, HotWords for hot words that shall leave now.
    """
    said = Text(" ".join(text.subject.split()), text.body.replace("\r\n", "\n").strip())
    with transaction.atomic(), scope([creditor.pk]):
        customer = Customer.objects.select_for_update().filter(pk=customer_id).first()
        if customer is None:
            raise WritingRefused("Ese cliente no existe.")
        _refuse_impossible(channel, when)
        _refuse_unreachable(creditor, customer, channel, now)
        _refuse_unfit(channel, said)
        found = findings_of_message(
            creditor, said, customer_id=customer.pk, step=STEP, kind=MessageKind.FREE, channel=channel
        )
        told = refuse_unaccepted(found, accepted)
        if when == NOW and is_hot(found):
            raise HotWords(
                "Suena a enfado. Que salga mañana por la mañana, o que lo lea antes otra persona.",
                findings=findings_as_json(found),
            )
        leaves_at = _leaves_at(creditor, when, now)
        key = _kept(customer, channel, leaves_at, actor=actor, now=now)
        Draft.objects.create(
            creditor_id=creditor.pk,
            key=key,
            subject=said.subject,
            body=said.body,
            edited_by=actor,
            edited_at=now,
            needs_other=leaves_at is None,
        )
        record_event(
            creditor_id=creditor.pk,
            verb="outbox.written",
            subject=f"customer:{customer.pk}",
            actor=actor,
            payload={"key": key, "channel": channel, "when": when, **told},
            at=now,
        )
    return Written(key, leaves_at)


def send_copies(
    *, creditor: Creditor, customer_id: int, due_line_ids: Collection[int], actor: str, now: datetime
) -> Written:
    """A mail in the words of the text «copy», with the copies of the documents of these open lines.

    It leaves after ten minutes, in which it can be taken back, through the gate like any other. Raises
    WritingRefused.
    """
    with transaction.atomic(), scope([creditor.pk]):
        customer = Customer.objects.select_for_update().filter(pk=customer_id).first()
        if customer is None:
            raise WritingRefused("Ese cliente no existe.")
        _refuse_unreachable(creditor, customer, "email", now)
        lines = _lines_asked_for(customer, due_line_ids)
        leaves_at = now + TO_THINK_AGAIN
        key = _kept(customer, "email", leaves_at, actor=actor, now=now, template=COPY)
        message = Message.objects.get(creditor_id=creditor.pk, once_key=key)
        MessageLine.objects.bulk_create(
            MessageLine(
                creditor_id=creditor.pk,
                message=message,
                customer=customer,
                due_line_id=line.due_line_id,
                currency=line.currency,
                open_minor=line.open_minor,
                days_overdue=0,
            )
            for line in lines
        )
        record_event(
            creditor_id=creditor.pk,
            verb="outbox.copies_written",
            subject=f"customer:{customer.pk}",
            actor=actor,
            payload={"key": key, "lines": [line.due_line_id for line in lines]},
            at=now,
        )
    return Written(key, leaves_at)


def _lines_asked_for(customer: Customer, due_line_ids: Collection[int]) -> list[ItemBalance]:
    """Open lines of the customer, each of a document that has a copy. Raises WritingRefused."""
    wanted = set(due_line_ids)
    if not wanted:
        raise WritingRefused("Elija de qué facturas se manda la copia.")
    rows = ItemBalance.objects.filter(customer=customer, due_line__in=wanted, open_minor__gt=0)
    lines = list(rows.order_by("due_line"))
    if len(lines) != len(wanted):
        raise WritingRefused("Una de las partidas no es de este cliente, o ya no está pendiente.")
    if lines_with_copy(customer.creditor, wanted) != wanted:
        raise WritingRefused("De una de esas facturas no hay copia: súbala antes en su página.")
    return lines


def _refuse_impossible(channel: str, when: str) -> None:
    if when not in WHEN:
        raise WritingRefused(f"«{when}» no es un momento: elija entre {', '.join(WHEN)}.")
    if channel not in CHANNELS:
        raise WritingRefused(f"Por «{channel}» no se escribe a mano: elija entre {', '.join(CHANNELS)}.")


def _refuse_unfit(channel: str, text: Text) -> None:
    faults = faults_in(text, provides=provided_to(is_step=False), channel=channel)
    if len(text.body) > BODY_LENGTH_MAX:
        faults.append(f"El mensaje pasa de {BODY_LENGTH_MAX} caracteres: acórtelo.")
    if faults:
        raise EditRefused(" ".join(faults), faults=faults)


def _refuse_unreachable(creditor: Creditor, customer: Customer, channel: str, now: datetime) -> None:
    if channel not in sendable(creditor):
        raise WritingRefused("Ese canal aún no tiene salida: póngala en Ajustes, Canales.", channel=channel)
    if not open_ways(creditor, customer.pk, [channel], now=now):
        raise WritingRefused(
            "Ese cliente no tiene ninguna dirección que se pueda usar por ese canal: mire en su ficha si"
            " falta, si la rechazó o si falta su autorización.",
            channel=channel,
        )


def _kept(
    customer: Customer,
    channel: str,
    leaves_at: datetime | None,
    *,
    actor: str,
    now: datetime,
    template: str = STEP,
) -> str:
    """The row of the outbox, by its key; the customer's row is locked, so that numbers do not meet."""
    earlier = Message.objects.filter(customer=customer, kind=MessageKind.FREE).count()
    key = f"customer:{customer.pk}/{STEP}/{earlier + 1}"
    approved = leaves_at is not None
    Message.objects.create(
        creditor_id=customer.creditor_id,
        once_key=key,
        customer_id=customer.pk,
        kind=MessageKind.FREE,
        step=template,
        occurrence=earlier + 1,
        channel=channel,
        template=template,
        state="approved" if approved else "waiting_approval",
        approved_by=actor if approved else "",
        approved_at=now if approved else None,
        planned_on=clock.business_date(now, customer.creditor.time_zone),
        not_before_at=leaves_at,
    )
    return key


def _leaves_at(creditor: Creditor, when: str, now: datetime) -> datetime | None:
    if when == COLLEAGUE:
        return None
    if when == NOW:
        return now + TO_THINK_AGAIN
    tomorrow = clock.business_date(now, creditor.time_zone) + timedelta(days=1)
    return clock.morning_of(tomorrow, creditor.time_zone)


def take_back(*, creditor: Creditor, key: str, actor: str, now: datetime) -> None:
    """A message in a person's words that has not left yet never leaves. Raises TooLate."""
    with transaction.atomic(), scope([creditor.pk]):
        rows = Message.objects.select_for_update().filter(creditor_id=creditor.pk, once_key=key)
        found = rows.filter(kind=MessageKind.FREE, state__in=(*FREE, "waiting_approval")).first()
        if found is None:
            raise TooLate("Ese mensaje ya ha salido o ya se retiró: no se puede deshacer.", key=key)
        Message.objects.filter(pk=found.pk).update(state="skipped", reason=WITHDRAWN)
        record_event(
            creditor_id=creditor.pk,
            verb="outbox.withdrawn",
            subject=f"customer:{found.customer_id}",
            actor=actor,
            payload={"key": key},
            at=now,
        )
