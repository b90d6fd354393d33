"""Who works for a creditor: an administrator stays, and nobody gets further than they administer."""

import threading
from typing import Any

import pytest

from tests.desk.conftest import founded, person


@pytest.fixture
def luz(db):
    return founded("luz", "Papelería Luz")


def _by(creditor):
    from tests.cli.books import NOW

    return {"creditor": creditor, "actor": "prueba", "now": NOW}


def _of(user, creditor):
    return user.memberships.get(creditor=creditor)


def _joins(user, creditor, role="viewer"):
    from aldia.records.tenancy.models import Membership

    return Membership.objects.create(user=user, creditor=creditor, role=role)


def test_somebody_new_gets_a_password_and_somebody_known_keeps_theirs(luz):
    from aldia.operations.memberships import invite

    other = founded("sombra", "Sombra")
    terms: dict[str, Any] = {
        "email": " Eva@Luz.example",
        "name": "Eva",
        "role": "gestor",
        "write_off_max_minor": 5_000,
    }
    first = invite(**_by(luz), **terms)
    assert first.membership.user.check_password(first.password)
    assert (first.membership.role, first.membership.write_off_max_minor) == ("gestor", 5_000)
    second = invite(**_by(other), **terms)
    assert second.password is None
    assert second.membership.user == first.membership.user


def test_who_has_access_is_not_invited_again(luz):
    from aldia.operations.memberships import invite
    from aldia.operations.people import UserRefused

    person(luz, "eva@luz.example")
    with pytest.raises(UserRefused, match="ya tiene acceso"):
        invite(**_by(luz), email="eva@luz.example", name="Eva", role="gestor", write_off_max_minor=None)


def test_access_ends_and_comes_back_with_the_role_it_had(luz):
    from aldia.operations.memberships import end_access, restore_access
    from aldia.queries.access import creditors_of

    eva, other = person(luz, "eva@luz.example", "gestor"), founded("sombra", "Sombra")
    _joins(eva, other)
    end_access(**_by(luz), membership_id=_of(eva, luz).pk)
    eva.refresh_from_db()
    assert (creditors_of(eva.pk), eva.is_active) == ([other], True)
    end_access(**_by(other), membership_id=_of(eva, other).pk)
    eva.refresh_from_db()
    assert not eva.is_active
    restore_access(**_by(luz), membership_id=_of(eva, luz).pk)
    eva.refresh_from_db()
    assert (creditors_of(eva.pk), eva.is_active, _of(eva, luz).role) == ([luz], True, "gestor")


def test_the_only_administrator_stays_one(luz):
    from aldia.operations.memberships import LastAdministrator, change_role, end_access

    ana = person(luz, "ana@luz.example", "administrator")
    mine = {**_by(luz), "membership_id": _of(ana, luz).pk}
    with pytest.raises(LastAdministrator):
        end_access(**mine)
    with pytest.raises(LastAdministrator):
        change_role(**mine, role="viewer", write_off_max_minor=None)
    person(luz, "eva@luz.example", "administrator")
    assert change_role(**mine, role="viewer", write_off_max_minor=None).role == "viewer"


def _leave_at_once(luz, people):
    """Both end their own access in the same moment; how many were refused."""
    from django.db import connection

    from aldia.operations.memberships import LastAdministrator, end_access

    together, refused = threading.Barrier(len(people)), []

    def leave(membership_id):
        try:
            together.wait()
            end_access(**_by(luz), membership_id=membership_id)
        except LastAdministrator:
            refused.append(membership_id)
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=(_of(each, luz).pk,)) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(refused)


@pytest.fixture
def two(luz):
    return [person(luz, f"{name}@luz.example", "administrator") for name in ("ana", "eva")]


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_leave_in_the_same_moment_do_not_both_go(luz, two):
    assert _leave_at_once(luz, two) == 1


@pytest.mark.django_db(transaction=True)
def test_without_waiting_for_each_other_both_would_go(luz, two, monkeypatch):
    """The control run: the same moment with a pause after the look, and no lock."""
    import time
    from contextlib import contextmanager

    from django.db import transaction

    from aldia.operations import memberships
    from aldia.records.tenancy.scope import scope

    @contextmanager
    def hasty(creditor):
        with transaction.atomic(), scope([creditor.pk]):
            yield

    look = memberships._keep_an_administrator

    def slowly(membership):
        look(membership)
        time.sleep(0.3)

    monkeypatch.setattr(memberships, "_one_at_a_time", hasty)
    monkeypatch.setattr(memberships, "_keep_an_administrator", slowly)
    assert _leave_at_once(luz, two) == 0


def test_a_key_is_given_only_by_who_administers_all_that_it_opens(luz):
    from aldia.operations.memberships import PersonElsewhere, give_password, remove_second_factors

    ana, eva = person(luz, "ana@luz.example", "administrator"), person(luz, "eva@luz.example")
    _joins(eva, founded("sombra", "Sombra"))
    asked = {**_by(luz), "membership_id": _of(eva, luz).pk, "by_user_id": ana.pk}
    for act in (give_password, remove_second_factors):
        with pytest.raises(PersonElsewhere):
            act(**asked)
    _joins(ana, eva.memberships.exclude(creditor=luz).get().creditor, "administrator")
    password = give_password(**asked)
    eva.refresh_from_db()
    assert eva.check_password(password)


def test_whoever_runs_the_server_may_open_every_door(luz):
    from aldia.operations.memberships import give_password

    eva = person(luz, "eva@luz.example")
    _joins(eva, founded("sombra", "Sombra"))
    assert give_password(**_by(luz), membership_id=_of(eva, luz).pk, by_user_id=None)


def test_another_creditors_people_are_not_there(luz):
    from aldia.operations.memberships import UnknownPerson, end_access

    stranger = person(founded("sombra", "Sombra"), "s@sombra.example")
    with pytest.raises(UnknownPerson):
        end_access(**_by(luz), membership_id=stranger.memberships.get().pk)
