"""`aldia strategy …`: check, show and set the ladders."""

from pathlib import Path
from typing import Annotated, Any

import typer
from django.db import transaction
from rich.console import Console
from rich.markup import escape

from aldia.cli.asking import creditor_of, day_of
from aldia.cli.door import ACTOR, Answer, Call, On, command
from aldia.cli.paper import aligned, bars, day, heading, part, plural
from aldia.kernel import clock
from aldia.kernel.errors import AldiaError
from aldia.operations.strategies import set_strategy
from aldia.queries.strategy_check import (
    StrategyCheck,
    StrategyScope,
    check_strategy,
    scope_of,
    stored_strategies,
    stored_strategy,
    strategy_of,
)
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.vocabulary import DOCUMENT_VOCABULARY, VOCABULARY, Column

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Comprueba, muestra y pone en vigor estrategias."
)

File = Annotated[
    Path, typer.Argument(metavar="ARCHIVO", exists=True, dir_okay=False, help="La estrategia, en TOML.")
]
Segments = Annotated[
    list[str] | None, typer.Option("--segment", metavar="SEGMENTO", help="Para este segmento; repetible.")
]
Customer = Annotated[
    str | None, typer.Option("--customer", metavar="CLIENTE", help="Solo para este cliente.")
]

_CHANGES_SHOWN = 20


class NotText(AldiaError):
    """The file is not UTF-8 text."""

    code = "not_text"


@command(app, "check")
def check(
    call: Call, file: File, on: On = None, segment: Segments = None, customer: Customer = None
) -> Answer:
    """Dice qué haría la estrategia con la cartera real, y a quién le cambiaría la decisión."""
    toml = _text(file)
    creditor = creditor_of(call)
    said = StrategyScope(tuple(segment or ()), customer)
    found = check_strategy(creditor, toml, day_of(creditor, on), said)
    return Answer({"creditor": creditor.code, **found.as_dict()}, lambda console: _show_check(console, found))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise NotText(f"«{file}» no es texto en UTF-8: guárdelo con esa codificación.") from None


def _show_check(console: Console, found: StrategyCheck) -> None:
    changes = plural(len(found.changes), "cliente cambia", "clientes cambian")
    heading(
        console,
        f"Con «{found.name}», {changes} de decisión",
        f"{day(found.on)} · {plural(found.customers, 'cliente', 'clientes')} con ella",
    )
    part(console, "Qué haría")
    console.print(bars(found.counts, found.titles))
    if not found.changes:
        return
    part(console, "Quién cambia")
    table = aligned(["cliente", "ahora", "con ella"])
    for change in found.changes[:_CHANGES_SHOWN]:
        table.add_row(
            escape(change.customer), escape(found.titles[change.before]), escape(found.titles[change.after])
        )
    console.print(table)
    if len(found.changes) > _CHANGES_SHOWN:
        console.print(f"… y {len(found.changes) - _CHANGES_SHOWN} más (todos con --json).", style="dim")


@command(app, "set")
def set_(call: Call, file: File, segment: Segments = None, customer: Customer = None) -> Answer:
    """Pone la estrategia en vigor: donde ya lo esté otra versión suya, o para quien se diga."""
    toml = _text(file)
    creditor = creditor_of(call)
    name = strategy_of(creditor, toml).name
    with transaction.atomic(), scope([creditor.pk]):
        wanted = scope_of(name, StrategyScope(tuple(segment or ()), customer))
        version = set_strategy(
            creditor_id=creditor.pk,
            toml=toml,
            now=clock.now(),
            actor=ACTOR,
            segments=wanted.segments,
            customer_code=wanted.customer_code,
        )
        stored = stored_strategy(creditor, version.name)
    data = {
        "creditor": creditor.code,
        "strategy": version.name,
        "version": version.version,
        "scope": stored.scope,
    }
    sentence = f"En vigor: «{version.name}», versión {version.version}, para {stored.scope}."
    return Answer(data, lambda console: console.print(escape(sentence)))


@command(app, "show")
def show(
    call: Call,
    name: Annotated[
        str | None, typer.Argument(metavar="NOMBRE", help="Por defecto, la de todos los clientes.")
    ] = None,
) -> Answer:
    """Muestra el documento en vigor (o, si no lo está, su última versión)."""
    creditor = creditor_of(call)
    with transaction.atomic(), scope([creditor.pk]):
        found = stored_strategy(creditor, name)
    data = {"strategy": found.name, "version": found.version, "scope": found.scope, "toml": found.toml}
    return Answer(data, lambda console: typer.echo(found.toml.rstrip("\n")))


@command(app, "list")
def list_(call: Call) -> Answer:
    """Enumera las estrategias y para quién está cada una en vigor."""
    creditor = creditor_of(call)
    with transaction.atomic(), scope([creditor.pk]):
        known = stored_strategies(creditor)
    rows: list[dict[str, Any]] = [
        {"strategy": s.name, "title": s.title, "version": s.version, "scope": s.scope} for s in known
    ]

    def show_them(console: Console) -> None:
        table = aligned(["nombre", "título", "versión", "en vigor para"], right=[2])
        for each in known:
            table.add_row(each.name, escape(each.title), str(each.version), each.scope or "nadie")
        console.print(table)

    return Answer({"creditor": creditor.code, "strategies": rows}, show_them)


@command(app, "vocabulary", database=False)
def vocabulary(call: Call) -> Answer:
    """Las palabras con las que se escriben las condiciones."""

    def show_them(console: Console) -> None:
        for title, columns in (
            ("De los pasos", VOCABULARY),
            ("De los avisos por documento", DOCUMENT_VOCABULARY),
        ):
            part(console, title)
            table = aligned(["palabra", "tipo", "significado"])
            for column in columns:
                table.add_row(column.word, column.unit.value, escape(column.label))
            console.print(table)

    data = {"step": [_word(c) for c in VOCABULARY], "document": [_word(c) for c in DOCUMENT_VOCABULARY]}
    return Answer(data, show_them)


def _word(column: Column) -> dict[str, str]:
    return {
        "word": column.word,
        "column": column.name,
        "unit": column.unit.value,
        "label": column.label,
        "formula": column.formula,
        "null_means": column.null_means,
        "since": column.since,
    }
