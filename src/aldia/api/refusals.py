"""Every answer that is no success, in one shape: a code for programs, a sentence for people."""

from collections.abc import Iterator
from typing import Any, NoReturn

from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.log import log_response
from ninja.errors import HttpError, Throttled, ValidationError
from pydantic import BaseModel, Field

from aldia.formats.copies import CopyRefused
from aldia.kernel.dates import DayOutsideLedger
from aldia.kernel.errors import AldiaError
from aldia.kernel.money import CurrenciesDiffer, UnknownCurrency
from aldia.operations.calls import CallRefused
from aldia.operations.disputes import DisputeRefused, UnknownDispute
from aldia.operations.holds import HoldRefused, UnknownHold
from aldia.operations.kinds import KindRefused
from aldia.operations.parties import CustomerRefused
from aldia.operations.promises import PromiseRefused, UnknownPromise
from aldia.operations.refusals import (
    AmountNotPositive,
    AnotherCustomer,
    BadValue,
    DueBeforeIssue,
    NoSuchRow,
    TooEarly,
)
from aldia.queries.customers import UnknownCustomer
from aldia.rules.portfolio.conditions import ConditionFault

JSON = "application/json"


class FieldFault(BaseModel):
    """What is wrong with one field."""

    field: str = Field(description="Camino del campo: `lines.0.amount_minor`.")
    message: str


class Refusal(BaseModel):
    """Por qué no. `code` es estable; `message` es una frase en español para personas."""

    code: str
    message: str
    fields: list[FieldFault] = []


REFUSALS: dict[Any, Any] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429), Refusal)
"""What every operation may answer besides its success."""

_NOT_THERE: tuple[type[AldiaError], ...] = (
    UnknownCustomer,
    UnknownDispute,
    UnknownHold,
    UnknownPromise,
    NoSuchRow,
)
_WRONG: tuple[type[AldiaError], ...] = (
    AmountNotPositive,
    AnotherCustomer,
    BadValue,
    CallRefused,
    ConditionFault,
    CopyRefused,
    CurrenciesDiffer,
    CustomerRefused,
    DayOutsideLedger,
    DisputeRefused,
    DueBeforeIssue,
    HoldRefused,
    KindRefused,
    PromiseRefused,
    TooEarly,
    UnknownCurrency,
)

_NOT_FOUND = Refusal(code="not_found", message="Esta dirección no existe, o es de otra empresa.")
_BROKEN = Refusal(
    code="internal_error",
    message="Algo ha fallado; es un error de Al Día y no se ha hecho nada. Repita con la misma clave.",
)
_BY_STATUS = {
    400: Refusal(code="bad_request", message="El cuerpo no es JSON en UTF-8, o repite un campo."),
    401: Refusal(
        code="unauthorized",
        message="El token falta o no vale: no existe, ha caducado o se ha revocado. Envíelo como "
        "«Authorization: Bearer …».",
    ),
    405: Refusal(code="method_not_allowed", message="Esta dirección no admite ese método."),
    413: Refusal(
        code="too_large", message="La petición es demasiado grande: caben 256 KiB, y 5 MiB si es una copia."
    ),
    429: Refusal(code="too_many_requests", message="Demasiadas peticiones seguidas con este token: espere."),
}


class ScopeMissing(HttpError):
    """The token may not do this."""

    def __init__(self, wanted: str) -> None:
        super().__init__(403, f"El token no tiene el permiso «{wanted}».")


def answer_of(refusal: Refusal, status: int) -> HttpResponse:
    """The refusal as it goes out."""
    return HttpResponse(refusal.model_dump_json(), status=status, content_type=JSON)


def plain(status: int) -> HttpResponse:
    """A refusal that says all with its status."""
    return answer_of(_BY_STATUS[status], status)


def refusal_of(error: AldiaError) -> tuple[Refusal, int]:
    """What an operation refused, and its status: 404 not there, 422 never so, 409 not as things stand."""
    status = 404 if isinstance(error, _NOT_THERE) else 422 if isinstance(error, _WRONG) else 409
    field = error.facts.get("field") or ("where" if isinstance(error, ConditionFault) else None)
    fields = [FieldFault(field=str(field), message=error.sentence)] if field else []
    return Refusal(code=error.code, message=error.sentence, fields=fields), status


def refused(request: HttpRequest, error: AldiaError) -> HttpResponse:
    """An operation's no."""
    return answer_of(*refusal_of(error))


def not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    """404 for what is not there and for what is another's: nobody can tell which."""
    return answer_of(_NOT_FOUND, 404)


def refused_by_protocol(request: HttpRequest, error: HttpError) -> HttpResponse:
    """400, 401, 403, 429."""
    if isinstance(error, ScopeMissing):
        return answer_of(Refusal(code="forbidden", message=str(error)), 403)
    response = plain(error.status_code)
    if error.status_code == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="aldia"'
    if isinstance(error, Throttled) and error.wait:
        response.headers["Retry-After"] = str(error.wait)
    return response


def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422: every field that is wrong, and why."""
    fields = [FieldFault(field=_path(each["loc"]), message=_sentence(each)) for each in error.errors]
    return answer_of(Refusal(code="invalid", message=_summary(fields), fields=fields), 422)


def broken(request: HttpRequest, error: Exception) -> HttpResponse:
    """500: a bug of ours, told to the log as Django tells it."""
    got_request_exception.send(sender=None, request=request)
    response = answer_of(_BROKEN, 500)
    log_response(
        "Internal Server Error: %s", request.path, response=response, request=request, exception=error
    )
    return response


def lost(request: HttpRequest, **names: Any) -> NoReturn:
    """The view of every address that is none."""
    raise Http404


def _path(places: Iterator[Any]) -> str:
    source, *rest = (str(place) for place in places)
    return ".".join(rest[1:] if source == "body" else rest) or source


def _summary(fields: list[FieldFault]) -> str:
    if len(fields) == 1:
        return f"{fields[0].field}: {fields[0].message}"
    return f"Hay {len(fields)} campos que no valen; «fields» dice cuáles."


_SENTENCES = {
    "missing": "Falta.",
    "extra_forbidden": "No existe este campo.",
    "string_too_short": "Está en blanco o es demasiado corto.",
    "string_too_long": "Es demasiado largo: caben {max_length} caracteres.",
    "string_pattern_mismatch": "Tiene caracteres o una forma que no se admiten.",
    "string_unicode": "No es texto Unicode correcto.",
    "string_type": "Tiene que ser un texto.",
    "int_type": "Tiene que ser un número entero.",
    "int_parsing": "Tiene que ser un número entero.",
    "int_from_float": "Tiene que ser un número entero.",
    "int_parsing_size": "El número es demasiado grande.",
    "greater_than_equal": "Tiene que ser {ge} o más.",
    "less_than_equal": "Tiene que ser {le} o menos.",
    "literal_error": "Tiene que ser uno de: {expected}.",
    "enum": "Tiene que ser uno de: {expected}.",
    "list_type": "Tiene que ser una lista.",
    "too_short": "La lista es demasiado corta: al menos {min_length}.",
    "too_long": "La lista es demasiado larga: {max_length} como mucho.",
    "model_type": "Tiene que ser un objeto JSON.",
    "model_attributes_type": "Tiene que ser un objeto JSON.",
    "dict_type": "Tiene que ser un objeto JSON.",
    "unknown_parameter": "No existe este parámetro.",
}


def _sentence(fault: dict[str, Any]) -> str:
    """Our own words for pydantic's; validators of ours already speak so (`value_error`)."""
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    known = _SENTENCES.get(fault["type"])
    return known.format(**fault.get("ctx", {})) if known else "No vale."
