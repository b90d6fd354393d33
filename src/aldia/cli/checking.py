"""`aldia verify` and `aldia doctor`: do the books balance, is the installation sound."""

import dataclasses

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of
from aldia.cli.door import Answer, Call, command
from aldia.queries.doctor import examine
from aldia.queries.verify import verify as violations_of
from aldia.queries.verify_cases import verify_cases
from aldia.queries.verify_standing import verify_standing
from aldia.records.tenancy.scope import scope

app = typer.Typer(add_completion=False)


@command(app, "verify")
def verify(call: Call) -> Answer:
    """Comprueba las leyes del libro (I1 a I5, I7), expedientes, lo guardado para las listas y auditoría."""
    creditor = creditor_of(call)
    with transaction.atomic(), scope([creditor.pk]):
        violations = [
            *violations_of(creditor.pk),
            *verify_cases(creditor),
            *verify_standing(creditor),
        ]
    data = {
        "creditor": creditor.code,
        "ok": not violations,
        "violations": [dataclasses.asdict(violation) for violation in violations],
    }

    def show(console: Console) -> None:
        if not violations:
            console.print(f"[bold]Todo cuadra[/bold] en las cuentas de «{escape(creditor.name)}».")
            return
        found = "una falta" if len(violations) == 1 else f"{len(violations)} faltas"
        console.print(f"[bold]Hay {found}[/bold] en las cuentas de «{escape(creditor.name)}»:")
        for violation in violations:
            console.print(f"✗ {escape(violation.invariant)}  {escape(violation.sentence)}")

    return Answer(data, show, failed=bool(violations))


@command(app, "doctor", database=False)
def doctor(call: Call) -> Answer:
    """Comprueba servidor, usuarios, muros entre acreedores, reloj, migraciones y disco."""
    checks = examine()
    sound = all(check.ok for check in checks)
    data = {"ok": sound, "checks": [dataclasses.asdict(check) for check in checks]}

    def show(console: Console) -> None:
        for check in checks:
            mark = "[green]✓[/green]" if check.ok else "[bold red]✗[/bold red]"
            console.print(f"{mark} [bold]{check.title}[/bold]  {escape(check.sentence)}", highlight=False)
            if check.remedy:
                console.print(f"  → {escape(check.remedy)}", highlight=False)
        console.print()
        console.print("Todo en orden." if sound else "Hay algo que arreglar.", style="bold")

    return Answer(data, show, failed=not sound)
