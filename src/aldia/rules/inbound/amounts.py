"""Amounts as people write them: «1.500,50 €», «$1,500», «300 soles»."""

import re

from aldia.kernel.money import minor_per_major
from aldia.kernel.text import fold
from aldia.rules.inbound.clauses import Clause
from aldia.rules.inbound.values import SaidAmount

_NUMBER = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_AMOUNT = re.compile(
    rf"(?P<before>€|\$|us\$|s/\.?|usd|eur|mxn|cop|clp|ars|pen)\s?(?P<first>{_NUMBER})(?![\d%])"
    rf"|(?<![\d.,/-])(?P<second>{_NUMBER})\s?(?P<after>€|euros?\b|eur\b|soles\b|pesos?\b|dolares\b|dollars\b"
    r"|usd\b|mxn\b|cop\b|clp\b|ars\b|pen\b|\$)"
)
_CURRENCY = {"€": "EUR", "euro": "EUR", "euros": "EUR", "soles": "PEN", "s/": "PEN", "s/.": "PEN"}
_DOLLARS = ("us$", "usd", "dolares", "dollars")
_PESOS = ("MXN", "COP", "CLP", "ARS")


def said_amounts(clause: Clause, currency: str) -> list[SaidAmount]:
    """Every amount the clause names. currency: of the creditor, for what «$» and «pesos» leave open."""
    found = []
    for match in _AMOUNT.finditer(clause.plain):
        sign = (match["before"] or match["after"]).strip()
        code = _code(sign, currency)
        minor = _minor(match["first"] or match["second"], code or currency)
        if minor:
            found.append(SaidAmount(clause.said[match.start() : match.end()].strip(), minor, code))
    return found


def _code(sign: str, currency: str) -> str:
    if sign in _CURRENCY:
        return _CURRENCY[sign]
    if sign in _DOLLARS:
        return "USD"
    if sign in ("$", "peso", "pesos"):
        return currency if currency in _PESOS else ""
    return sign.upper()


def _minor(number: str, currency: str) -> int:
    """The last sign between figures divides decimals only where one or two figures follow it."""
    parts = re.split(r"[.,' ]", number)
    decimals = ""
    if len(parts) > 1 and len(parts[-1]) < 3:
        decimals = parts.pop()
    per_major = minor_per_major(currency)
    digits = len(str(per_major)) - 1
    if len(decimals) > digits and int(decimals):
        return 0
    whole = int("".join(parts)) * per_major
    return whole + (int(decimals[:digits].ljust(digits, "0")) if digits and decimals else 0)


def names_an_amount(text: str) -> bool:
    """True where the words name money: «500 €», «$1,500»."""
    return _AMOUNT.search(fold(text)) is not None
