"""Teams: who works cases, how many a day, under whom, and who sees to large accounts."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import FORM, POST, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.settings.tabs import tabs
from aldia.desk.today.page import now_for
from aldia.operations.teams import (
    CASES_PER_DAY_MAX,
    NAME_MAX,
    CollectorTerms,
    change_team,
    create_team,
    end_team,
    name_large_accounts,
    remove_collector,
    set_collector,
)
from aldia.queries.team_board import CollectorSeen, TeamSeen, collectors_of, teams_of
from aldia.queries.worklist_facts import Member, members_of
from aldia.rules.rights import Right
from aldia.ui.forms import DeskForm, MoneyField

Choices = list[tuple[str, str]]


class TeamForm(DeskForm):
    """Name and lead of a team."""

    name = forms.CharField(label=gettext_lazy("Nombre"), max_length=NAME_MAX)
    lead_id = forms.TypedChoiceField(
        label=gettext_lazy("Quién lo dirige"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, people: Choices, *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)
        self.fields["lead_id"].choices = [("", _("nadie")), *people]  # type: ignore[attr-defined]


class CollectorForm(DeskForm):
    """How a member works cases."""

    member_id = forms.TypedChoiceField(label=gettext_lazy("Persona"), coerce=int)
    cases_per_day = forms.IntegerField(
        label=gettext_lazy("Expedientes al día"),
        min_value=1,
        max_value=CASES_PER_DAY_MAX,
        help_text=gettext_lazy("Los que puede trabajar bien en un día: su cola de hoy llega hasta ahí."),
    )
    team_id = forms.TypedChoiceField(
        label=gettext_lazy("Equipo"), required=False, coerce=int, empty_value=None
    )
    takes_new = forms.BooleanField(
        label=gettext_lazy("Recibe los expedientes nuevos que no son de nadie"), required=False
    )

    def __init__(self, people: Choices, teams: Choices, *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)
        self.fields["member_id"].choices = people  # type: ignore[attr-defined]
        self.fields["team_id"].choices = [("", _("ninguno")), *teams]  # type: ignore[attr-defined]


class LargeForm(DeskForm):
    """From how much an account is large, and whose it is then."""

    least_minor = MoneyField(
        label=gettext_lazy("Una cuenta es grande desde"),
        required=False,
        help_text=gettext_lazy("Lo vencido de un cliente. Vacío: ninguna lo es."),
    )
    member_id = forms.TypedChoiceField(
        label=gettext_lazy("Las lleva, si no son de nadie"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, currency: str, people: Choices, *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)
        self.fields["least_minor"].currency = currency  # type: ignore[attr-defined]
        self.fields["member_id"].choices = [("", _("nadie")), *people]  # type: ignore[attr-defined]


@creditor_page()
def show_teams(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Teams, collectors and large accounts."""
    members = members_of(visit.creditor.pk)
    large = members.get(visit.creditor.large_account_owner_id or 0)
    context = {
        "tabs": tabs(visit, "teams"),
        "teams": teams_of(visit.creditor),
        "collectors": collectors_of(visit.creditor),
        "large": large,
    }
    return render(request, "desk/settings/teams.html", context)


