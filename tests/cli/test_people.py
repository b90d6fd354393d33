"""`aldia user` lets people in, and opens the door again for who has lost their key."""

import json

import pytest

from tests.cli.conftest import aldia  # noqa: F401
from tests.desk.conftest import founded, person


@pytest.fixture
def eva(transactional_db):
    return person(founded("luz", "Papelería Luz"), "eva@luz.example", "administrator")


def test_who_has_lost_everything_gets_a_new_password_and_no_factor(aldia, eva):  # noqa: F811
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=eva, type="totp", data={})
    ran = aldia("user", "EVA@luz.example", "--new-password", "--remove-factors", "--json")
    said = json.loads(ran.stdout)
    eva.refresh_from_db()
    assert eva.check_password(said["password"])
    assert said["factors_removed"] == 1
    assert not Authenticator.objects.exists()


def test_a_stranger_gets_no_password(aldia, eva):  # noqa: F811
    ran = aldia("user", "nadie@luz.example", "--new-password")
    assert ran.exit_code == 1
    assert "Nadie entra" in ran.stderr


def test_somebody_new_needs_a_name(aldia, eva):  # noqa: F811
    ran = aldia("user", "nadie@luz.example")
    assert ran.exit_code == 1
    assert "--name" in ran.stderr


def test_settings_are_set_and_taken_off_by_their_names(aldia, eva):  # noqa: F811
    set_ = ("--sends-from", "09:00", "--messages-per-day-max", "50", "--form-of-address", "tu")
    first = json.loads(aldia("settings", *set_, "--json").stdout)
    assert (first["sends_from"], first["messages_per_day_max"], first["form_of_address"]) == (
        "09:00:00",
        50,
        "tu",
    )
    second = json.loads(aldia("settings", "--messages-per-day-max", "no", "--json").stdout)
    assert second["messages_per_day_max"] is None
    assert "--messages-per-day-max" in aldia("settings").stdout
