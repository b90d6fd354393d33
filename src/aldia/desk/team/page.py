"""«Equipo»: how each collector's day goes, what is nobody's, and who takes how much."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aldia.desk.access import Visit, creditor_page
from aldia.desk.today.page import now_for
from aldia.desk.worklist.asking import number
from aldia.kernel.clock import business_date
from aldia.kernel.money import Money
from aldia.queries.promises import KeptRate, kept_rates_by_member
from aldia.queries.team_board import CollectorDay, team_board, teams_of
from aldia.queries.work_members import open_cases_beside, working_members
from aldia.rules.rights import Right
from aldia.ui.forms import MoneyField


@dataclass(frozen=True, slots=True)
class Day:
    """A collector's day. kept_bp: of their promises of a year, in basis points; None for none."""

    day: CollectorDay
    kept_bp: int | None


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
    members = working_members(creditor)
    collectors = {each.collector.member_id for each in days}
    context = {
        "today": today,
        "teams": teams,
        "team_id": team_id,
        "days": [Day(each, _kept(rates.get(each.collector.member_id))) for each in days],
        "total": _total(days),
        "members": members,
        "newcomers": [each for each in members if each[0] not in collectors] if team_id is None else [],
        "beside": open_cases_beside(creditor),
        **_large(visit),
    }
    return render(request, "desk/team/team.html", context)


def _large(visit: Visit) -> dict[str, Any]:
    """What counts as a large account, as its form shows it."""
    field = MoneyField()
    field.currency = visit.creditor.currency
    least = visit.creditor.large_account_minor
    return {
        "large_amount": "" if least is None else field.prepare_value(least),
        "large_owner": visit.creditor.large_account_owner_id,
    }


def _kept(rate: KeptRate | None) -> int | None:
    share = rate.by_count if rate else None
    return None if share is None else round(share * 10_000)


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
