"""`aldia db …`: the database server and its tables."""

import dataclasses
from typing import Annotated

import typer
from rich.console import Console

from aldia.cli.door import Answer, Call, command
from aldia.cli.house import bring_up_to_date, pending_migrations
from aldia.connectors.postgres import ServerStatus, psql, server_status, stop_server

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="La base de datos: estado, consola, parada, migraciones."
)


@command(app, "status", database=False)
def status(call: Call) -> Answer:
    """Dice si el servidor está en marcha. No arranca nada."""
    found = server_status()
    data = {**dataclasses.asdict(found), "home": str(found.home) if found.home else None}

    def show(console: Console) -> None:
        state = "en marcha" if found.running else "parado"
        kind = "incorporado" if found.embedded else "propio (DATABASE_URL)"
        console.print(f"[bold]Servidor {kind}: {state}[/bold]")
        for label, value in (
            ("Versión", found.version),
            ("Proceso", found.pid),
            ("Carpeta", found.home),
            ("Motivo", None if found.running else _reason(found)),
        ):
            if value:
                console.print(f"{label}: {value}", markup=False, highlight=False)

    return Answer(data, show)


def _reason(found: ServerStatus) -> str | None:
    """An embedded server that is not there is no trouble: whoever needs it starts it."""
    return "se arranca solo cuando hace falta" if found.embedded else found.trouble


@command(app, "stop", database=False)
def stop(call: Call) -> Answer:
    """Detiene el servidor incorporado."""
    stopped = stop_server()
    sentence = "Servidor detenido." if stopped else "El servidor ya estaba parado."
    return Answer({"stopped": stopped}, lambda console: console.print(sentence))


@command(app, "migrate", database=False)
def migrate(call: Call) -> Answer:
    """Pone las tablas al día, con el usuario propietario."""
    applied = pending_migrations()
    if applied:
        bring_up_to_date()
    sentence = f"{len(applied)} migraciones aplicadas." if applied else "Las tablas ya estaban al día."
    return Answer({"applied": applied}, lambda console: console.print(sentence))


@app.command("psql", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def console_of_the_database(
    ctx: typer.Context,
    owner: Annotated[bool, typer.Option("--owner", help="Entrar como propietario de las tablas.")] = False,
) -> None:
    """Abre la consola psql; lo que siga se le pasa tal cual."""
    raise typer.Exit(psql(ctx.args, role="owner" if owner else "app"))
