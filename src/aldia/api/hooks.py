"""`/api/hooks/…`: where providers bring their news. No log-in and no token: the signature is the key.

Whatever is wrong with the signature, and whoever is not here, gets the same 401, and nothing is kept.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from aldia.kernel import clock
from aldia.operations.hooks import Knock, NotSigned, body_bytes_max, challenge_answer, receive_news

METHODS = ("GET", "POST")


@csrf_exempt
def hook(request: HttpRequest, code: str, source: str) -> HttpResponse:
    """GET: Meta's question whether the address is ours. POST: news, kept at once and applied later."""
    if request.method not in METHODS:
        return _plain("", 405)
    most = body_bytes_max(code=code, source=source, headers=request.headers)
    body = request.read(most + 1) if request.method == "POST" else b""
    if len(body) > most:
        return _plain("", 413)
    knock = Knock(
        code=code,
        source=source,
        url=request.build_absolute_uri(),
        path=request.get_full_path(),
        query=request.GET.dict(),
        headers=request.headers,
        body=body,
    )
    try:
        if request.method == "GET":
            return _plain(challenge_answer(knock), 200)
        receive_news(knock, now=clock.now())
    except NotSigned:
        return _plain("", 401)
    return _plain("", 200)


def _plain(text: str, status: int) -> HttpResponse:
    response = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
