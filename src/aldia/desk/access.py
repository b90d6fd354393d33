"""The way to a page: who asks, for which creditor, what they may do, and the scope they see."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone, translation

from aldia.desk.addresses import openable, page_above
from aldia.desk.errors import wrong_method
from aldia.desk.policy import Door, Policy, declared
from aldia.queries.access import memberships_of
from aldia.records.tenancy.models import Creditor, Membership, Role, User
from aldia.records.tenancy.scope import scope
from aldia.rules.rights import Right, may

READ = ("GET", "HEAD")
POST = ("POST",)
FORM = ("GET", "HEAD", "POST")


@dataclass(frozen=True, slots=True)
class Visit:
    """A person at the desk of one of their creditors. others: whose desk they may go to as well."""

    user: User
    creditor: Creditor
    others: tuple[Creditor, ...]
    membership: Membership = field(repr=False)

    @property
    def role_label(self) -> str:
        """«Responsable de cobros»."""
        return str(Role(self.membership.role).label)

    @property
    def may(self) -> dict[str, bool]:
        """For templates: `{% if visit.may.approve %}`."""
        return {right.value: may(self.membership.role, right) for right in Right}

    @property
    def actor(self) -> str:
        """Who did it, for the audit chain: `user:17`."""
        return f"user:{self.user.pk}"


def creditor_page(
    right: Right = Right.LOOK, methods: tuple[str, ...] = READ, *, in_scope: bool = True
) -> Callable[..., Any]:
    """`view(request, visit, …)` in the creditor's scope, for members with the right, else 403; foreign: 404.

    in_scope: False for a view that opens its transactions and scopes itself, since it does what cannot be
    rolled back.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
        @wraps(view)
        def answer(request: HttpRequest, creditor: str, **names: Any) -> HttpResponse:
            if request.method not in methods:
                return _not_that_way(request, methods)
            if not request.user.is_authenticated:
                return _to_the_door(request)
            visit = _visit(request.user, creditor)
            if not may(visit.membership.role, right):
                raise PermissionDenied
            request.visit = visit  # type: ignore[attr-defined]
            with (
                scope([visit.creditor.pk], until_commit=True) if in_scope else nullcontext(),
                timezone.override(ZoneInfo(visit.creditor.time_zone)),
                translation.override(_language(visit)),
            ):
                return view(request, visit, **names)

        found = answer if in_scope else transaction.non_atomic_requests(answer)
        return declared(found, Policy(Door.CREDITOR, right, methods))

    return decorate


def person_page(methods: tuple[str, ...] = READ) -> Callable[..., Any]:
    """`view(request, …)` for whoever has logged in, outside any creditor."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
        @wraps(view)
        def answer(request: HttpRequest, **names: Any) -> HttpResponse:
            if request.method not in methods:
                return wrong_method(request, methods)
            if not request.user.is_authenticated:
                return _to_the_door(request)
            return view(request, **names)

        return declared(answer, Policy(Door.HALL, None, methods))

    return decorate


def street_page(methods: tuple[str, ...] = READ) -> Callable[..., Any]:
    """A page that anybody may open."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
        @wraps(view)
        def answer(request: HttpRequest, **names: Any) -> HttpResponse:
            return view(request, **names) if request.method in methods else wrong_method(request, methods)

        return declared(answer, Policy(Door.STREET, None, methods))

    return decorate


def _not_that_way(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    """Who opens or reloads the address of a form gets the page that the form stands on."""
    if request.method in READ and not request.headers.get("HX-Request"):
        return redirect(page_above(request.path))
    return wrong_method(request, methods)


def _to_the_door(request: HttpRequest) -> HttpResponse:
    """Log in first. A request from within a page keeps the page, and what was typed in it: 401."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401)
    after = request.get_full_path() if request.method in READ else openable(_page_of_the_form(request))
    return redirect(resolve_url("desk:log-in") + (f"?next={quote(after)}" if after else ""))


def _page_of_the_form(request: HttpRequest) -> str:
    """Where the form was sent from, if it is a page of this house: what was typed waits there.

    A form that came back with its faults stands at an address that cannot be opened.
    """
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host():
        return ""
    return f"{page.path}?{page.query}" if page.query else page.path


def _visit(user: Any, code: str) -> Visit:
    mine = memberships_of(user.pk)
    found = next((each for each in mine if each.creditor.code == code), None)
    if found is None:
        raise Http404
    others = tuple(each.creditor for each in mine if each is not found)
    return Visit(user, found.creditor, others, found)


def _language(visit: Visit) -> str:
    """Spanish as the creditor's country writes it; another language as it is."""
    now = (translation.get_language() or "es").partition("-")[0]
    return f"es-{visit.creditor.country.lower()}" if now == "es" else now