@creditor_page(Right.SETTINGS, FORM)
def add_team(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new team."""
    return _team_page(request, visit, None)


@creditor_page(Right.SETTINGS, FORM)
def edit_team(request: HttpRequest, visit: Visit, team_id: int) -> HttpResponse:
    """Another name or lead."""
    return _team_page(request, visit, _team(visit, team_id))


@creditor_page(Right.SETTINGS, POST)
def close_team(request: HttpRequest, visit: Visit, team_id: int) -> HttpResponse:
    """The team is no more; the form again (422) while somebody works in it."""
    team = _team(visit, team_id)
    form = _team_form(visit, None, team)
    return _done(
        request,
        visit,
        (lambda: end_team(team_id=team_id, **_by(visit)), _("El equipo se ha disuelto.")),
        ("desk/settings/team.html", {"form": form, "team": team}),
    )


def _team_page(request: HttpRequest, visit: Visit, team: TeamSeen | None) -> HttpResponse:
    form = _team_form(visit, request.POST if request.method == "POST" else None, team)
    page = ("desk/settings/team.html", {"form": form, "team": team})

    def act() -> object:
        if team is None:
            return create_team(**form.cleaned_data, **_by(visit))
        return change_team(team_id=team.id, **form.cleaned_data, **_by(visit))

    if not form.is_valid():
        return _shown(request, visit, page, status=422 if form.is_bound else 200)
    return _done(request, visit, (act, _("Guardado.")), page)


def _team_form(visit: Visit, data: Any, team: TeamSeen | None) -> TeamForm:
    initial = {"name": team.name, "lead_id": team.lead_id} if team else {}
    leads = _people(visit, lambda member: member.may_lead or (team is not None and member.id == team.lead_id))
    return TeamForm(leads, data, initial=initial)


@creditor_page(Right.SETTINGS, FORM)
def add_collector(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Somebody who works cases from now on."""
    return _collector_page(request, visit, None)


@creditor_page(Right.SETTINGS, FORM)
def edit_collector(request: HttpRequest, visit: Visit, member_id: int) -> HttpResponse:
    """Another capacity or team."""
    return _collector_page(request, visit, _collector(visit, member_id))


@creditor_page(Right.SETTINGS, POST)
def drop_collector(request: HttpRequest, visit: Visit, member_id: int) -> HttpResponse:
    """New cases come to them no more."""
    collector = _collector(visit, member_id)
    form = _collector_form(visit, None, collector)
    said = _("Ya no figura como gestor. Los expedientes que lleva siguen siendo suyos.")
    return _done(
        request,
        visit,
        (lambda: remove_collector(member_id=member_id, **_by(visit)), said),
        ("desk/settings/collector.html", {"form": form, "collector": collector}),
    )


def _collector_page(request: HttpRequest, visit: Visit, collector: CollectorSeen | None) -> HttpResponse:
    form = _collector_form(visit, request.POST if request.method == "POST" else None, collector)
    page = ("desk/settings/collector.html", {"form": form, "collector": collector})
    if not form.is_valid():
        return _shown(request, visit, page, status=422 if form.is_bound else 200)
    said = dict(form.cleaned_data)
    member_id = said.pop("member_id")

    def act() -> object:
        return set_collector(member_id=member_id, terms=CollectorTerms(**said), **_by(visit))

    return _done(request, visit, (act, _("Guardado.")), page)


def _collector_form(visit: Visit, data: Any, collector: CollectorSeen | None) -> CollectorForm:
    teams = [(str(team.id), team.name) for team in teams_of(visit.creditor)]
    known = {each.member_id for each in collectors_of(visit.creditor)}
    if collector is None:
        people = _people(visit, lambda member: member.is_able and member.id not in known)
        return CollectorForm(people, teams, data, initial={"cases_per_day": 40, "takes_new": True})
    initial = {
        "member_id": collector.member_id,
        "cases_per_day": collector.cases_per_day,
        "team_id": collector.team_id,
        "takes_new": collector.takes_new,
    }
    people = _people(visit, lambda member: member.id == collector.member_id)
    return CollectorForm(people, teams, data, initial=initial)


@creditor_page(Right.SETTINGS, FORM)
def large_accounts(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The amount and the person."""
    creditor = visit.creditor
    form = LargeForm(
        creditor.currency,
        _people(visit, lambda member: member.is_able),
        request.POST if request.method == "POST" else None,
        initial={
            "least_minor": creditor.large_account_minor,
            "member_id": creditor.large_account_owner_id,
        },
    )
    page = ("desk/settings/large_accounts.html", {"form": form})
    if not form.is_valid():
        return _shown(request, visit, page, status=422 if form.is_bound else 200)

    def act() -> object:
        return name_large_accounts(**form.cleaned_data, **_by(visit))

    return _done(request, visit, (act, _("Guardado.")), page)


def _done(
    request: HttpRequest,
    visit: Visit,
    asked: tuple[Callable[[], object], str],
    page: tuple[str, dict[str, Any]],
) -> HttpResponse:
    """Do it once and go back to the list; refused, the page again with the sentence (422)."""
    act, said = asked

    def act_and_say() -> str:
        act()
        return said

    if acted(request, visit, act_and_say):
        return redirect("desk:teams", creditor=visit.creditor.code)
    return _shown(request, visit, page, status=422)


def _shown(
    request: HttpRequest, visit: Visit, page: tuple[str, dict[str, Any]], *, status: int
) -> HttpResponse:
    template, context = page
    return render(request, template, {"tabs": tabs(visit, "teams"), **context}, status=status)


def _people(visit: Visit, wanted: Callable[[Member], bool]) -> Choices:
    members = sorted(members_of(visit.creditor.pk).values(), key=lambda member: (member.name, member.id))
    return [(str(member.id), member.name) for member in members if wanted(member)]


def _team(visit: Visit, team_id: int) -> TeamSeen:
    for team in teams_of(visit.creditor):
        if team.id == team_id:
            return team
    raise Http404


def _collector(visit: Visit, member_id: int) -> CollectorSeen:
    for collector in collectors_of(visit.creditor):
        if collector.member_id == member_id:
            return collector
    raise Http404


def _by(visit: Visit) -> dict[str, Any]:
    return {"creditor": visit.creditor, "actor": visit.actor, "now": now_for(visit.creditor)}
