"""What every page of the desk gets beside its own: the visit and the rail."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from aldia.desk.rail import rail
from aldia.queries.frame import COUNTED_MAX, frame_counts


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. language: two letters."""
    common = {"language": (get_language() or "es").partition("-")[0]}
    visit = getattr(request, "visit", None)
    if visit is None:
        return common
    counts = frame_counts(visit.creditor.pk, visit.membership.pk)
    return {
        **common,
        "visit": visit,
        "rail": rail(request, visit, answers=counts.answers),
        "account_url": reverse("mfa_index"),
        "unread_alerts": counts.alerts,
        "unread_alerts_max": COUNTED_MAX,
    }
