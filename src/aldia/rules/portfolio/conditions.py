"""Conditions of strategies: one boolean SQL expression over the vocabulary, checked against a whitelist.

Three walls stand between an author's text and the engines: every token must be a word of the vocabulary or of
the grammar, every node of the syntax tree must be of a known shape, every literal must fit the type of its
column (condition_values.py). What runs afterwards is written anew from the checked tree (condition_tree.py).
Grammar: docs/rules/conditions.md.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any

import polars as pl
import sqlglot
from sqlglot import Token, TokenType, exp
from sqlglot.errors import SqlglotError

from aldia.kernel.errors import AldiaError
from aldia.rules.portfolio.condition_tree import (
    Absent,
    AllOf,
    AnyOf,
    Comparison,
    Negation,
    Node,
    OneOf,
    Raised,
    Value,
    columns_of,
    days_met_exactly,
    known,
    least,
    to_minor,
    without_least,
    write,
)
from aldia.rules.portfolio.condition_values import EXPECTED, Wrong, checked_value, day, nearest
from aldia.rules.portfolio.kinds import Kind
from aldia.rules.portfolio.vocabulary import Column, Unit

LENGTH_MAX = 2_000
NESTING_MAX = 20


class ConditionFault(AldiaError):
    """The text is not a condition; the sentence says where and why."""

    code = "condition_fault"


@dataclass(frozen=True, slots=True)
class Condition:
    """A checked condition. text: as its author wrote it. columns: names of the columns it reads."""

    text: str
    tree: Node = field(repr=False)

    @property
    def columns(self) -> frozenset[str]:
        """Names in the frame (dunnable_minor), not the words authors write."""
        return columns_of(self.tree)

    @property
    def days_overdue_at_least(self) -> int | None:
        """The largest N its AND-parts demand of days_overdue; None when they demand nothing."""
        return least(self.tree, "days_overdue")

    def days_overdue_asked(self, debtor_kind: str) -> int | None:
        """The same of a customer who pays like this: what the condition says of kinds is settled first. None
        also where that rules it out."""
        left = known(self.tree, "debtor_kind", debtor_kind)
        return None if isinstance(left, bool) else least(left, "days_overdue")

    @property
    def days_met_exactly(self) -> list[str]:
        """Words of date and day columns compared with = or IN, which a day without a run would miss."""
        return [column.word for column in days_met_exactly(self.tree)]

    def sql(self, minor_per_major: int, factor: Decimal = Decimal(1)) -> str:
        """PostgreSQL text for a WHERE, amounts × factor in whole minor units, half up.

        NULL counts as false only where SQL says so (WHERE, FILTER, HAVING). A literal may hold `%`: double it
        before handing the text to a driver together with parameters.
        """
        return write(self.tree, partial(to_minor, minor_per_major=minor_per_major, factor=factor))

    def without_days(self, minor_per_major: int, factor: Decimal = Decimal(1)) -> pl.Expr:
        """The same, but for the AND-parts that ask for least days overdue: they are waived.

        What the condition says of kinds of debtor is settled first, for each kind.
        """
        if "debtor_kind" not in self.columns:
            return _waived(self.tree, minor_per_major, factor)
        waived = pl.lit(False)
        for kind in Kind:
            left = known(self.tree, "debtor_kind", kind)
            own = pl.lit(left) if isinstance(left, bool) else _waived(left, minor_per_major, factor)
            waived = pl.when(pl.col("debtor_kind") == kind.value).then(own).otherwise(waived)
        return waived

    def expression(self, minor_per_major: int, factor: Decimal = Decimal(1)) -> pl.Expr:
        """The same as a Polars expression over frame columns; never NULL: what is unknown is not true."""
        return _expression(self, minor_per_major, factor)


def _waived(tree: Node, minor_per_major: int, factor: Decimal) -> pl.Expr:
    rest = without_least(tree, "days_overdue")
    return pl.lit(True) if rest is None else _expression(Condition("", rest), minor_per_major, factor)


@lru_cache(maxsize=1024)
def _expression(condition: Condition, minor_per_major: int, factor: Decimal) -> pl.Expr:
    return pl.sql_expr(condition.sql(minor_per_major, factor)).fill_null(False)


def parse_condition(
    text: str, columns: Sequence[Column], *, where: str, currency_digits: int | None = None
) -> Condition:
    """Check the text against the whitelist and the types of `columns`.

    where: the place named first in a fault (paso «second»). currency_digits: decimals of the currency the
    amounts are written in; more decimals than that are a fault (None: any number of decimals).
    Raises ConditionFault with a Spanish sentence.
    """
    try:
        return Condition(text, _Reader(columns, currency_digits).read(text))
    except Wrong as wrong:
        raise ConditionFault(f"{where}: {wrong}", where=where, condition=text[:LENGTH_MAX]) from None


# The first wall: tokens.

_GRAMMAR = frozenset(["AND", "OR", "NOT", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE", "DATE"])
_SIGNS = frozenset(["(", ")", ",", "=", "<>", "!=", "<", "<=", ">", ">=", "-"])
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_QUOTES = frozenset("'\"“”‘’«»`´")


def _tokens(text: str) -> list[Token]:
    if len(text) > LENGTH_MAX:
        raise Wrong(f"la condición tiene {len(text)} caracteres y el máximo son {LENGTH_MAX}.")
    try:
        tokens = list(sqlglot.tokenize(text, read="postgres"))
    except SqlglotError:
        raise Wrong("hay una comilla sin cerrar o un signo que no se entiende.") from None
    if not tokens:
        raise Wrong("la condición está vacía.")
    _refuse_comments(text, tokens)
    return tokens


def _refuse_comments(text: str, tokens: list[Token]) -> None:
    """Whatever the tokenizer skipped must be blank."""
    edges = [0, *(edge for token in tokens for edge in (token.start, token.end + 1)), len(text)]
    gaps = [text[edges[i] : edges[i + 1]] for i in range(0, len(edges), 2)]
    if any(gap.strip() for gap in gaps):
        raise Wrong("una condición no lleva comentarios.")


def _refuse_deep_nesting(tokens: list[Token]) -> None:
    """Count brackets and NOTs before parsing: a parser's cost may explode with them."""
    brackets: list[int] = []
    negations = 0
    for token in tokens:
        word = token.text.upper()
        if word == "NOT":
            negations += 1
        elif word == "(":
            brackets.append(negations + 1)
            negations = 0
        else:
            negations = 0
            if word == ")" and brackets:
                brackets.pop()
        if sum(brackets) + negations > NESTING_MAX:
            raise Wrong(f"hay más de {NESTING_MAX} niveles de paréntesis o de NOT.")


