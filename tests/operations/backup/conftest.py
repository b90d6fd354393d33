"""«Papelería Luz» after its run of the day, and an empty place on the same server to put its copy into."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from aldia.connectors.postgres import Urls, with_database
from aldia.connectors.postgres.as_owner import as_role_of
from aldia.connectors.postgres.readers import close_readers
from aldia.connectors.postgres.urls import url_parts
from tests.conftest import _migrated_template

PASSWORD = "cobro-sereno-2026"
EMAIL = "eva@luz.example"
_OURS = ("ALDIA_AUDIT_KEY", "ALDIA_SECRETS_KEY", "ALDIA_SECRET_KEY", "DATABASE_BACKUP_URL", "ALDIA_FAULT")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each of these copies a whole database."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.slow)


@dataclass(frozen=True)
class Place:
    """An installation: its database, by both roles, and its folder of keys."""

    app: str
    owner: str
    home: Path

    @property
    def database(self) -> str:
        return url_parts(self.owner)["dbname"]

    @property
    def variables(self) -> dict[str, str]:
        """The environment of a process that works here."""
        return {"DATABASE_URL": self.app, "DATABASE_OWNER_URL": self.owner, "ALDIA_HOME": str(self.home)}

    def enter(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """From here on, this process works here."""
        for name in _OURS:
            monkeypatch.delenv(name, raising=False)
        for name, value in self.variables.items():
            monkeypatch.setenv(name, value)
        leave()
        monkeypatch.setitem(connection.settings_dict, "NAME", self.database)

    def lay_key(self, other: "Place", name: str = "audit_key") -> None:
        """Take over the other's key, as somebody does who moves."""
        shutil.copy(other.home / name, self.home / name)


def _place(server: Urls, suffix: str) -> Place:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_aldia_{os.environ['ALDIA_TEST_RUN']}_{worker}_{suffix}"
    folder = Path(tempfile.mkdtemp(prefix="al-", dir="/tmp"))  # short: a socket would have to fit in
    return Place(with_database(server.app, name), with_database(server.owner, name), folder)


def create(place: Place, template: str = "template0") -> None:
    """Its database, as a copy of that one, in the place of any that begins with the same name."""
    leave()
    with psycopg.connect(with_database(place.owner, "postgres"), autocommit=True) as owner:
        _drop_all(owner, place.database)
        owner.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(place.database), sql.Identifier(template)
            )
        )


def leave() -> None:
    """Close every connection of this process."""
    connection.close()
    close_readers()


def _remove(place: Place) -> None:
    leave()
    with psycopg.connect(with_database(place.owner, "postgres"), autocommit=True) as owner:
        _drop_all(owner, place.database)
    shutil.rmtree(place.home)


def _drop_all(owner: psycopg.Connection[Any], name: str) -> None:
    for (each,) in owner.execute("SELECT datname FROM pg_database WHERE datname ^@ %s", [name]).fetchall():
        owner.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(each)))


@pytest.fixture(scope="module")
def template(server: Urls, django_db_blocker: Any) -> Iterator[str]:
    """The database with all tables and no rows; until the end of the file, Django works on this server."""
    with django_db_blocker.unblock(), as_role_of(server.app):
        yield _migrated_template(server)


@pytest.fixture(scope="module")
def luz_place(server: Urls, template: str) -> Iterator[Place]:
    """A database with Papelería Luz, one for all tests of a file."""
    place = _place(server, "luz")
    create(place, template)
    with pytest.MonkeyPatch.context() as monkeypatch:
        place.enter(monkeypatch)
        _found()
        leave()
    yield place
    _remove(place)


def _found() -> None:
    from aldia.operations.creditors import create_creditor
    from aldia.operations.people import create_user
    from aldia.operations.run import daily_run
    from tests.cli.books import DAY, NOW, write_books

    founded = create_creditor(name="Papelería Luz", country="ES", code="luz", now=NOW, actor="prueba")
    creditor = founded.creditor
    write_books(creditor)
    daily_run(creditor=creditor, on=DAY, now=NOW, actor="prueba")
    create_user(
        email=EMAIL,
        name="Eva",
        password=PASSWORD,
        role="manager",
        creditor_id=creditor.pk,
        actor="prueba",
        now=NOW,
    )


@pytest.fixture
def luz(luz_place: Place, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The creditor, with books, a run and somebody who logs in; this process works there."""
    from aldia.queries.creditors import the_creditor

    luz_place.enter(monkeypatch)
    return the_creditor("luz")


@pytest.fixture
def elsewhere(luz_place: Place, server: Urls) -> Iterator[Place]:
    """An empty database and an empty folder."""
    place = _place(server, "other")
    create(place)
    yield place
    _remove(place)


@pytest.fixture(scope="module")
def untouched(luz_place: Place, server: Urls) -> Iterator[Place]:
    """The same with the audit key, one for all tests that are refused and change nothing."""
    place = _place(server, "refused")
    create(place)
    place.lay_key(luz_place)
    yield place
    _remove(place)


def databases(place: Place) -> list[str]:
    """What stands on the server under this name and names that begin with it."""
    with psycopg.connect(with_database(place.owner, "postgres")) as owner:
        rows = owner.execute(
            "SELECT datname FROM pg_database WHERE datname ^@ %s ORDER BY 1", [place.database]
        )
        return [name for (name,) in rows.fetchall()]
