"""What every page of the desk gets beside its own: the visit and the rail."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from aldia.desk.rail import rail
from aldia.queries.alerts import COUNTED_MAX, unread_count


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. language: two letters."""
    common = {"language": (get_language() or "es").partition("-")[0]}
    visit = getattr(request, "visit", None)
    if visit is None:
        return common
    return {
        **common,
        "visit": visit,
        "rail": rail(request, visit),
        "account_url": reverse("mfa_index"),
        "unread_alerts": lambda: unread_count(visit.creditor.pk, visit.membership.pk),
        "unread_alerts_max": COUNTED_MAX,
    }
