"""What is asked of a person before they touch people, tokens or exports."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from aldia.desk.access import Visit
from aldia.desk.account.visits import is_confirmed
from aldia.queries.creditors import DEMO_CODE
from aldia.queries.people import has_second_factor
from aldia.records.tenancy.models import Role

View = Callable[..., HttpResponse]


def confirmed(view: View) -> View:
    """Who has not shown who they are lately is asked again, and comes back to what they were doing."""

    @wraps(view)
    def answer(request: HttpRequest, visit: Visit, **names: Any) -> HttpResponse:
        if not is_confirmed(request):
            raise ReauthenticationRequired
        return view(request, visit, **names)

    return answer


def second_factor(view: View) -> View:
    """Administrators set up a second factor first; in the demonstration they need none."""

    @wraps(view)
    def answer(request: HttpRequest, visit: Visit, **names: Any) -> HttpResponse:
        if _lacks_it(visit):
            messages.warning(
                request,
                _("Quien administra necesita un segundo factor para esta página. Actívelo aquí y vuelva."),
            )
            return redirect("mfa_index")
        return view(request, visit, **names)

    return answer


def _lacks_it(visit: Visit) -> bool:
    asked = settings.ADMIN_SECOND_FACTOR and visit.membership.role == Role.ADMINISTRATOR
    return asked and visit.creditor.code != DEMO_CODE and not has_second_factor(visit.user.pk)
