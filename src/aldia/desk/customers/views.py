"""Lists kept under a name: one's own, or everybody's."""

from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse, QueryDict

from aldia.desk.access import POST, Visit, creditor_page
from aldia.desk.customers.asking import state_from
from aldia.desk.kept_views import forget, keep
from aldia.queries.list_filter import list_columns
from aldia.queries.saved_views import saved_views

PAGE = "customers"


@creditor_page(methods=POST)
def keep_view(request: HttpRequest, visit: Visit) -> HttpResponse:
    """POST state: the query of the list; name; everybody."""
    words = [each.word for each in list_columns(visit.creditor)]
    said = urlencode(parse_qsl(request.POST.get("state", "")[:4_000].lstrip("?")))
    state = state_from(QueryDict(said), words)
    return keep(request, visit, PAGE, state=state.kept, address=state.address())


@creditor_page(methods=POST)
def forget_view(request: HttpRequest, visit: Visit, view_id: int) -> HttpResponse:
    """One's own; everybody's only for who may change settings."""
    return forget(request, visit, PAGE, view_id=view_id)


def views_of(visit: Visit) -> list[tuple[int, str, bool, str]]:
    """(id, name, own, address of the list) of the views the visitor may see."""
    words = [each.word for each in list_columns(visit.creditor)]
    found = []
    for view in saved_views(visit.creditor.pk, PAGE, visit.membership.pk):
        kept = QueryDict(mutable=True)
        for name in ("q", "filtro", "orden"):
            kept[name] = str(view.state.get(name, ""))
        kept["baja"] = "1" if view.state.get("baja") else ""
        kept.setlist("col", [str(each) for each in view.state.get("col", [])])
        found.append((view.view_id, view.name, view.is_own, state_from(kept, words).address()))
    return found
