"""`aldia portfolio`, `aldia decisions`, `aldia explain`: what is known and decided, for reading."""

import io
import json
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of, day_of
from aldia.cli.door import Answer, Call, On, command
from aldia.cli.explaining import show_explanation
from aldia.cli.paper import NO_CUSTOMERS, aligned, bars, day, heading, part, plural
from aldia.kernel.errors import AldiaError
from aldia.queries.decisions import CustomerDecision, DayDecisions, decisions_on
from aldia.queries.explain import explain
from aldia.queries.reasons import portfolio_on
from aldia.rules.portfolio.reasons import Reason

app = typer.Typer(add_completion=False)


class Format(StrEnum):
    """How the portfolio is written."""

    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


class NotWritten(AldiaError):
    """The file asked for cannot be written."""

    code = "not_written"


class BytesOnTerminal(AldiaError):
    """Parquet is not for reading with the eyes."""

    code = "bytes_on_terminal"


@command(app, "portfolio")
def portfolio(
    call: Call,
    on: On = None,
    form: Annotated[Format, typer.Option("--format", help="Formato de salida.")] = Format.CSV,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="ARCHIVO", help="Archivo donde escribir.")
    ] = None,
) -> Answer | None:
    """Vuelca la cartera: una fila por cliente y moneda, con todas las columnas del vocabulario."""
    if call.as_json:
        form = Format.JSON
    if form is Format.PARQUET and output is None and sys.stdout.isatty():
        raise BytesOnTerminal(
            "Un archivo Parquet no se lee en pantalla: indique dónde guardarlo con «--output»."
        )
    creditor = creditor_of(call)
    as_of = day_of(creditor, on)
    content = written(portfolio_on(creditor, as_of), as_of, form)
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return None
    try:
        output.write_bytes(content)
    except OSError as error:
        raise NotWritten(
            f"No se ha podido escribir «{output}»: {error.strerror}.", output=str(output)
        ) from None
    data = {"on": as_of, "output": str(output), "format": form.value}
    return Answer(
        data, lambda console: console.print(f"Cartera del {day(as_of)} en «{escape(str(output))}».")
    )


def written(rows: pl.DataFrame, on: date, form: Format) -> bytes:
    """The rows in that format: ISO dates, plain whole numbers, empty for no value."""
    target = io.BytesIO()
    if form is Format.CSV:
        texts = [name for name, dtype in rows.schema.items() if dtype == pl.String]
        rows.with_columns(_inert(name) for name in texts).write_csv(target)
    elif form is Format.PARQUET:
        rows.write_parquet(target)
    else:
        data = {"on": on, "rows": rows.to_dicts()}
        target.write((json.dumps(data, ensure_ascii=False, default=date.isoformat) + "\n").encode())
    return target.getvalue()


def _inert(name: str) -> pl.Expr:
    """Cells that a spreadsheet would take for a formula get an apostrophe (ASVS 1.2.10)."""
    text = pl.col(name)
    formula = text.str.contains(r"^[=+\-@\t\r]")
    return pl.when(formula).then(pl.format("'{}", text)).otherwise(text).alias(name)


@command(app, "decisions")
def decisions(call: Call, on: On = None) -> Answer:
    """La decisión sobre cada cliente ese día y su motivo en una frase."""
    creditor = creditor_of(call)
    found = decisions_on(creditor, day_of(creditor, on))
    data = {"creditor": creditor.code, **found.as_dict()}
    return Answer(data, lambda console: _show_decisions(console, creditor.name, found))


def _show_decisions(console: Console, creditor: str, found: DayDecisions) -> None:
    source = "como quedaron anotadas ese día" if found.recorded else "calculadas ahora; nada queda anotado"
    if found.newcomers:
        after = plural(found.newcomers, "cliente llegó", "clientes llegaron")
        console.print(
            f"{after} después del proceso de ese día: repítalo con «aldia run» para decidir también."
        )
    elif not found.decisions:
        console.print(NO_CUSTOMERS)
    if not found.decisions:
        return
    count = plural(len(found.decisions), "cliente", "clientes")
    heading(console, f"{creditor} · {day(found.on)}", f"{count}, {source}")
    labels = {each.outcome: each.title for each in found.decisions}
    console.print(bars(found.counts(), labels))
    part(console, "Cliente por cliente")
    table = aligned(["cliente", "motivo"])
    for each in sorted(found.decisions, key=_urgency):
        name = f"\n{escape(each.name)}" if each.name not in ("", each.customer) else ""
        who = f"[bold]{escape(each.customer)}[/bold]{name}"
        table.add_row(who, escape(each.sentence))
    console.print(table)


def _urgency(decision: CustomerDecision) -> tuple[bool, bool, str]:
    """Who is written to first, who owes nothing late last."""
    return decision.step is None, decision.outcome in _QUIET, decision.customer


_QUIET = frozenset({Reason.NOTHING_OPEN, Reason.NOTHING_OVERDUE})


@command(app, "explain")
def explain_customer(
    call: Call,
    customer: Annotated[str, typer.Argument(metavar="CLIENTE", help="El código del cliente.")],
    on: On = None,
) -> Answer:
    """Explica un cliente: la decisión, el porqué y las cifras hasta el último día de intereses."""
    creditor = creditor_of(call)
    found = explain(creditor, customer, day_of(creditor, on))
    return Answer(found.as_dict(), lambda console: show_explanation(console, found))
