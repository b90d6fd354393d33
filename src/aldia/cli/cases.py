"""`aldia case`: one customer's case, whose it is, what is done next, notes."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of
from aldia.cli.door import ACTOR, Answer, Call, Now, On, command
from aldia.cli.paper import day
from aldia.cli.worklist import member_of
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.cases import CaseChanges, add_note, change_case
from aldia.queries.cases import CaseSeen, case_history, cases_of_group, notes_of, open_case_of
from aldia.queries.customers import customer_by_code
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Los expedientes de los clientes.")

Customer = Annotated[str, typer.Argument(metavar="CLIENTE", help="El código del cliente.")]
At = Annotated[
    datetime | None,
    typer.Option(
        "--at", parser=clock.read_moment, metavar="ISO", help="A qué hora, como 2026-11-20T10:00+01:00."
    ),
]


class NoOpenCase(AldiaError):
    """The customer has no open case. facts: customer."""

    code = "no_open_case"


@command(app, "show")
def show_case(call: Call, customer: Customer) -> Answer:
    """Enseña el expediente abierto de un cliente, con su historia, sus notas y los de su grupo."""
    creditor = creditor_of(call)
    customer_id = _customer_id(creditor, customer)
    with transaction.atomic(), scope([creditor.pk]):
        case = open_case_of(creditor, customer_id)
        history, notes = case_history(creditor, customer_id), notes_of(creditor, customer_id)
        group = cases_of_group(creditor, customer_id)

    def show(console: Console) -> None:
        for line in _lines(case):
            console.print(escape(line), highlight=False)
        for note in notes:
            console.print(escape(f"Nota de {note.by}, {note.at:%d/%m/%Y}: {note.text}"), highlight=False)
        for each in history:
            words = f": {each.words}" if each.words else ""
            console.print(escape(f"{each.at:%d/%m/%Y}  {each.label}{words} ({each.by})"), highlight=False)
        for other in group:
            console.print(
                escape(f"Del mismo grupo ({other.group}): {other.name} ({other.code}), {other.state_label}")
            )

    data = {
        "creditor": creditor.code,
        "customer": customer,
        "case": asdict(case) if case else None,
        "history": [asdict(each) for each in history],
        "notes": [asdict(each) for each in notes],
        "group": [asdict(each) for each in group],
    }
    return Answer(data, show)


@command(app, "assign")
def assign(
    call: Call,
    *,
    customer: Customer,
    to: Annotated[str | None, typer.Option("--to", metavar="CORREO", help="A quién.")] = None,
    nobody: Annotated[bool, typer.Option("--nobody", help="A nadie.")] = False,
    now: Now = None,
) -> Answer:
    """Pasa el expediente a una persona, o a nadie."""
    if bool(to) == nobody:
        raise typer.BadParameter("diga «--to CORREO» o «--nobody».")
    creditor = creditor_of(call)
    owner = member_of(creditor, to).pk if to else None
    return _changed(creditor, customer, CaseChanges(owner_id=owner), now)


@command(app, "next")
def next_(
    call: Call,
    *,
    customer: Customer,
    action: Annotated[str, typer.Argument(metavar="QUÉ", help="Qué se hará.")],
    on: On = None,
    at: At = None,
    now: Now = None,
) -> Answer:
    """Pone la próxima acción del expediente, con su día y quizá su hora."""
    if on is None and at is None:
        raise typer.BadParameter("diga cuándo: «--on» o «--at».")
    changes = CaseChanges(next_action=action, next_on=on, next_at=at)
    return _changed(creditor_of(call), customer, changes, now)


@command(app, "note")
def note(
    call: Call,
    *,
    customer: Customer,
    text: Annotated[str, typer.Argument(metavar="TEXTO", help="Lo que los demás deben saber.")],
    now: Now = None,
) -> Answer:
    """Escribe una nota sobre un cliente."""
    creditor = creditor_of(call)
    customer_id = _customer_id(creditor, customer)
    made = add_note(
        creditor=creditor, customer_id=customer_id, text=text, actor=ACTOR, now=now or clock.now()
    )
    data = {"creditor": creditor.code, "customer": customer, "note": made.pk, "case": made.case_id}
    return Answer(data, lambda console: console.print("Nota escrita."))


def _changed(creditor: Creditor, customer: str, changes: CaseChanges, now: datetime | None) -> Answer:
    customer_id = _customer_id(creditor, customer)
    seen = _open(creditor, customer_id, customer)
    change_case(creditor=creditor, case_id=seen.id, changes=changes, actor=ACTOR, now=now or clock.now())
    after = _open(creditor, customer_id, customer)

    def show(console: Console) -> None:
        for line in _lines(after):
            console.print(escape(line), highlight=False)

    return Answer({"creditor": creditor.code, "customer": customer, "case": asdict(after)}, show)


def _open(creditor: Creditor, customer_id: int, code: str) -> CaseSeen:
    with transaction.atomic(), scope([creditor.pk]):
        case = open_case_of(creditor, customer_id)
    if case is None:
        raise NoOpenCase(
            f"El cliente «{code}» no tiene expediente abierto: no había nada vencido en el último proceso.",
            customer=code,
        )
    return case


def _lines(case: CaseSeen | None) -> list[str]:
    if case is None:
        return ["Sin expediente abierto."]
    told: dict[str, Any] = {
        "Expediente": f"{case.id}, {case.state_label} desde el {day(case.state_since)}",
        "Quién": case.owner_label or "nadie",
        "Equipo": case.team,
        "Prioridad": case.priority_label if case.priority else "",
        "Próxima acción": _next(case),
    }
    return [f"{label}: {value}" for label, value in told.items() if value]


def _next(case: CaseSeen) -> str:
    when = day(case.next_on) if case.next_on else ""
    return f"{case.next_action} ({when})" if case.next_action and when else case.next_action or when


def _customer_id(creditor: Creditor, code: str) -> int:
    with transaction.atomic(), scope([creditor.pk]):
        return customer_by_code(code).pk
