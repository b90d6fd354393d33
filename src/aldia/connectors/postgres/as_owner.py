"""Django's connection as another role or in another database. The one file here that knows Django."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from aldia.connectors.postgres.errors import DatabaseTrouble
from aldia.connectors.postgres.roles import grant_app
from aldia.connectors.postgres.server import connect_with_patience
from aldia.connectors.postgres.urls import configured_urls, django_database, url_parts, with_database

_IDENTITY = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


@contextmanager
def as_owner() -> Iterator[None]:
    """Inside, Django's default connection is the owner's, in the same database; not within a transaction."""
    with as_role_of(configured_urls().owner):
        yield


@contextmanager
def as_role_of(url: str) -> Iterator[None]:
    """Inside, Django's default connection has the role and server of this address, in the same database."""
    before = {key: _connection().settings_dict[key] for key in _IDENTITY}
    entry = django_database(url)
    _switch({key: entry[key] for key in _IDENTITY})
    try:
        yield
    finally:
        _switch(before)


@contextmanager
def in_database(name: str) -> Iterator[None]:
    """Inside, Django's default connection works in this database of the same server, with the same role."""
    before = {"NAME": _connection().settings_dict["NAME"]}
    _switch({"NAME": name})
    try:
        yield
    finally:
        _switch(before)


def _connection() -> DatabaseWrapper:
    connection = connections["default"]
    assert isinstance(connection, DatabaseWrapper), "the house runs on PostgreSQL only"
    return connection


def _switch(identity: dict[str, Any]) -> None:
    connection = _connection()
    if connection.in_atomic_block:
        raise DatabaseTrouble("No se puede cambiar de usuario en medio de una transacción.")
    connection.close()
    connection.close_pool()
    connection.settings_dict.update(identity)


def migrate(verbosity: int = 0) -> None:
    """Bring the current database up to date: as the owner, with the application's grants laid first."""
    urls = configured_urls()
    database = str(_connection().settings_dict["NAME"])
    with connect_with_patience(with_database(urls.owner, database)) as owner:
        grant_app(owner, url_parts(urls.app).get("user", ""))
    with as_owner():
        call_command("migrate", interactive=False, verbosity=verbosity)
