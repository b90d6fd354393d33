"""Roles and what they may do. The owner makes and changes tables, the application works in them.

Neither may pass over row-level security. What the owner makes later is open to the application by *default
privileges*; what a migration then takes away from it (REVOKE) stays away.
"""

from typing import Any

from psycopg import Connection, Cursor, sql

from aldia.connectors.postgres.home import Home, credentials
from aldia.connectors.postgres.urls import APP_ROLE, DATABASE, OWNER_ROLE, SUPERUSER, socket_url

OWNER_LOCK_TIMEOUT = "10s"
APP_IDLE_TIMEOUT = "10min"

_PRIVILEGES = {
    "TABLES": "SELECT, INSERT, UPDATE, DELETE",
    "SEQUENCES": "USAGE, SELECT",
    "FUNCTIONS": "EXECUTE",
    "SCHEMAS": "USAGE",
}


def provision(home: Home) -> None:
    """Roles, their limits and the database of an embedded server; may be repeated."""
    known = credentials(home)
    server = socket_url(home, SUPERUSER, known.superuser, "postgres")
    with Connection.connect(server, autocommit=True) as connection:
        _set_role(connection, OWNER_ROLE, known.owner, "CREATEDB")
        _set_role(connection, APP_ROLE, known.app, "NOCREATEDB")
        _set_limits(connection)
        _create_database(connection)
    for database in ("template1", DATABASE):  # template1: databases made later begin with the same grants
        with Connection.connect(
            socket_url(home, SUPERUSER, known.superuser, database), autocommit=True
        ) as there:
            _set_default_privileges(there, OWNER_ROLE, APP_ROLE)


def _set_role(connection: Connection[Any], role: str, password: str, may_create: str) -> None:
    """The password goes over the wire as a SCRAM verifier, so that no log can hold it."""
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    statement = sql.SQL(
        "{verb} ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION {may_create} "
        "PASSWORD {verifier}"
    ).format(
        verb=sql.SQL("ALTER" if known else "CREATE"),
        role=sql.Identifier(role),
        may_create=sql.SQL(may_create),
        verifier=sql.Literal(verifier),
    )
    connection.execute(statement)


def _set_limits(connection: Connection[Any]) -> None:
    for role, setting, value in (
        (OWNER_ROLE, "lock_timeout", OWNER_LOCK_TIMEOUT),
        (APP_ROLE, "idle_in_transaction_session_timeout", APP_IDLE_TIMEOUT),
    ):
        connection.execute(
            sql.SQL("ALTER ROLE {} SET {} = {}").format(
                sql.Identifier(role), sql.Identifier(setting), sql.Literal(value)
            )
        )


def _create_database(connection: Connection[Any]) -> None:
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE)
            )
        )


def grant_app(owner_connection: Connection[Any], app_role: str = APP_ROLE) -> None:
    """Open the current database to the application role: what the owner makes from now on, and what exists.

    The second part is done only the first time, before any default privilege is recorded: later it would give
    back what a migration has taken away. Call it before migrating. owner_connection: psycopg, as the owner.
    """
    with owner_connection.transaction(), owner_connection.cursor() as cursor:
        grant_app_by(cursor, app_role)


def grant_app_by(cursor: Cursor[Any], app_role: str = APP_ROLE) -> None:
    """`grant_app` for whoever holds a cursor in a transaction already."""
    owner = str(cursor.connection.info.user)
    if owner == app_role or _has_default_privileges(cursor, owner, app_role):
        return
    _set_default_privileges(cursor, owner, app_role)
    _grant_existing(cursor, app_role)


def _has_default_privileges(cursor: Cursor[Any], owner: str, app_role: str) -> bool:
    cursor.execute(
        """SELECT count(DISTINCT acl.defaclobjtype) = 4
             FROM pg_default_acl AS acl, aclexplode(acl.defaclacl) AS granted
            WHERE acl.defaclrole = (SELECT oid FROM pg_roles WHERE rolname = %s)
              AND granted.grantee = (SELECT oid FROM pg_roles WHERE rolname = %s)
              AND acl.defaclnamespace = 0""",
        [owner, app_role],
    )
    row = cursor.fetchone()
    return bool(row and row[0])


def _set_default_privileges(runner: Connection[Any] | Cursor[Any], owner: str, app_role: str) -> None:
    for kind, privileges in _PRIVILEGES.items():
        runner.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} GRANT {} ON {} TO {}").format(
                sql.Identifier(owner), sql.SQL(privileges), sql.SQL(kind), sql.Identifier(app_role)
            )
        )


def _grant_existing(cursor: Cursor[Any], app_role: str) -> None:
    cursor.execute(
        """SELECT nspname FROM pg_namespace
            WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
              AND (pg_has_role(nspowner, 'USAGE') OR nspname = 'public')"""
    )
    for (schema,) in cursor.fetchall():
        _grant_in_schema(cursor, schema, app_role)


def _grant_in_schema(cursor: Cursor[Any], schema: str, app_role: str) -> None:
    names = {"schema": sql.Identifier(schema), "app": sql.Identifier(app_role)}
    cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA {schema} TO {app}").format(**names))
    for kind, privileges in _PRIVILEGES.items():
        if kind != "SCHEMAS":
            grant = sql.SQL("GRANT {privileges} ON ALL {kind} IN SCHEMA {schema} TO {app}")
            cursor.execute(grant.format(privileges=sql.SQL(privileges), kind=sql.SQL(kind), **names))
