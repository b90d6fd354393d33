"""Roles and their rights."""

import pytest

from aldia.records.tenancy.models import Role
from aldia.rules.rights import RIGHTS, Right, may, within_authority


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


@pytest.mark.parametrize(
    ("minor", "limit", "same", "allowed"),
    [
        (50_000, None, True, True),
        (50_000, None, False, True),
        (50_000, 50_000, True, True),
        (50_001, 50_000, True, False),
        (1, 50_000, False, False),
        (1, 0, True, False),
    ],
)
def test_nobody_gives_up_more_than_they_may(minor, limit, same, allowed):
    assert within_authority(minor, limit, same_currency=same) is allowed
