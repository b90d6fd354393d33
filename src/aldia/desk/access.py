"""The way to a page: who asks, for which creditor, and the scope they see."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from aldia.queries.access import creditors_of
from aldia.records.tenancy.models import Creditor, User
from aldia.records.tenancy.scope import scope


@dataclass(frozen=True, slots=True)
class Visit:
    """A person at the desk of one of their creditors. others: whose desk they may go to."""

    user: User
    creditor: Creditor
    others: tuple[Creditor, ...]


def creditor_page(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
    """`view(request, visit, …)` in the creditor's scope; a creditor of others is not there."""

    @login_required
    @wraps(view)
    def answer(request: HttpRequest, creditor: str, **names: Any) -> HttpResponse:
        user = request.user
        assert isinstance(user, User)
        mine = creditors_of(user.pk)
        found = next((each for each in mine if each.code == creditor), None)
        if found is None:
            raise Http404
        visit = Visit(user, found, tuple(each for each in mine if each != found))
        with scope([found.pk]):
            return view(request, visit, **names)

    return answer
