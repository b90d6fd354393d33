"""A checked condition as a small tree, and the one way it is written out again.

What runs is never the author's text but the text written here: every name quoted, every literal of its
column's type, every bracket in its place. Polars and PostgreSQL read the same words and give the same answer.
Meaning and grammar: docs/rules/conditions.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from aldia.kernel.money import round_half_up
from aldia.rules.portfolio.vocabulary import Column, Unit

Value = Decimal | str | date | bool | Column
Minor = Callable[[Decimal], int]

_BEYOND_ANY_BALANCE = 10**18  # a thousand times the largest amount of the ledger, still within bigint


@dataclass(frozen=True, slots=True)
class Comparison:
    """column op value; op is one of = <> < <= > >=."""

    column: Column
    op: str
    value: Value


@dataclass(frozen=True, slots=True)
class OneOf:
    """column IN (values); never empty."""

    column: Column
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """column IS NULL."""

    column: Column


@dataclass(frozen=True, slots=True)
class Raised:
    """A flag standing alone: true when the flag is."""

    column: Column


@dataclass(frozen=True, slots=True)
class Negation:
    """NOT part: NULL stays NULL."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Parts joined by AND; no part is itself an AllOf."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Parts joined by OR; no part is itself an AnyOf."""

    parts: tuple["Node", ...]


Leaf = Comparison | OneOf | Absent | Raised
Node = Leaf | Negation | AllOf | AnyOf


def to_minor(major: Decimal, minor_per_major: int, factor: Decimal) -> int:
    """Whole minor units of `major` × factor, exact and rounded half up once; capped at ±10^18.

    The cap keeps an absurd threshold inside bigint and changes no answer: no balance comes near it.
    """
    exact = Fraction(major) * Fraction(factor) * minor_per_major
    minor = round_half_up(exact.numerator, exact.denominator)
    return max(-_BEYOND_ANY_BALANCE, min(_BEYOND_ANY_BALANCE, minor))


def write(node: Node, minor: Minor) -> str:
    """The condition as SQL, names quoted; `minor` turns an amount in major units into minor ones."""
    match node:
        case AllOf(parts):
            return " AND ".join(_bracketed(part, minor) for part in parts)
        case AnyOf(parts):
            return " OR ".join(_bracketed(part, minor) for part in parts)
        case Negation(part):
            return f"NOT ({write(part, minor)})"
        case _:
            return _write_leaf(node, minor)


def _bracketed(node: Node, minor: Minor) -> str:
    text = write(node, minor)
    return f"({text})" if isinstance(node, AllOf | AnyOf) else text


def _write_leaf(leaf: Leaf, minor: Minor) -> str:
    name = f'"{leaf.column.name}"'
    match leaf:
        case Comparison(column, op, value):
            return f"{name} {op} {_write_value(column, value, minor)}"
        case OneOf(column, values):
            return f"{name} IN ({', '.join(_write_value(column, value, minor) for value in values)})"
        case Absent():
            return f"{name} IS NULL"
        case Raised():
            return name


def _write_value(column: Column, value: Value, minor: Minor) -> str:
    match value:
        case Column():
            return f'"{value.name}"'
        case bool():
            return "TRUE" if value else "FALSE"
        case Decimal():
            return _write_number(column, value, minor)
        case date():
            return f"DATE '{value.isoformat()}'"
        case str():
            return "'" + value.replace("'", "''") + "'"


def _write_number(column: Column, value: Decimal, minor: Minor) -> str:
    if column.unit is Unit.MINOR:
        return str(minor(value))
    return str(int(value)) if column.dtype.is_integer() else f"{value:f}"


def leaves(node: Node) -> Iterator[Leaf]:
    """Every comparison of the tree, in reading order."""
    match node:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Negation(part):
            yield from leaves(part)
        case _:
            yield node


def columns_of(node: Node) -> frozenset[str]:
    """Names (not words) of every column the condition reads."""
    names = {leaf.column.name for leaf in leaves(node)}
    for leaf in leaves(node):
        if isinstance(leaf, Comparison) and isinstance(leaf.value, Column):
            names.add(leaf.value.name)
    return frozenset(names)


def least(node: Node, name: str) -> int | None:
    """The largest whole N that the AND-parts of the condition demand of the column `name`; None without any.

    Counts `>= N`, `> N` (as N + 1), `= N` and, through its lower bound, `BETWEEN N AND m`.
    """
    parts = node.parts if isinstance(node, AllOf) else (node,)
    bounds = [_bound(part) for part in parts if isinstance(part, Comparison) and part.column.name == name]
    return max((bound for bound in bounds if bound is not None), default=None)


def without_least(node: Node, name: str) -> Node | None:
    """The condition without the AND-parts that `least` counts for the column; None where nothing is left."""
    parts = node.parts if isinstance(node, AllOf) else (node,)
    rest = tuple(part for part in parts if not _is_bound_of(part, name))
    return None if not rest else rest[0] if len(rest) == 1 else AllOf(rest)


def _is_bound_of(part: Node, name: str) -> bool:
    return isinstance(part, Comparison) and part.column.name == name and _bound(part) is not None


def _bound(part: Comparison) -> int | None:
    if not isinstance(part.value, Decimal):
        return None
    return {">=": int(part.value), "=": int(part.value), ">": int(part.value) + 1}.get(part.op)


def days_met_exactly(node: Node) -> list[Column]:
    """Date and day columns that the condition compares with = or IN: a day without a run would miss them."""
    return [leaf.column for leaf in leaves(node) if _is_one_day(leaf)]


def _is_one_day(leaf: Leaf) -> bool:
    counted = leaf.column.unit is Unit.DATE or (leaf.column.unit is Unit.DAYS and not leaf.column.statistic)
    equality = isinstance(leaf, OneOf) or (isinstance(leaf, Comparison) and leaf.op == "=")
    return counted and equality


def known(node: Node, name: str, value: str) -> Node | bool:
    """What is left of the condition once the text column `name`, never NULL, is known to hold the value."""
    match node:
        case AllOf(parts):
            return _joined([known(part, name, value) for part in parts], AllOf)
        case AnyOf(parts):
            return _joined([known(part, name, value) for part in parts], AnyOf)
        case Negation(part):
            inner = known(part, name, value)
            return not inner if isinstance(inner, bool) else Negation(inner)
        case Comparison(column, "=" | "<>" as op, str() as wanted) if column.name == name:
            return (value == wanted) == (op == "=")
        case OneOf(column, values) if column.name == name:
            return value in values
        case Absent(column) if column.name == name:
            return False
        case _:
            return node


def _joined(parts: list[Node | bool], kind: type[AllOf | AnyOf]) -> Node | bool:
    """The parts as one; a part that decides the whole does, one that adds nothing falls away."""
    decides = kind is AnyOf
    if any(part is decides for part in parts):
        return decides
    left = [part for part in parts if not isinstance(part, bool)]
    flat = tuple(each for part in left for each in (part.parts if isinstance(part, kind) else (part,)))
    return kind(flat) if len(flat) > 1 else flat[0] if flat else not decides
