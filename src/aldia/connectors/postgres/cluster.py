"""The files of the embedded server and its process: made, started, stopped. Callers hold the lock."""

import os
import re
import socket
import subprocess
import time
from pathlib import Path

from aldia.connectors.postgres import account as accounts
from aldia.connectors.postgres.account import Account
from aldia.connectors.postgres.errors import DatabaseTrouble
from aldia.connectors.postgres.home import Home, credentials
from aldia.connectors.postgres.tuning import DOOR, server_settings, settings_file
from aldia.connectors.postgres.urls import SUPERUSER

START_SECONDS_MAX = 10
LOG_BYTES_MAX = 10 * 1024**2
_SETTINGS_FILE = "aldia.conf"
_NO_PROCESS = 2**22 + 1  # above the highest process number of Linux
_MAJOR = re.compile(r"\d+")


def is_listening(home: Home) -> bool:
    """Does a server answer at the socket? Says nothing about passwords; takes well under a millisecond."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        try:
            caller.connect(str(home.socket))
        except OSError:
            return False
    return True


def postmaster_pid(home: Home) -> int | None:
    """The server's process by its own note, which may be stale."""
    try:
        return int((home.data / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def create_cluster(home: Home, account: Account | None) -> None:
    """Make the data folder where there is none: a password is asked for from its first moment."""
    if (home.data / "PG_VERSION").exists():
        return
    _own_folder(home.data, account)
    password = home.folder / ".first_password"
    try:
        write_for(password, credentials(home).superuser, account)
        _must_succeed(
            home,
            account,
            "initdb",
            *("-D", str(home.data), "-U", SUPERUSER, f"--pwfile={password}", "--auth=scram-sha-256"),
            *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        )
    finally:
        password.unlink(missing_ok=True)
    with (home.data / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(f"\ninclude_if_exists = '{_SETTINGS_FILE}'\n")


def start_cluster(home: Home, account: Account | None) -> None:
    """Start the server and wait for it. The last children of a killed one may keep it waiting a moment."""
    _refuse_other_version(home, account)
    _own_folder(home.socket_folder, account)
    write_for(home.data / _SETTINGS_FILE, settings_file(server_settings(home)), account)
    write_for(home.data / "pg_hba.conf", DOOR, account)
    _keep_log_small(home, account)
    until = time.monotonic() + START_SECONDS_MAX
    arguments = ("-D", str(home.data), "-l", str(home.log), "-w", "-t", "60", "start")
    _bury_zombie(home, account)
    while (result := accounts.run_program(home, account, "pg_ctl", *arguments))[0] != 0:
        _bury_zombie(home, account)
        if time.monotonic() > until:
            raise _failure("pg_ctl", result[1] + _tail(home.log))
        time.sleep(0.1)


def stop_cluster(home: Home, account: Account | None) -> None:
    """Stop the server: sessions are ended, transactions rolled back, files closed in order."""
    _must_succeed(home, account, "pg_ctl", "-D", str(home.data), "-m", "fast", "-w", "-t", "60", "stop")


def _bury_zombie(home: Home, account: Account | None) -> None:
    """A killed server nobody has reaped (in a container, perhaps for ever) counts as alive to the next one.

    Its number in the note is replaced by one no process can have; the rest stays, so that PostgreSQL still
    finds out by the shared memory whether any of its children is left.
    """
    pid = postmaster_pid(home)
    if pid is not None and _is_zombie(pid):
        note = home.data / "postmaster.pid"
        rest = note.read_text().partition("\n")[2]
        write_for(note, f"{_NO_PROCESS}\n{rest}", account)


def _is_zombie(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] == "Z"


def _keep_log_small(home: Home, account: Account | None) -> None:
    """The server appends; a log grown large makes room for a new one, and the one before it goes."""
    if home.log.exists() and home.log.stat().st_size <= LOG_BYTES_MAX:
        return
    if home.log.exists():
        home.log.replace(home.log.with_suffix(".log.1"))
    write_for(home.log, "", account)


def _refuse_other_version(home: Home, account: Account | None) -> None:
    data = (home.data / "PG_VERSION").read_text().strip()
    asked = subprocess.run(
        [str(accounts.programs(home, account) / "postgres"), "--version"],
        check=True,
        capture_output=True,
        text=True,
    )
    found = _MAJOR.search(asked.stdout)
    if found is None or found[0] != data:
        raise DatabaseTrouble(
            f"Los datos de «{home.folder}» son de PostgreSQL {data} y el servidor incorporado es "
            f"«{asked.stdout.strip()}». Haga una copia con la versión anterior y restáurela en otra carpeta.",
            data_version=data,
        )


def _own_folder(folder: Path, account: Account | None) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    accounts.give(folder, account)


def write_for(path: Path, text: str, account: Account | None) -> None:
    """Write a file whole, readable by the server's account alone."""
    draft = path.with_name(f"{path.name}.draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    accounts.give(draft, account)
    draft.replace(path)


def _must_succeed(home: Home, account: Account | None, name: str, *args: str) -> None:
    code, said = accounts.run_program(home, account, name, *args)
    if code != 0:
        raise _failure(name, said)


def _failure(name: str, said: str) -> DatabaseTrouble:
    return DatabaseTrouble(
        f"El servidor PostgreSQL incorporado no pudo completar «{name}». Dijo lo siguiente:\n{said.strip()}",
        program=name,
    )


def _tail(log: Path, characters: int = 2000) -> str:
    try:
        return log.read_text(encoding="utf-8", errors="replace")[-characters:]
    except OSError:
        return ""
