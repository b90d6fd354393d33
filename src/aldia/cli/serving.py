"""`aldia serve`: the page with its worker."""

import errno
import os
import socket
import sys
from typing import Annotated

import typer
from django.db import connections
from rich.console import Console
from rich.markup import escape

from aldia.cli.door import Call, command
from aldia.cli.supervisor import Program, keep_running
from aldia.connectors.postgres import DatabaseTrouble, ensure_server, is_embedded_server_down
from aldia.kernel.errors import AldiaError

app = typer.Typer(add_completion=False)

HOST = "127.0.0.1"
THREADS_PER_PROCESS = 4
"""Requests one process answers at a time: what waits is the database; more only wait for the interpreter."""

_LOCAL_HOSTS = "127.0.0.1,localhost,[::1]"
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
_WHY_NOT = {
    errno.EADDRINUSE: "otro programa ya escucha ahí",
    errno.EACCES: "un puerto menor de 1024 es solo para root",
    errno.EADDRNOTAVAIL: "esta máquina no tiene esa dirección",
    socket.EAI_NONAME: "no se conoce esa dirección",
}
_REQUEST_SECONDS_MAX = 20
"""What a request that is being answered may still take when the page is stopped."""


class PortTaken(AldiaError):
    """Nothing can listen there. facts: host, port."""

    code = "port_taken"


@command(app, "serve")
def serve(
    call: Call,
    host: Annotated[
        str,
        typer.Option(
            help="Dirección en la que escucha; para otras máquinas, diga su nombre en ALDIA_ALLOWED_HOSTS."
        ),
    ] = HOST,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Puerto.")] = 8000,
    workers: Annotated[
        int, typer.Option(min=1, max=16, help="Procesos que atienden la página; uno por núcleo, como mucho.")
    ] = 1,
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Solo la página: los trabajos se atienden en otro sitio.")
    ] = False,
) -> None:
    """Sirve la página y atiende los trabajos programados hasta que se le pare (Ctrl-C)."""
    refuse_taken_port(host, port)
    connections.close_all()
    told = Console(stderr=call.as_json)
    told.print(
        f"[bold]Al Día[/bold] está en {escape(address(host, port))} · Ctrl-C para parar", highlight=False
    )
    programs = [_page(host, port, workers), *([] if no_worker else [_worker()])]
    raise typer.Exit(keep_running(programs, say=_say, tend=_keep_database_up))


def _say(text: str) -> None:
    typer.echo(text, err=True)


def _keep_database_up() -> None:
    """The embedded server is started again when it has died; one of your own is waited for by everybody."""
    if is_embedded_server_down():
        try:
            ensure_server()
        except DatabaseTrouble as trouble:
            _say(trouble.sentence)
        else:
            _say("La base de datos incluida se había parado: vuelve a estar en marcha.")


def address(host: str, port: int) -> str:
    """Where a browser on this machine finds the page."""
    shown = _EVERYWHERE.get(host, host)
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def refuse_taken_port(host: str, port: int) -> None:
    """Said before the server starts, which would not say it in a sentence. Raises PortTaken."""
    try:
        family, kind, protocol, _name, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except OSError as error:
        why = _WHY_NOT.get(error.errno or 0) or str(error.strerror)
        raise PortTaken(
            f"No se puede escuchar en {host}:{port}: {why}."
            " Elija otro puerto con «--port», u otra dirección con «--host».",
            host=host,
            port=port,
        ) from None


def _page(host: str, port: int, workers: int) -> Program:
    options = {
        "interface": "wsgi",
        "host": host,
        "port": port,
        "workers": workers,
        "blocking-threads": THREADS_PER_PROCESS,
        "workers-kill-timeout": _REQUEST_SECONDS_MAX,
        "log-level": "warning",
    }
    words = [f"--{name}={value}" for name, value in options.items()]
    variables = {
        "ALDIA_ALLOWED_HOSTS": f"{_LOCAL_HOSTS},{host}",
        "ALDIA_DB_POOL": str(THREADS_PER_PROCESS + 1),
        "POLARS_MAX_THREADS": "1",  # a page reckons with a few rows, and others are asked for beside it
    }
    return Program(
        "la página",
        [sys.executable, "-m", "granian", *words, "--no-ws", "aldia.project.wsgi:application"],
        {name: os.environ.get(name, value) for name, value in variables.items()},
    )


def _worker() -> Program:
    return Program("quien atiende los trabajos", [sys.executable, "-m", "aldia.cli.main", "worker"])
