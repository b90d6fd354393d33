"""What is done with a credit: applied by hand, taken back, given back, given an owner."""

from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.payments.one import opened_credit
from aldia.desk.today.page import now_for
from aldia.kernel.clock import business_date
from aldia.kernel.money import read_typed_amount
from aldia.operations.ledger import (
    allocate_credit,
    identify_credit,
    refund,
    reverse_allocation,
    reverse_credit,
    reverse_write_off,
)
from aldia.operations.refusals import NoSuchRow
from aldia.records.ledger.models import ReversalKind
from aldia.rules.rights import Right
from aldia.ui.templatetags.written import money_of


@creditor_page(Right.RECORD_MONEY, POST)
def allocate(request: HttpRequest, visit: Visit, credit_id: int) -> HttpResponse:
    """The rest to the ticked lines, oldest first; amount: only so much of it."""
    found = opened_credit(visit, credit_id)
    lines = _ids(request, "partida")
    amount, fault = _amount(request, found.row["currency"])

    def act() -> str:
        applied = allocate_credit(
            creditor_id=visit.creditor.pk,
            credit_id=credit_id,
            due_line_ids=lines,
            actor=visit.actor,
            now=now_for(visit.creditor),
            amount_minor=amount,
        )
        total = sum(minor for _line, minor in applied.allocated)
        return _("Aplicados %(amount)s.") % {"amount": money_of(total, found.row["currency"])}

    if not lines:
        fault = _("Marque al menos una partida.")
    return _done(request, visit, credit_id, act, fault)


@creditor_page(Right.RECORD_MONEY, POST)
def reverse_payment(request: HttpRequest, visit: Visit, credit_id: int) -> HttpResponse:
    """A returned debit, a chargeback, a mistake: all of it or an amount. Its lines are open again."""
    found = opened_credit(visit, credit_id)
    amount, fault = _amount(request, found.row["currency"])
    on, wrong_day = _day(request, visit)
    kind = request.POST.get("kind", "")
    kind = kind if kind in ReversalKind.values else ReversalKind.UNDO.value

    def act() -> str:
        reverse_credit(
            creditor_id=visit.creditor.pk,
            credit_id=credit_id,
            on=on,
            actor=visit.actor,
            now=now_for(visit.creditor),
            amount_minor=amount,
            kind=kind,
            reason=_reason(request),
        )
        return _("Anulado. Lo que pagaba vuelve a estar pendiente.")

    return _done(request, visit, credit_id, act, fault or wrong_day)


@creditor_page(Right.WRITE_OFF, POST)
def take_write_off_back(request: HttpRequest, visit: Visit, credit_id: int) -> HttpResponse:
    """What was given up is owed again, all of it, from today."""
    opened_credit(visit, credit_id)
    now = now_for(visit.creditor)

    def act() -> str:
        reverse_write_off(
            creditor_id=visit.creditor.pk,
            credit_id=credit_id,
            on=business_date(now, visit.creditor.time_zone),
            actor=visit.actor,
            now=now,
            reason=_reason(request),
        )
        return _("Anulada. La partida vuelve a estar pendiente.")

    return _done(request, visit, credit_id, act, "")


@creditor_page(Right.RECORD_MONEY, POST)
def refund_payment(request: HttpRequest, visit: Visit, credit_id: int) -> HttpResponse:
    """Give unapplied money back."""
    found = opened_credit(visit, credit_id)
    amount, fault = _amount(request, found.row["currency"])
    on, wrong_day = _day(request, visit)

    def act() -> str:
        given = found.row["unallocated_minor"] if amount is None else amount
        refund(
            creditor_id=visit.creditor.pk,
            credit_id=credit_id,
            amount_minor=given,
            on=on,
            actor=visit.actor,
            now=now_for(visit.creditor),
            reference=request.POST.get("reference", "").replace("\0", "")[:140],
        )
        return _("Devueltos %(amount)s al cliente.") % {"amount": money_of(given, found.row["currency"])}

    return _done(request, visit, credit_id, act, fault or wrong_day)


@creditor_page(Right.RECORD_MONEY, POST)
def identify(request: HttpRequest, visit: Visit, credit_id: int) -> HttpResponse:
    """Say whose it is; a new row takes its place."""
    opened_credit(visit, credit_id)
    customers = _ids(request, "cliente")
    became: list[int] = []

    def act() -> str:
        became.append(
            identify_credit(
                creditor_id=visit.creditor.pk,
                credit_id=credit_id,
                customer_id=customers[0],
                actor=visit.actor,
                now=now_for(visit.creditor),
            )
        )
        return _("Identificado. Ahora puede aplicarse a sus partidas.")

    fault = "" if customers else _("Elija de quién es.")
    response = _done(request, visit, credit_id, act, fault)
    return redirect("desk:payment", visit.creditor.code, became[0]) if became else response


@creditor_page(Right.RECORD_MONEY, POST)
def deallocate(request: HttpRequest, visit: Visit, credit_id: int) -> HttpResponse:
    """Take an application of it back: the line is open again, the money unapplied."""
    found = opened_credit(visit, credit_id)
    mine = {move.id for move in found.movements if move.kind == "allocation"}
    chosen = _ids(request, "allocation")
    if not mine.issuperset(chosen):
        raise Http404
    on, wrong_day = _day(request, visit)

    def act() -> str:
        reverse_allocation(
            creditor_id=visit.creditor.pk,
            allocation_id=chosen[0],
            on=on,
            actor=visit.actor,
            now=now_for(visit.creditor),
        )
        return _("Desaplicado: el importe vuelve a estar sin aplicar.")

    fault = wrong_day if chosen else _("Elija qué se desaplica.")
    return _done(request, visit, credit_id, act, fault)


def _done(
    request: HttpRequest, visit: Visit, credit_id: int, act: Callable[[], str], fault: str
) -> HttpResponse:
    if fault:
        messages.error(request, fault)
    else:
        acted(request, visit, lambda: _of_what_is_there(act))
    return redirect("desk:payment", creditor=visit.creditor.code, credit_id=credit_id)


def _of_what_is_there(act: Callable[[], str]) -> str:
    """A customer or line named in the form that is not there, or is another creditor's, is a 404."""
    try:
        return act()
    except NoSuchRow as missing:
        raise Http404 from missing


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").replace("\0", "")[:200]


def _amount(request: HttpRequest, currency: str) -> tuple[int | None, str]:
    """Minor units, None where nothing was typed; and what is wrong with it."""
    text = request.POST.get("amount", "").strip()[:40]
    if not text:
        return None, ""
    minor = read_typed_amount(text, currency)
    if not minor:
        return None, _("«%(text)s» no es un importe: escriba por ejemplo 1.234,56.") % {"text": text}
    return minor, ""


def _day(request: HttpRequest, visit: Visit) -> tuple[date, str]:
    """Today where nothing was said."""
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    text = request.POST.get("on", "")
    if not text:
        return today, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return today, _("La fecha no se entiende.")


def _ids(request: HttpRequest, name: str) -> list[int]:
    """The ids said; what is none belongs to nothing."""
    said = request.POST.getlist(name)[:500]
    if not all(each.isascii() and each.isdecimal() and len(each) < 19 for each in said):
        raise Http404
    return [int(each) for each in said]
