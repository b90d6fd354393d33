"""What who leads decides about the team: who works cases, how many a day, and whose they are."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import NotAsSaid, acted
from aldia.desk.today.page import now_for
from aldia.desk.worklist.asking import number
from aldia.kernel.money import read_typed_amount
from aldia.operations.cases import reassign
from aldia.operations.cases.bulk import AT_ONCE_MAX
from aldia.operations.teams import (
    CollectorTerms,
    create_team,
    end_team,
    name_large_accounts,
    remove_collector,
    set_collector,
)
from aldia.queries.work_members import cases_of_owner
from aldia.rules.rights import Right

_NAME_MAX = 200


@creditor_page(Right.TEAM, POST)
def put_collector(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST member, cases_per_day, takes_new, team."""

    def act() -> str:
        per_day = number(request.POST.get("cases_per_day", ""))
        if per_day is None:
            raise NotAsSaid(_("Diga cuántos expedientes al día."))
        terms = CollectorTerms(
            cases_per_day=per_day,
            takes_new=bool(request.POST.get("takes_new")),
            team_id=number(request.POST.get("team", "")),
        )
        set_collector(**_by(visit), member_id=_member(request), terms=terms)
        return _("Guardado. Los expedientes que ya tiene siguen siendo suyos.")

    return _acted(request, visit, act)


@creditor_page(Right.TEAM, POST)
def take_out(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST member: new cases come to them no more."""

    def act() -> str:
        remove_collector(**_by(visit), member_id=_member(request))
        return _("Ya no recibe expedientes nuevos; los que tiene siguen siendo suyos.")

    return _acted(request, visit, act)


@creditor_page(Right.TEAM, POST)
def hand_over(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST from, to: all open cases of one (nobody: those of nobody) go to the other."""

    def act() -> str:
        giver, taker = request.POST.get("from", ""), request.POST.get("to", "")
        ids = cases_of_owner(visit.creditor, None if giver == "nobody" else number(giver), most=AT_ONCE_MAX)
        if not ids:
            raise NotAsSaid(_("No tiene ningún expediente abierto."))
        if number(taker) is None:
            raise NotAsSaid(_("Diga a quién pasan."))
        count = reassign(**_by(visit), case_ids=ids, owner_id=number(taker))
        return ngettext("%(n)s expediente cambia de manos.", "%(n)s expedientes cambian de manos.", count) % {
            "n": count
        }

    return _acted(request, visit, act)


@creditor_page(Right.TEAM, POST)
def new_team(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST name, lead."""

    def act() -> str:
        name = request.POST.get("name", "").replace("\0", "")[:_NAME_MAX]
        team = create_team(**_by(visit), name=name, lead_id=number(request.POST.get("lead", "")))
        return _("Equipo creado: «%(name)s».") % {"name": team.name}

    return _acted(request, visit, act)


@creditor_page(Right.TEAM, POST)
def close_team(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST team."""

    def act() -> str:
        team = end_team(**_by(visit), team_id=number(request.POST.get("team", "")) or 0)
        return _("Equipo terminado: «%(name)s».") % {"name": team.name}

    return _acted(request, visit, act)


@creditor_page(Right.SETTINGS, POST)
def large_accounts(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST amount ("" for none), owner."""

    def act() -> str:
        text = request.POST.get("amount", "").replace("\0", "").strip()[:40]
        least = read_typed_amount(text, visit.creditor.currency) if text else None
        if text and least is None:
            raise NotAsSaid(_("«%(text)s» no es un importe: escriba por ejemplo 10.000.") % {"text": text})
        owner = number(request.POST.get("owner", "")) if least is not None else None
        name_large_accounts(**_by(visit), least_minor=least, member_id=owner)
        return _("Guardado: vale desde el próximo proceso diario.")

    return _acted(request, visit, act)


def _member(request: HttpRequest) -> int:
    found = number(request.POST.get("member", ""))
    if found is None:
        raise NotAsSaid(_("Diga de quién se trata."))
    return found


def _by(visit: Visit) -> dict[str, Any]:
    return {"creditor": visit.creditor, "actor": visit.actor, "now": now_for(visit.creditor)}


def _acted(request: HttpRequest, visit: Visit, act: Callable[[], str]) -> HttpResponse:
    acted(request, visit, act)
    return redirect("desk:team", creditor=visit.creditor.code)
