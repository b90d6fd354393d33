"""Passwords of providers: sealed in the database, readable only with a key that is not in it."""

import os

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from aldia.connectors.postgres.home import current_home, read_or_create
from aldia.kernel.errors import AldiaError

_FILE = "secrets_key"


class SecretUnreadable(AldiaError):
    """What is sealed cannot be opened with the key at hand."""

    code = "secret_unreadable"


def seal(secret: str) -> str:
    """The secret as a token for the database; blank stays blank."""
    return _keys().encrypt(secret.encode()).decode() if secret else ""


def unseal(token: str) -> str:
    """The secret again. Raises SecretUnreadable."""
    if not token:
        return ""
    try:
        return _keys().decrypt(token.encode()).decode()
    except InvalidToken:
        raise SecretUnreadable(
            "La contraseña guardada no se puede leer con la clave de esta instalación: escríbala de nuevo en"
            " Ajustes, Correo, o recupere el archivo «secrets_key» de la copia de seguridad."
        ) from None


def sealed_anew(token: str) -> str:
    """The same secret under the first of the keys, for when a key is replaced. Raises SecretUnreadable."""
    return seal(unseal(token))


def _keys() -> MultiFernet:
    """ALDIA_SECRETS_KEY where it is set, else the file `secrets_key` of ALDIA_HOME, 0600, generated once.

    Several keys, one per line or between commas: the first seals, all of them open.
    """
    written = os.environ.get("ALDIA_SECRETS_KEY") or _kept()
    keys = written.replace(",", " ").split()
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise SecretUnreadable(
            "La clave de los secretos (ALDIA_SECRETS_KEY o el archivo «secrets_key») no es una clave válida."
        ) from None


def _kept() -> str:
    home = current_home()
    return read_or_create(home, home.folder / _FILE, lambda: Fernet.generate_key().decode())
