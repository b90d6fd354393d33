"""What every answer tells the browser beside the content policy (settings: CONTENT_SECURITY_POLICY)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def not_kept(respond: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: pages name people, so nobody keeps a copy; nothing is asked of the device."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        return response

    return answer
