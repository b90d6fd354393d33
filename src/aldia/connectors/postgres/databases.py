"""Databases made, dropped and given another name, by the owner role: for copies and restores."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from psycopg import Connection, OperationalError, sql
from psycopg.errors import InsufficientPrivilege, LockNotAvailable, ObjectInUse

from aldia.connectors.postgres.errors import DatabaseTrouble
from aldia.connectors.postgres.readers import close_readers
from aldia.connectors.postgres.server import connect_with_patience
from aldia.connectors.postgres.urls import url_parts, with_database

_MAINTENANCE = "postgres"
_PATIENCE_SECONDS = 2

Owner = Connection[Any]


class DatabaseBusy(DatabaseTrouble):
    """Somebody works in a database that has to stand still, or another copy is being made or restored."""

    code = "database_busy"


@contextmanager
def keeper(owner_url: str) -> Iterator[Owner]:
    """The owner's connection beside the named database, alone in this work. Raises DatabaseBusy."""
    lock = [f"aldia copy {url_parts(owner_url)['dbname']}"]
    with connect_with_patience(with_database(owner_url, _MAINTENANCE)) as connection:
        connection.autocommit = True
        connection.execute(f"SET lock_timeout = '{_PATIENCE_SECONDS}s'")
        try:
            connection.execute("SELECT pg_advisory_lock(hashtext(%s))", lock)
        except LockNotAvailable:
            raise DatabaseBusy(
                "Ya hay otra copia comprobándose o restaurándose en este servidor: espere a que termine."
            ) from None
        connection.execute("RESET lock_timeout")
        try:
            yield connection
        finally:
            with suppress(OperationalError):  # the server has gone, and the lock with it
                connection.execute("SELECT pg_advisory_unlock(hashtext(%s))", lock)


@contextmanager
def empty_database(owner: Owner, name: str) -> Iterator[None]:
    """A new, empty database of that name; one left there by a run that was cut off goes first.

    Dropped again if what happens inside fails. Raises DatabaseTrouble when the owner may make none.
    """
    drop_database(owner, name)
    _create(owner, name)
    try:
        yield
    except BaseException:
        drop_database(owner, name)
        raise


def _create(owner: Owner, name: str) -> None:
    try:
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
        )
    except InsufficientPrivilege:
        role = owner.info.user
        raise DatabaseTrouble(
            f"El usuario «{role}» no puede crear bases de datos, y hace falta para comprobar o restaurar una"
            f" copia: déjele con «ALTER ROLE {role} CREATEDB;»."
        ) from None


def drop_database(owner: Owner, name: str) -> None:
    """Drop it, if it exists. Raises DatabaseBusy when somebody stays in it for more than five seconds."""
    close_readers()
    try:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    except ObjectInUse:
        raise DatabaseBusy(
            f"No se puede retirar la base de datos «{name}»: alguien sigue conectado a ella."
        ) from None


def exists(owner: Owner, name: str) -> bool:
    """Is there a database of that name?"""
    return owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


_CONNECTED = """
SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND usesysid IS NOT NULL
"""  # the server's own vacuum goes by itself


def refuse_company(owner: Owner, name: str) -> None:
    """Raises DatabaseBusy while anybody is connected to the database; our own waiting readers leave it."""
    close_readers()
    row = owner.execute(_CONNECTED, [name]).fetchone()
    if row and row[0]:
        raise DatabaseBusy(
            f"Hay {row[0]} conexiones abiertas a la base de datos «{name}»: pare «aldia serve» y las demás"
            " órdenes, y vuelva a intentarlo.",
            connections=row[0],
        )


def put_in_place(owner: Owner, *, new: str, name: str, old: str) -> None:
    """The new database takes the name, and the one that bore it becomes `old`; both or neither.

    Raises DatabaseBusy while anybody is connected to one of them.
    """
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    refuse_company(owner, name)
    try:
        with owner.transaction():
            if exists(owner, name):
                owner.execute(rename.format(sql.Identifier(name), sql.Identifier(old)))
            owner.execute(rename.format(sql.Identifier(new), sql.Identifier(name)))
    except ObjectInUse:
        raise DatabaseBusy(
            f"Alguien se ha conectado a «{name}» mientras se restauraba: párelo y vuelva a intentarlo."
        ) from None
