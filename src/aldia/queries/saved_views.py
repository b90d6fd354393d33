"""Lists kept under a name: one's own and everybody's."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from aldia.records.tenancy.models import SavedView


@dataclass(frozen=True, slots=True)
class View:
    """state: as the page kept it. is_own: nobody else sees it."""

    view_id: int
    name: str
    state: dict[str, Any]
    is_own: bool


def saved_views(creditor_id: int, page: str, membership_id: int) -> list[View]:
    """The member's views of a page, own ones first, each group by name."""
    views = SavedView.objects.filter(
        Q(owner_id=membership_id) | Q(owner=None), creditor_id=creditor_id, page=page
    )
    ordered = views.order_by(F("owner_id").asc(nulls_last=True), "name")
    return [View(view.pk, view.name, view.state, view.owner_id is not None) for view in ordered]


def saved_view(creditor_id: int, view_id: int, membership_id: int) -> View | None:
    """One view the member may see."""
    views = SavedView.objects.filter(Q(owner_id=membership_id) | Q(owner=None), creditor_id=creditor_id)
    view = views.filter(pk=view_id).first()
    return View(view.pk, view.name, view.state, view.owner_id is not None) if view else None
