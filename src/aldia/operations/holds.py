"""Holds: nobody duns a customer until a day, by whom and why; and an end before that day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from aldia.kernel.clock import business_date
from aldia.kernel.dates import refuse_outside_ledger
from aldia.kernel.errors import AldiaError
from aldia.operations.cases import locked_case_of, touch_case
from aldia.operations.customers import locked_customer
from aldia.operations.ledger.overlays import end_overlay, record_hold
from aldia.records.ledger.models import Overlay, OverlayEnd, OverlayKind
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

REASON_LENGTH_MAX = 2_000


class HoldRefused(AldiaError):
    """The hold cannot be so. facts: field (until_on, on, reason, hold)."""

    code = "hold_refused"


class UnknownHold(AldiaError):
    """The creditor has no hold of that number. facts: hold."""

    code = "unknown_hold"


@dataclass(frozen=True, slots=True)
class HoldMade:
    """on … until_on: half-open, the first day of the hold and the first without it."""

    hold_id: int
    customer_id: int
    on: date
    until_on: date


def put_on_hold(
    *,
    creditor: Creditor,
    customer_id: int,
    until_on: date | None,
    reason: str,
    actor: str,
    now: datetime,
    on: date | None = None,
) -> HoldMade:
    """From `on` (today where it is not said) up to and without `until_on` nobody duns the customer.

    The days in between do not count for the ladder; interest runs on (docs/rules/aging.md §6). Holds may
    overlap: a day in two of them counts once. Their open case waits. Raises HoldRefused (no end, an end that
    is past, not after the beginning or more than creditor.hold_days_max after today, a beginning in the past,
    no reason), UnknownCustomer, DayOutsideLedger.
    """
    today = business_date(now, creditor.time_zone)
    begins = on or today
    until = _end_of(until_on, begins, today, creditor.hold_days_max)
    why = _reason(reason, "Diga por qué se pone en pausa.")
    with transaction.atomic(), scope([creditor.pk]):
        locked_customer(creditor, customer_id)
        _wait(creditor, customer_id, actor=actor, now=now)
        hold_id = record_hold(
            creditor_id=creditor.pk,
            customer_id=customer_id,
            on=begins,
            until_on=until,
            reason=why,
            actor=actor,
            now=now,
        )
    return HoldMade(hold_id, customer_id, begins, until)


def end_hold(*, creditor: Creditor, hold_id: int, reason: str, actor: str, now: datetime) -> date:
    """The hold stands no longer from today on, or never stood where it had not begun; the first day without.

    Raises UnknownHold, HoldRefused (no reason, or it is over already).
    """
    why = _reason(reason, "Diga por qué se termina la pausa.")
    today = business_date(now, creditor.time_zone)
    with transaction.atomic(), scope([creditor.pk]):
        holds = Overlay.objects.filter(creditor=creditor, pk=hold_id, kind=OverlayKind.HOLD)
        hold = holds.first()
        if hold is None:
            raise UnknownHold("No hay ninguna pausa con ese número.", hold=hold_id)
        locked_customer(creditor, hold.customer_id)
        is_over = hold.until_on is not None and hold.until_on <= today
        if is_over or OverlayEnd.objects.filter(creditor=creditor, overlay_id=hold_id).exists():
            raise HoldRefused("Esa pausa ya había terminado.", field="hold", hold=hold_id)
        ends = max(today, hold.effective_on)
        locked_case_of(creditor, hold.customer_id)  # before the chain, as whoever works it does
        end_overlay(creditor_id=creditor.pk, overlay_id=hold_id, on=ends, actor=actor, now=now, reason=why)
        touch_case(creditor=creditor, customer_id=hold.customer_id, actor=actor, now=now)
    return ends


def _wait(creditor: Creditor, customer_id: int, *, actor: str, now: datetime) -> None:
    """The open case was worked and waits; one that waits for a promise, or was handed up, stays so."""
    case = locked_case_of(creditor, customer_id)
    if case is not None:
        waits = "waiting" if case.state in ("new", "working") else None
        touch_case(creditor=creditor, customer_id=customer_id, actor=actor, now=now, state=waits)


def _end_of(until_on: date | None, begins: date, today: date, days_max: int) -> date:
    """The end, which has to be one. Raises HoldRefused, DayOutsideLedger."""
    if until_on is None:
        raise HoldRefused("Una pausa necesita una fecha de fin.", field="until_on")
    refuse_outside_ledger(until_on)
    refuse_outside_ledger(begins)
    if begins < today:
        raise HoldRefused("Una pausa no puede empezar en el pasado.", field="on")
    if until_on <= today:
        raise HoldRefused("La pausa tiene que terminar después de hoy.", field="until_on")
    if until_on <= begins:
        raise HoldRefused("La fecha final tiene que ser posterior a la inicial.", field="until_on")
    latest = today + timedelta(days=days_max)
    if until_on > latest:
        raise HoldRefused(
            f"Una pausa dura como mucho {days_max} días: hasta el {latest:%d/%m/%Y}. Si hace falta, se "
            "renueva entonces.",
            field="until_on",
            latest=latest.isoformat(),
        )
    return until_on


def _reason(reason: str, missing: str) -> str:
    why = reason.replace("\0", "").strip()
    if not why:
        raise HoldRefused(missing, field="reason")
    if len(why) > REASON_LENGTH_MAX:
        raise HoldRefused(f"El motivo pasa de {REASON_LENGTH_MAX} caracteres: acórtelo.", field="reason")
    return why
