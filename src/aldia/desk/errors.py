"""Pages for what went wrong, in the same style: what happened, and what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Unknown, and what belongs to another creditor: the visitor cannot tell which."""
    return render(request, "desk/error.html", _NOT_FOUND, status=404)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return render(request, "desk/error.html", _REFUSED, status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the token of this visit."""
    return render(request, "desk/error.html", _EXPIRED, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return render(request, "desk/error.html", _BAD, status=400)


def wrong_method(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    """405: an address that only takes a form in, or only shows."""
    response = render(request, "desk/error.html", _WRONG_METHOD, status=405)
    response["Allow"] = ", ".join(methods)
    return response


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: more attempts than anybody needs."""
    return render(request, "desk/error.html", _TOO_MANY, status=429)


def broken(request: HttpRequest) -> HttpResponse:
    """500: a bug of ours."""
    return render(request, "desk/error.html", _BROKEN, status=500)


_NOT_FOUND = {
    "title": _("No lo encontramos"),
    "sentence": _(
        "Esta página no existe, o es de un cliente o de una empresa a los que usted no tiene acceso."
    ),
    "advice": _("Vuelva a las decisiones de hoy y búsquelo por su nombre o su código."),
}
_REFUSED = {
    "title": _("Sin permiso"),
    "sentence": _("Usted no puede hacer esto."),
    "advice": _("Pídalo a quien administra Al Día en su empresa."),
}
_EXPIRED = {
    "title": _("El formulario ha caducado"),
    "sentence": _("Esta página llevaba abierta demasiado tiempo, o su navegador no guarda cookies."),
    "advice": _("Vuelva atrás, recargue la página e inténtelo de nuevo."),
}
_BAD = {
    "title": _("No se entiende la petición"),
    "sentence": _("La dirección o los datos que han llegado no tienen la forma esperada."),
    "advice": _("Vuelva a las decisiones de hoy y empiece desde allí."),
}
_WRONG_METHOD = {
    "title": _("Así no se llega aquí"),
    "sentence": _("Esta dirección recibe lo que se escribe en un formulario: no se puede abrir por sí sola."),
    "advice": _("Vuelva a la página del formulario, o empiece desde las decisiones de hoy."),
}
_TOO_MANY = {
    "title": _("Demasiados intentos seguidos"),
    "sentence": _("Desde su conexión han llegado más intentos de los que una persona necesita."),
    "advice": _("Espere unos minutos y vuelva a intentarlo."),
}
_BROKEN = {
    "title": _("Algo ha fallado"),
    "sentence": _("Es un error de Al Día, no suyo; no se ha cambiado nada."),
    "advice": _("Inténtelo de nuevo dentro de un momento; si se repite, avise a quien administra Al Día."),
}
