"""Logging in and out, and the first page behind the door."""

from http import HTTPStatus
from typing import Any

from allauth.account.views import LoginView
from django.contrib.auth.views import LogoutView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from aldia.desk.access import FORM, POST, person_page
from aldia.desk.errors import wrong_method
from aldia.desk.policy import Door, Policy, declared
from aldia.queries.access import creditors_of, somebody_can_log_in
from aldia.records.tenancy.models import User


class LogIn(LoginView):  # type: ignore[misc]
    """The page with the form; who is inside already goes on, who owes a second factor is asked for it."""

    template_name = "desk/log_in.html"

    def get_context_data(self, **names: Any) -> dict[str, Any]:
        """Whether there is anybody who could log in at all, and where passkeys work."""
        host = self.request.get_host().partition(":")[0]
        return {
            **super().get_context_data(**names),
            "nobody_yet": not somebody_can_log_in(),
            "by_number": host.replace(".", "").isdigit() or host.startswith("["),
        }

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form again; 429 where there were too many attempts."""
        response: HttpResponse = super().form_invalid(form)
        if form.has_error("__all__", "too_many_login_attempts"):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        return response


class LogOut(LogoutView):
    """By POST only."""

    next_page = "desk:log-in"

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **names: Any) -> HttpResponse:
        """405 with words."""
        return wrong_method(request, POST)


@person_page()
def first_page(request: HttpRequest) -> HttpResponse:
    """The desk of the person's first creditor; without one, what to do."""
    assert isinstance(request.user, User)
    mine = creditors_of(request.user.pk)
    if mine:
        return redirect("desk:today", creditor=mine[0].code)
    return render(request, "desk/no_creditor.html")


# Each counted attempt is kept at once: others must see it while the slow comparison of passwords still runs.
log_in = declared(transaction.non_atomic_requests(LogIn.as_view()), Policy(Door.STREET, None, FORM))
log_out = declared(LogOut.as_view(), Policy(Door.STREET, None, POST))
