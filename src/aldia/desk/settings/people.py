"""Who may come in: the list, letting somebody in, and what is changed about one of them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aldia.desk.access import FORM, POST, Visit, creditor_page
from aldia.desk.account.guards import confirmed, second_factor
from aldia.desk.acting import acted, once
from aldia.desk.settings.tabs import tabs
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.memberships import (
    change_role,
    end_access,
    give_password,
    invite,
    remove_second_factors,
    restore_access,
)
from aldia.queries.people import Person, people_of, person_of
from aldia.records.tenancy.models import Role
from aldia.rules.rights import RIGHTS, Right
from aldia.ui.forms import DeskForm, MoneyField
from aldia.ui.other_language import said

_TEXT_MAX = 200
_MAY = {
    Right.APPROVE: gettext_lazy("aprobar mensajes"),
    Right.NOTE: gettext_lazy("anotar llamadas, compromisos y respuestas"),
    Right.TEAM: gettext_lazy("repartir los expedientes del equipo"),
    Right.RECORD_MONEY: gettext_lazy("anotar cobros"),
    Right.IMPORT: gettext_lazy("importar"),
    Right.WRITE_OFF: gettext_lazy("dar de baja deuda"),
    Right.STRATEGY: gettext_lazy("cambiar estrategias y textos"),
    Right.RELEASE: gettext_lazy("soltar el freno y parar los envíos"),
    Right.SETTINGS: gettext_lazy("cambiar ajustes"),
    Right.AUDIT: gettext_lazy("ver la auditoría"),
    Right.EVIDENCE: gettext_lazy("exportar los contactos con un cliente como prueba"),
    Right.PEOPLE: gettext_lazy("dar acceso a personas y programas"),
}


class RoleForm(DeskForm):
    """What somebody may do."""

    role = forms.ChoiceField(label=gettext_lazy("Papel"), choices=Role.choices)
    write_off_max_minor = MoneyField(
        label=gettext_lazy("Baja de deuda por partida, como mucho"),
        required=False,
        help_text=gettext_lazy("Solo cuenta para quien puede dar de baja. Vacío: sin tope propio."),
    )

    def __init__(self, currency: str, *args: Any, **names: Any) -> None:
        super().__init__(*args, **names)
        self.fields["write_off_max_minor"].currency = currency  # type: ignore[attr-defined]


class InviteForm(RoleForm):
    """Somebody new."""

    email = forms.EmailField(label=gettext_lazy("Correo electrónico"), max_length=254)
    name = forms.CharField(label=gettext_lazy("Nombre"), max_length=_TEXT_MAX)
    field_order = ("email", "name", "role", "write_off_max_minor")


@creditor_page(Right.PEOPLE)
@second_factor
def list_people(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everybody with or formerly with access."""
    context = {"tabs": tabs(visit, "people"), "people": people_of(visit.creditor.pk), "roles": _roles()}
    return render(request, "desk/settings/people.html", context)


