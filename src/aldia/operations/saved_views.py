"""Lists kept under a name, for oneself or for everybody of the creditor."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.records.tenancy.models import Membership, SavedView
from aldia.records.tenancy.scope import scope
from aldia.rules.rights import Right, may

NAME_MAX = 80


class ViewRefused(AldiaError):
    """A view that cannot be kept so: no name, or a name that another view bears."""

    code = "view_refused"


class NoSuchView(AldiaError):
    """No such view among one's own and everybody's. facts: view."""

    code = "no_such_view"


class NotForEverybody(AldiaError):
    """Views for everybody are kept by whoever may change settings."""

    code = "not_for_everybody"


def save_view(
    *,
    member: Membership,
    page: str,
    name: str,
    state: Mapping[str, Any],
    for_everybody: bool,
    actor: str,
    now: datetime,
) -> SavedView:
    """Keep the list under the name; a view of the same owner and name is replaced.

    state: what the page needs to show it again. Raises ViewRefused, NotForEverybody.
    """
    name = _checked_name(name)
    if for_everybody:
        _must_lead(member)
    with transaction.atomic(), scope([member.creditor_id]):
        owner_id = None if for_everybody else member.pk
        view, _created = SavedView.objects.update_or_create(
            creditor_id=member.creditor_id,
            page=page,
            owner_id=owner_id,
            name=name,
            defaults={"state": dict(state)},
        )
        _record(view, "view.saved", actor, now)
    return view


def rename_view(*, member: Membership, view_id: int, name: str, actor: str, now: datetime) -> SavedView:
    """Give the view another name. Raises NoSuchView, ViewRefused, NotForEverybody."""
    name = _checked_name(name)
    with transaction.atomic(), scope([member.creditor_id]):
        view = _ours(member, view_id)
        view.name = name
        try:
            with transaction.atomic():
                view.save(update_fields=["name"])
        except IntegrityError:
            raise ViewRefused(f"Ya hay una vista llamada «{name}»: elija otro nombre.", name=name) from None
        _record(view, "view.renamed", actor, now)
    return view


def delete_view(*, member: Membership, view_id: int, actor: str, now: datetime) -> None:
    """Forget the view. Raises NoSuchView, NotForEverybody."""
    with transaction.atomic(), scope([member.creditor_id]):
        view = _ours(member, view_id)
        view_id = view.pk
        view.delete()
        view.pk = view_id
        _record(view, "view.deleted", actor, now)


def _ours(member: Membership, view_id: int) -> SavedView:
    """The view, locked: the member's own, or everybody's where the member may keep those."""
    views = SavedView.objects.select_for_update().filter(creditor_id=member.creditor_id, pk=view_id)
    view = views.first()
    if view is None or view.owner_id not in (None, member.pk):
        raise NoSuchView("Esa vista ya no existe.", view=view_id)
    if view.owner_id is None:
        _must_lead(member)
    return view


def _must_lead(member: Membership) -> None:
    if not may(member.role, Right.SETTINGS):
        raise NotForEverybody("Las vistas para todos las guarda quien puede cambiar los ajustes.")


def _checked_name(name: str) -> str:
    plain = " ".join(name.replace("\0", " ").split())
    if not plain or len(plain) > NAME_MAX:
        raise ViewRefused(
            f"Una vista necesita un nombre de hasta {NAME_MAX} caracteres.", name=plain[:NAME_MAX]
        )
    return plain


def _record(view: SavedView, verb: str, actor: str, now: datetime) -> None:
    record_event(
        creditor_id=view.creditor_id,
        verb=verb,
        subject=f"view:{view.pk}",
        actor=actor,
        payload={"page": view.page, "for_everybody": view.owner_id is None},
        at=now,
    )
