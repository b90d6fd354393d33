"""What a person prefers: the language of the screens."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from aldia.desk.access import POST, street_page
from aldia.desk.addresses import openable
from aldia.operations.people import prefer_language

_YEAR = 365 * 24 * 3600


@street_page(POST)
def choose_language(request: HttpRequest) -> HttpResponse:
    """Kept in a cookie and, for who is inside, with the person."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    if request.user.is_authenticated:
        prefer_language(user_id=request.user.pk, language=language)
    after = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()})
    response = redirect(openable(after) if safe else "desk:first")
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=_YEAR, samesite="Lax")
    return response
