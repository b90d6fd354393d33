"""Every address × every role × another creditor's objects, generated from the resolver: nothing leaks.

An address without a declared policy, or with a parameter the matrix has no object for, fails here.
"""

from typing import Any

import pytest
from django.urls import reverse

from aldia.rules.rights import RIGHTS
from tests.desk.matrix import Address, addresses
from tests.desk.matrix_world import CANARY, OBJECTS, SHARED_NAMES, furnished, values_for

ALL = addresses()
IN_CREDITOR = [each for each in ALL if each.policy and each.policy.door == "creditor"]
WRITES = ("POST", "PUT", "DELETE")


def ids(each: Address) -> str:
    return each.name


def test_every_address_declares_who_may_open_it():
    assert [each.name for each in ALL if each.policy is None] == []


def test_whatever_names_a_creditor_asks_for_membership():
    assert [each.name for each in ALL if "creditor" in each.parameters and each not in IN_CREDITOR] == []


def test_the_matrix_knows_an_object_for_every_parameter():
    asked = {name for each in ALL for name in each.parameters} - {"creditor"}
    assert asked <= set(OBJECTS) | {"pk"}


@pytest.fixture
def world(transactional_db: None) -> Any:
    return furnished()


def _address(each: Address, creditor: Any, objects_of: Any = None) -> str:
    objects = values_for(each, objects_of or creditor)
    return reverse(each.name, kwargs={"creditor": creditor.code, **objects})


def _allowed(each: Address) -> list[str]:
    return [role for role in RIGHTS if each.policy.right in RIGHTS[role]]


def _methods(each: Address) -> list[str]:
    return [method for method in each.policy.methods if method != "HEAD"]


def _ask(client: Any, method: str, address: str) -> Any:
    response = client.generic(method, address)
    assert CANARY not in response.content.decode(errors="replace"), f"{method} {address} leaks"
    assert response.status_code < 500, f"{method} {address}: {response.status_code}"
    return response


def test_every_address_for_every_role_and_another_creditor(world, client):
    """One world for all of it: it takes longer to make than to ask."""
    _who_has_not_logged_in_gets_no_further_than_the_door(world, client)
    _a_role_without_the_right_is_refused(world, client)
    _another_creditor_does_not_exist(world, client)
    _what_an_address_does_not_do_it_refuses(world, client)
    _a_role_with_the_right_gets_in(world, client)
    _objects_of_another_creditor_do_not_exist(world, client)
    _what_wants_a_signature_lets_nobody_in_by_a_log_in(world, client)


def _what_wants_a_signature_lets_nobody_in_by_a_log_in(world, client):
    signed = [each for each in ALL if each.policy.door == "signed"]
    assert signed
    for each in signed:
        address = reverse(each.name, kwargs=values_for(each, world.luz))
        for method in _methods(each):
            assert _ask(client, method, address).status_code == 401, (method, each.name)


def _who_has_not_logged_in_gets_no_further_than_the_door(world, client):
    for each in IN_CREDITOR:
        address = _address(each, world.luz)
        for method in _methods(each):
            response = _ask(client, method, address)
            assert response.status_code == 302, each.name
            assert response.headers["Location"].startswith("/entrar/"), each.name


def _a_role_without_the_right_is_refused(world, client):
    for role in RIGHTS:
        client.force_login(world.people[role])
        for each in IN_CREDITOR:
            if role not in _allowed(each):
                for method in _methods(each):
                    assert _ask(client, method, _address(each, world.luz)).status_code == 403, (
                        role,
                        method,
                        each.name,
                    )


def _a_role_with_the_right_gets_in(world, client):
    """The least of those who may; what a form says of nothing filled in is its own business."""
    for role in reversed(list(RIGHTS)):
        mine = [each for each in IN_CREDITOR if _allowed(each) and _allowed(each)[-1] == role]
        if mine:
            client.force_login(world.people[role])
        for each in mine:
            for method in _methods(each):
                status = _ask(client, method, _address(each, world.luz)).status_code
                assert status in {200, 204, 302, 400, 409, 422}, (role, method, each.name, status)


def _another_creditor_does_not_exist(world, client):
    client.force_login(world.stranger)
    for each in IN_CREDITOR:
        for method in _methods(each):
            assert _ask(client, method, _address(each, world.luz)).status_code == 404, (method, each.name)


def _objects_of_another_creditor_do_not_exist(world, client):
    client.force_login(world.people["administrator"])
    for each in IN_CREDITOR:
        if set(each.parameters) - {"creditor"} - SHARED_NAMES:
            for method in _methods(each):
                status = _ask(client, method, _address(each, world.luz, world.sombra)).status_code
                assert status in {404, 302}, (method, each.name, status)
                if status == 302:
                    _told_it_is_not_there(client, each)


def _told_it_is_not_there(client: Any, each: Address) -> None:
    """A form about what is not there leads back to its list with a refusal, never with a success."""
    text = client.get("/acreedor/luz/decidido/").content.decode()
    assert 'al-notice al-good"' not in text, each.name


def _what_an_address_does_not_do_it_refuses(world, client):
    client.force_login(world.people["administrator"])
    for each in IN_CREDITOR:
        for method in WRITES:
            if method not in each.policy.methods:
                assert _ask(client, method, _address(each, world.luz)).status_code == 405, (method, each.name)
