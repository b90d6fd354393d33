"""«Equipo»: how each collector's day goes, what is nobody's, and handing cases over."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import NotAsSaid, acted
from aldia.desk.kept_words import Kept, kept_words
from aldia.desk.today.page import now_for
from aldia.desk.worklist.asking import number
from aldia.kernel.clock import business_date
from aldia.kernel.money import Money
from aldia.operations.cases import reassign
from aldia.operations.cases.bulk import AT_ONCE_MAX
from aldia.queries.promises import KeptRate, kept_rates_by_member
from aldia.queries.team_board import CollectorDay, escalated_cases, team_board, teams_of
from aldia.queries.work_members import cases_of_owner, open_cases_beside, working_members
from aldia.rules.rights import Right


@dataclass(frozen=True, slots=True)
class Day:
    """A collector's day. kept: of the promises of a year that they took down."""

    day: CollectorDay
    kept: Kept


@dataclass(frozen=True, slots=True)
class Total:
    """All the collectors shown, together."""

    capacity: int
    worked: int
    calls: int
    reached: int
    promises: int
    promised: tuple[Money, ...]


@creditor_page(Right.TEAM)
def show_team(request: HttpRequest, visit: Visit) -> HttpResponse:
    """GET equipo: one team alone."""
    creditor = visit.creditor
    today = business_date(now_for(creditor), creditor.time_zone)
    teams = teams_of(creditor)
    chosen = number(request.GET.get("equipo", ""))
    team_id = chosen if chosen in {each.id for each in teams} else None
    days = team_board(creditor, today, team_id=team_id)
    rates = kept_rates_by_member(creditor, today)
    context = {
        "today": today,
        "teams": teams,
        "team_id": team_id,
        "days": [Day(each, kept_words(rates.get(each.collector.member_id, KeptRate()))) for each in days],
        "total": _total(days),
        "members": working_members(creditor),
        "beside": open_cases_beside(creditor),
        "escalated": escalated_cases(creditor),
    }
    return render(request, "desk/team/team.html", context)


@creditor_page(Right.TEAM, POST)
def hand_over(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST from, to: all open cases of one (nobody: those of nobody) go to the other."""

    def act() -> str:
        giver, taker = request.POST.get("from", ""), number(request.POST.get("to", ""))
        if taker is None:
            raise NotAsSaid(_("Diga a quién pasan."))
        if number(giver) == taker:
            raise NotAsSaid(_("Elija a otra persona: esos expedientes ya son suyos."))
        count = 0
        while ids := cases_of_owner(
            visit.creditor, None if giver == "nobody" else number(giver), most=AT_ONCE_MAX
        ):
            count += reassign(
                creditor=visit.creditor,
                case_ids=ids,
                owner_id=taker,
                actor=visit.actor,
                now=now_for(visit.creditor),
            ).cases
        if not count:
            raise NotAsSaid(_("No tiene ningún expediente abierto."))
        return ngettext("%(n)s expediente cambia de manos.", "%(n)s expedientes cambian de manos.", count) % {
            "n": count
        }

    acted(request, visit, act)
    return redirect("desk:team-board", creditor=visit.creditor.code)


def _total(days: list[CollectorDay]) -> Total:
    promised: dict[str, int] = {}
    for each in days:
        for amount in each.promised:
            promised[amount.currency] = promised.get(amount.currency, 0) + amount.minor
    return Total(
        capacity=sum(each.collector.cases_per_day for each in days),
        worked=sum(each.worked for each in days),
        calls=sum(each.calls for each in days),
        reached=sum(each.reached for each in days),
        promises=sum(each.promises for each in days),
        promised=tuple(Money(minor, currency) for currency, minor in sorted(promised.items())),
    )
