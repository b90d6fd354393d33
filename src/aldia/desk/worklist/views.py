"""Lists of cases kept under a name: one's own, or everybody's."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.kept_views import forget, keep
from aldia.desk.worklist.asking import state_from, state_of
from aldia.queries.saved_views import saved_views

PAGE = "worklist"


@creditor_page(methods=POST)
def keep_view(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST lista: the address of the list; name; everybody."""
    state = state_of(request)
    return keep(request, visit, PAGE, state=state.kept, address=state.address())


@creditor_page(methods=POST)
def forget_view(request: HttpRequest, visit: Visit, view_id: int) -> HttpResponse:
    """One's own; everybody's only for who may change settings."""
    return forget(request, visit, PAGE, view_id=view_id)


def views_of(visit: Visit) -> list[tuple[int, str, bool, str]]:
    """(id, name, own, address of the list) of the views the visitor may see."""
    found = []
    base = reverse("desk:worklist", args=[visit.creditor.code])
    for view in saved_views(visit.creditor.pk, PAGE, visit.membership.pk):
        said = QueryDict(urlencode({name: str(value) for name, value in view.state.items()}))
        found.append((view.view_id, view.name, view.is_own, base + state_from(said).address()))
    return found
