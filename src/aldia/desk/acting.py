"""What every form that books something does: once, within a savepoint, told in words."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from aldia.desk.access import Visit
from aldia.desk.once import first_time
from aldia.kernel.errors import AldiaError

_Done = TypeVar("_Done")


class NotAsSaid(AldiaError):
    """What the form says cannot be read, or is no longer what was shown."""

    code = "not_as_said"


def once(request: HttpRequest, visit: Visit, act: Callable[[], _Done]) -> _Done | None:
    """What `act` answers; None where this form was taken in before, which is said.

    Raises what `act` raises: then nothing has changed, and the form may be sent again.
    """
    with transaction.atomic():
        if first_time(request, visit):
            return act()
    messages.info(request, _("Eso ya estaba hecho."))
    return None


def acted(request: HttpRequest, visit: Visit, act: Callable[[], str]) -> bool:
    """Do it and say what `act` returns. False where it was refused: nothing has changed, and it is said why.

    A form that was taken in before counts as done.
    """
    try:
        said = once(request, visit, act)
    except AldiaError as refusal:
        messages.error(request, refusal.sentence)
        return False
    if said:
        messages.success(request, said)
    return True
