"""A database emptied after a test with real transactions, in a tenth of what Django's flush takes.

Django truncates every table and then writes the content types and permissions anew. Here only the tables
with rows are emptied, by the superuser of the tests' own server and without triggers; what Django wrote when
it migrated stays.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import TransactionTestCase
from psycopg import Connection, sql

_KEPT = ("django_migrations", "django_content_type", "auth_permission", "django_site")
_LARGE = 4 * 2**20
"""Bytes of dead rows from which on the tables are cut off: deleting leaves them in the files."""


@contextmanager
def emptying_by(superuser: str) -> Iterator[None]:
    """While open, tests with real transactions are cleaned up by the superuser at this address."""
    with psycopg.connect(superuser, autocommit=True) as mighty, pytest.MonkeyPatch.context() as patch:
        mighty.execute("SET session_replication_role = replica")  # neither triggers nor foreign keys
        mighty.execute("SET lock_timeout = '30s'")
        tables = [
            name
            for (name,) in mighty.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            if name not in _KEPT
        ]

        has_rows = " UNION ALL ".join(
            f"""SELECT '{name}' WHERE EXISTS (SELECT FROM "{name}")""" for name in tables
        ).encode()

        def empty(_case: TransactionTestCase) -> None:
            _empty(mighty, tables, has_rows)
            for each in connections.all(initialized_only=True):
                each.close_if_unusable_or_obsolete()

        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


def _empty(mighty: Connection[Any], tables: list[str], has_rows: bytes) -> None:
    full = [name for (name,) in mighty.execute(has_rows).fetchall()]
    if not full:
        return
    size = mighty.execute(
        "SELECT sum(pg_relation_size(tablename::regclass)) FROM pg_tables WHERE tablename = ANY(%s)", [full]
    ).fetchone()
    if size is not None and int(size[0]) > _LARGE:
        names = sql.SQL(", ").join(map(sql.Identifier, tables))
        mighty.execute(sql.SQL("TRUNCATE {}").format(names))
        return
    with mighty.transaction():
        for name in full:
            mighty.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
