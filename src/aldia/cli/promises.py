"""`aldia promise`: what customers say they will pay, and what came of it."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of, day_of
from aldia.cli.door import ACTOR, Answer, Call, On, command
from aldia.cli.paper import aligned, day, money
from aldia.kernel import clock
from aldia.kernel.money import read_typed_amount
from aldia.operations.promises import NewPromise, PromiseRefused, record_promise, withdraw_promise
from aldia.queries.customers import customer_by_code
from aldia.queries.promises import PromiseSeen, promise_board, promises_of
from aldia.records.cases.models import PaymentMethod, PromiseSource
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Compromisos de pago: lo que un cliente dice que pagará, y en qué quedó.",
)

Method = StrEnum("Method", {each.name: each.value for each in PaymentMethod})  # type: ignore[misc]
Source = StrEnum("Source", {each.name: each.value for each in PromiseSource})  # type: ignore[misc]
Customer = Annotated[str, typer.Argument(metavar="CLIENTE", help="El código del cliente.")]


@command(app, "add")
def add(
    call: Call,
    *,
    customer: Customer,
    amount: Annotated[str, typer.Argument(metavar="IMPORTE", help="Como 340,00.")],
    promised_on: Annotated[
        date, typer.Argument(parser=clock.read_date, metavar="AAAA-MM-DD", help="Qué día paga.")
    ],
    currency: Annotated[str, typer.Option(metavar="ISO", help="Si falta, la del acreedor.")] = "",
    method: Annotated[Method | None, typer.Option(help="Cómo pagará.")] = None,
    by: Annotated[str, typer.Option("--by", help="Quién lo dijo.")] = "",
    source: Annotated[Source, typer.Option(help="Cómo llegó.")] = Source("desk"),
    document: Annotated[
        list[int] | None,
        typer.Option(
            "--line", metavar="NÚMERO", help="De qué vencimiento; se repite. Si falta, los más antiguos."
        ),
    ] = None,
    note: Annotated[str, typer.Option(help="Lo que convenga recordar.")] = "",
    receipt: Annotated[bool, typer.Option(help="Si se le manda el acuse con lo anotado.")] = True,
) -> Answer:
    """Anota un compromiso: hasta ese día, con su margen, no se le reclama."""
    creditor = creditor_of(call)
    code = currency or creditor.currency
    minor = read_typed_amount(amount, code)
    if minor is None:
        raise PromiseRefused(f"«{amount}» no se lee como un importe en {code}.", field="amount")
    made = record_promise(
        creditor=creditor,
        customer_id=_customer_id(creditor, customer),
        new=NewPromise(
            amount_minor=minor,
            currency=code,
            promised_on=promised_on,
            method=method.value if method else "",
            promised_by=by,
            source=source.value,
            note=note,
            due_line_ids=tuple(document or ()),
            receipt=receipt,
        ),
        actor=ACTOR,
        now=clock.now(),
    )
    sentence = f"Anotado ({made.pk}): {customer} pagará {money(minor, code)} el {day(promised_on)}."
    data = {"promise": made.pk, "customer": customer, "amount_minor": minor, "currency": code}
    return Answer(data | {"promised_on": promised_on}, lambda console: console.print(escape(sentence)))


@command(app, "withdraw")
def withdraw(
    call: Call,
    promise: Annotated[int, typer.Argument(metavar="NÚMERO", help="El de «aldia promise list».")],
    reason: Annotated[str, typer.Option(help="Por qué; hace falta.")] = "",
) -> Answer:
    """Retira un compromiso abierto, con su motivo."""
    creditor = creditor_of(call)
    withdraw_promise(creditor=creditor, promise_id=promise, reason=reason, actor=ACTOR, now=clock.now())
    return Answer(
        {"promise": promise, "state": "withdrawn"}, lambda console: console.print("Compromiso retirado.")
    )


@command(app, "list")
def list_(
    call: Call,
    customer: Annotated[
        str, typer.Argument(metavar="[CLIENTE]", help="Su código; si falta, los de todos, por fecha.")
    ] = "",
    on: On = None,
) -> Answer:
    """Enumera los compromisos y en qué quedaron: de un cliente, o los de todos desde hace 30 días."""
    creditor = creditor_of(call)
    today = day_of(creditor, on)
    customer_id = _customer_id(creditor, customer) if customer else None
    with transaction.atomic(), scope([creditor.pk]):
        if customer_id is None:
            known = promise_board(creditor, today).rows
        else:
            known = promises_of(creditor, customer_id, today)

    def show(console: Console) -> None:
        table = aligned(["n.º", "cliente", "para el", "importe", "pagado", "estado"], right=[0, 3, 4])
        for each in known:
            table.add_row(
                str(each.id),
                escape(each.code),
                day(each.promised_on),
                money(each.amount.minor, each.amount.currency),
                money(each.paid.minor, each.paid.currency),
                "Espera a que se aplique el cobro" if each.waits_for_matching else each.label,
            )
        console.print(table if known else "Ninguno.")

    return Answer({"creditor": creditor.code, "promises": [_told(each) for each in known]}, show)


def _customer_id(creditor: Creditor, code: str) -> int:
    with transaction.atomic(), scope([creditor.pk]):
        return customer_by_code(code).pk


def _told(each: PromiseSeen) -> dict[str, Any]:
    return {
        "promise": each.id,
        "customer": each.code,
        "amount_minor": each.amount.minor,
        "required_minor": each.required.minor,
        "paid_minor": each.paid.minor,
        "currency": each.amount.currency,
        "made_on": each.made_on,
        "promised_on": each.promised_on,
        "until_on": each.until_on,
        "state": each.state,
        "decided_on": each.decided_on,
        "waits_for_matching": each.waits_for_matching,
        "method": each.method_code,
        "source": each.source_code,
        "promised_by": each.promised_by,
        "taken_by": each.taken_by,
        "note": each.note,
        "reason": each.reason,
    }
