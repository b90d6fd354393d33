"""A customer's word to pay: taken down, and taken back by somebody who says why. docs/rules/promises.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from django.db import transaction
from django.db.models import Max

from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.kernel.money import format_money, known_currencies
from aldia.operations.audit import record_event
from aldia.operations.cases import touch_case
from aldia.operations.ledger.state import lock_lines
from aldia.operations.outbox.promises import cancel_promise_messages, plan_receipt
from aldia.queries.promises import Book, promise_book
from aldia.queries.snapshot import own_view
from aldia.records.cases.models import (
    Call,
    Case,
    PaymentMethod,
    Promise,
    PromiseLine,
    PromiseOutcome,
    PromiseSource,
    PromiseVerdict,
)
from aldia.records.ledger.models import Allocation, ItemBalance
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.promises import OPEN, free_minor

NAME_LENGTH_MAX = 120
NOTE_LENGTH_MAX = 2_000
REASON_LENGTH_MAX = 200


class PromiseRefused(AldiaError):
    """What was said cannot be promised so. facts: field."""

    code = "promise_refused"


class UnknownPromise(AldiaError):
    """No promise of the creditor bears the id. facts: promise."""

    code = "unknown_promise"


class PromiseDecided(AldiaError):
    """It is no longer open: there is nothing to take back. facts: promise, state."""

    code = "promise_decided"


@dataclass(frozen=True, slots=True)
class NewPromise:
    """amount_minor: of `currency`. promised_on: the day by which it is paid. method: a PaymentMethod, "" for
    not said. promised_by: who said it, as the person said. source: a PromiseSource. due_line_ids: what it is
    for; none: what is open in that currency, oldest first. call_id: of the call it was said in. receipt:
    whether the customer is sent one."""

    amount_minor: int
    currency: str
    promised_on: date
    method: str = ""
    promised_by: str = ""
    source: str = PromiseSource.DESK.value
    note: str = ""
    due_line_ids: tuple[int, ...] = ()
    call_id: int | None = None
    receipt: bool = True


@dataclass(frozen=True, slots=True)
class _Of:
    """In which case and call it was said, and who took it down."""

    case: Case | None
    call: Call | None
    member: Membership | None
    actor: str


def record_promise(
    *,
    creditor: Creditor,
    customer_id: int,
    new: NewPromise,
    actor: str,
    now: datetime,
    member: Membership | None = None,
) -> Promise:
    """Take the customer's word down: on which items, how much, by when. The ladder rests until then.

    What is promised of an item is no more than is open of it, not disputed and not promised already; two who
    record at once are served one after the other, and the second sees what is left. member: who took it down.
    Raises PromiseRefused.
    """
    today = business_date(now, creditor.time_zone)
    _refuse_unfit(creditor, new, today)
    with transaction.atomic(), scope([creditor.pk]):
        customer = _customer(creditor, customer_id)
        call, case = _call(customer, new), _locked_case(customer)
        lines = _locked_lines(customer, new, today)
        parts = _parts(promise_book(own_view(creditor.pk), creditor, [customer.pk], today), lines, new)
        promise = _written(customer, new, parts, today, of=_Of(case, call, member, actor))
        if new.receipt:
            plan_receipt(promise, parts.select("due_line_id", "amount_minor").rows(), now=now)
        touch_case(creditor=creditor, customer_id=customer.pk, actor=actor, now=now, state="promised")
        _record("promise.recorded", promise, actor=actor, now=now, on=new.promised_on.isoformat())
    return promise


def withdraw_promise(
    *, creditor: Creditor, promise_id: int, reason: str, actor: str, now: datetime
) -> PromiseOutcome:
    """The promise no longer stands, for a reason; the ladder goes on as if it had not been made. Final.

    Raises UnknownPromise, PromiseDecided, PromiseRefused.
    """
    said = " ".join(reason.split())
    if not said:
        raise PromiseRefused("Diga por qué se retira el compromiso.", field="reason")
    if len(said) > REASON_LENGTH_MAX:
        raise PromiseRefused(f"El motivo pasa de {REASON_LENGTH_MAX} caracteres: acórtelo.", field="reason")
    today = business_date(now, creditor.time_zone)
    with transaction.atomic(), scope([creditor.pk]):
        promise = _locked(creditor, promise_id)
        book = promise_book(own_view(creditor.pk), creditor, [promise.customer_id], today)
        standing = book.standing(promise.pk)
        if standing["state"] != OPEN:
            raise PromiseDecided(
                f"El compromiso ya no está abierto: {book.label(promise.pk).lower()}.",
                promise=promise.pk,
                state=standing["state"],
            )
        outcome = PromiseOutcome.objects.create(
            creditor=creditor,
            promise=promise,
            customer_id=promise.customer_id,
            verdict=PromiseVerdict.WITHDRAWN,
            decided_on=today,
            paid_minor=standing["paid_minor"],
            reason=said,
            actor=actor,
        )
        cancel_promise_messages(promise)
        _record("promise.withdrawn", promise, actor=actor, now=now)
    return outcome


def _refuse_unfit(creditor: Creditor, new: NewPromise, today: date) -> None:
    """What no account has to be looked at for."""
    latest = today + timedelta(days=creditor.promise_days_max)
    if new.currency not in known_currencies():
        raise PromiseRefused(f"«{new.currency}» no es ninguna moneda.", field="currency")
    if new.amount_minor <= 0:
        raise PromiseRefused("Diga cuánto va a pagar: tiene que ser más de cero.", field="amount")
    if new.promised_on < today:
        raise PromiseRefused(
            "Esa fecha ya ha pasado: un compromiso es para hoy o para más adelante.", field="promised_on"
        )
    if new.promised_on > latest:
        raise PromiseRefused(
            f"Esa fecha queda demasiado lejos: como mucho el {latest:%d/%m/%Y}."
            " Para más tiempo, acuerde un plan de pagos.",
            field="promised_on",
        )
    if new.method and new.method not in PaymentMethod.values:
        known = ", ".join(PaymentMethod.values)
        raise PromiseRefused(f"«{new.method}» no es ninguna forma de pago: {known}.", field="method")
    if new.source not in PromiseSource.values:
        known = ", ".join(PromiseSource.values)
        raise PromiseRefused(f"«{new.source}» no dice cómo llegó el compromiso: {known}.", field="source")
    for field, text, most in (
        ("promised_by", new.promised_by, NAME_LENGTH_MAX),
        ("note", new.note, NOTE_LENGTH_MAX),
    ):
        if len(text.strip()) > most:
            raise PromiseRefused(f"El texto pasa de {most} caracteres: acórtelo.", field=field)


def _customer(creditor: Creditor, customer_id: int) -> Customer:
    customer = Customer.objects.filter(creditor=creditor, pk=customer_id).first()
    if customer is None:
        raise PromiseRefused("Ese cliente no existe.", field="customer")
    return customer


def _call(customer: Customer, new: NewPromise) -> Call | None:
    if new.call_id is None:
        return None
    call = Call.objects.filter(customer=customer, pk=new.call_id).first()
    if call is None:
        raise PromiseRefused("Esa llamada no es de este cliente.", field="call")
    return call


def _locked_case(customer: Customer) -> Case | None:
    """The open case, before any line: who works it and records what was promised locks in this order too."""
    mine = Case.objects.select_for_update(no_key=True).filter(customer=customer)
    return mine.exclude(state="closed").first()


def _locked_lines(customer: Customer, new: NewPromise, today: date) -> pl.DataFrame:
    """The items it may be for, nobody else's to change until commit: due_line_id, open_minor."""
    mine = ItemBalance.objects.filter(
        customer=customer, currency=new.currency, due_line__effective_on__lte=today
    )
    if new.due_line_ids:
        found = set(mine.filter(due_line__in=new.due_line_ids).values_list("due_line_id", flat=True))
        if found != set(new.due_line_ids):
            raise PromiseRefused(
                f"Una de las partidas no es de este cliente, o no está en {new.currency}.", field="lines"
            )
    else:
        found = set(mine.filter(open_minor__gt=0).values_list("due_line_id", flat=True))
    locked = lock_lines(customer.creditor_id, found).select("due_line_id", "open_minor")
    if not locked["open_minor"].sum():
        raise PromiseRefused(
            "De eso no queda nada pendiente."
            if new.due_line_ids
            else f"Este cliente no debe nada en {new.currency}.",
            field="lines" if new.due_line_ids else "amount",
        )
    return locked


