"""Logging in and out, and the first page behind the door."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from aldia.desk.access import FORM, POST, person_page
from aldia.desk.policy import Door, Policy, declared
from aldia.queries.access import creditors_of, somebody_can_log_in
from aldia.records.tenancy.models import User


class LogInForm(AuthenticationForm):
    """E-mail and password; the refusal does not tell which of the two was wrong."""

    error_messages = {
        "invalid_login": "El correo o la contraseña no coinciden. Revíselos e inténtelo de nuevo.",
        "inactive": "Esta persona ya no puede entrar.",
    }


class LogIn(LoginView):
    """The page with the form; who is inside already goes on."""

    template_name = "desk/log_in.html"
    form_class = LogInForm
    redirect_authenticated_user = True

    def get_context_data(self, **names: Any) -> dict[str, Any]:
        """Whether there is anybody who could log in at all."""
        return {**super().get_context_data(**names), "nobody_yet": not somebody_can_log_in()}


class LogOut(LogoutView):
    """By POST only."""

    next_page = "desk:log-in"


@person_page()
def first_page(request: HttpRequest) -> HttpResponse:
    """The desk of the person's first creditor; without one, what to do."""
    assert isinstance(request.user, User)
    mine = creditors_of(request.user.pk)
    if mine:
        return redirect("desk:today", creditor=mine[0].code)
    return render(request, "desk/no_creditor.html")


log_in = declared(LogIn.as_view(), Policy(Door.STREET, None, FORM))
log_out = declared(LogOut.as_view(), Policy(Door.STREET, None, POST))
