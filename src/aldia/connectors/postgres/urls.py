"""Who connects to what: libpq addresses, the same ones for psycopg, ADBC and Django."""

import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from aldia.connectors.postgres.errors import DatabaseTrouble, OwnerUnknown
from aldia.connectors.postgres.home import Home, credentials, current_home

SUPERUSER = "postgres"
OWNER_ROLE = "aldia_owner"
APP_ROLE = "aldia_app"
DATABASE = "aldia"


@dataclass(frozen=True, slots=True)
class Urls:
    """The addresses of one database: `app` for all work, `owner` for migrations only.

    embedded: the server is ours, under ALDIA_HOME.
    """

    app: str
    embedded: bool
    owner_or_none: str | None

    @property
    def owner(self) -> str:
        """The owner's address. Raises OwnerUnknown where your own server has none named."""
        if self.owner_or_none is None:
            raise OwnerUnknown(
                "Falta DATABASE_OWNER_URL: las migraciones necesitan la dirección de la base de datos "
                "con el usuario propietario."
            )
        return self.owner_or_none


def configured_urls() -> Urls:
    """The addresses by environment or ALDIA_HOME. Starts nothing."""
    app = os.environ.get("DATABASE_URL")
    if app:
        return Urls(app=app, embedded=False, owner_or_none=os.environ.get("DATABASE_OWNER_URL") or None)
    return embedded_urls(current_home())


def embedded_urls(home: Home) -> Urls:
    """The addresses of the embedded server of this home, running or not."""
    known = credentials(home)
    return Urls(
        app=socket_url(home, APP_ROLE, known.app),
        embedded=True,
        owner_or_none=socket_url(home, OWNER_ROLE, known.owner),
    )


def socket_url(home: Home, role: str, password: str, database: str = DATABASE) -> str:
    """A libpq URI through the socket of this home."""
    return f"postgresql://{role}:{password}@/{database}?host={quote(str(home.socket_folder), safe='')}"


def url_parts(url: str) -> dict[str, str]:
    """The libpq keywords of an address. Raises DatabaseTrouble when it is none."""
    try:
        return {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except ProgrammingError as error:
        raise DatabaseTrouble(
            "La dirección de la base de datos no se entiende; se espera algo como "
            "«postgresql://usuario:clave@servidor:5432/aldia»."
        ) from error


def with_database(url: str, database: str) -> str:
    """The same server and role, another database."""
    parts = url_parts(url)
    host = quote(parts.get("host", ""), safe="")
    login = ":".join(quote(parts[name], safe="") for name in ("user", "password") if name in parts)
    kept = {n: v for n, v in parts.items() if n not in ("user", "password", "dbname", "host")}
    query = "&".join([f"host={host}", *(f"{name}={quote(value, safe='')}" for name, value in kept.items())])
    return f"postgresql://{login}@/{quote(database, safe='')}?{query}"


def django_database(url: str) -> dict[str, Any]:
    """The address as an entry of Django's DATABASES; libpq keywords Django has no name for go to OPTIONS."""
    parts = url_parts(url)
    named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    entry: dict[str, Any] = {key: parts.pop(keyword, "") for key, keyword in named.items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **entry,
        "OPTIONS": {"application_name": "aldia", **parts},
    }
