"""What the owner makes, the application may use; what a migration takes away stays away."""

import psycopg
import pytest

from aldia.connectors.postgres import Urls, ensure_server, grant_app, with_database
from aldia.connectors.postgres.home import Home

_DROP = "DROP DATABASE IF EXISTS scratch"  # the server's own vacuum gives way to it; to FORCE it does not


@pytest.fixture(scope="module")
def urls(module_home: Home) -> Urls:
    return ensure_server()


@pytest.fixture
def database(urls: Urls, request: pytest.FixtureRequest):
    """A database the owner creates for one test, from a template without our grants."""
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute(_DROP)
        owner.execute("CREATE DATABASE scratch TEMPLATE template0")
    yield "scratch"
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute(_DROP)


def as_owner(urls: Urls, database: str, *statements: bytes) -> None:
    with psycopg.connect(with_database(urls.owner, database)) as connection:
        for statement in statements:
            connection.execute(statement)


def lay_grants(urls: Urls, database: str) -> None:
    with psycopg.connect(with_database(urls.owner, database)) as connection:
        grant_app(connection)


def work_as_app(urls: Urls, database: str, schema: str = "public") -> None:
    with psycopg.connect(with_database(urls.app, database)) as app:
        app.execute(f"INSERT INTO {schema}.note (text) VALUES ('a')".encode())
        app.execute(f"UPDATE {schema}.note SET text = 'b'".encode())
        assert app.execute(f"SELECT text FROM {schema}.note".encode()).fetchall() == [("b",)]
        app.execute(f"DELETE FROM {schema}.note".encode())


NOTE = b"CREATE TABLE note (id serial PRIMARY KEY, text text)"


def test_the_application_works_in_tables_made_in_the_first_database(urls):
    as_owner(urls, "aldia", NOTE)
    work_as_app(urls, "aldia")


def test_a_database_made_later_begins_with_the_same_grants(urls):
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute("CREATE DATABASE later")
    as_owner(urls, "later", NOTE)
    work_as_app(urls, "later")


def test_tables_made_before_the_grants_are_opened_too(urls, database):
    as_owner(urls, database, NOTE, b"CREATE SCHEMA side", b"CREATE TABLE side.note (id serial, text text)")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        work_as_app(urls, database)
    lay_grants(urls, database)
    work_as_app(urls, database)
    work_as_app(urls, database, "side")


def test_tables_and_schemas_made_after_the_grants_need_nothing_more(urls, database):
    lay_grants(urls, database)
    as_owner(urls, database, NOTE, b"CREATE SCHEMA side", b"CREATE TABLE side.note (id serial, text text)")
    work_as_app(urls, database)
    work_as_app(urls, database, "side")


def test_what_a_migration_takes_away_is_not_given_back(urls, database):
    lay_grants(urls, database)
    as_owner(urls, database, NOTE, b"REVOKE UPDATE, DELETE ON note FROM aldia_app")
    lay_grants(urls, database)
    with psycopg.connect(with_database(urls.app, database), autocommit=True) as app:
        app.execute("INSERT INTO note (text) VALUES ('a')")
        for forbidden in (b"UPDATE note SET text = 'b'", b"DELETE FROM note", b"TRUNCATE note"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(forbidden)


@pytest.mark.parametrize(
    "statement",
    [
        b"CREATE TABLE mine ()",
        b"CREATE SCHEMA mine",
        b"CREATE DATABASE mine",
        b"CREATE ROLE mine",
        b"DROP TABLE note",
        b"ALTER TABLE note DISABLE TRIGGER ALL",
        b"SET ROLE aldia_owner",
    ],
)
def test_the_application_changes_no_structure(urls, database, statement):
    lay_grants(urls, database)
    as_owner(urls, database, NOTE)
    with (
        psycopg.connect(with_database(urls.app, database), autocommit=True) as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute(statement)


def test_the_application_may_use_temporary_tables_for_bulk_work(urls, database):
    lay_grants(urls, database)
    with psycopg.connect(with_database(urls.app, database)) as app:
        app.execute("CREATE TEMP TABLE bulk (n int) ON COMMIT DROP")
