"""`aldia …`: the table of commands. Each section is loaded only when it is called for."""

import os
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from aldia.cli.door import refuse
from aldia.cli.house import open_django
from aldia.kernel.errors import AldiaError


@dataclass(frozen=True, slots=True)
class Section:
    """module: has a Typer named `app`, which is the command's group or holds the command. records: needs
    Django to be loaded."""

    module: str
    help: str
    group: bool = False
    records: bool = True


SECTIONS = {
    "init": Section("setting_up", "Crea un acreedor con las estrategias de la casa."),
    "demo": Section("demo", "Carga una cartera de demostración y hace su proceso diario."),
    "import": Section("importing", "Importa facturas, cobros y clientes.", group=True),
    "run": Section("daily", "Hace el proceso diario: decide sobre cada cliente."),
    "decisions": Section("reading", "Muestra la decisión sobre cada cliente y su motivo."),
    "explain": Section("reading", "Explica un cliente: qué debe, qué se decide y por qué."),
    "panel": Section("panel", "Enseña las cifras del último cierre y el cobro previsto."),
    "portfolio": Section("reading", "Vuelca la cartera: una fila por cliente y moneda."),
    "worklist": Section("worklist", "La cola de trabajo: qué expediente toca y por qué."),
    "case": Section("cases", "Expedientes: verlos, asignarlos, la próxima acción, notas.", group=True),
    "strategy": Section("strategies", "Comprueba, muestra y pone en vigor estrategias.", group=True),
    "text": Section("texts", "Muestra y cambia los textos de los mensajes.", group=True),
    "call": Section("calls", "Llamadas y visitas, y lo que sale de ellas.", group=True),
    "reply": Section("replies", "Anota lo que ha contestado un cliente."),
    "promise": Section("promises", "Compromisos de pago, y en qué quedaron.", group=True),
    "dispute": Section("disputes", "Incidencias: lo que no se acepta, y cómo terminó.", group=True),
    "circumstance": Section("circumstances", "Lo que impide escribir a un cliente.", group=True),
    "kind": Section("kinds", "Cómo paga un cliente, y en qué se apoya.", group=True),
    "consent": Section("consents", "Lo que un cliente autoriza o no quiere.", group=True),
    "hold": Section("holds", "Pausas: a quién no se reclama por un tiempo.", group=True),
    "area-hold": Section("area_holds", "Pausas por código postal.", group=True),
    "holiday": Section("local_holidays", "Los festivos de cada municipio.", group=True),
    "settings": Section("settings", "Muestra y cambia los ajustes del acreedor."),
    "serve": Section("serving", "Sirve la página y atiende los trabajos programados."),
    "user": Section("people", "Da entrada a una persona en la página."),
    "token": Section("tokens", "Crea, enumera y revoca los tokens de la API.", group=True),
    "release": Section("daily", "Da el sí a los mensajes que el freno ha parado."),
    "approve": Section("sending", "Da el sí a mensajes que esperan aprobación."),
    "send": Section("sending", "Envía lo que puede salir ahora."),
    "outbox": Section("sending", "Enseña lo que está por salir y lo que está en duda."),
    "inbox": Section("inbox", "Recoge y enseña lo que contestan los clientes.", group=True),
    "letters": Section("letters", "Imprime las cartas de la bandeja y anota su envío.", group=True),
    "certified": Section("certified", "Cartas certificadas: entrega, resultado y certificado.", group=True),
    "statement": Section("statement", "Guarda en PDF el estado de cuenta de un cliente."),
    "mailbox": Section("sending", "Enseña el buzón de pruebas."),
    "channel": Section("channels", "Configura y prueba los canales: SMS y WhatsApp.", group=True),
    "run-due": Section("daily", "Hace ahora los procesos diarios que tocan."),
    "worker": Section("daily", "Atiende los trabajos programados."),
    "backup": Section("backups", "Copia todos los datos en un archivo, y lo comprueba."),
    "restore": Section("backups", "Restaura una copia, con los envíos bloqueados."),
    "reconcile": Section("backups", "Tras restaurar: qué pudo salir ya, y reanudar los envíos."),
    "evidence": Section("evidence", "Exporta los contactos con un cliente, con su comprobación."),
    "alerts": Section("alerts", "Los avisos a las personas de la casa.", group=True),
    "verify": Section("checking", "Comprueba que las cuentas cuadran."),
    "doctor": Section("checking", "Comprueba la instalación."),
    "db": Section("database", "La base de datos: estado, consola, parada.", group=True, records=False),
    "bench": Section("bench", "Mide la velocidad en esta máquina.", group=True),
}


class LazyGroup(TyperGroup):
    """Knows its commands by name and help; loads one when it is run."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for name, section in SECTIONS.items():
            self.add_command(TyperCommand(name, help=section.help, callback=None), name)

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order of the table, which is that of a working day."""
        return list(self.commands)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The real command in place of its name."""
        if args and args[0] in self.commands:
            try:
                self.commands[args[0]] = loaded(args[0])
            except AldiaError as error:
                refuse(error, as_json="--json" in args)
        return super().resolve_command(ctx, args)


def loaded(name: str) -> Any:
    """The command or group of that name, its section imported."""
    section = SECTIONS[name]
    if section.records:
        open_django()
    found: Any = get_command(import_module(f"aldia.cli.{section.module}").app)
    if not section.group:
        return found.commands[name] if hasattr(found, "commands") else found
    found.name = name
    return found


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


@app.callback(help="Al Día: quién debe qué, qué se hará hoy con cada cliente y por qué.")
def _root(
    ctx: typer.Context,
    creditor: Annotated[
        str | None, typer.Option("--creditor", metavar="CÓDIGO", help="De qué acreedor se trata.")
    ] = None,
) -> None:
    ctx.obj = creditor


def main() -> None:
    """The entry point of the `aldia` program."""
    try:
        app(prog_name="aldia")
    except BrokenPipeError:  # whoever read us has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
