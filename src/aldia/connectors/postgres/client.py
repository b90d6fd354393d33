"""PostgreSQL's own client programs, pointed at our database."""

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from aldia.connectors.postgres.account import postgres_bin
from aldia.connectors.postgres.errors import DatabaseTrouble
from aldia.connectors.postgres.home import credentials, current_home
from aldia.connectors.postgres.server import ensure_server
from aldia.connectors.postgres.urls import SUPERUSER, Urls, socket_url, url_parts

Role = Literal["app", "owner", "superuser"]
_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "hostaddr": "PGHOSTADDR",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "channel_binding": "PGCHANNELBINDING",
}


def psql(args: Sequence[str] = (), *, role: Role = "app") -> int:
    """Run psql in the current terminal and return its exit code."""
    return run_client("psql", args, role=role)


def run_client(program: str, args: Sequence[str] = (), *, role: Role = "app") -> int:
    """Run psql, pg_dump, pgbench … against our database as that role; the exit code.

    The password goes through the environment, where other accounts cannot see it. `superuser`: only the
    embedded server's; a whole dump needs it, as row-level security binds even the owner.
    """
    environment = {**os.environ, **client_variables(_url_of(ensure_server(), role))}
    with _interrupts_go_to_the_child():
        return subprocess.run([str(postgres_bin() / program), *args], check=False, env=environment).returncode


def client_variables(url: str) -> dict[str, str]:
    """The libpq environment variables that stand for this address."""
    parts = url_parts(url)
    return {variable: parts[keyword] for keyword, variable in _VARIABLES.items() if keyword in parts}


def _url_of(urls: Urls, role: Role) -> str:
    if role == "app":
        return urls.app
    if role == "owner":
        return urls.owner
    if not urls.embedded:
        raise DatabaseTrouble("El superusuario solo se conoce en el servidor incorporado.")
    return socket_url(current_home(), SUPERUSER, credentials(current_home()).superuser)


@contextmanager
def _interrupts_go_to_the_child() -> Iterator[None]:
    """Ctrl-C cancels the query in psql; it does not end us. (A handler, unlike SIG_IGN, is not inherited.)"""
    before = signal.signal(signal.SIGINT, lambda _signal, _frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
