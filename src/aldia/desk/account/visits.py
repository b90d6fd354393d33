"""How long a log-in lasts: an hour without doing anything, twelve hours whatever happens."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from aldia.kernel import clock

_BEGAN, _SEEN, _CONFIRMED = "visit_began", "visit_seen", "visit_confirmed"
_NOTED_EVERY = 60


def visits_end(respond: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: notes once a minute that somebody is there; a visit that is over is logged out."""

    def answer(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            _tend(request)
        return respond(request)

    return answer


def _tend(request: HttpRequest) -> None:
    now, session = _now(), request.session
    began, seen = session.get(_BEGAN, now), session.get(_SEEN, now)
    if now - began >= settings.SESSION_COOKIE_AGE or now - seen >= settings.IDLE_SECONDS_MAX:
        logout(request)
        messages.info(request, _("Su sesión ha terminado: entre de nuevo."))
    elif _BEGAN not in session or now - seen >= _NOTED_EVERY:
        session[_BEGAN], session[_SEEN] = began, now


def note_confirmation(request: HttpRequest) -> None:
    """The person has just shown who they are."""
    request.session[_CONFIRMED] = _now()


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person has shown who they are within the last quarter of an hour."""
    at = request.session.get(_CONFIRMED)
    return at is not None and _now() - int(at) < int(settings.CONFIRMED_SECONDS_MAX)


def _now() -> int:
    return int(clock.now().timestamp())
