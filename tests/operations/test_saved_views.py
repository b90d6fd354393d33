"""Lists under a name: one's own, everybody's, and nobody else's."""

from typing import Any

import pytest
from django.db import transaction

from aldia.operations.saved_views import (
    NoSuchView,
    NotForEverybody,
    ViewRefused,
    delete_view,
    rename_view,
    save_view,
)
from aldia.queries.saved_views import saved_view, saved_views
from aldia.records.audit.models import AuditEntry
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from tests import factories as make

pytestmark = pytest.mark.django_db

BY: dict[str, Any] = {"actor": "user:1", "now": make.MORNING}


@pytest.fixture
def creditor() -> Creditor:
    return make.creditor()


@pytest.fixture
def gestor(creditor: Creditor) -> Membership:
    return make.membership(creditor=creditor)


@pytest.fixture
def manager(creditor: Creditor) -> Membership:
    return make.membership(creditor=creditor, role="manager")


def _save(member: Membership, name: str = "Grandes", **more: Any) -> int:
    said: dict[str, Any] = {"page": "customers", "state": {"q": "lopez"}, "for_everybody": False}
    return save_view(member=member, name=name, **{**said, **more}, **BY).pk


def _names(member: Membership, page: str = "customers") -> list[tuple[str, bool]]:
    with transaction.atomic(), scope([member.creditor_id]):
        return [(view.name, view.is_own) for view in saved_views(member.creditor_id, page, member.pk)]


def test_own_views_are_seen_by_oneself_and_shared_ones_by_all(
    gestor: Membership, manager: Membership
) -> None:
    _save(gestor, "Míos")
    _save(manager, "De todos", for_everybody=True)
    _save(manager, "Partidas viejas", page="items")
    assert _names(gestor) == [("Míos", True), ("De todos", False)]
    assert _names(manager) == [("De todos", False)]
    assert _names(manager, "items") == [("Partidas viejas", True)]


def test_the_same_name_keeps_the_newer_list(gestor: Membership) -> None:
    first, again = _save(gestor), _save(gestor, " Grandes ", state={"q": "peña"})
    assert first == again
    with transaction.atomic(), scope([gestor.creditor_id]):
        view = saved_view(gestor.creditor_id, first, gestor.pk)
    assert view is not None
    assert view.state == {"q": "peña"}


def test_a_view_is_renamed_and_deleted_by_its_owner_alone(gestor: Membership, manager: Membership) -> None:
    view = _save(gestor)
    with pytest.raises(NoSuchView):
        rename_view(member=manager, view_id=view, name="x", **BY)
    with pytest.raises(NoSuchView):
        delete_view(member=manager, view_id=view, **BY)
    rename_view(member=gestor, view_id=view, name="Mayores", **BY)
    assert _names(gestor) == [("Mayores", True)]
    delete_view(member=gestor, view_id=view, **BY)
    assert _names(gestor) == []


def test_views_for_everybody_are_kept_by_who_leads(gestor: Membership, manager: Membership) -> None:
    shared = _save(manager, for_everybody=True)
    with pytest.raises(NotForEverybody):
        _save(gestor, for_everybody=True)
    with pytest.raises(NotForEverybody):
        delete_view(member=gestor, view_id=shared, **BY)
    assert _names(gestor) == [("Grandes", False)]


@pytest.mark.parametrize("name", ["", "  ", "\0", "x" * 81])
def test_a_view_needs_a_name(gestor: Membership, name: str) -> None:
    with pytest.raises(ViewRefused, match="hasta 80 caracteres"):
        _save(gestor, name)


def test_a_name_that_is_taken_is_refused(gestor: Membership) -> None:
    _save(gestor, "Una")
    other = _save(gestor, "Otra")
    with pytest.raises(ViewRefused, match="Ya hay una vista llamada «Una»"):
        rename_view(member=gestor, view_id=other, name="Una", **BY)


def test_another_creditors_view_does_not_exist(gestor: Membership) -> None:
    view = _save(gestor)
    stranger = make.membership(creditor=make.creditor(), role="administrator")
    with pytest.raises(NoSuchView):
        delete_view(member=stranger, view_id=view, **BY)


def test_each_verb_leaves_a_trace_without_the_name(gestor: Membership) -> None:
    view = _save(gestor, "Clientes de Marta")
    rename_view(member=gestor, view_id=view, name="Otra", **BY)
    delete_view(member=gestor, view_id=view, **BY)
    with transaction.atomic(), scope([gestor.creditor_id]):
        entries = list(AuditEntry.objects.order_by("sequence"))
    assert [entry.verb for entry in entries] == ["view.saved", "view.renamed", "view.deleted"]
    assert {entry.subject for entry in entries} == {f"view:{view}"}
    assert all("Marta" not in str(entry.payload) for entry in entries)