def _parts(book: Book, lines: pl.DataFrame, new: NewPromise) -> pl.DataFrame:
    """due_line_id, amount_minor, open_minor: the amount on the items, the oldest first."""
    free = (
        lines.join(book.lines.drop("open_minor"), left_on="due_line_id", right_on="line_id")
        .with_columns(
            disputed_minor=pl.min_horizontal("disputed_minor", "open_minor"), free_minor=free_minor()
        )
        .sort("effective_due_date", "due_line_id")
    )
    _refuse_excess(free, new)
    before = pl.col("free_minor").cum_sum() - pl.col("free_minor")
    part = pl.min_horizontal((pl.lit(new.amount_minor) - before).clip(0), "free_minor")
    return free.with_columns(amount_minor=part).filter(pl.col("amount_minor") > 0)


def _refuse_excess(free: pl.DataFrame, new: NewPromise) -> None:
    if new.due_line_ids and (blocked := free.filter(_is_disputed_whole())).height:
        raise PromiseRefused(
            f"La partida {blocked['number'][0]} está en incidencia: resuélvala antes, o déjela fuera.",
            field="lines",
        )
    left = int(free["free_minor"].sum())
    if new.amount_minor <= left:
        return
    opened, disputed = int(free["open_minor"].sum()), int(free["disputed_minor"].sum())
    if new.amount_minor > opened:
        told = f"Es más de lo que debe: quedan {_money(opened, new)} pendientes."
    elif new.amount_minor > opened - disputed:
        told = f"De los {_money(opened, new)} pendientes, {_money(disputed, new)} están en incidencia."
    else:
        promised = opened - disputed - left
        told = f"De los {_money(opened, new)} pendientes, {_money(promised, new)} ya están prometidos."
    raise PromiseRefused(
        f"{told} Se pueden prometer hasta {_money(left, new)}."
        if left
        else f"{told} No queda nada que prometer.",
        field="amount",
        left_minor=left,
    )


