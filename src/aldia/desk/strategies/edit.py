"""A strategy written: read while it is typed, rehearsed on the real portfolio, put in force."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from aldia.desk.access import POST, READ, Visit, creditor_page
from aldia.desk.once import first_time
from aldia.desk.strategies.ladder import ladder_of
from aldia.desk.today.page import now_for
from aldia.kernel.clock import business_date
from aldia.kernel.errors import AldiaError
from aldia.operations.strategies import set_strategy
from aldia.queries.strategy_check import (
    StrategyScope,
    candidate_of,
    check_strategy,
    scope_of,
    stored_strategies,
    strategy_of,
)
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.strategy import StrategyRefused
from aldia.rules.portfolio.vocabulary import DOCUMENT_VOCABULARY, VOCABULARY
from aldia.rules.rights import Right
from aldia.rules.shipped import shipped_strategies

_TEXT_MAX = 200_000
_CHANGES_SHOWN = 200
_SEGMENTS_MAX = 200
_WHOM_MAX = 500


@creditor_page(Right.STRATEGY, READ)
def edit_strategy(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """The words of the one in force, to be changed."""
    found = next((each for each in stored_strategies(visit.creditor) if each.name == name), None)
    if found is None:
        raise Http404
    return render(request, "desk/strategies/edit.html", _page(visit.creditor, found.toml, found.scope))


@creditor_page(Right.STRATEGY, READ)
def new_strategy(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET de: one of the house's to begin with."""
    shipped = shipped_strategies()
    toml = shipped.get(request.GET.get("de", ""))
    if toml is None:
        known = {name: strategy_of(visit.creditor, text).title for name, text in shipped.items()}
        return render(request, "desk/strategies/new.html", {"shipped": known})
    return render(request, "desk/strategies/edit.html", _page(visit.creditor, toml, ""))


@creditor_page(Right.STRATEGY, POST)
def read_text(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the text says, as a ladder; or all that is wrong with it."""
    return render(request, "desk/strategies/read.html", _read(visit.creditor, _text(request)))


@creditor_page(Right.STRATEGY, POST, in_scope=False)
def rehearse(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who would change if the text were in force today. Nothing is stored."""
    creditor = visit.creditor
    with transaction.atomic(), scope([creditor.pk]):
        on = business_date(now_for(creditor), creditor.time_zone)
    try:
        found = check_strategy(creditor, _text(request), on, _scope(request))
    except AldiaError as refusal:
        return _rehearsed(request, {"refusal": refusal})
    with transaction.atomic(), scope([creditor.pk]):
        codes = [each.customer for each in found.changes[:_CHANGES_SHOWN]]
        people = {c.code: c for c in Customer.objects.filter(code__in=codes)}
        changes = [
            (people[each.customer], found.titles[each.before], found.titles[each.after])
            for each in found.changes[:_CHANGES_SHOWN]
        ]
    context = {
        "found": found,
        "changes": changes,
        "counts": [
            (found.titles[outcome], count) for outcome, count in sorted(found.counts.items(), key=_size)
        ],
        "most": max(found.counts.values(), default=1),
    }
    return _rehearsed(request, context)


def _rehearsed(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Beside the text, or as a page of its own where the browser runs no scripts."""
    name = "rehearsal" if request.headers.get("HX-Request") else "rehearsal_page"
    return render(request, f"desk/strategies/{name}.html", context)


@creditor_page(Right.STRATEGY, POST)
def put_in_force(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new version, for whom it was in force or for those said."""
    toml = _text(request)
    if not first_time(request, visit):
        messages.info(request, _("Eso ya estaba hecho."))
        return redirect("desk:strategies", creditor=visit.creditor.code)
    try:
        with transaction.atomic():
            wanted = scope_of(candidate_of(visit.creditor, toml).name, _scope(request))
            version = set_strategy(
                creditor_id=visit.creditor.pk,
                toml=toml,
                now=now_for(visit.creditor),
                actor=visit.actor,
                segments=wanted.segments,
                customer_code=wanted.customer_code,
            )
    except AldiaError as refusal:
        return render(
            request,
            "desk/strategies/edit.html",
            {**_page_again(request, visit.creditor, toml), "refusal": refusal},
            status=422,
        )
    messages.success(
        request,
        _("En vigor: «%(name)s», versión %(version)s. Decidirá en el próximo proceso diario.")
        % {"name": version.name, "version": version.version},
    )
    return redirect("desk:strategy", creditor=visit.creditor.code, name=version.name)


def _page_again(request: HttpRequest, creditor: Creditor, toml: str) -> dict[str, Any]:
    """For whom it was meant stays, lest the next try put it in force for everybody."""
    for_whom = request.POST.get("for_whom", "").replace("\0", "")[:_WHOM_MAX]
    return _page(creditor, toml, for_whom, _scope(request).segments)


def _page(creditor: Creditor, toml: str, for_whom: str, chosen: tuple[str, ...] = ()) -> dict[str, Any]:
    segments = Customer.objects.exclude(segment="").values_list("segment", flat=True).distinct()
    return {
        "toml": toml,
        "for_whom": for_whom,
        "segments": sorted({*segments[:_SEGMENTS_MAX], *chosen}),
        "chosen": chosen,
        "words": VOCABULARY,
        "document_words": DOCUMENT_VOCABULARY,
        **_read(creditor, toml),
    }


def _read(creditor: Creditor, toml: str) -> dict[str, Any]:
    try:
        return {"ladder": ladder_of(candidate_of(creditor, toml), {}), "faults": []}
    except StrategyRefused as refusal:
        return {"ladder": None, "faults": refusal.faults}


def _text(request: HttpRequest) -> str:
    return request.POST.get("toml", "").replace("\0", "").replace("\r\n", "\n")[:_TEXT_MAX]


def _scope(request: HttpRequest) -> StrategyScope:
    said = [each.replace("\0", "") for each in request.POST.getlist("segment")]
    return StrategyScope(tuple(each for each in said if each))


def _size(item: tuple[str, int]) -> int:
    return -item[1]
