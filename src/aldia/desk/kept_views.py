"""What a list does with views kept under a name: one's own, or everybody's."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from aldia.desk.access import Visit
from aldia.desk.acting import acted
from aldia.desk.today.page import now_for
from aldia.operations.saved_views import delete_view, save_view

_NAME_MAX = 200


def keep(
    request: HttpRequest, visit: Visit, page: str, *, state: dict[str, object], address: str
) -> HttpResponse:
    """POST name, everybody: the list as it stands. state: what is kept of it. address: its query."""

    def act() -> str:
        view = save_view(
            member=visit.membership,
            page=page,
            name=request.POST.get("name", "")[:_NAME_MAX],
            state=state,
            for_everybody=bool(request.POST.get("everybody")),
            actor=visit.actor,
            now=now_for(visit.creditor),
        )
        return _("Vista guardada: «%(name)s».") % {"name": view.name}

    acted(request, visit, act)
    return redirect(reverse(f"desk:{page}", args=[visit.creditor.code]) + address)


def forget(request: HttpRequest, visit: Visit, page: str, *, view_id: int) -> HttpResponse:
    """One's own; everybody's only for who may change settings."""

    def act() -> str:
        delete_view(member=visit.membership, view_id=view_id, actor=visit.actor, now=now_for(visit.creditor))
        return _("Vista olvidada.")

    acted(request, visit, act)
    return redirect(f"desk:{page}", creditor=visit.creditor.code)
