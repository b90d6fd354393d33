"""`aldia backup`, `aldia restore`, `aldia reconcile`: a copy of the whole house, and the way back."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from aldia.cli.door import ACTOR, Answer, Call, command
from aldia.cli.paper import aligned, day, heading, number, part, plural
from aldia.kernel import clock
from aldia.operations.backup import Backup, Choice, Restored, make_backup, restore_backup, unlock_sending
from aldia.queries.reconciliation import Lock, Standing, sending_lock, standings
from aldia.records.outreach.models import MessageChannel, MessageState

app = typer.Typer(add_completion=False)

_SHOWN = 20
_MIB = 1024**2


@command(app, "backup", database=False)
def backup(
    call: Call,
    target: Annotated[
        Path,
        typer.Argument(
            metavar="ARCHIVO", help="El archivo nuevo, o una carpeta: se le pone la fecha por nombre."
        ),
    ],
    with_keys: Annotated[
        bool,
        typer.Option(
            "--with-keys", help="Con las claves dentro: quien tenga el archivo podrá leer y falsear todo."
        ),
    ] = False,
    no_verify: Annotated[
        bool, typer.Option("--no-verify", help="No comprobar la copia restaurándola aparte.")
    ] = False,
) -> Answer:
    """Copia todos los datos en un archivo y comprueba que se puede restaurar."""
    made = make_backup(target=target, with_keys=with_keys, prove=not no_verify, actor=ACTOR, now=clock.now())
    data = {
        "path": str(made.path),
        "size_bytes": made.size_bytes,
        "created_at": made.manifest.created_at,
        "rows": made.rows,
        "proven": made.proven,
        "keys": list(made.keys),
        "violations": _violations(made),
    }
    return Answer(data, lambda console: _show_backup(console, made), failed=bool(made.violations))


def _violations(done: Backup | Restored) -> dict[str, list[str]]:
    return {code: [each.sentence for each in found] for code, found in done.violations.items()}


def _show_backup(console: Console, made: Backup) -> None:
    size = f"{made.size_bytes / _MIB:.1f}".replace(".", ",")
    console.print(
        f"[bold]Copia hecha[/bold]: {escape(str(made.path))} ({size} MiB, {number(made.rows)} filas)"
    )
    if made.proven:
        console.print("Comprobada: se ha restaurado aparte y están todas las filas.")
    else:
        console.print("Sin comprobar: no se ha restaurado aparte.")
    _show_violations(console, made)
    if made.keys:
        console.print(
            "[bold]Lleva las claves dentro[/bold]: guárdela donde nadie más pueda leerla.", highlight=False
        )
    else:
        console.print(
            "Sin las claves (audit_key, secrets_key y secret_key de ALDIA_HOME): guárdelas aparte.",
            highlight=False,
        )


def _show_violations(console: Console, done: Backup | Restored) -> None:
    for code, sentences in _violations(done).items():
        console.print(f"[bold]Las cuentas de «{escape(code)}» no cuadran[/bold] (aldia verify):")
        for sentence in sentences[:_SHOWN]:
            console.print(f"✗ {escape(sentence)}")


@command(app, "restore", database=False)
def restore(
    call: Call,
    source: Annotated[Path, typer.Argument(metavar="ARCHIVO", help="La copia.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Aunque ya haya datos: se conservan en otra base de datos.")
    ] = False,
    without_key: Annotated[
        bool,
        typer.Option("--without-key", help="Aunque se haya perdido la clave del registro de auditoría."),
    ] = False,
) -> Answer:
    """Restaura una copia y deja los envíos bloqueados hasta que se concilie (aldia reconcile)."""
    done = restore_backup(
        source=source, replace=replace, without_key=without_key, actor=ACTOR, now=clock.now()
    )
    data = {
        "created_at": done.manifest.created_at,
        "rows": sum(done.manifest.facts.rows.values()),
        "kept_as": done.kept_as,
        "keys": list(done.keys),
        "passwords_readable": done.passwords_readable,
        "violations": _violations(done),
    }
    return Answer(data, lambda console: _show_restored(console, done), failed=bool(done.violations))


def _show_restored(console: Console, done: Restored) -> None:
    moment = done.manifest.created_at
    rows = number(sum(done.manifest.facts.rows.values()))
    console.print(f"[bold]Restaurada[/bold] la copia del {moment:%d/%m/%Y a las %H:%M} (UTC): {rows} filas.")
    if done.kept_as:
        console.print(f"Lo que había sigue en la base de datos «{escape(done.kept_as)}».", highlight=False)
    if done.keys:
        console.print(f"Se han puesto las claves de la copia: {', '.join(done.keys)}.", highlight=False)
    if not done.passwords_readable:
        console.print("Falta la clave «secrets_key» de la copia: escriba de nuevo la contraseña del correo.")
    _show_violations(console, done)
    part(console, "Los envíos están bloqueados")
    for step in (
        "Importe las facturas y los cobros posteriores a la copia.",
        "Haga el proceso de hoy: aldia run --all",
        "Mire qué pudo salir ya: aldia reconcile",
        "Reanude los envíos: aldia reconcile --unlock",
    ):
        console.print(f"· {step}", highlight=False)


@command(app, "reconcile")
def reconcile(
    call: Call,
    unlock: Annotated[bool, typer.Option("--unlock", help="Reanudar los envíos.")] = False,
    pending: Annotated[
        Choice | None,
        typer.Option(
            help="Con --unlock, qué hacer con lo que según la copia no ha salido: enviarlo o darlo por hecho."
        ),
    ] = None,
) -> Answer:
    """Muestra, tras restaurar una copia, qué mensajes pudieron salir ya; con --unlock reanuda los envíos."""
    if unlock:
        done = unlock_sending(pending=pending, actor=ACTOR, now=clock.now())
        sentence = (
            f"Envíos reanudados: {plural(done.sendable, 'mensaje podrá', 'mensajes podrán')} salir y"
            f" {plural(done.skipped, 'se da', 'se dan')} por hecho."
        )
        data: dict[str, Any] = {"locked": False, "sendable": done.sendable, "skipped": done.skipped}
        return Answer(data, lambda console: console.print(sentence, highlight=False))
    lock, found = sending_lock(), standings(now=clock.now())
    data = {
        "locked": lock is not None,
        "locked_at": lock.at if lock else None,
        "reason": lock.reason if lock else "",
        "creditors": [_as_dict(each) for each in found],
    }
    return Answer(data, lambda console: _show(console, lock, found))


def _as_dict(standing: Standing) -> dict[str, Any]:
    return {
        "creditor": standing.creditor.code,
        "copied_at": standing.copied_at,
        "last_sent_at": standing.last_sent_at,
        "run_due_on": standing.run_due_on,
        "doubts": list(standing.doubts),
        "pending": [
            {
                "key": each.key,
                "customer": each.customer_code,
                "channel": each.channel,
                "state": each.state,
                "planned_on": each.planned_on,
                "new": each.new,
            }
            for each in standing.pending
        ],
    }


def _show(console: Console, lock: Lock | None, found: list[Standing]) -> None:
    if lock is None:
        console.print("Los envíos no están bloqueados: no hay nada que conciliar.")
        return
    console.print(f"[bold]Los envíos están bloqueados.[/bold] {escape(lock.reason)}", highlight=False)
    for standing in found:
        _show_creditor(console, standing)
    if not any(standing.pending for standing in found):
        console.print("\nPara reanudar los envíos: aldia reconcile --unlock", highlight=False)
        return
    part(console, "Compárelo con el registro de su servidor de correo")
    console.print("Si nada de lo anterior salió: aldia reconcile --unlock --pending send", highlight=False)
    console.print("Si no se sabe: aldia reconcile --unlock --pending skip", highlight=False)


def _show_creditor(console: Console, standing: Standing) -> None:
    sent = standing.last_sent_at
    last = (
        f"El último envío que consta es del {sent:%d/%m/%Y a las %H:%M} (UTC)."
        if sent
        else "No consta ningún envío."
    )
    heading(console, standing.creditor.name, last)
    if standing.run_due_on:
        console.print(f"[bold]Falta el proceso del {day(standing.run_due_on)}[/bold]: aldia run --all")
    if standing.doubts:
        console.print(f"Salían al hacerse la copia, sin confirmar: {', '.join(map(escape, standing.doubts))}")
    if not standing.pending:
        console.print("Nada espera para salir.")
        return
    table = aligned(["Clave", "Cliente", "", "Vía", "Estado", "Previsto"])
    for each in standing.pending[:_SHOWN]:
        table.add_row(
            escape(each.key),
            escape(each.customer_code),
            escape(each.customer_name),
            MessageChannel(each.channel).label,
            MessageState(each.state).label + (" (tras restaurar)" if each.new else ""),
            day(each.planned_on),
        )
    console.print(table)
    if len(standing.pending) > _SHOWN:
        console.print(f"… y {number(len(standing.pending) - _SHOWN)} más (--json los da todos)")
