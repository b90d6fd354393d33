"""What every form that books something does: once, within a savepoint, told in words."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from aldia.desk.access import Visit
from aldia.desk.once import first_time
from aldia.kernel.errors import AldiaError


def acted(request: HttpRequest, visit: Visit, act: Callable[[], str]) -> bool:
    """Do it and say what `act` returns. False where it was refused: nothing has changed, and it is said why.

    A form that was taken in before counts as done.
    """
    try:
        with transaction.atomic():
            if not first_time(request, visit):
                messages.info(request, _("Eso ya estaba hecho."))
                return True
            said = act()
    except AldiaError as refusal:
        messages.error(request, refusal.sentence)
        return False
    messages.success(request, said)
    return True
