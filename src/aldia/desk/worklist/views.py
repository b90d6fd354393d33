"""Lists of cases kept under a name: one's own, or everybody's."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.acting import acted
from aldia.desk.today.page import now_for
from aldia.desk.worklist.asking import state_from, state_of
from aldia.operations.saved_views import delete_view, save_view
from aldia.queries.saved_views import saved_views

PAGE = "worklist"
_NAME_MAX = 200


@creditor_page(methods=POST)
def keep_view(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST lista: the address of the list; name; everybody."""
    state = state_of(request)

    def act() -> str:
        view = save_view(
            member=visit.membership,
            page=PAGE,
            name=request.POST.get("name", "")[:_NAME_MAX],
            state=state.kept,
            for_everybody=bool(request.POST.get("everybody")),
            actor=visit.actor,
            now=now_for(visit.creditor),
        )
        return _("Vista guardada: «%(name)s».") % {"name": view.name}

    acted(request, visit, act)
    return redirect(reverse("desk:worklist", args=[visit.creditor.code]) + state.address())


@creditor_page(methods=POST)
def forget_view(request: HttpRequest, visit: Visit, view_id: int) -> HttpResponse:
    """One's own; everybody's only for who may change settings."""

    def act() -> str:
        delete_view(member=visit.membership, view_id=view_id, actor=visit.actor, now=now_for(visit.creditor))
        return _("Vista olvidada.")

    acted(request, visit, act)
    return redirect("desk:worklist", creditor=visit.creditor.code)


def views_of(visit: Visit) -> list[tuple[int, str, bool, str]]:
    """(id, name, own, address of the list) of the views the visitor may see."""
    found = []
    base = reverse("desk:worklist", args=[visit.creditor.code])
    for view in saved_views(visit.creditor.pk, PAGE, visit.membership.pk):
        said = QueryDict(urlencode({name: str(value) for name, value in view.state.items()}))
        found.append((view.view_id, view.name, view.is_own, base + state_from(said).address()))
    return found
