"""One process at a time sets up, starts or stops the server."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from aldia.connectors.postgres.errors import ServerUnreachable
from aldia.connectors.postgres.home import Home, ensure_folder

LOCK_SECONDS_MAX = 120


@contextmanager
def server_lock(home: Home) -> Iterator[None]:
    """Hold this home's lock, which the operating system frees even when we are killed.

    The server started inside does not inherit it. Raises ServerUnreachable after two minutes of waiting.
    """
    ensure_folder(home)
    handle = os.open(home.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _wait(handle, home)
        yield
    finally:
        os.close(handle)


def _wait(handle: int, home: Home) -> None:
    until = time.monotonic() + LOCK_SECONDS_MAX
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > until:
                raise ServerUnreachable(
                    f"Otro proceso lleva demasiado tiempo arrancando la base de datos de «{home.folder}». "
                    "Espere un momento y vuelva a intentarlo.",
                    folder=str(home.folder),
                ) from None
            time.sleep(0.02)
