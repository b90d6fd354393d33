"""A condition made by clicks: rows of word, operator and values, all of which or any of which must hold.

The text is what counts: clicks are written as a condition and read back from one, so that the same filter is
built, shown, edited and saved. A condition that clicks cannot say is left to its text.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from aldia.kernel.errors import AldiaError
from aldia.rules.portfolio.condition_tree import (
    Absent,
    AllOf,
    AnyOf,
    Comparison,
    Leaf,
    Negation,
    Node,
    OneOf,
    Raised,
    Value,
)
from aldia.rules.portfolio.conditions import parse_condition
from aldia.rules.portfolio.vocabulary import Column, Unit

IS, IS_NOT, YES, NO, UNKNOWN, KNOWN = "in", "not_in", "yes", "no", "unknown", "known"
_ORDERED = (">=", "<=", ">", "<", "=")


class ClickRefused(AldiaError):
    """A row of clicks that says no condition. facts: place, counted from 1."""

    code = "click_refused"


@dataclass(frozen=True, slots=True)
class Click:
    """One row. op: one of `operators`. values: amounts in major units, ISO dates, texts; none where the
    operator asks for none, several only with `in` and `not_in`."""

    word: str
    op: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clicks:
    """every: all rows must hold; otherwise one is enough."""

    rows: tuple[Click, ...] = ()
    every: bool = True


def operators(column: Column) -> tuple[str, ...]:
    """What a click may ask of the column; `unknown` and `known` where the value may be absent."""
    absent = (UNKNOWN, KNOWN) if column.null_means else ()
    match column.unit:
        case Unit.FLAG:
            return (YES, NO)
        case Unit.TEXT:
            return (IS, IS_NOT, *absent)
        case _:
            return (*_ORDERED, *absent)


def condition_from_clicks(clicks: Clicks, columns: Sequence[Column]) -> str:
    """The condition as text, "" without rows. Raises ClickRefused; whether values fit, its parser says."""
    words = {column.word: column for column in columns}
    parts = [_written(place, click, words) for place, click in enumerate(clicks.rows, start=1)]
    return (" AND " if clicks.every else " OR ").join(parts)


def clicks_from_condition(text: str, columns: Sequence[Column]) -> Clicks | None:
    """The rows that say the same; None where clicks cannot say it. Raises ConditionFault."""
    if not text.strip():
        return Clicks()
    tree = parse_condition(text, columns, where="filtro").tree
    every = not isinstance(tree, AnyOf)
    parts: Iterable[Node] = tree.parts if isinstance(tree, AllOf | AnyOf) else (tree,)
    rows = [_click(part) for part in parts]
    known = [row for row in rows if row is not None]
    return Clicks(tuple(known), every) if len(known) == len(rows) else None


def _written(place: int, click: Click, words: dict[str, Column]) -> str:
    column = words.get(click.word)
    if column is None or click.op not in operators(column):
        raise ClickRefused(f"La fila {place} del filtro no dice qué comparar.", place=place)
    match click.op:
        case "yes":
            return column.word
        case "no":
            return f"NOT {column.word}"
        case "unknown":
            return f"{column.word} IS NULL"
        case "known":
            return f"{column.word} IS NOT NULL"
    values = [_literal(column, value.strip(), place) for value in click.values if value.strip()]
    if not values or (len(values) > 1 and column.unit is not Unit.TEXT):
        raise ClickRefused(f"A la fila {place} del filtro («{column.label}») le falta el valor.", place=place)
    if column.unit is not Unit.TEXT:
        return f"{column.word} {click.op} {values[0]}"
    if len(values) > 1:
        return f"{column.word} {'IN' if click.op == IS else 'NOT IN'} ({', '.join(values)})"
    return f"{column.word} {'=' if click.op == IS else '<>'} {values[0]}"


def _literal(column: Column, value: str, place: int) -> str:
    """Written for the condition's grammar, which then decides whether it fits."""
    if column.unit is Unit.TEXT:
        return "'" + value.replace("'", "''") + "'"
    try:
        if column.unit is Unit.DATE:
            return f"DATE '{date.fromisoformat(value).isoformat()}'"
        return f"{Decimal(_plain_number(value)):f}"
    except (ValueError, InvalidOperation):
        kind = "una fecha" if column.unit is Unit.DATE else "un número"
        raise ClickRefused(
            f"En la fila {place} del filtro («{column.label}») se espera {kind}, no «{value[:40]}».",
            place=place,
        ) from None


def _plain_number(value: str) -> str:
    """`1.234,56` and `1234,56` as people write them; a point alone is the decimal point."""
    plain = re.sub(r"[\s\u00a0\u202f€%]", "", value)
    plain = plain.replace(".", "").replace(",", ".") if "," in plain else plain
    if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", plain):
        raise ValueError(value)
    return plain


def _click(node: Node) -> Click | None:
    match node:
        case Negation(part):
            return _negated(part)
        case AllOf() | AnyOf():
            return None
        case _:
            return _plain(node)


def _plain(leaf: Leaf) -> Click | None:
    match leaf:
        case Absent(column):
            return Click(column.word, UNKNOWN)
        case Raised(column):
            return Click(column.word, YES)
        case OneOf(column, values):
            return _among(column, IS, values)
        case Comparison(column, op, value):
            return _compared(column, op, value)


def _negated(node: Node) -> Click | None:
    match node:
        case Absent(column):
            return Click(column.word, KNOWN)
        case Raised(column):
            return Click(column.word, NO)
        case OneOf(column, values):
            return _among(column, IS_NOT, values)
        case _:
            return None


def _among(column: Column, op: str, values: Iterable[Value]) -> Click | None:
    texts = tuple(value for value in values if isinstance(value, str))
    return Click(column.word, op, texts) if column.unit is Unit.TEXT else None


def _compared(column: Column, op: str, value: Value) -> Click | None:
    match value:
        case bool():
            return Click(column.word, YES if value is (op == "=") else NO)
        case str():
            return Click(column.word, IS if op == "=" else IS_NOT, (value,))
        case Decimal():
            return Click(column.word, op, (f"{value:f}",)) if op in _ORDERED else None
        case date():
            return Click(column.word, op, (value.isoformat(),)) if op in _ORDERED else None
        case _:
            return None
