"""`aldia user`."""

import json

from tests.cli.conftest import aldia  # noqa: F401
from tests.desk.conftest import founded


def test_a_person_is_let_in_with_a_password_that_works(aldia, transactional_db):  # noqa: F811
    from django.contrib.auth import authenticate

    founded("luz", "Papelería Luz")
    said = json.loads(aldia("user", "eva@luz.example", "--name", "Eva", "--role", "viewer", "--json").stdout)
    user = authenticate(username="eva@luz.example", password=said["password"])
    assert user is not None
    assert list(user.memberships.values_list("role", flat=True)) == ["viewer"]
    again = aldia("user", "eva@luz.example", "--name", "Eva")
    assert (again.exit_code, "Ya hay alguien" in again.stderr) == (1, True)
