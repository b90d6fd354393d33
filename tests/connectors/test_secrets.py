"""Secrets are sealed with a key outside the database; the first key seals, all of them open."""

import pytest
from cryptography.fernet import Fernet

from aldia.connectors.secrets import SecretUnreadable, seal, sealed_anew, unseal


@pytest.fixture
def keys(monkeypatch):
    def use(*names):
        monkeypatch.setenv("ALDIA_SECRETS_KEY", ",".join(names))

    return use


def test_a_sealed_secret_is_read_with_its_key_alone(keys):
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    keys(old)
    token = seal("contraseña")
    assert "contraseña" not in token
    assert unseal(token) == "contraseña"
    keys(new)
    with pytest.raises(SecretUnreadable, match="escríbala de nuevo"):
        unseal(token)


def test_a_key_is_replaced_without_losing_what_the_old_one_sealed(keys):
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    keys(old)
    token = seal("contraseña")
    keys(new, old)
    anew = sealed_anew(token)
    keys(new)
    assert unseal(anew) == "contraseña"


def test_nothing_stays_nothing_and_a_key_that_is_none_is_said_to_be_so(keys):
    assert (seal(""), unseal("")) == ("", "")
    keys("clave")
    with pytest.raises(SecretUnreadable, match="no es una clave válida"):
        seal("contraseña")


def test_without_the_variable_the_home_has_the_key(monkeypatch, tmp_path):
    monkeypatch.delenv("ALDIA_SECRETS_KEY", raising=False)
    monkeypatch.setenv("ALDIA_HOME", str(tmp_path))
    assert unseal(seal("contraseña")) == "contraseña"
    assert (tmp_path / "secrets_key").stat().st_mode & 0o777 == 0o600
