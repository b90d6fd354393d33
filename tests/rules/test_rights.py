"""Roles and their rights."""

import pytest

from aldia.records.tenancy.models import Role
from aldia.rules.rights import RIGHTS, Right, may


def test_every_role_has_its_row_and_no_other_has():
    assert set(RIGHTS) == set(Role.values)


def test_everybody_may_look_and_only_administrators_enter_people():
    assert all(may(role, Right.LOOK) for role in RIGHTS)
    assert [role for role in RIGHTS if may(role, Right.PEOPLE)] == ["administrator"]


@pytest.mark.parametrize("right", [r for r in Right if r is not Right.LOOK])
def test_who_only_looks_changes_nothing(right):
    assert not may("viewer", right)


def test_an_unknown_role_may_nothing():
    assert not any(may("root", right) for right in Right)
