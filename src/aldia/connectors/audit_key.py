"""The key of the audit chain, outside the database, so that who changes rows cannot seal them anew."""

import os
import secrets

from aldia.connectors.postgres.home import Home, current_home, read_or_create

_FILE = "audit_key"


def audit_key() -> bytes:
    """ALDIA_AUDIT_KEY where it is set (several machines on one database share it), else the file `audit_key`
    of ALDIA_HOME, 0600, generated once. Losing it makes the chain unverifiable: back it up, elsewhere."""
    named = os.environ.get("ALDIA_AUDIT_KEY")
    return (named or _key_of(current_home())).encode()


def _key_of(home: Home) -> str:
    return read_or_create(home, home.folder / _FILE, lambda: secrets.token_hex(32))
