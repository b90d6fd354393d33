"""Amounts as people write them, in ASCII digits only, under a decimal sign that is declared or proved.

«1.234» is one thousand or one and a bit: a column with only such forms is not guessed.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from aldia.formats.table.findings import shown
from aldia.formats.table.raw import Cell
from aldia.kernel.money import MINOR_MAX, known_currencies

DecimalSign = Literal[",", "."]

_DIGITS_MAX = 18
_LENGTH_MAX = 60
# A number a workbook computed in binary may miss the cent by this much, no more.
_BINARY_NOISE = Decimal("0.000001")

_BLANKS = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u2212": "-", "\u2019": "'"}
)
_CURRENCY = r"(?:[Ee]uros?|[A-Za-z]{3}|US\$|R\$|S/\.?|[$€£¥₡₲])"
_SHAPE = re.compile(
    rf"(?P<open>\()?\s*(?P<a>[-+])?\s*(?P<before>{_CURRENCY})?\s*(?P<b>[-+])?\s*"
    rf"(?P<body>[0-9.,][0-9.,' ]*?)\s*(?P<c>[-+])?\s*(?P<after>{_CURRENCY})?\s*(?P<d>[-+])?\s*(?P<close>\))?",
    re.ASCII,
)
# Thousands never begin with a zero: «0.500» is a half.
_GRAMMAR: dict[DecimalSign, re.Pattern[str]] = {
    ",": re.compile(
        r"(?:[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d{0,2}(?: \d{3})+|[1-9]\d{0,2}(?:'\d{3})+|\d+)(?:,\d+)?|,\d+",
        re.ASCII,
    ),
    ".": re.compile(
        r"(?:[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,2}(?: \d{3})+|[1-9]\d{0,2}(?:'\d{3})+|\d+)(?:\.\d+)?|\.\d+",
        re.ASCII,
    ),
}
_SYMBOLS = {
    "€": "EUR",
    "US$": "USD",
    "£": "GBP",
    "S/": "PEN",
    "S/.": "PEN",
    "R$": "BRL",
    "₡": "CRC",
    "₲": "PYG",
}
_EXPONENT = re.compile(r"[-+]?\d+([.,]\d+)?[eE][-+]?\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell cannot be read: a stable code and a Spanish sentence with what to do, without the place."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number in parts.

    marker: the currency written beside it, an ISO code or «$» (several pesos and dollars).
    """

    negative: bool
    body: str
    marker: str | None


class Proof(StrEnum):
    """What one number says about the decimal sign of its column."""

    COMMA = ","
    POINT = "."
    NOTHING = "nothing"  # reads the same both ways
    AMBIGUOUS = "ambiguous"  # reads differently both ways


def split_number(text: str) -> Number | Fault:
    """Sign, digits with their signs, and currency.

    A Fault for anything else: letters, exponents, two signs.
    """
    if len(text) > _LENGTH_MAX:
        return _not_a_number(text)
    match = _SHAPE.fullmatch(text.translate(_BLANKS).strip())
    if match is None:
        return _not_a_number(text)
    signs = [match[name] for name in "abcd" if match[name]]
    if len(signs) + bool(match["open"]) > 1 or bool(match["open"]) != bool(match["close"]):
        return Fault(
            "number_signs", f"«{shown(text)}» lleva más de un signo o un paréntesis suelto. Deje uno solo."
        )
    if match["before"] and match["after"]:
        return Fault("number_currencies", f"«{shown(text)}» lleva dos monedas. Deje una sola.")
    marker = _marker(match["before"] or match["after"])
    if marker is not None and marker != "$" and marker not in known_currencies():
        return _not_a_number(text)
    if sum(c.isdigit() for c in match["body"]) > _DIGITS_MAX:
        return Fault(
            "number_too_long", f"«{shown(text)}» tiene demasiadas cifras para un importe. Corríjalo."
        )
    return Number(bool(match["open"]) or "-" in signs, match["body"], marker)


def _marker(written: str | None) -> str | None:
    if written is None:
        return None
    return "EUR" if written.casefold().startswith("euro") else _SYMBOLS.get(written, written.upper())


def _not_a_number(text: str) -> Fault:
    if _EXPONENT.fullmatch(text[:_LENGTH_MAX].strip()):
        return Fault(
            "number_exponent", f"«{shown(text)}» está en notación científica. Escriba todas las cifras."
        )
    if any(c.isdigit() and not c.isascii() for c in text):
        return Fault(
            "number_digits", f"«{shown(text)}» usa cifras que no son 0-9. Escríbalas con el teclado normal."
        )
    return Fault("number_bad", f"«{shown(text)}» no es un importe. Escríbalo solo con cifras, como 1234,56.")


def proof_of(body: str, *, whole: bool = False) -> Proof | None:
    """Which decimal sign the digits prove; None when they are no number under either.

    whole: the currency has no decimals, so that one sign before three digits parts thousands.
    """
    comma, point = (_GRAMMAR[sign].fullmatch(body) is not None for sign in (",", "."))
    if comma and point:
        return _either(body, whole=whole)
    return Proof.COMMA if comma else Proof.POINT if point else None


def _either(body: str, *, whole: bool) -> Proof:
    if "," not in body and "." not in body:
        return Proof.NOTHING
    if not whole:
        return Proof.AMBIGUOUS
    return Proof.COMMA if "." in body else Proof.POINT


def value_of(number: Number, sign: DecimalSign, text: str) -> Decimal | Fault:
    """The exact value under a decimal sign."""
    if not _GRAMMAR[sign].fullmatch(number.body):
        return Fault(
            "number_bad",
            f"«{shown(text)}» no es un importe con «{sign}» como signo decimal. Escríbalo como 1234{sign}56.",
        )
    thousands = "." if sign == "," else ","
    digits = number.body.replace(thousands, "").replace(" ", "").replace("'", "").replace(sign, ".")
    return -Decimal(digits) if number.negative else Decimal(digits)


def to_minor(value: Decimal, exponent: int, written: Cell) -> int | Fault:
    """Whole minor units of a currency with so many decimals; more decimals are a Fault, never rounded.

    written: the cell, which the sentence quotes. A number of a workbook (a Decimal) may miss the exact
    decimal by binary noise, at most 1e-6.
    """
    if not value.is_finite():
        return Fault("number_bad", f"«{shown(written)}» no es un importe. Escríbalo solo con cifras.")
    scaled = value.scaleb(exponent)
    whole = scaled.to_integral_value()
    noise = _BINARY_NOISE.scaleb(exponent) if isinstance(written, Decimal) else 0
    if abs(scaled - whole) > noise:
        return _too_many_decimals(written, exponent)
    if abs(whole) > MINOR_MAX:
        return Fault("number_too_long", f"«{shown(written)}» es demasiado grande para un importe. Corríjalo.")
    return int(whole)


def _too_many_decimals(written: Cell, exponent: int) -> Fault:
    if exponent == 0:
        text = f"«{shown(written)}» lleva decimales y la moneda no los admite. Escríbalo sin decimales."
    else:
        text = (
            f"«{shown(written)}» tiene más decimales de los {exponent} que admite la moneda. "
            f"Escríbalo con {exponent} decimales como máximo."
        )
    return Fault("number_decimals", text)