@creditor_page(Right.PEOPLE, FORM)
@second_factor
@confirmed
def invite_person(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The form, and then the password, once."""
    data = request.POST if request.method == "POST" else None
    form = InviteForm(visit.creditor.currency, data, initial={"role": Role.GESTOR})
    if data is not None and form.is_valid():
        try:
            invited = once(request, visit, lambda: invite(**_by(visit), **form.cleaned_data))
        except AldiaError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            if invited is None:
                return redirect("desk:people", creditor=visit.creditor.code)
            context = {"member": invited.membership, "password": invited.password, "new": True}
            return render(request, "desk/settings/person_password.html", _with_tabs(visit, context))
    context = _with_tabs(visit, {"form": form, "roles": _roles()})
    return render(request, "desk/settings/person_new.html", context, status=422 if form.errors else 200)


@creditor_page(Right.PEOPLE)
@second_factor
def show_person(request: HttpRequest, visit: Visit, membership_id: int) -> HttpResponse:
    """One of them, with everything that can be changed."""
    return _shown(request, visit, _person(visit, membership_id))


@creditor_page(Right.PEOPLE, POST)
@second_factor
@confirmed
def change(request: HttpRequest, visit: Visit, membership_id: int) -> HttpResponse:
    """Another role or limit."""
    form = RoleForm(visit.creditor.currency, request.POST)
    if not form.is_valid():
        return _shown(request, visit, _person(visit, membership_id), form)
    return _done(
        request,
        visit,
        membership_id,
        lambda: change_role(**_by(visit), membership_id=membership_id, **form.cleaned_data),
        _("El papel se ha cambiado."),
    )


@creditor_page(Right.PEOPLE, POST)
@second_factor
@confirmed
def new_password(request: HttpRequest, visit: Visit, membership_id: int) -> HttpResponse:
    """A new password, shown once."""
    person = _person(visit, membership_id)
    given: list[str] = []

    def give() -> None:
        mine: dict[str, Any] = {"membership_id": membership_id, "by_user_id": visit.user.pk}
        given.append(give_password(**_by(visit), **mine))

    answer = _done(request, visit, membership_id, give, "")
    if not given:
        return answer
    context = _with_tabs(visit, {"member": person.membership, "password": given[0], "new": False})
    return render(request, "desk/settings/person_password.html", context)


@creditor_page(Right.PEOPLE, POST)
@second_factor
@confirmed
def remove_factors(request: HttpRequest, visit: Visit, membership_id: int) -> HttpResponse:
    """For who has lost telephone and key."""
    mine: dict[str, Any] = {"membership_id": membership_id, "by_user_id": visit.user.pk}
    return _done(
        request,
        visit,
        membership_id,
        lambda: remove_second_factors(**_by(visit), **mine),
        _("El segundo factor se ha quitado: la persona entra con su contraseña y activa otro."),
    )


@creditor_page(Right.PEOPLE, POST)
@second_factor
@confirmed
def access(request: HttpRequest, visit: Visit, membership_id: int) -> HttpResponse:
    """Take it away, or give it back (POST again=1)."""
    again = bool(request.POST.get("again"))
    act = restore_access if again else end_access
    return _done(
        request,
        visit,
        membership_id,
        lambda: act(**_by(visit), membership_id=membership_id),
        _("Vuelve a tener acceso.") if again else _("Ya no tiene acceso."),
    )


def _done(
    request: HttpRequest, visit: Visit, membership_id: int, act: Callable[[], object], said: str
) -> HttpResponse:
    """Do it once; the refusal as a sentence."""

    def act_and_say() -> str:
        act()
        return said

    acted(request, visit, act_and_say)
    return redirect("desk:person", creditor=visit.creditor.code, membership_id=membership_id)


def _person(visit: Visit, membership_id: int) -> Person:
    found = person_of(visit.creditor.pk, membership_id)
    if found is None:
        raise Http404
    return found


def _shown(request: HttpRequest, visit: Visit, person: Person, form: RoleForm | None = None) -> HttpResponse:
    terms = {"role": person.membership.role, "write_off_max_minor": person.membership.write_off_max_minor}
    context = {
        "person": person,
        "form": form or RoleForm(visit.creditor.currency, initial=terms),
        "roles": _roles(),
        "is_me": person.user.pk == visit.user.pk,
    }
    return render(
        request, "desk/settings/person.html", _with_tabs(visit, context), status=422 if form else 200
    )


def _by(visit: Visit) -> dict[str, Any]:
    return {"creditor": visit.creditor, "actor": visit.actor, "now": clock.now()}


def _with_tabs(visit: Visit, context: dict[str, Any]) -> dict[str, Any]:
    return {**context, "tabs": tabs(visit, "people")}


def _roles() -> list[tuple[str, str]]:
    """Each role with what it may do, in words."""
    return [
        (said(role.label), ", ".join(str(words) for right, words in _MAY.items() if right in RIGHTS[role]))
        for role in Role
    ]
