"""Forms that may be sent only once: `{% once_key %}` in the form, `first_time` in the view."""

from django.http import HttpRequest

from aldia.desk.access import Visit
from aldia.operations.once import take_form


def first_time(request: HttpRequest, visit: Visit) -> bool:
    """Whether this copy of the form has not been taken in before. One without a key never was shown by us."""
    key = request.POST.get("once", "")
    return bool(key) and take_form(creditor_id=visit.creditor.pk, key=key)
