"""A token is shown once, kept as a digest, ends by itself or when somebody says so."""

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from aldia.cli.main import app
from tests.api.conftest import Program, given_token
from tests.cli.books import NOW


def _aldia(*words):
    result = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"}).invoke(
        app, list(words), catch_exceptions=False
    )
    return result.exit_code, result.stdout, result.stderr


def _made(*words):
    code, said, _ = _aldia("token", "create", "tienda", *words, "--json")
    assert code == 0
    return json.loads(said)


def test_a_token_is_made_used_listed_and_revoked(luz):
    made = _made("--scope", "customers:read", "--scope", "payments:write", "--days", "90")
    assert made["scopes"] == ["customers:read", "payments:write"]
    assert made["secret"].startswith(made["prefix"])
    program = Program(made["secret"])
    assert program.get("/customers")[0] == 200
    _, said, _ = _aldia("token", "list")
    assert "tienda" in said
    assert "vie 20 nov 2026" in said  # its last use
    assert made["secret"] not in said
    assert _aldia("token", "revoke", str(made["token"]))[1] == (
        f"Revocado el token {made['token']}, «tienda».\n"
    )
    assert program.get("/customers")[0] == 401
    code, _, said = _aldia("token", "revoke", str(made["token"]))
    assert (code, "No hay ningún token" in said) == (1, True)


def test_for_people_only_the_token_itself_goes_to_the_pipe(luz):
    code, said, beside = _aldia("token", "create", "tienda", "--scope", "customers:read")
    assert (code, said.count("\n"), said.startswith("aldia_")) == (0, 1, True)
    assert "no se vuelve a enseñar" in beside
    assert _aldia("token", "create", "tienda", "--scope", "todo")[0] == 2


def test_only_the_digest_is_kept_and_the_chain_knows_no_name(luz):
    from django.db import transaction

    from aldia.records.audit.models import AuditEntry
    from aldia.records.tenancy.models import ApiToken
    from aldia.records.tenancy.scope import scope

    token, secret = given_token(luz, "customers:read")
    row = ApiToken.objects.values().get()
    assert secret not in json.dumps(row, default=str)
    assert len(secret) == len("aldia_") + 43
    with transaction.atomic(), scope([luz.pk]):
        entry = AuditEntry.objects.order_by("-sequence").first()
    assert entry is not None
    assert (entry.verb, entry.subject) == ("api_token.created", f"api_token:{token.pk}")
    assert entry.payload == {"scopes": ["customers:read"], "days": 30}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": "  "}, "Ponga al token un nombre"),
        ({"name": "a\nb"}, "Ponga al token un nombre"),
        ({"scopes": []}, "no abre nada"),
        ({"scopes": ["todo"]}, "El permiso «todo» no existe"),
        ({"days": 0}, "entre 1 y 730 días"),
        ({"days": 731}, "entre 1 y 730 días"),
    ],
)
def test_a_token_that_should_not_be_is_not_given(db, said, sentence):
    from aldia.operations.api_tokens import TokenRefused, create_token
    from aldia.records.tenancy.models import ApiToken
    from tests import factories

    given = {"name": "tienda", "scopes": ["customers:read"], "days": 30} | said
    with pytest.raises(TokenRefused, match=sentence):
        create_token(creditor=factories.creditor(), actor="prueba", now=NOW, **given)
    assert not ApiToken.objects.exists()


def test_a_token_of_another_creditor_cannot_be_revoked(luz, mar):
    from aldia.operations.api_tokens import UnknownToken, revoke_token

    token, secret = given_token(mar)
    with pytest.raises(UnknownToken):
        revoke_token(creditor=luz, token_id=token.pk, actor="prueba", now=NOW)
    assert Program(secret).get("/customers")[0] == 200


def test_a_token_ends_at_its_moment(luz, monkeypatch):
    _, secret = given_token(luz, days=1)
    program = Program(secret)
    for moment, status in ((NOW + timedelta(days=1, seconds=-1), 200), (NOW + timedelta(days=1), 401)):
        monkeypatch.setenv("ALDIA_NOW", moment.isoformat())
        assert program.get("/customers")[0] == status
