"""The embedded server at work: who gets in, what it is set to, how it starts and stops."""

import os
import re
import stat
import time

import psycopg
import pytest

from aldia.connectors.postgres import Urls, ensure_server, server_status, stop_server
from aldia.connectors.postgres.errors import DatabaseTrouble, OwnerUnknown, ServerUnreachable
from aldia.connectors.postgres.home import Home, credentials
from aldia.connectors.postgres.server import connect_with_patience
from aldia.connectors.postgres.urls import SUPERUSER, configured_urls, embedded_urls, socket_url


@pytest.fixture
def running(module_home: Home) -> Urls:
    """The file's server, started if the test before stopped it."""
    return ensure_server()


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def one(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def test_a_fresh_home_becomes_a_server_that_answers(running, module_home):
    status = server_status()
    assert running.embedded
    assert one(running.app, "SELECT current_user") == "aldia_app"
    assert one(running.owner, "SELECT current_user") == "aldia_owner"
    assert (status.running, status.embedded, status.trouble) == (True, True, None)
    assert status.home == module_home.folder
    assert status.version is not None
    assert int(status.version.split(".")[0]) >= 16
    assert status.pid is not None
    os.kill(status.pid, 0)


def test_asking_for_a_running_server_costs_less_than_50_ms(running):
    def seconds() -> float:
        begun = time.perf_counter()
        assert ensure_server() == running
        return time.perf_counter() - begun

    assert min(seconds() for _ in range(5)) < 0.050


@pytest.mark.parametrize("role", [SUPERUSER, "aldia_owner", "aldia_app"])
def test_a_wrong_password_is_refused_at_once(running, module_home, role):
    begun = time.perf_counter()
    with pytest.raises(ServerUnreachable, match="authentication failed"):
        connect_with_patience(socket_url(module_home, role, "wrong"))
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize("role", [SUPERUSER, "aldia_owner", "aldia_app"])
def test_nobody_gets_in_without_a_password(running, module_home, role):
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(f"postgresql://{role}@/aldia?host={module_home.socket_folder}", passfile="/dev/null")


def test_every_door_asks_for_scram_and_none_is_on_the_network(running, module_home):
    superuser = socket_url(module_home, SUPERUSER, credentials(module_home).superuser)
    with psycopg.connect(superuser) as connection:
        rules = connection.execute("SELECT type, auth_method FROM pg_hba_file_rules").fetchall()
        stored = connection.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL"
        ).fetchall()
    assert rules == [("local", "scram-sha-256")]
    assert len(stored) == 3
    assert all(verifier.startswith("SCRAM-SHA-256$") for (verifier,) in stored)
    assert one(running.app, "SHOW listen_addresses") == ""


def test_a_door_left_open_is_closed_at_the_next_start(running, module_home):
    stop_server()
    (module_home.data / "pg_hba.conf").write_text("local all all trust\n")
    ensure_server()
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(
            f"postgresql://{SUPERUSER}@/aldia?host={module_home.socket_folder}", passfile="/dev/null"
        )


def test_folders_and_secrets_are_closed_to_others(running, module_home):
    assert mode(module_home.folder) == (0o711 if os.geteuid() == 0 else 0o700)
    assert mode(module_home.data) == 0o700
    assert mode(module_home.socket_folder) == 0o700
    assert mode(module_home.socket) & 0o077 == 0
    assert mode(module_home.folder / "credentials.json") == 0o600
    assert mode(module_home.log) == 0o600
    assert not (module_home.folder / ".first_password").exists()


def test_owner_and_application_stay_under_row_security(running):
    with psycopg.connect(running.app) as connection:
        rights = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolreplication, rolcreatedb "
            "FROM pg_roles WHERE rolname IN ('aldia_app', 'aldia_owner') ORDER BY 1"
        ).fetchall()
    assert rights == [
        ("aldia_app", False, False, False, False, False),
        ("aldia_owner", False, False, False, False, True),
    ]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("jit", "off"),
        ("max_connections", "100"),
        ("max_wal_size", "4GB"),
        ("checkpoint_timeout", "15min"),
        ("autovacuum", "on"),
        ("unix_socket_permissions", "0700"),
        ("idle_in_transaction_session_timeout", "10min"),
    ],
)
def test_the_server_is_set_for_our_work(running, setting, value):
    assert one(running.app, f"SHOW {setting}") == value


def test_a_migration_does_not_wait_for_a_lock_for_ever(running):
    assert one(running.owner, "SHOW lock_timeout") == "10s"
    assert one(running.app, "SHOW lock_timeout") == "0"


def test_stopping_is_said_once_and_starting_again_keeps_the_data(running):
    with psycopg.connect(running.owner) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    assert stop_server() is True
    assert stop_server() is False
    stopped = server_status()
    assert (stopped.running, stopped.pid) == (False, None)
    assert stopped.trouble
    assert one(ensure_server().app, "SELECT answer FROM kept") == 42


def test_a_password_file_of_another_server_is_said_in_spanish(running, module_home):
    file = module_home.folder / "credentials.json"
    before = file.read_text()
    file.write_text(re.sub("[0-9a-f]{48}", "0" * 48, before))
    try:
        with pytest.raises(ServerUnreachable, match="No se puede conectar con la base de datos"):
            ensure_server()
    finally:
        file.write_text(before)


def test_a_server_named_by_url_is_used_and_never_stopped(running, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", running.app)
    urls = ensure_server()
    assert (urls.app, urls.embedded) == (running.app, False)
    with pytest.raises(OwnerUnknown, match="DATABASE_OWNER_URL"):
        _ = urls.owner
    with pytest.raises(DatabaseTrouble, match="ni la detiene"):
        stop_server()
    monkeypatch.setenv("DATABASE_OWNER_URL", running.owner)
    assert configured_urls().owner == running.owner


def test_an_application_role_above_row_security_is_refused(running, module_home, monkeypatch):
    superuser = socket_url(module_home, SUPERUSER, credentials(module_home).superuser)
    monkeypatch.setenv("DATABASE_URL", superuser)
    with pytest.raises(DatabaseTrouble, match="seguridad por filas"):
        ensure_server()


def test_addresses_are_known_before_the_server_runs(own_home):
    assert configured_urls() == embedded_urls(own_home)
    assert not own_home.data.exists()
    assert not server_status().running
