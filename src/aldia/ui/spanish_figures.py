"""Dates and amounts within a Spanish sentence, written again as another language writes them."""

import re
from datetime import date

from babel.dates import format_date

from aldia.kernel.errors import AldiaError
from aldia.kernel.money import format_money, minor_units

_DAYS = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")
_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
_DATE = re.compile(rf"\b(?:{'|'.join(_DAYS)}) (\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}})\b")
_AMOUNT = re.compile(r"(?<![\w.,])(-?\d{1,3}(?:\.\d{3})*(?:,(\d+))?)\s(€|US\$|%|[A-Z]{3}\b)")
_DECIMAL = re.compile(r"-?\d{1,3}(?:\.\d{3})*,\d{1,4}")
_CODES = {"€": "EUR", "US$": "USD"}
_SWAPPED = str.maketrans(".,", ",.")


def figures_in(text: str, language: str) -> str:
    """«vie 20 nov 2026» and «1.234,56 €» as that language has them; all else untouched."""
    if _DECIMAL.fullmatch(text):
        return text.translate(_SWAPPED)
    dated = _DATE.sub(lambda found: _date(found, language), text)
    return _AMOUNT.sub(lambda found: _amount(found, language), dated)


def _date(found: re.Match[str], language: str) -> str:
    try:
        day = date(int(found[3]), _MONTHS.index(found[2]) + 1, int(found[1]))
    except ValueError:
        return found[0]
    return str(format_date(day, "EEE d MMM y", locale=language))


def _amount(found: re.Match[str], language: str) -> str:
    """What is no amount of a currency keeps its form, with the signs the other way round."""
    number, decimals, symbol = found[1], found[2] or "", found[3]
    code = _CODES.get(symbol, symbol)
    try:
        is_money = symbol != "%" and minor_units(code) == len(decimals)
    except AldiaError:
        is_money = False
    if not is_money:
        return found[0].translate(_SWAPPED)
    return format_money(int(number.replace(".", "").replace(",", "")), code, language)
