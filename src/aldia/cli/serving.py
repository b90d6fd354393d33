"""`aldia serve` and `aldia user`: the page, and who may log in to it."""

import os
import socket
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of
from aldia.cli.door import ACTOR, Answer, Call, command
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.people import create_user, generated_password
from aldia.records.tenancy.models import Role

app = typer.Typer(add_completion=False)

_THREADS = 4
_LOCAL_HOSTS = "127.0.0.1,localhost,[::1]"


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
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Puerto.")] = 8000,
) -> None:
    """Sirve la página con las decisiones de hoy hasta que se le pare (Ctrl-C)."""
    _check_free(host, port)
    os.environ.setdefault("ALDIA_ALLOWED_HOSTS", f"{_LOCAL_HOSTS},{host}")
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host
    Console(stderr=call.as_json).print(
        f"[bold]Al Día[/bold] está en http://{escape(shown)}:{port}/ · Ctrl-C para parar", highlight=False
    )
    _listen(host, port)


def _check_free(host: str, port: int) -> None:
    """Said before the server starts, which would not say it in a sentence."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise PortTaken(
            f"No se puede escuchar en {host}:{port} ({os.strerror(error.errno or 0).lower()}):"
            " elija otro puerto con «--port».",
            host=host,
            port=port,
        ) from None


def _listen(host: str, port: int) -> None:
    """Until it is stopped. One process: the database is what a page waits for."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "aldia.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=_THREADS,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve()


@command(app, "user", migrates=True)
def user(
    call: Call,
    email: Annotated[str, typer.Argument(metavar="CORREO", help="Con el que entra.")],
    name: Annotated[str, typer.Option("--name", help="Cómo se llama.")],
    role: Annotated[
        str, typer.Option("--role", help=f"Papel: {', '.join(Role.values)}.")
    ] = Role.ADMINISTRATOR.value,
) -> Answer:
    """Da entrada a una persona en la página y le pone una contraseña."""
    creditor, password = creditor_of(call), generated_password()
    entered = create_user(
        email=email,
        name=name,
        password=password,
        creditor_id=creditor.pk,
        role=role,
        actor=ACTOR,
        now=clock.now(),
    )
    data = {"creditor": creditor.code, "email": entered.email, "password": password, "role": role}

    def show(console: Console) -> None:
        console.print(f"{escape(entered.name)} ya puede entrar en «{escape(creditor.name)}».")
        console.print(f"Correo: {escape(entered.email)}", highlight=False)
        console.print(f"Contraseña: [bold]{password}[/bold] (no se vuelve a mostrar)", highlight=False)

    return Answer(data, show)
