"""Which values a column may be compared with, by its unit in the vocabulary."""

import difflib
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from aldia.rules.portfolio.condition_tree import Value
from aldia.rules.portfolio.vocabulary import Column, Unit

EXPECTED = {
    Unit.MINOR: "un importe, como 100 o 99.90, u otra columna de importe",
    Unit.DAYS: "un número de días, como 15",
    Unit.COUNT: "un número entero, como 3",
    Unit.SHARE: "una proporción entre 0 y 1, como 0.25",
    Unit.DATE: "una fecha, como DATE '2026-01-31'",
    Unit.TEXT: "un texto entre comillas simples, como 'business'",
    Unit.FLAG: "TRUE o FALSE",
}
_NUMERIC = (Unit.MINOR, Unit.DAYS, Unit.COUNT, Unit.SHARE)
_MAJOR_MAX = Decimal(10) ** 12
_NUMBER_MAX = Decimal(10) ** 6
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Wrong(Exception):
    """A fault inside a condition, as a Spanish clause; whoever knows the place adds it."""


def checked_value(column: Column, value: Value | None, op: str, currency_digits: int | None) -> Value:
    """The value, if `column op value` makes sense; None stands for no value at all. Raises Wrong."""
    if column.unit in (Unit.TEXT, Unit.FLAG) and op not in ("=", "<>"):
        raise Wrong(f"«{column.word}» no tiene orden; compárela solo con = , <> o IN.")
    if value is None or not _fits(column, value):
        raise Wrong(f"«{column.word}» se compara con {EXPECTED[column.unit]}.")
    if isinstance(value, Decimal):
        _check_number(column, value, currency_digits)
    return value


def _fits(column: Column, value: Value) -> bool:
    match value:
        case Column():
            return value.unit is column.unit
        case bool():
            return column.unit is Unit.FLAG
        case Decimal():
            return column.unit in _NUMERIC
        case date():
            return column.unit is Unit.DATE
        case str():
            return column.unit is Unit.TEXT


def _check_number(column: Column, value: Decimal, currency_digits: int | None) -> None:
    if column.unit is Unit.MINOR:
        _check_amount(column, value, currency_digits)
    elif column.unit is Unit.SHARE:
        _check_share(column, value)
    elif abs(value) > _NUMBER_MAX:
        raise Wrong(f"el número {value} de «{column.word}» es demasiado grande.")
    elif not column.statistic and value != int(value):
        raise Wrong(f"«{column.word}» se cuenta en enteros; {value} lleva decimales.")


def _check_share(column: Column, value: Decimal) -> None:
    if not 0 <= value <= 1:
        raise Wrong(f"«{column.word}» va de 0 a 1: la mitad se escribe 0.5.")


def _check_amount(column: Column, value: Decimal, digits: int | None) -> None:
    if abs(value) > _MAJOR_MAX:
        raise Wrong(f"el importe {value} de «{column.word}» es demasiado grande.")
    if digits is not None and value != round(value, digits):
        raise Wrong(f"el importe {value} de «{column.word}» lleva más decimales que la moneda ({digits}).")


def day(text: str) -> date:
    """The date written YYYY-MM-DD. Raises Wrong."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Wrong(f"la fecha '{text}' no existe; escríbala como DATE '2026-01-31'.")


def nearest(word: str, known: Iterable[str]) -> str:
    """« ¿Quiso decir «a» o «b»?» with the known words nearest to `word`; empty when none is near."""
    close = difflib.get_close_matches(word, list(known), n=3, cutoff=0.6)
    return f" ¿Quiso decir {' o '.join(f'«{each}»' for each in close)}?" if close else ""
