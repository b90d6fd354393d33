"""`/salud`: does the house answer? For whoever watches over it; says nothing else and asks for no log-in."""

from importlib.metadata import version

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from aldia.connectors.postgres import server_status


@require_safe
@transaction.non_atomic_requests
def health(request: HttpRequest) -> JsonResponse:
    """200 while the database answers within three seconds, else 503. Uses no connection of the pool."""
    ok = server_status().running
    answer = JsonResponse({"ok": ok, "version": version("aldia")}, status=200 if ok else 503)
    answer["Cache-Control"] = "no-store"
    return answer