def _is_disputed_whole() -> pl.Expr:
    return (pl.col("disputed_minor") > 0) & (pl.col("disputed_minor") >= pl.col("open_minor"))


def _money(minor: int, new: NewPromise) -> str:
    return format_money(minor, new.currency)


def _written(
    customer: Customer,
    new: NewPromise,
    parts: pl.DataFrame,
    today: date,
    *,
    of: _Of,
) -> Promise:
    creditor, ids = customer.creditor, parts["due_line_id"].to_list()
    known = Allocation.objects.filter(creditor=creditor, due_line__in=ids).aggregate(last=Max("id"))["last"]
    promise = Promise.objects.create(
        creditor=creditor,
        customer=customer,
        case=of.case,
        call=of.call,
        source=new.source,
        made_on=today,
        promised_on=new.promised_on,
        grace_days=creditor.promise_grace_days,
        currency=new.currency,
        amount_minor=new.amount_minor,
        tolerance_minor=min(creditor.promise_tolerance_minor, new.amount_minor - 1),
        method=new.method,
        promised_by=" ".join(new.promised_by.split()),
        note=new.note.strip(),
        known_allocation_id=known or 0,
        taken_by=of.member,
        actor=of.actor,
    )
    PromiseLine.objects.bulk_create(_lines(promise, parts.to_dicts()))
    return promise


def _lines(promise: Promise, parts: Sequence[dict[str, Any]]) -> list[PromiseLine]:
    return [
        PromiseLine(
            creditor_id=promise.creditor_id,
            promise=promise,
            customer_id=promise.customer_id,
            due_line_id=part["due_line_id"],
            currency=promise.currency,
            amount_minor=part["amount_minor"],
            open_minor=part["open_minor"],
        )
        for part in parts
    ]


def _locked(creditor: Creditor, promise_id: int) -> Promise:
    """The promise, and its lines for nobody else to change: who withdraws takes turns with who pays, and with
    the run that judges."""
    lines = PromiseLine.objects.filter(creditor=creditor, promise_id=promise_id)
    lock_lines(creditor.pk, lines.values_list("due_line_id", flat=True))
    rows = Promise.objects.select_for_update(no_key=True).filter(creditor=creditor, pk=promise_id)
    promise = rows.first()
    if promise is None:
        raise UnknownPromise("Ese compromiso no existe.", promise=promise_id)
    return promise


def _record(verb: str, promise: Promise, *, actor: str, now: datetime, **told: Any) -> None:
    record_event(
        creditor_id=promise.creditor_id,
        verb=verb,
        subject=f"promise:{promise.pk}",
        actor=actor,
        payload={
            "customer": promise.customer_id,
            "amount_minor": promise.amount_minor,
            "currency": promise.currency,
            **told,
        },
        at=now,
    )
