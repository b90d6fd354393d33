"""The tests' own database: migrated by its owner, worked in by the application, one for each run and worker.

DATABASE_URL and DATABASE_OWNER_URL name a server to use; otherwise one of our own is started and left running
for the next time, away from anybody's data.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from hypothesis import settings as hypothesis_settings
from psycopg import Connection, sql

import aldia
from aldia.connectors.postgres import Urls, django_database, ensure_server, with_database
from aldia.connectors.postgres.as_owner import as_role_of, migrate
from aldia.connectors.postgres.readers import close_readers
from aldia.connectors.postgres.urls import url_parts

_PREFIX = "test_aldia"
_TEMPLATE = "template_aldia"


def _choose_home() -> None:
    """Our own ALDIA_HOME, short and outside the tree; before Django's settings are read.

    ALDIA_TEST_HOME: another one, so that work on several copies of the code does not meet on one server.
    """
    root = os.geteuid() == 0
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = "/var/lib/aldia-test" if root else str(cache / "aldia-test")
    os.environ["ALDIA_HOME"] = os.environ.get("ALDIA_TEST_HOME") or home


if not os.environ.get("DATABASE_URL"):
    _choose_home()
os.environ["DJANGO_SETTINGS_MODULE"] = "aldia.project.settings"
os.environ.setdefault("ALDIA_TEST_RUN", str(os.getpid()))  # the workers of one run inherit it


def pytest_configure() -> None:
    """Load the settings only now that the home is chosen; pytest-django sets Django up after us."""
    assert settings.DATABASES
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # no secret is kept here


# Rooms whose tests each work on a server or walk whole stories: `dev.py test` runs them, `dev.py check` not.
_SLOW_ROOMS = tuple(
    str(Path(__file__).parent / room)
    for room in (
        "operations/imports",
        "desk",
        "api",
        "records",
        "connectors",
        "cli",
        "laws",
        "operations/run",
    )
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole rooms are slow, so that the check before each commit stays within ninety seconds."""
    for item in items:
        if str(item.path).startswith(_SLOW_ROOMS):
            item.add_marker(pytest.mark.slow)


# The same examples at every run, so that what is green stays green; the nights look for new ones.
hypothesis_settings.register_profile("default", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.register_profile("night", deadline=None, derandomize=False, print_blob=True)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def server() -> Urls:
    """The addresses of the tests' server, up and running, without what dead runs left in it."""
    urls = ensure_server()
    if urls.embedded:
        _drop_databases_of_dead_runs(urls.owner)
    return urls


def _drop_databases_of_dead_runs(owner_url: str) -> None:
    with psycopg.connect(owner_url, autocommit=True) as owner:
        for (name,) in owner.execute("SELECT datname FROM pg_database").fetchall():
            run = re.fullmatch(rf"{_PREFIX}_(\d+)_\w+", name)
            if run and not _is_alive(int(run[1])):
                with suppress(psycopg.errors.InsufficientPrivilege):  # somebody else's backend is still there
                    owner.execute(
                        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                    )


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(server: Urls, django_db_blocker: Any) -> Iterator[None]:
    """A database of a name no other run uses, made and removed by the owner out of the migrated template."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    connection.settings_dict.update(django_database(server.app))
    connection.settings_dict["TEST"]["NAME"] = f"{_PREFIX}_{os.environ['ALDIA_TEST_RUN']}_{worker}"
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = _migrated_template(server)
    with as_role_of(server.owner):
        yield


def _migrated_template(server: Urls) -> str:
    """A database with all migrations run, made anew whenever they change: copying it takes no time."""
    name = f"{_TEMPLATE}_{_digest_of_records()}"
    draft = f"{name}_draft"
    with psycopg.connect(with_database(server.owner, "postgres"), autocommit=True) as owner:
        owner.execute("SET lock_timeout = 0")  # another run may be making it: wait as long as it takes
        owner.execute("SELECT pg_advisory_lock(hashtext(%s))", [_TEMPLATE])  # until this connection ends
        known = [database for (database,) in owner.execute("SELECT datname FROM pg_database").fetchall()]
        if name in known:
            return name
        for old in filter(re.compile(rf"{_TEMPLATE}_").match, known):
            with suppress(psycopg.errors.ObjectInUse):
                owner.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
        owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
        _migrate(draft)
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        owner.execute(rename.format(sql.Identifier(draft), sql.Identifier(name)))
    return name


def _migrate(database: str) -> None:
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = database
    migrate()
    connection.close()
    connection.settings_dict["NAME"] = before


def _digest_of_records() -> str:
    """Sixteen digits that change with the records, the grants and the packages that bring migrations."""
    source = Path(aldia.__file__).parent
    digest = hashlib.sha256(" ".join(map(version, ("django", "procrastinate", "django-allauth"))).encode())
    for path in sorted([*source.glob("records/**/*.py"), *source.glob("connectors/postgres/*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, server: Urls) -> Iterator[None]:
    """After pytest-django's own set-up by the owner, all tests work as the application.

    Only here may it TRUNCATE: tests with real transactions are cleaned up that way.
    """
    with psycopg.connect(_address(server.owner)) as owner:
        _quieten(owner)
        allow = sql.SQL("GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {}")
        owner.execute(allow.format(sql.Identifier(_app_role(server))))
    with as_role_of(server.app):
        yield
        close_readers()


def _quieten(owner: Connection[Any]) -> None:
    """Plans do not turn on the moment at which the rows of a thousand tests were last counted."""
    for (name,) in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
        owner.execute(sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = off)").format(sql.Identifier(name)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium under Playwright, found by `dev.py test`; without one the test is skipped.

    Per module: while it lives, Playwright keeps an event loop running, and the tests of jobs need their own.
    """
    from playwright.sync_api import sync_playwright

    program = os.environ.get("ALDIA_CHROMIUM") or shutil.which("chromium")
    if not program:
        pytest.skip("no hay Chromium: «python3 dev.py test» lo busca, o indíquelo en ALDIA_CHROMIUM")
    brought = {"LD_LIBRARY_PATH": "ALDIA_CHROMIUM_LIBRARIES", "FONTCONFIG_PATH": "ALDIA_CHROMIUM_FONTS"}
    environment = {name: os.environ[source] for name, source in brought.items() if source in os.environ}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-dev-shm-usage"],
            env={**os.environ, **environment},
        )
        yield chromium
        chromium.close()


def _address(url: str) -> str:
    return with_database(url, str(connection.settings_dict["NAME"]))


def _app_role(server: Urls) -> str:
    return url_parts(server.app)["user"]


@pytest.fixture(scope="session")
def app_dsn(django_db_setup: None, server: Urls) -> str:
    """The test database as the application, for psycopg, ADBC and other processes."""
    return _address(server.app)


@pytest.fixture(scope="session")
def owner_dsn(django_db_setup: None, server: Urls) -> str:
    """The test database as its owner."""
    return _address(server.owner)


@pytest.fixture
def owner_connection(owner_dsn: str) -> Iterator[Connection[Any]]:
    """psycopg as the owner in the test database; what the test does not commit is rolled back."""
    owner = psycopg.connect(owner_dsn)
    yield owner
    owner.close()
