"""Conditions of a strategy, read and evaluated by hand: a recursive descent over SQL's three-valued logic.

Grammar: or := and (OR and)*; and := not (AND not)*; not := NOT not | test;
test := term [op term | [NOT] BETWEEN term AND term | [NOT] IN (term, …) | IS [NOT] NULL];
term := ( or ) | number | 'text' | DATE 'Y-m-d' | TRUE | FALSE | NULL | column.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.oracle.world import Truth, Value

_TOKEN = re.compile(
    r"\s*(?:(?P<date>DATE\s*'[^']*')|(?P<text>'(?:[^']|'')*')|(?P<number>-?\s*\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z_][A-Za-z_0-9]*)|(?P<op><=|>=|<>|!=|=|<|>|\(|\)|,))",
    re.IGNORECASE,
)
_KEYWORDS = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE"})


class ConditionError(ValueError):
    """The text is not a condition."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant."""

    value: Value


@dataclass(frozen=True, slots=True)
class ColumnName:
    """A word of the vocabulary."""

    name: str


@dataclass(frozen=True, slots=True)
class Branch:
    """An operator over its parts: AND, OR, NOT, a comparison, BETWEEN, IN, or IS NULL."""

    op: str
    parts: tuple["Node", ...]


Node = Literal | ColumnName | Branch


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ConditionError(f"unreadable at {text[at:]!r}")
        kind = str(match.lastgroup)
        word = match.group(kind)
        if kind == "word" and word.upper() in _KEYWORDS:
            kind, word = "key", word.upper()
        found.append((kind, word))
        at = match.end()
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.at = 0

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, word: str) -> bool:
        kind, found = self.peek()
        if kind in ("key", "op") and found == word:
            self.at += 1
            return True
        return False

    def need(self, word: str) -> None:
        if not self.take(word):
            raise ConditionError(f"expected {word}, found {self.peek()[1]!r}")

    def disjunction(self) -> Node:
        return self._chain("OR", self.conjunction)

    def conjunction(self) -> Node:
        return self._chain("AND", self.negation)

    def _chain(self, word: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self.take(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else Branch(word, tuple(parts))

    def negation(self) -> Node:
        return Branch("NOT", (self.negation(),)) if self.take("NOT") else self.test()

    def test(self) -> Node:
        left = self.term()
        for op in ("<=", ">=", "<>", "!=", "=", "<", ">"):
            if self.take(op):
                return Branch("<>" if op == "!=" else op, (left, self.term()))
        if self.take("IS"):
            negative = self.take("NOT")
            self.need("NULL")
            return _maybe_not(negative, Branch("IS NULL", (left,)))
        negative = self.take("NOT")
        if self.take("BETWEEN"):
            low = self.term()
            self.need("AND")
            return _maybe_not(negative, Branch("BETWEEN", (left, low, self.term())))
        if self.take("IN"):
            return _maybe_not(negative, Branch("IN", (left, *self.listed())))
        if negative:
            raise ConditionError("NOT without BETWEEN or IN")
        return left

    def listed(self) -> list[Node]:
        self.need("(")
        terms = [self.term()]
        while self.take(","):
            terms.append(self.term())
        self.need(")")
        return terms

    def term(self) -> Node:
        if self.take("("):
            inner = self.disjunction()
            self.need(")")
            return inner
        kind, word = self.peek()
        self.at += 1
        return _leaf(kind, word)


def _leaf(kind: str, word: str) -> Node:
    if kind == "number":
        return Literal(Fraction(word.replace(" ", "")))
    if kind == "text":
        return Literal(word[1:-1].replace("''", "'"))
    if kind == "date":
        return Literal(date.fromisoformat(word.split("'")[1]))
    if kind == "word":
        return ColumnName(word)
    if kind == "key" and word in ("TRUE", "FALSE", "NULL"):
        return Literal({"TRUE": True, "FALSE": False, "NULL": None}[word])
    raise ConditionError(f"expected a value, found {word!r}")


def _maybe_not(negative: bool, node: Node) -> Node:
    return Branch("NOT", (node,)) if negative else node


def parse(text: str) -> Node:
    """The condition as a tree. Raises ConditionError."""
    reader = _Reader(text)
    node = reader.disjunction()
    if reader.peek()[0] != "end":
        raise ConditionError(f"unexpected {reader.peek()[1]!r}")
    return node


def evaluate(node: Node, facts: Mapping[str, Value]) -> Truth:
    """True, False or None (SQL's unknown)."""
    value = _value(node, facts)
    if value is not None and not isinstance(value, bool):
        raise ConditionError("a condition is true or false")
    return value


def _value(node: Node, facts: Mapping[str, Value]) -> Value:
    if isinstance(node, Literal):
        return node.value
    if isinstance(node, ColumnName):
        if node.name not in facts:
            raise ConditionError(f"unknown word {node.name!r}")
        return facts[node.name]
    values = [_value(part, facts) for part in node.parts]
    return _apply(node.op, values)


def _apply(op: str, values: list[Value]) -> Truth:
    if op == "AND":
        return _and(values)
    if op == "OR":
        return _not(_and([_not(v) for v in values]))
    if op == "NOT":
        return _not(values[0])
    if op == "IS NULL":
        return values[0] is None
    if op == "BETWEEN":
        return _and([_compare(">=", values[0], values[1]), _compare("<=", values[0], values[2])])
    if op == "IN":
        return _not(_and([_not(_compare("=", values[0], v)) for v in values[1:]]))
    return _compare(op, values[0], values[1])


def _and(values: list[Value]) -> Truth:
    if any(v is False for v in values):
        return False
    return None if any(v is None for v in values) else True


def _not(value: Value) -> Truth:
    return None if value is None else not value


def _compare(op: str, left: Value, right: Value) -> Truth:
    if left is None or right is None:
        return None
    if isinstance(left, float) or isinstance(right, float):
        left, right = float(left), float(right)  # type: ignore[arg-type]
    outcome = {
        "=": lambda a, b: a == b,
        "<>": lambda a, b: a != b,
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }[op](left, right)
    return bool(outcome)


def without_days_of(node: Node, kind: str) -> Node | None:
    """`without_days` once what the condition says of the kind of debtor is settled with this kind."""
    left = _for_kind(node, kind)
    return None if left is True else Literal(False) if left is False else without_days(left)


def _for_kind(node: Node, kind: str) -> Node | bool:
    truth = _by_kind(node, kind)
    if truth is not None:
        return truth
    if not isinstance(node, Branch) or node.op not in ("AND", "OR"):
        return node
    left = [_for_kind(part, kind) for part in node.parts]
    parts = tuple(part for part in left if not isinstance(part, bool))
    return parts[0] if len(parts) == 1 else Branch(node.op, parts)


def without_days(node: Node) -> Node | None:
    """The condition without its AND-parts `days_overdue >= N`, `> N`, `= N`; None where nothing is left.

    A BETWEEN keeps its upper bound.
    """
    parts = node.parts if isinstance(node, Branch) and node.op == "AND" else (node,)
    rest = []
    for part in parts:
        if isinstance(part, Branch) and part.op == "AND":
            inner = without_days(part)
            rest += [] if inner is None else [inner]
        elif _is_days(part, ("BETWEEN",)):
            assert isinstance(part, Branch)
            rest.append(Branch("<=", (part.parts[0], part.parts[2])))
        elif not _is_days(part, (">=", ">", "=")):
            rest.append(part)
    return None if not rest else rest[0] if len(rest) == 1 else Branch("AND", tuple(rest))


def _is_days(node: Node, ops: tuple[str, ...]) -> bool:
    if not isinstance(node, Branch) or node.op not in ops:
        return False
    first, second = node.parts[0], node.parts[1]
    return first == ColumnName("days_overdue") and isinstance(second, Literal)


def asked_days(node: Node, kind: str = "unknown") -> int | None:
    """The least days_overdue that the AND-parts ask for of a customer of this kind of debtor; None when none
    of them does, or the kind rules the condition out."""
    if _by_kind(node, kind) is not None:
        return None
    if isinstance(node, Branch) and node.op == "AND":
        found = [n for n in (asked_days(part, kind) for part in node.parts) if n is not None]
        return max(found, default=None)
    if isinstance(node, Branch) and node.op == "OR":
        left = [part for part in node.parts if _by_kind(part, kind) is None]
        return asked_days(left[0], kind) if len(left) == 1 else None
    if not isinstance(node, Branch) or node.op not in (">=", ">"):
        return None
    column, literal = node.parts
    if column != ColumnName("days_overdue") or not isinstance(literal, Literal):
        return None
    number = literal.value
    if not isinstance(number, Fraction):
        return None
    return math.ceil(number) if node.op == ">=" else math.floor(number) + 1


def _by_kind(node: Node, kind: str) -> Truth:
    """What the condition comes to where nothing is known but the kind of debtor; None: that is not enough."""
    if isinstance(node, Literal):
        return node.value if isinstance(node.value, bool) else None
    if isinstance(node, ColumnName):
        return None
    if node.op in ("AND", "OR", "NOT"):
        return _apply(node.op, [_by_kind(part, kind) for part in node.parts])
    if node.parts[0] != ColumnName("debtor_kind"):
        return None
    rest = [part.value if isinstance(part, Literal) else None for part in node.parts[1:]]
    return _apply(node.op, [kind, *rest])
