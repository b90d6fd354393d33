"""The tabs that are one form over the creditor: company, sending, daily run."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import once
from aldia.desk.settings.forms import AgreementsForm, CompanyForm, RunForm, SendingForm, SettingsForm
from aldia.desk.settings.tabs import tabs
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.settings import change_settings
from aldia.operations.texts import set_letterhead
from aldia.queries.people import name_of_actor
from aldia.rules.rights import Right


@dataclass(frozen=True, slots=True)
class Group:
    """name: of its address."""

    name: str
    form: type[SettingsForm]
    template: str


GROUPS: Mapping[str, Group] = {
    "empresa": Group("settings", CompanyForm, "desk/settings/company.html"),
    "envios": Group("settings-sending", SendingForm, "desk/settings/sending.html"),
    "compromisos": Group("settings-agreements", AgreementsForm, "desk/settings/agreements.html"),
    "proceso": Group("settings-run", RunForm, "desk/settings/run.html"),
}


@creditor_page()
def show_company(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who is owed."""
    return _shown(request, visit, GROUPS["empresa"])


@creditor_page()
def show_sending(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Hours, limits, the brake, the red button."""
    return _shown(request, visit, GROUPS["envios"])


@creditor_page()
def show_agreements(request: HttpRequest, visit: Visit) -> HttpResponse:
    """How far ahead a promise or a hold may reach, and how many acts are looked at."""
    return _shown(request, visit, GROUPS["compromisos"])


@creditor_page()
def show_run(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The hour of the daily run."""
    return _shown(request, visit, GROUPS["proceso"])


@creditor_page(Right.SETTINGS, POST)
def save(request: HttpRequest, visit: Visit, group: str) -> HttpResponse:
    """Store one of the forms; what is wrong in it is said beside its field."""
    chosen = GROUPS.get(group)
    if chosen is None:
        raise Http404
    form = chosen.form(visit.creditor, request.POST)
    if form.is_valid() and _stored(request, form, visit):
        return redirect(f"desk:{chosen.name}", creditor=visit.creditor.code)
    return _shown(request, visit, chosen, form)


def _stored(request: HttpRequest, form: SettingsForm, visit: Visit) -> bool:
    who: dict[str, Any] = {"creditor": visit.creditor, "actor": visit.actor, "now": clock.now()}

    def act() -> str:
        change_settings(**who, **form.settings())
        if form.letterhead():
            set_letterhead(**who, **form.letterhead())
        return _("Los ajustes se han guardado.")

    try:
        done = once(request, visit, act)
    except AldiaError as refusal:
        field = refusal.facts.get("setting")
        form.add_error(field if field in form.fields else None, refusal.sentence)
        return False
    if done:
        messages.success(request, done)
    return True


def _shown(
    request: HttpRequest, visit: Visit, group: Group, form: SettingsForm | None = None
) -> HttpResponse:
    context = {
        "tabs": tabs(visit, group.name),
        "form": form or group.form(visit.creditor),
        "group": next(code for code, each in GROUPS.items() if each is group),
        "stopped_by": name_of_actor(visit.creditor.sending_stopped_by),
    }
    return render(request, group.template, context, status=422 if form else 200)
