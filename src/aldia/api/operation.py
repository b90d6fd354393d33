"""How an address becomes an operation: its scope declared, its transaction opened, its answer told once."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from ninja import Router
from ninja.errors import ValidationError
from ninja.params.models import Header
from ninja.utils import contribute_operation_args
from pydantic import TypeAdapter

from aldia.api.caller import ApiRequest, Bearer
from aldia.api.parsing import body_digest
from aldia.api.policy import POLICY
from aldia.api.refusals import JSON, REFUSALS, refusal_of
from aldia.api.throttle import PerToken
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.idempotency import Answered, Asked, answer_once
from aldia.operations.imports.refusals import ImportUnderWay
from aldia.records.tenancy.scope import scope as creditor_scope
from aldia.rules.api_scopes import ApiScope

View = Callable[..., Any]
_THROTTLE = PerToken()
_SUCCESS = {"GET": 200, "PATCH": 200, "PUT": 200, "DELETE": 200, "POST": 201}
_FILE = {"type": "string", "format": "binary"}
_KEY_HELP = (
    "Una clave nueva por cada cosa nueva (un UUID, por ejemplo). Repetir la petición con la misma clave da "
    "la misma respuesta sin hacer nada dos veces; se guarda 24 horas al menos."
)


def reads(router: Router, path: str, *, scope: ApiScope, gives: Any) -> Callable[[View], View]:
    """GET: the view in a transaction and the creditor's scope; what it returns is told as `gives`."""
    return lambda view: _registered(router, path, _in_scope(view, gives), "GET", scope=scope, gives=gives)


def changes(router: Router, path: str, *, scope: ApiScope, gives: Any) -> Callable[[View], View]:
    """PATCH: as `reads`, for a view that writes; asked twice it leaves what asking once leaves."""
    return lambda view: _registered(router, path, _in_scope(view, gives), "PATCH", scope=scope, gives=gives)


def puts(
    router: Router, path: str, *, scope: ApiScope, gives: Any, media: Sequence[str] = ()
) -> Callable[[View], View]:
    """PUT: as `changes`. media: of a body that is a file, which the view reads itself."""
    body = {"required": True, "content": {each: {"schema": _FILE} for each in media}} if media else None
    return lambda view: _registered(
        router, path, _in_scope(view, gives), "PUT", scope=scope, gives=gives, body=body
    )


def deletes(router: Router, path: str, *, scope: ApiScope, gives: Any) -> Callable[[View], View]:
    """DELETE: as `changes`."""
    return lambda view: _registered(router, path, _in_scope(view, gives), "DELETE", scope=scope, gives=gives)


def _in_scope(view: View, gives: Any) -> View:
    adapter = TypeAdapter(gives)

    @wraps(view)
    def answer(request: ApiRequest, **said: Any) -> HttpResponse:
        _refuse_unknown_parameters(request, answer)
        with transaction.atomic(), creditor_scope([request.auth.creditor.pk]):
            return HttpResponse(_told(adapter, view(request, **said)), content_type=JSON)

    return answer


def posts(router: Router, path: str, *, scope: ApiScope, gives: Any) -> Callable[[View], View]:
    """POST: the view once per Idempotency-Key; repeated, its first answer (`operations/idempotency.py`)."""

    def register(view: View) -> View:
        adapter = TypeAdapter(gives)

        @wraps(view)
        def answer(request: ApiRequest, idempotency_key: str, **said: Any) -> HttpResponse:
            _refuse_unknown_parameters(request, answer)
            told = answer_once(
                creditor_id=request.auth.creditor.pk,
                asked=Asked(idempotency_key, "POST", request.path, body_digest(request.body)),
                now=clock.now(),
                act=lambda: _done(adapter, lambda: view(request, **said)),
            )
            response = HttpResponse(told.body, status=told.status, content_type=JSON)
            if told.replayed:
                response.headers["Idempotent-Replayed"] = "true"
            return response

        header = Header(
            ...,
            alias="Idempotency-Key",
            min_length=1,
            max_length=255,
            pattern=r"^[!-~]+$",
            description=_KEY_HELP,
        )
        contribute_operation_args(answer, "idempotency_key", str, header)
        return _registered(router, path, answer, "POST", scope=scope, gives=gives)

    return register


def _registered(
    router: Router,
    path: str,
    answer: View,
    method: str,
    *,
    scope: ApiScope,
    gives: Any,
    body: Mapping[str, Any] | None = None,
) -> View:
    name = answer.__name__
    assert name not in POLICY, f"two operations are called {name}"
    POLICY[name] = scope
    summary, _, more = inspect.cleandoc(answer.__doc__ or "").partition("\n\n")
    register = router.api_operation(
        [method],
        path,
        auth=Bearer(scope),
        throttle=_THROTTLE,
        response={_SUCCESS[method]: gives, **REFUSALS},
        operation_id=name,
        summary=summary,
        description=f"{more}\n\nPermiso: `{scope}`.".strip(),
        openapi_extra={"x-scope": str(scope), **({"requestBody": body} if body else {})},
    )
    registered: View = register(answer)
    return registered


def _done(adapter: TypeAdapter[Any], act: Callable[[], Any]) -> Answered:
    """Success or refusal; a refusal undoes what was begun, and is an answer to keep as well. What passes by
    itself is not kept: the same key asks again."""
    try:
        with transaction.atomic():
            return Answered(_SUCCESS["POST"], _told(adapter, act()).decode())
    except ImportUnderWay:
        raise
    except AldiaError as error:
        refusal, status = refusal_of(error)
        return Answered(status, refusal.model_dump_json())


def _told(adapter: TypeAdapter[Any], value: Any) -> bytes:
    return adapter.dump_json(adapter.validate_python(value))


def _refuse_unknown_parameters(request: ApiRequest, answer: View) -> None:
    """A filter with a slip of the pen would otherwise answer everything."""
    operation = answer._ninja_operation  # type: ignore[attr-defined]
    queries = (model for model in operation.models if model.__ninja_param_source__ == "query")
    known = {name for model in queries for name in model.__ninja_flatten_map__}
    unknown = sorted(set(request.GET) - known)
    if unknown:
        raise ValidationError([{"loc": ("query", name), "type": "unknown_parameter"} for name in unknown])
