"""`aldia kind`: how a customer pays."""

from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of, day_of
from aldia.cli.door import ACTOR, Answer, Call, On, command
from aldia.cli.paper import day
from aldia.kernel import clock
from aldia.operations.kinds import judge_kind
from aldia.queries.customers import customer_by_code
from aldia.queries.kinds import Judged, KindSeen, judgements_of, kind_of
from aldia.records.cases.models import DebtorKind
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Cómo paga un cliente: lo que se deduce, en qué se apoya y lo que dice una persona.",
)

Customer = Annotated[str, typer.Argument(metavar="CLIENTE", help="El código del cliente.")]
Kind = StrEnum("Kind", {kind.name: kind.value for kind in DebtorKind})  # type: ignore[misc]


@command(app, "show")
def show(call: Call, customer: Customer, on: On = None) -> Answer:
    """Enseña cómo paga, en qué se apoya, el trato y lo que han dicho las personas."""
    creditor = creditor_of(call)
    seen, said = _looked_up(creditor, customer, day_of(creditor, on))

    def tell(console: Console) -> None:
        console.print(f"[bold]{escape(seen.label)}[/bold]")
        for sentence in (*seen.evidence, seen.treatment):
            console.print(escape(sentence))
        if seen.judged:
            console.print(escape(f"Lo dice {seen.judged_by}; se deduciría: {seen.inferred_label.lower()}."))
        for each in said:
            console.print(escape(_line(each)), style="dim")

    data = asdict(seen) | {"creditor": creditor.code, "customer": customer}
    return Answer(data | {"history": [asdict(each) for each in said]}, tell)


@command(app, "judge")
def judge(
    call: Call,
    customer: Customer,
    kind: Annotated[Kind, typer.Argument(metavar="CÓMO", help="Cómo paga.")],
    note: Annotated[str, typer.Option(help="Por qué, si es distinto de lo que se deduce.")] = "",
) -> Answer:
    """Dice cómo paga: vale antes que lo que se deduce, también para su estrategia."""
    return _judged(creditor_of(call), customer, kind.value, note)


@command(app, "release")
def release(
    call: Call, customer: Customer, note: Annotated[str, typer.Option(help="Por qué.")] = ""
) -> Answer:
    """Lo devuelve a lo que se deduce de su comportamiento."""
    return _judged(creditor_of(call), customer, "", note)


def _judged(creditor: Creditor, code: str, kind: str, note: str) -> Answer:
    now = clock.now()
    customer_id = _customer_id(creditor, code)
    judge_kind(creditor=creditor, customer_id=customer_id, kind=kind, note=note, actor=ACTOR, now=now)
    seen, _said = _looked_up(creditor, code, day_of(creditor, None, now))
    sentence = f"{code}: {seen.label.lower()}. {seen.treatment}"
    data = asdict(seen) | {"creditor": creditor.code, "customer": code}
    return Answer(data, lambda console: console.print(escape(sentence)))


def _looked_up(creditor: Creditor, code: str, on: date) -> tuple[KindSeen, tuple[Judged, ...]]:
    with transaction.atomic(), scope([creditor.pk]):
        customer_id = customer_by_code(code).pk
        return kind_of(creditor, customer_id, on), judgements_of(creditor, customer_id, on)


def _customer_id(creditor: Creditor, code: str) -> Any:
    with transaction.atomic(), scope([creditor.pk]):
        return customer_by_code(code).pk


def _line(said: Judged) -> str:
    what = said.label or "Devuelto a lo que se deduce"
    return f"{day(said.on)} · {what} · {said.who}" + (f" · {said.note}" if said.note else "")
