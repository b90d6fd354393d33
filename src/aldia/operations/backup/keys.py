"""The keys beside the database: without them a copy is readable, but not verifiable.

`audit_key` seals the audit chains, `secrets_key` the passwords of providers, `secret_key` cookies and links.
A copy tells them by fingerprint; it holds them only when asked to.
"""

import hashlib
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from aldia.connectors.postgres import current_home
from aldia.connectors.postgres.home import ensure_folder

AUDIT_KEY = "audit_key"
SECRETS_KEY = "secrets_key"
_VARIABLES = {
    AUDIT_KEY: "ALDIA_AUDIT_KEY",
    SECRETS_KEY: "ALDIA_SECRETS_KEY",
    "secret_key": "ALDIA_SECRET_KEY",
}


def present_keys() -> dict[str, str]:
    """The keys in use here, by name; what has not been needed yet is not made."""
    found = {name: _present(name) for name in _VARIABLES}
    return {name: text for name, text in found.items() if text}


def _present(name: str) -> str | None:
    named = os.environ.get(_VARIABLES[name])
    path = key_path(name)
    return named or (path.read_text(encoding="utf-8") if path.exists() else None)


def key_path(name: str) -> Path:
    """Its file in ALDIA_HOME, where there is one."""
    return current_home().folder / name


def fingerprint(text: str) -> str:
    """Sixteen digits that tell keys apart and give nothing away."""
    return hashlib.sha256(b"aldia key\n" + text.strip().encode()).hexdigest()[:16]


def fingerprints(keys: Mapping[str, str]) -> dict[str, str]:
    """Key name → fingerprint."""
    return {name: fingerprint(text) for name, text in keys.items()}


def is_named_by_environment(name: str) -> bool:
    """Does the environment say it, so that no file counts?"""
    return bool(os.environ.get(_VARIABLES[name]))


def variable_of(name: str) -> str:
    """The environment variable that may hold this key."""
    return _VARIABLES[name]


def install_keys(keys: Mapping[str, str], *, now: datetime) -> list[str]:
    """Lay these keys into ALDIA_HOME, 0600; one that differs is kept beside. Returns the names laid down."""
    ensure_folder(current_home())
    laid = [name for name in _VARIABLES if name in keys and not is_named_by_environment(name)]
    laid = [name for name in laid if _present(name) != keys[name]]
    for name in laid:
        _install(key_path(name), keys[name], now)
    return laid


def _install(path: Path, text: str, now: datetime) -> None:
    if path.exists():
        os.link(path, path.with_name(f"{path.name}.before_{now:%Y%m%d_%H%M%S}"))
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
