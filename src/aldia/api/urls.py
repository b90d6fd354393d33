"""`/api/v1`: the addresses, and the frame that every one of them stands in."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from aldia.api import (
    calls,
    cases,
    copies,
    customers,
    disputes,
    documents,
    holds,
    kinds,
    payments,
    portfolio,
    promises,
)
from aldia.api.parsing import BODY_BYTES_MAX, StrictParser
from aldia.api.refusals import broken, invalid, lost, not_found, plain, refused, refused_by_protocol
from aldia.formats.copies import FILE_BYTES_MAX
from aldia.kernel.errors import AldiaError

_ABOUT = """Quién debe qué, qué se hará y por qué; y lo que su programa sabe y Al Día no: clientes, facturas,
cobros. Los importes son enteros en unidades menores (céntimos) con su moneda ISO 4217; los días, AAAA-MM-DD;
los momentos, ISO 8601 en UTC. Cada POST lleva `Idempotency-Key`."""

_HANDLERS: dict[type[Exception], Any] = {
    Exception: broken,
    Http404: not_found,
    HttpError: refused_by_protocol,
    ValidationError: invalid,
    AldiaError: refused,
}


class Api(NinjaAPI):
    """Its views open their own transactions, so that counting requests of a token holds no row for long."""

    def _get_urls(self) -> list[Any]:
        patterns = [*super()._get_urls(), re_path("", lost)]
        for pattern in patterns:
            assert isinstance(pattern, URLPattern)
            pattern.callback = self._framed(pattern.callback)
        return patterns

    def _framed(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        def answer(request: HttpRequest, *args: Any, **names: Any) -> HttpResponse:
            if _length(request) > (FILE_BYTES_MAX if request.method == "PUT" else BODY_BYTES_MAX):
                return plain(413)
            try:
                response = view(request, *args, **names)
            except Http404 as error:
                return not_found(request, error)
            return response if response.status_code != 405 else _not_allowed(response)

        answer.csrf_exempt = True  # type: ignore[attr-defined]
        return transaction.non_atomic_requests(answer)


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _not_allowed(response: HttpResponse) -> HttpResponse:
    said = plain(405)
    said.headers["Allow"] = response.headers["Allow"]
    return said


def _built() -> Api:
    made = Api(
        title="Al Día",
        version="1.0.0",
        description=_ABOUT,
        urls_namespace="api-v1",
        docs_url=None,
        parser=StrictParser(),
    )
    work = (calls, promises, disputes, cases)
    for module in (customers, kinds, holds, documents, copies, payments, portfolio, *work):
        made.add_router("", module.router)
    for kind, handler in _HANDLERS.items():
        made.add_exception_handler(kind, handler)
    return made


api = _built()
"""For `path("api/v1/", api.urls)`."""
