"""The database server as the rest of the house sees it: there, or not."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
from psycopg import Connection, OperationalError

from aldia.connectors.postgres import account as accounts
from aldia.connectors.postgres import cluster
from aldia.connectors.postgres.errors import DatabaseTrouble, ServerUnreachable
from aldia.connectors.postgres.home import Home, current_home
from aldia.connectors.postgres.lock import server_lock
from aldia.connectors.postgres.roles import provision
from aldia.connectors.postgres.urls import Urls, configured_urls

CONNECT_SECONDS_MAX = 10.0
OLDEST_VERSION = 160000
_LAYOUT = "1"


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """What `aldia db status` says. version: as the server writes it; pid and home: embedded server only."""

    running: bool
    embedded: bool
    version: str | None
    pid: int | None
    home: Path | None
    trouble: str | None


def ensure_server() -> Urls:
    """A server that answers, and its addresses. Starts the embedded one unless DATABASE_URL names another.

    Cheap when it already runs (some 10 ms). Raises DatabaseTrouble: no start, no answer within 10 s, a
    version before 16, or an application role that passes over row-level security.
    """
    urls = configured_urls()
    prepare = partial(_ensure_up, current_home()) if urls.embedded else _nothing
    with connect_with_patience(urls.app, prepare=prepare) as connection:
        _refuse_old(connection)
        if not urls.embedded:
            _refuse_mighty(connection)
    return urls


def server_status() -> ServerStatus:
    """Is the server there? Starts nothing, waits for nobody."""
    urls = configured_urls()
    home = current_home() if urls.embedded else None
    try:
        with Connection.connect(urls.app, connect_timeout=3) as connection:
            version = connection.info.parameter_status("server_version")
    except OperationalError as error:
        trouble = str(error).strip()
        return ServerStatus(
            running=False, embedded=urls.embedded, version=None, pid=None, home=_folder(home), trouble=trouble
        )
    pid = cluster.postmaster_pid(home) if home else None
    return ServerStatus(
        running=True, embedded=urls.embedded, version=version, pid=pid, home=_folder(home), trouble=None
    )


def is_embedded_server_down() -> bool:
    """Is the server ours, and not there? Asks the socket only, in well under a millisecond."""
    return configured_urls().embedded and not cluster.is_listening(current_home())


def stop_server() -> bool:
    """Stop the embedded server; False when it was not running. A server of your own is not ours to stop."""
    if not configured_urls().embedded:
        raise DatabaseTrouble("La base de datos es la de DATABASE_URL: Al Día no la arranca ni la detiene.")
    home = current_home()
    with server_lock(home):
        if not cluster.is_listening(home):
            return False
        cluster.stop_cluster(home, accounts.server_account())
    return True


def _nothing() -> None:
    """What there is to prepare for a server that is not ours."""


def connect_with_patience(
    url: str, seconds: float = CONNECT_SECONDS_MAX, prepare: Callable[[], None] = _nothing
) -> Connection[tuple[object, ...]]:
    """A connection, tried again for a while: a server that has just been killed is back within a second.

    prepare: called before each attempt. A wrong password is not tried again. Raises ServerUnreachable.
    """
    until = time.monotonic() + seconds
    while True:
        prepare()
        try:
            return psycopg.connect(url, connect_timeout=max(2, int(seconds)))
        except OperationalError as error:
            if time.monotonic() > until or "authentication failed" in str(error):
                raise ServerUnreachable(
                    f"No se puede conectar con la base de datos: {str(error).strip()}"
                ) from error
            time.sleep(0.05)


def _ensure_up(home: Home) -> None:
    if not (_is_ready(home) and cluster.is_listening(home)):
        _bring_up(home)


def _bring_up(home: Home) -> None:
    with server_lock(home):
        account = accounts.server_account()
        accounts.refuse_closed_path(home, account)
        cluster.create_cluster(home, account)
        if not cluster.is_listening(home):
            cluster.start_cluster(home, account)
        if not _is_ready(home):
            provision(home)
            cluster.write_for(home.ready_mark, _LAYOUT, account)


def _is_ready(home: Home) -> bool:
    try:
        return home.ready_mark.read_text(encoding="utf-8") == _LAYOUT
    except FileNotFoundError:
        return False


def _refuse_old(connection: Connection[tuple[object, ...]]) -> None:
    if connection.info.server_version < OLDEST_VERSION:
        raise DatabaseTrouble(
            f"El servidor es PostgreSQL {connection.info.parameter_status('server_version')}; "
            "Al Día necesita la versión 16 o posterior."
        )


def _refuse_mighty(connection: Connection[tuple[object, ...]]) -> None:
    """A superuser, or a role with BYPASSRLS, would see every creditor's rows: not for daily work."""
    row = connection.execute(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if row and row[0]:
        raise DatabaseTrouble(
            f"El usuario «{connection.info.user}» de DATABASE_URL puede saltarse la seguridad por filas. "
            "Use uno sin SUPERUSER ni BYPASSRLS, y deje el propietario para DATABASE_OWNER_URL."
        )


def _folder(home: Home | None) -> Path | None:
    return home.folder if home else None
