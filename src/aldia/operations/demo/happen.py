"""The events of the demo, booked one after the other through the verbs a person would have used."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch

from django.db import transaction

from aldia.operations import ledger
from aldia.operations.audit import record_event
from aldia.operations.demo.events import (
    Applied,
    BecameInsolvent,
    DemoEvent,
    Disputed,
    Extended,
    Held,
    Refunded,
    Replied,
    ReturnedDebit,
    WrittenOff,
)
from aldia.operations.replies import record_reply
from aldia.records.ledger.models import Credit, DueLine
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor


@dataclass(frozen=True, slots=True)
class Desk:
    """Who books, when, and how the names of the events lead to rows.

    credits: payment reference or number of a credit note. lines: number of the document. customers: code.
    """

    creditor: Creditor
    actor: str
    now: datetime
    credits: Mapping[str, int]
    lines: Mapping[str, int]
    customers: Mapping[str, int]

    @property
    def creditor_id(self) -> int:
        """The creditor's id, for the verbs of the ledger."""
        return self.creditor.pk


def open_desk(creditor: Creditor, *, actor: str, now: datetime) -> Desk:
    """Look the names up as the rows stand now, in the scope of the creditor."""
    credits = Credit.objects.filter(creditor=creditor).values_list("reference", "number", "id")
    lines = DueLine.objects.filter(creditor=creditor).values_list("document__number", "id")
    customers = Customer.objects.filter(creditor=creditor).values_list("code", "id")
    return Desk(
        creditor,
        actor,
        now,
        {number or reference: key for reference, number, key in credits},
        dict(lines),
        dict(customers),
    )


def book_events(desk: Desk, events: Iterable[DemoEvent], told: Callable[[], None]) -> None:
    """Book each event in turn; told is called after each."""
    for event in events:
        _book(event, desk)
        told()


@singledispatch
def _book(event: DemoEvent, desk: Desk) -> None:
    raise AssertionError(f"nobody books {event}")


@_book.register
def _(event: ReturnedDebit, desk: Desk) -> None:
    ledger.reverse_credit(
        creditor_id=desk.creditor_id,
        credit_id=desk.credits[event.payment],
        on=event.on,
        actor=desk.actor,
        now=desk.now,
        amount_minor=event.amount_minor,
        kind="returned_debit",
        reason=event.reason,
    )


@_book.register
def _(event: Applied, desk: Desk) -> None:
    ledger.allocate_credit(
        creditor_id=desk.creditor_id,
        credit_id=desk.credits[event.credit],
        due_line_ids=[desk.lines[event.invoice]],
        actor=desk.actor,
        now=desk.now,
        amount_minor=event.amount_minor,
    )


@_book.register
def _(event: Refunded, desk: Desk) -> None:
    ledger.refund(
        creditor_id=desk.creditor_id,
        credit_id=desk.credits[event.payment],
        amount_minor=event.amount_minor,
        on=event.on,
        actor=desk.actor,
        now=desk.now,
        reason="Cobrada dos veces",
    )


@_book.register
def _(event: WrittenOff, desk: Desk) -> None:
    ledger.write_off(
        creditor_id=desk.creditor_id,
        due_line_id=desk.lines[event.invoice],
        on=event.on,
        actor=desk.actor,
        now=desk.now,
        amount_minor=event.amount_minor,
        reason=event.reason,
    )


@_book.register
def _(event: Disputed, desk: Desk) -> None:
    overlay = ledger.record_dispute(
        creditor_id=desk.creditor_id,
        due_line_id=desk.lines[event.invoice],
        on=event.on,
        actor=desk.actor,
        now=desk.now,
        amount_minor=event.amount_minor,
        reason=event.reason,
    )
    if event.ended_on is not None:
        ledger.end_overlay(
            creditor_id=desk.creditor_id,
            overlay_id=overlay,
            on=event.ended_on,
            actor=desk.actor,
            now=desk.now,
            reason="Aclarada con el cliente",
        )


@_book.register
def _(event: Held, desk: Desk) -> None:
    ledger.record_hold(
        creditor_id=desk.creditor_id,
        customer_id=desk.customers[event.customer],
        on=event.on,
        actor=desk.actor,
        now=desk.now,
        until_on=event.until_on,
        reason=event.reason,
    )


@_book.register
def _(event: Extended, desk: Desk) -> None:
    ledger.record_terms(
        creditor_id=desk.creditor_id,
        due_line_id=desk.lines[event.invoice],
        until_on=event.until_on,
        on=event.on,
        actor=desk.actor,
        now=desk.now,
        reason=event.reason,
    )


@_book.register
def _(event: Replied, desk: Desk) -> None:
    record_reply(
        creditor=desk.creditor,
        customer_code=event.customer,
        kind=event.kind,
        received_on=event.on,
        now=desk.now,
        actor=desk.actor,
        channel=event.channel,
        note=event.note,
    )


@_book.register
@transaction.atomic
def _(event: BecameInsolvent, desk: Desk) -> None:
    customer_id = desk.customers[event.customer]
    Customer.objects.filter(creditor=desk.creditor, pk=customer_id).update(insolvent_on=event.on)
    record_event(
        creditor_id=desk.creditor_id,
        verb="customer.insolvent",
        subject=f"customer:{customer_id}",
        actor=desk.actor,
        payload={"on": event.on.isoformat()},
        at=desk.now,
    )
