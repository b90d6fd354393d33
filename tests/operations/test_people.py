"""People are entered with a role and a trace, and only as they should be."""

import pytest

from tests.desk.conftest import PASSWORD, founded, person


@pytest.fixture
def luz(transactional_db):
    return founded("luz", "Papelería Luz")


def _trace(creditor):
    from django.db import transaction

    from aldia.records.audit.models import AuditEntry
    from aldia.records.tenancy.scope import scope

    with transaction.atomic(), scope([creditor.pk]):
        return list(AuditEntry.objects.order_by("sequence").values_list("verb", "subject", "payload"))


def test_a_person_has_a_role_and_leaves_a_trace_without_their_name(luz):
    user = person(luz, " Ines@Luz.example ", "gestor")
    assert user.email == "ines@luz.example"
    assert user.check_password(PASSWORD)
    assert list(user.memberships.values_list("creditor_id", "role")) == [(luz.pk, "gestor")]
    assert _trace(luz)[-1] == ("user.created", f"user:{user.pk}", {"role": "gestor"})


def test_an_email_is_one_person(luz):
    from aldia.operations.people import UserExists

    person(luz, "ines@luz.example")
    with pytest.raises(UserExists, match=r"ines@luz\.example"):
        person(luz, "INES@luz.example")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "ines", "no es una dirección de correo"),
        ("name", "  ", "Falta el nombre"),
        ("role", "jefa", "El papel «jefa» no existe"),
        ("password", "corta", "La contraseña no sirve"),
        ("password", "password1234", "La contraseña no sirve"),
    ],
)
def test_what_cannot_be_right_is_refused_and_nothing_stays(luz, field, value, sentence):
    from aldia.operations.people import UserRefused, create_user
    from aldia.records.tenancy.models import User
    from tests.cli.books import NOW

    given = {"email": "a@luz.example", "name": "Ana", "password": PASSWORD, "role": "viewer", field: value}
    with pytest.raises(UserRefused, match=sentence):
        create_user(**given, creditor_id=luz.pk, actor="prueba", now=NOW)
    assert not User.objects.exists()


def test_the_person_of_the_demonstration_gets_a_new_password_each_time(luz):
    from django.contrib.auth import authenticate

    from aldia.operations.people import ensure_demo_user
    from tests.cli.books import NOW

    first = ensure_demo_user(luz.pk, now=NOW)
    second = ensure_demo_user(luz.pk, now=NOW)
    assert first[0] == second[0] == "demo@aldia.example"
    assert authenticate(username=first[0], password=first[1]) is None
    assert authenticate(username=second[0], password=second[1]) is not None
    assert [verb for verb, *_ in _trace(luz)][-2:] == ["user.created", "user.password_set"]
