"""Circumstances that forbid writing to a customer: recorded, and ended by somebody who says why."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from aldia.kernel.clock import business_date
from aldia.kernel.dates import refuse_outside_ledger
from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.customers import locked_customer
from aldia.records.parties.models import Circumstance, CircumstanceKind, Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

NOTE_LENGTH_MAX = 2_000


class CircumstanceRefused(AldiaError):
    """What was said of a circumstance cannot be so. facts: field."""

    code = "circumstance_refused"


class CircumstanceOpen(AldiaError):
    """The customer has an open circumstance of the kind already. facts: circumstance, field."""

    code = "circumstance_open"


class UnknownCircumstance(AldiaError):
    """No open circumstance bears the id. facts: circumstance."""

    code = "unknown_circumstance"


@dataclass(frozen=True, slots=True)
class NewCircumstance:
    """kind: a CircumstanceKind. from_on … until_on: half-open; None until somebody ends it. note: why, in a
    person's words."""

    kind: str
    from_on: date
    until_on: date | None = None
    note: str = ""


def record_circumstance(
    *, creditor: Creditor, customer_id: int, new: NewCircumstance, actor: str, now: datetime
) -> Circumstance:
    """From that day nobody writes to the customer, or only to the lawyer.

    A stretch of the same kind that is over by its own date is closed first.

    An insolvency also stops interest from its first day, unless another day is known. Raises UnknownCustomer,
    CircumstanceRefused, CircumstanceOpen, DayOutsideLedger.
    """
    _refuse_unfit(new)
    with transaction.atomic(), scope([creditor.pk]):
        customer = locked_customer(creditor, customer_id)
        _close_what_is_over(customer, new.kind, actor=actor, now=now)
        made = Circumstance.objects.create(
            creditor=creditor,
            customer=customer,
            kind=new.kind,
            from_on=new.from_on,
            until_on=new.until_on,
            note=new.note.strip(),
            recorded_by=actor,
            recorded_at=now,
        )
        if new.kind == CircumstanceKind.INSOLVENCY and customer.insolvent_on is None:
            Customer.objects.filter(pk=customer.pk).update(insolvent_on=new.from_on)
        _record("customer.circumstance_recorded", made, actor=actor, now=now)
    return made


def end_circumstance(
    *, creditor: Creditor, circumstance_id: int, actor: str, now: datetime, note: str = ""
) -> Circumstance:
    """It no longer holds from today on; the end of an insolvency takes back the day it had set.

    Raises UnknownCircumstance, CircumstanceRefused.
    """
    _refuse_long(note, "note")
    with transaction.atomic(), scope([creditor.pk]):
        rows = Circumstance.objects.select_for_update().select_related(None)
        known = rows.filter(creditor=creditor, pk=circumstance_id, ended_at=None).first()
        if known is None:
            raise UnknownCircumstance(
                "Esa circunstancia no existe o ya está terminada.", circumstance=circumstance_id
            )
        known.ended_on = business_date(now, creditor.time_zone)
        known.ended_by, known.ended_at, known.end_note = actor, now, note.strip()
        known.save(update_fields=["ended_on", "ended_by", "ended_at", "end_note"])
        if known.kind == CircumstanceKind.INSOLVENCY:
            same = Customer.objects.filter(pk=known.customer_id, insolvent_on=known.from_on)
            same.update(insolvent_on=None)
        _record("customer.circumstance_ended", known, actor=actor, now=now)
    return known


def _refuse_unfit(new: NewCircumstance) -> None:
    if new.kind not in CircumstanceKind.values:
        known = ", ".join(CircumstanceKind.values)
        raise CircumstanceRefused(
            f"La circunstancia «{new.kind}» no existe: elija entre {known}.", field="kind"
        )
    refuse_outside_ledger(new.from_on)
    if new.until_on is not None:
        refuse_outside_ledger(new.until_on)
        if new.until_on <= new.from_on:
            raise CircumstanceRefused(
                "La fecha final tiene que ser posterior a la inicial.", field="until_on"
            )
    _refuse_long(new.note, "note")


def _refuse_long(note: str, field: str) -> None:
    if len(note) > NOTE_LENGTH_MAX:
        raise CircumstanceRefused(f"La nota pasa de {NOTE_LENGTH_MAX} caracteres: acórtela.", field=field)


def _close_what_is_over(customer: Customer, kind: str, *, actor: str, now: datetime) -> None:
    """The open row of the kind, if its own end has passed; one that still holds is in the way."""
    known = (
        Circumstance.objects.select_for_update().filter(customer=customer, kind=kind, ended_at=None).first()
    )
    if known is None:
        return
    today = business_date(now, customer.creditor.time_zone)
    if known.until_on is None or known.until_on > today:
        raise CircumstanceOpen(
            f"El cliente ya tiene anotado «{CircumstanceKind(kind).label}» desde el "
            f"{known.from_on:%d/%m/%Y}: termine esa antes.",
            circumstance=known.pk,
            field="kind",
        )
    known.ended_on, known.ended_by, known.ended_at = known.until_on, actor, now
    known.save(update_fields=["ended_on", "ended_by", "ended_at"])


def _record(verb: str, row: Circumstance, *, actor: str, now: datetime) -> None:
    until = row.ended_on or row.until_on
    record_event(
        creditor_id=row.creditor_id,
        verb=verb,
        subject=f"circumstance:{row.pk}",
        actor=actor,
        payload={
            "customer": row.customer_id,
            "kind": row.kind,
            "from": row.from_on.isoformat(),
            "until": until.isoformat() if until else None,
        },
        at=now,
    )
