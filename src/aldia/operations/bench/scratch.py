"""A database of its own for a measurement, and what the figures were measured on."""

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from aldia.connectors.postgres import Urls, django_database, with_database
from aldia.connectors.postgres.as_owner import migrate
from aldia.connectors.postgres.readers import close_readers
from aldia.records.tenancy.models import Creditor


@contextmanager
def scratch_creditor(urls: Urls, database: str, *, keep: bool = False) -> Iterator[Creditor]:
    """An empty creditor in a fresh database, which Django's connection uses from here on; dropped afterwards.

    keep: leave the database behind.
    """
    _drop(urls, database)
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    connection.close()
    connection.settings_dict.update(django_database(with_database(urls.app, database)))
    migrate()
    try:
        yield Creditor.objects.create(
            code="bench", name="Banco de pruebas", country="ES", currency="EUR", time_zone="Europe/Madrid"
        )
    finally:
        connection.close()
        close_readers()
        if not keep:
            _drop(urls, database)


def tidy(owner_url: str) -> None:
    """Statistics and no dead rows: a measurement begins with nothing left over from the one before."""
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")


def bench_environment(urls: Urls, database: str) -> dict[str, str]:
    """The variables of a program that works in that database."""
    return {
        **os.environ,
        "DATABASE_URL": with_database(urls.app, database),
        "DATABASE_OWNER_URL": with_database(urls.owner, database),
    }


def environment() -> dict[str, Any]:
    """Versions, machine, cores and load, to be stated beside every figure."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
    packages = {name: version(name) for name in ("polars", "adbc-driver-postgresql", "psycopg", "django")}
    return {
        "python": platform.python_version(),
        "postgresql": server,
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        **packages,
    }


def _drop(urls: Urls, database: str) -> None:
    dropped = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database))
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        try:
            owner.execute(dropped + sql.SQL(" WITH (FORCE)"))
        except InsufficientPrivilege:  # the server's own vacuum is at work there: without FORCE it gives way
            owner.execute(dropped)
