"""Strategies read: which are in force for whom, each as a ladder, and what it said before."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from aldia.desk.access import Visit, creditor_page
from aldia.desk.strategies.ladder import Ladder, ladder_of
from aldia.queries.strategy_check import (
    StoredStrategy,
    customers_on_steps,
    stored_strategies,
    stored_version,
    strategy_of,
    versions_of,
)
from aldia.records.tenancy.models import Creditor


@creditor_page()
def show_strategies(request: HttpRequest, visit: Visit) -> HttpResponse:
    """All of them, those in force first."""
    here = customers_on_steps(visit.creditor)
    known = sorted(stored_strategies(visit.creditor), key=lambda each: (not each.scope, each.name))
    ladders = [(each, _ladder(visit.creditor, each, here)) for each in known]
    return render(request, "desk/strategies/list.html", {"ladders": ladders})


@creditor_page()
def show_strategy(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """One of them with its versions."""
    found = next((each for each in stored_strategies(visit.creditor) if each.name == name), None)
    if found is None:
        raise Http404
    context = {
        "stored": found,
        "ladder": _ladder(visit.creditor, found, customers_on_steps(visit.creditor)),
        "versions": versions_of(name),
    }
    return render(request, "desk/strategies/one.html", context)


@creditor_page()
def show_version(request: HttpRequest, visit: Visit, name: str, version: int) -> HttpResponse:
    """The words of one version."""
    found = stored_version(name, version)
    if found is None:
        raise Http404
    return render(request, "desk/strategies/version.html", {"version": found})


def _ladder(creditor: Creditor, stored: StoredStrategy, here: dict[tuple[str, str], int]) -> Ladder:
    """With who stands on each rung of this strategy."""
    mine = {step: count for (name, step), count in here.items() if name == stored.name}
    return ladder_of(strategy_of(creditor, stored.toml), mine)
