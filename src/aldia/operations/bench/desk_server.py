"""The real server, started as people start it, on a port of its own of this machine alone."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException

from aldia.connectors.postgres import Urls
from aldia.kernel.errors import AldiaError
from aldia.operations.bench.scratch import bench_environment

HOST = "127.0.0.1"
HEALTH = "/salud"
_START_SECONDS_MAX = 120.0
_STOP_SECONDS_MAX = 40.0


class ServerSilent(AldiaError):
    """The server did not come up."""

    code = "server_silent"


@contextmanager
def serving(urls: Urls, database: str, *, workers: int) -> Iterator[int]:
    """`aldia serve` over that database, without its worker; the port. Raises ServerSilent."""
    port = _free_port()
    words = ["serve", "--host", HOST, "--port", str(port), "--workers", str(workers), "--no-worker"]
    process = subprocess.Popen(
        [sys.executable, "-m", "aldia.cli.main", *words],
        env=bench_environment(urls, database),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(process, port)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    until = time.monotonic() + _START_SECONDS_MAX
    while process.poll() is None and time.monotonic() < until:
        if _answers(port):
            return
        time.sleep(0.2)
    raise ServerSilent(
        f"El servidor de la medición no responde en {HOST}:{port}. Pruebe a ponerlo en marcha con"
        " «aldia serve» para leer el motivo."
    )


def _answers(port: int) -> bool:
    line = HTTPConnection(HOST, port, timeout=5)
    try:
        line.request("GET", HEALTH)
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()
