"""`aldia worklist`: which case is worked next, and why."""

from dataclasses import asdict
from typing import Annotated, Any

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of, day_of
from aldia.cli.door import Answer, Call, Now, On, command
from aldia.cli.paper import aligned, plural
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.kernel.money import format_money
from aldia.queries.people import membership_of
from aldia.queries.worklist import EVERYBODY, PAGE, Wanted, WorkRow, worklist
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope

app = typer.Typer(add_completion=False)


class UnknownCollector(AldiaError):
    """Nobody with access to the creditor has this address."""

    code = "unknown_collector"


def member_of(creditor: Creditor, email: str) -> Membership:
    """Whoever has this e-mail. Raises UnknownCollector."""
    found = membership_of(creditor.pk, email)
    if found is None:
        raise UnknownCollector(f"Nadie con el correo «{email}» trabaja para «{creditor.name}».", email=email)
    return found


@command(app, "worklist")
def worklist_(
    call: Call,
    *,
    of: Annotated[
        str | None, typer.Option("--of", metavar="CORREO", help="De quién; sin él, la de todos.")
    ] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="Los que no lleva nadie.")] = False,
    tier: Annotated[int | None, typer.Option(min=1, max=7, help="Solo un grupo, del 1 al 7.")] = None,
    text: Annotated[str, typer.Option("--text", help="Palabras del nombre, código o número fiscal.")] = "",
    page: Annotated[int, typer.Option(min=1, help="Página.")] = 1,
    on: On = None,
    now: Now = None,
) -> Answer:
    """Los expedientes abiertos en el orden en que se trabajan, cada uno con su motivo."""
    if of and nobody:
        raise typer.BadParameter("diga «--of» o «--nobody», no los dos.")
    creditor = creditor_of(call)
    member = member_of(creditor, of) if of else None
    owner = str(member.pk) if member else "nobody" if nobody else EVERYBODY
    wanted = Wanted(owner=owner, tier=tier, text=text, page=page)
    moment = now or clock.now()
    with transaction.atomic(), scope([creditor.pk]):
        day = day_of(creditor, on, moment)
        found = worklist(creditor, member=member, on=day, now=moment, wanted=wanted)
    first = (found.page - 1) * PAGE + 1

    def show(console: Console) -> None:
        table = aligned(["", "cliente", "vencido", "motivo", "quién"], right=[0, 2])
        for rank, row in enumerate(found.rows, start=first):
            table.add_row(
                str(rank),
                escape(f"{row.name} ({row.code})"),
                escape(" + ".join(format_money(each.minor, each.currency) for each in row.overdue)),
                escape(row.reason),
                escape(row.owner_label or "nadie"),
            )
        console.print(table if found.rows else "No hay expedientes que enseñar.")
        if found.pages > 1:
            console.print(f"Página {found.page} de {found.pages}: {found.total} expedientes.")
        if found.capacity is not None:
            console.print(f"Para hoy, {plural(found.today, 'expediente', 'expedientes')}.")
        for left in found.left_behind:
            console.print(f"{plural(left.cases, 'expediente', 'expedientes')} {escape(left.label)}.")

    data = {
        "creditor": creditor.code,
        "on": day,
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "today": found.today,
        "capacity": asdict(found.capacity) if found.capacity else None,
        "left_behind": [asdict(each) for each in found.left_behind],
        "cases": [{"rank": rank, **_told(row)} for rank, row in enumerate(found.rows, start=first)],
    }
    return Answer(data, show)


def _told(row: WorkRow) -> dict[str, Any]:
    return asdict(row) | {"owner_label": row.owner_label}
