"""«Compromisos»: what is promised, by date, what became of it, and how often words are kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.kept_words import kept_words
from aldia.desk.promise_tones import TONES
from aldia.desk.today.page import now_for
from aldia.kernel.clock import business_date
from aldia.kernel.money import Money
from aldia.operations.promises import withdraw_promise
from aldia.queries.promises import PromiseSeen, kept_rate, promise_board, promise_seen
from aldia.rules.rights import Right

_REASON_MAX = 200
_PAST_DAYS = 30


@dataclass(frozen=True, slots=True)
class Band:
    """Promises of one stretch of days. amounts: what is still to come of them, or what came of decided ones,
    per currency."""

    id: str
    title: str
    rows: tuple[tuple[PromiseSeen, str], ...]
    amounts: tuple[Money, ...]


@creditor_page()
def show_promises(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET quien=mios: those one has taken down oneself."""
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    mine = request.GET.get("quien") == "mios"
    member = visit.membership.pk if mine else None
    board = promise_board(visit.creditor, today, since=today - timedelta(days=_PAST_DAYS), member_id=member)
    context = {
        "today": today,
        "mine": mine,
        "bands": [band for band in _open_bands(board.rows, today) if band.rows],
        "decided": _decided(board.rows),
        "expected": board.expected,
        "open_count": sum(1 for each in board.rows if each.is_open),
        "kept": kept_words(kept_rate(visit.creditor, today, member_id=member)),
        "any": bool(board.rows),
    }
    return render(request, "desk/promises/promises.html", context)


@creditor_page(Right.NOTE, POST)
def withdraw(request: HttpRequest, visit: Visit, promise_id: int) -> HttpResponse:
    """POST reason; back: customer for their sheet. It counts for nothing from now on."""
    today = business_date(now_for(visit.creditor), visit.creditor.time_zone)
    seen = promise_seen(visit.creditor, promise_id, today)
    reason = request.POST.get("reason", "").replace("\0", "")[:_REASON_MAX]

    def act() -> str:
        withdraw_promise(
            creditor=visit.creditor,
            promise_id=promise_id,
            reason=reason,
            actor=visit.actor,
            now=now_for(visit.creditor),
        )
        return _("Compromiso retirado: ya no detiene las reclamaciones.")

    acted(request, visit, act)
    if request.POST.get("back") == "customer" and seen is not None:
        return redirect("desk:customer", creditor=visit.creditor.code, customer_id=seen.customer_id)
    address = reverse("desk:promises", kwargs={"creditor": visit.creditor.code})
    return redirect(address + ("?quien=mios" if request.POST.get("quien") == "mios" else ""))


def _open_bands(rows: Iterable[PromiseSeen], today: date) -> list[Band]:
    week_end = today + timedelta(days=6 - today.weekday())
    stretches: dict[str, tuple[str, list[PromiseSeen]]] = {
        "overdue": (_("Pasaron de fecha: por decidir"), []),
        "today": (_("Hoy"), []),
        "week": (_("Esta semana"), []),
        "later": (_("Más adelante"), []),
    }
    for each in rows:
        if not each.is_open:
            continue
        if each.promised_on < today:
            name = "overdue"
        elif each.promised_on == today:
            name = "today"
        else:
            name = "week" if each.promised_on <= week_end else "later"
        stretches[name][1].append(each)
    return [
        _band(name, title, found, (each.missing for each in found))
        for name, (title, found) in stretches.items()
    ]


def _decided(rows: Iterable[PromiseSeen]) -> Band:
    found = sorted(
        (each for each in rows if not each.is_open),
        key=lambda each: (each.decided_on or each.promised_on, each.id),
        reverse=True,
    )
    return _band("decided", _("Lo que fue de los últimos 30 días"), found, (each.paid for each in found))


def _band(name: str, title: str, rows: list[PromiseSeen], amounts: Iterable[Money]) -> Band:
    return Band(name, title, tuple((each, TONES.get(each.state, "")) for each in rows), _sums(amounts))


def _sums(amounts: Iterable[Money]) -> tuple[Money, ...]:
    totals: dict[str, int] = {}
    for each in amounts:
        totals[each.currency] = totals.get(each.currency, 0) + each.minor
    return tuple(Money(minor, currency) for currency, minor in sorted(totals.items()) if minor)