def _refuse_number(token: Token, following: str) -> None:
    if not _NUMBER.fullmatch(token.text) or following == ".":
        raise Wrong(f"el número «{token.text}» se escribe solo con cifras y punto decimal, como 99.90.")


def _refuse_text(token: Token) -> None:
    if not token.text.isprintable() or "\\" in token.text:
        raise Wrong("un texto entre comillas no lleva saltos de línea ni barras «\\».")


# The second and third walls: shapes and types.

_OPERATORS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_BINARY: tuple[type[exp.Expr], ...] = (exp.And, exp.Or, *_OPERATORS)
_UNARY: tuple[type[exp.Expr], ...] = (exp.Not, exp.Neg, exp.Paren, exp.Column, exp.Boolean)
_SHAPES: dict[type[exp.Expr], set[str]] = {
    **{kind: {"this", "expression"} for kind in _BINARY},
    **{kind: {"this"} for kind in _UNARY},
    exp.Between: {"this", "low", "high"},
    exp.In: {"this", "expressions"},
    exp.Is: {"this", "expression", "negate"},
    exp.Identifier: {"this"},
    exp.Literal: {"this", "is_string"},
    exp.Null: set(),
    exp.Cast: {"this", "to"},
    exp.DataType: {"this"},
}
_FLIPPED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class _Reader:
    """Reads one condition; words: what authors may write, in lower case."""

    def __init__(self, columns: Sequence[Column], currency_digits: int | None) -> None:
        self.words = {column.word: column for column in columns}
        self.names = {column.name: column for column in columns}
        self.currency_digits = currency_digits

    def read(self, text: str) -> Node:
        tokens = _tokens(text)
        for token, following in pairwise([*tokens, None]):
            assert token is not None
            written = text[token.start : token.end + 1]
            self._check_token(token, written, following.text if following else "")
        _refuse_deep_nesting(tokens)
        return self._boolean(self._parsed(text), 0)

    def _check_token(self, token: Token, written: str, following: str) -> None:
        """written: the token as it stands in the text, for E'open' and $$open$$ are read as «open»."""
        if token.token_type is TokenType.STRING:
            _refuse_text(token)
        elif token.token_type is TokenType.NUMBER:
            _refuse_number(token, following)
        elif _QUOTES & set(written):
            raise Wrong("los nombres van sin comillas y los textos entre comillas simples rectas: 'texto'.")
        elif _WORD.fullmatch(written):
            self._check_word(written, following)
        elif written not in _SIGNS:
            raise Wrong(f"el signo «{written}» no se admite; una condición solo compara, no calcula.")

    def _check_word(self, word: str, following: str) -> None:
        known = word.lower() in self.words
        if following == "(" and (known or word.upper() not in _GRAMMAR):
            raise Wrong(f"no se admiten funciones ni subconsultas: sobra «{word}(…)».")
        if known or word.upper() in _GRAMMAR:
            return
        if word.lower() in self.names:
            raise Wrong(f"escriba «{self.names[word.lower()].word}» en vez de «{word}»: va en unidades.")
        raise Wrong(f"no existe la palabra «{word}».{nearest(word.lower(), self.words)}")

    def _parsed(self, text: str) -> exp.Expr:
        try:
            statements: list[Any] = sqlglot.parse(text, read="postgres")
        except SqlglotError:
            raise Wrong(
                "no se entiende como condición; falta o sobra algo (los decimales van con punto)."
            ) from None
        if len(statements) != 1 or statements[0] is None:
            raise Wrong("debe haber exactamente una condición.")
        for node in statements[0].walk():
            self._check_shape(node)
        parsed: exp.Expr = statements[0]
        return parsed

    def _check_shape(self, node: exp.Expr) -> None:
        filled = {key for key, value in node.args.items() if value not in (None, False, [])}
        allowed = _SHAPES.get(type(node))
        if allowed is None or not filled <= allowed:
            raise Wrong("solo se admiten comparaciones, BETWEEN, IN, IS NULL, AND, OR, NOT y paréntesis.")

    def _boolean(self, node: exp.Expr, depth: int) -> Node:
        if depth > NESTING_MAX:
            raise Wrong(f"hay más de {NESTING_MAX} niveles de AND, OR y NOT.")
        match node:
            case exp.Paren():
                return self._boolean(node.this, depth)
            case exp.And():
                return AllOf(tuple(self._parts(node, AllOf, depth)))
            case exp.Or():
                return AnyOf(tuple(self._parts(node, AnyOf, depth)))
            case exp.Not():
                return Negation(self._boolean(node.this, depth + 1))
            case _:
                return self._leaf(node)

    def _parts(self, node: exp.Expr, kind: type[AllOf | AnyOf], depth: int) -> Iterable[Node]:
        for each in node.flatten():
            part = self._boolean(each, depth + 1)
            yield from part.parts if isinstance(part, kind) else (part,)

    def _leaf(self, node: exp.Expr) -> Node:
        match node:
            case exp.Between():
                column = self._column(node.this)
                low, high = (self._value(column, node.args[key], ">=") for key in ("low", "high"))
                return AllOf((Comparison(column, ">=", low), Comparison(column, "<=", high)))
            case exp.In():
                return self._one_of(node)
            case exp.Is():
                return self._absent(node)
            case exp.Column():
                return self._flag(node)
            case _ if type(node) in _OPERATORS:
                return self._comparison(node)
            case _:
                raise Wrong("un valor suelto no es una condición; compárelo con una columna.")

    def _one_of(self, node: exp.Expr) -> Node:
        column = self._column(node.this)
        if not node.expressions:
            raise Wrong(f"la lista de «{column.word} IN (…)» está vacía o no es una lista de valores.")
        values = tuple(self._value(column, each, "=") for each in node.expressions)
        if any(isinstance(value, Column) for value in values):
            raise Wrong(f"la lista de «{column.word} IN (…)» solo lleva valores, no columnas.")
        return OneOf(column, values)

    def _absent(self, node: exp.Expr) -> Node:
        if not isinstance(node.expression, exp.Null):
            raise Wrong("IS solo va seguido de NULL o NOT NULL; para sí o no escriba la columna sola.")
        absent = Absent(self._column(node.this))
        return Negation(absent) if node.args.get("negate") else absent

    def _flag(self, node: exp.Expr) -> Node:
        column = self._column(node)
        if column.unit is not Unit.FLAG:
            raise Wrong(f"«{column.word}» sola no dice sí o no; compárela con {EXPECTED[column.unit]}.")
        return Raised(column)

    def _comparison(self, node: exp.Expr) -> Node:
        op = _OPERATORS[type(node)]
        left, right = node.this.unnest(), node.expression.unnest()
        if not isinstance(left, exp.Column):
            left, right, op = right, left, _FLIPPED[op]
        column = self._column(left)
        return Comparison(column, op, self._value(column, right, op))

    def _column(self, node: exp.Expr) -> Column:
        node = node.unnest()
        if not isinstance(node, exp.Column):
            raise Wrong("cada comparación necesita una columna del vocabulario a un lado.")
        return self._word(node)

    def _word(self, node: exp.Column) -> Column:
        """The column of that word; the parser takes a lone IN or DATE for a name."""
        column = self.words.get(node.name.lower())
        if column is None:
            raise Wrong(f"«{node.name}» no es una columna; aquí falta o sobra algo.")
        return column

    def _value(self, column: Column, node: exp.Expr, op: str) -> Value:
        node = node.unnest()
        if isinstance(node, exp.Null):
            raise Wrong(f"nada es igual a NULL; escriba «{column.word} IS NULL» o «IS NOT NULL».")
        value = self._word(node) if isinstance(node, exp.Column) else _literal(node)
        return checked_value(column, value, op, self.currency_digits)


def _literal(node: exp.Expr) -> Decimal | str | date | bool | None:
    """The value of a literal node; None for any other node, which then fits no column."""
    match node:
        case exp.Neg(this=exp.Literal(is_string=False)):
            return -Decimal(node.this.name)
        case exp.Literal():
            return node.name if node.is_string else Decimal(node.name)
        case exp.Boolean():
            return bool(node.this)
        case exp.Cast(this=exp.Literal(is_string=True)) if node.to.this is exp.DataType.Type.DATE:
            return day(node.this.name)
        case _:
            return None
