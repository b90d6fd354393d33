"""Dates as people write them; the order of day and month is declared or proved, never guessed."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from aldia.formats.table.findings import TableRefused, shown
from aldia.formats.table.numbers import Fault

YEAR_MIN, YEAR_MAX = 1990, 2100
_LENGTH_MAX = 60
_SERIAL_ZERO = date(1899, 12, 30)
_PIVOT = 90  # two-digit years, once declared: 90-99 are 19xx

_TIME = (
    r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?\s?m\.?)?\s*(?:Z|UTC|[-+]\d{2}:?\d{2})?)?"
)
_ISO = re.compile(rf"(\d{{4}})(?:-|/|\.)(\d{{1,2}})(?:-|/|\.)(\d{{1,2}}){_TIME}", re.ASCII | re.IGNORECASE)
_COMPACT = re.compile(r"((?:19|20|21)\d{2})(\d{2})(\d{2})", re.ASCII)
_NUMERIC = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}", re.ASCII | re.IGNORECASE)
_NAMED = re.compile(r"(\d{1,2})[ ./-]*(?:de )?([a-zA-Z]{3,10})\.?[ ,./-]*(?:del? )?(\d{4}|\d{2})", re.ASCII)
_NAMED_FIRST = re.compile(r"([a-zA-Z]{3,10})\.?[ -]*(\d{1,2}),?[ -]*(\d{4})", re.ASCII)
_MONTHS = "ene/jan feb mar abr/apr may jun jul ago/aug sep/set oct nov dic/dec"
_MONTH = {name: number for number, names in enumerate(_MONTHS.split(), start=1) for name in names.split("/")}


class Order(StrEnum):
    """The order of the parts of a date."""

    DAY_FIRST = "día/mes/año"
    MONTH_FIRST = "mes/día/año"
    YEAR_FIRST = "año-mes-día"


@dataclass(frozen=True, slots=True)
class DateFormat:
    """How dates are written. two_digit_years: «26» stands for 2026; refused unless declared."""

    order: Order
    two_digit_years: bool = False


@dataclass(frozen=True, slots=True)
class Loose:
    """A date whose order of day and month is still open: the first two numbers, and the year as written."""

    first: int
    second: int
    year: str


_TOKENS = re.compile(r"%[dmyY]|d{1,2}|m{1,2}|[ya]{4}|[ya]{2}|[ya]", re.IGNORECASE)
_LETTERS = {
    ("d", "m", "y"): Order.DAY_FIRST,
    ("m", "d", "y"): Order.MONTH_FIRST,
    ("y", "m", "d"): Order.YEAR_FIRST,
}


def parse_format(declared: str) -> DateFormat:
    """The format a user names: `dd/mm/yyyy`, `m/d/Y`, `%d/%m/%Y`, `dd-mm-aa`, `iso`. Raises TableRefused."""
    if declared.strip().casefold() in {"iso", "iso8601", "iso-8601"}:
        return DateFormat(Order.YEAR_FIRST)
    tokens = _TOKENS.findall(declared)
    rest = re.sub(r"[\s/.,-]", "", _TOKENS.sub("", declared))
    letters = tuple(token.lstrip("%")[0].lower().replace("a", "y") for token in tokens)
    order = _LETTERS.get(letters) if len(letters) == 3 and not rest else None
    if order is None:
        raise TableRefused(
            "date_format_unknown",
            f"El formato de fecha «{shown(declared)}» no se entiende. Use dd/mm/aaaa, mm/dd/aaaa o "
            "aaaa-mm-dd.",
        )
    year = tokens[letters.index("y")]
    return DateFormat(order, two_digit_years=len(year.lstrip("%")) == 2 or year in {"y", "%y", "a"})


def read_loosely(text: str) -> date | Loose | Fault:
    """A date that says its own order (ISO, or with the month's name), or one that still needs it."""
    if len(text) > _LENGTH_MAX:
        return _not_a_date(text)
    if (match := _NUMERIC.fullmatch(text)) is not None:
        return Loose(int(match[1]), int(match[3]), match[4])
    if (match := _ISO.fullmatch(text) or _COMPACT.fullmatch(text)) is not None:
        return calendar_date(int(match[1]), int(match[2]), int(match[3]), text)
    return _named(text)


def _named(text: str) -> date | Fault:
    plain = text.casefold()
    if (match := _NAMED.fullmatch(plain)) is not None:
        day, name, year = match[1], match[2], match[3]
    elif (match := _NAMED_FIRST.fullmatch(plain)) is not None:
        day, name, year = match[2], match[1], match[3]
    else:
        return _not_a_date(text)
    month = _MONTH.get(name[:3])
    if month is None:
        return Fault(
            "date_bad", f"«{shown(text)}» no es una fecha: el mes no se entiende. Escriba 31/01/2026."
        )
    if len(year) == 2:
        return _short_year(text)
    return calendar_date(int(year), month, int(day), text)


def _not_a_date(text: str) -> Fault:
    return Fault("date_bad", f"«{shown(text)}» no es una fecha. Escríbala como 31/01/2026 o 2026-01-31.")


def _short_year(text: str) -> Fault:
    return Fault(
        "date_short_year",
        f"«{shown(text)}» tiene el año con dos cifras. Escríbalo con cuatro o indique --date-format "
        "dd/mm/aa.",
    )


def settle(loose: Loose, form: DateFormat, text: str) -> date | Fault:
    """The date once the order is known."""
    if len(loose.year) == 2 and not form.two_digit_years:
        return _short_year(text)
    if form.order is Order.YEAR_FIRST:
        return _year_first(loose, text)
    year = _century(int(loose.year)) if len(loose.year) == 2 else int(loose.year)
    if form.order is Order.MONTH_FIRST:
        return calendar_date(year, loose.first, loose.second, text)
    return calendar_date(year, loose.second, loose.first, text)


def _year_first(loose: Loose, text: str) -> date | Fault:
    if len(loose.year) == 2:
        return calendar_date(_century(loose.first), loose.second, int(loose.year), text)
    return Fault("date_bad", f"«{shown(text)}» no está escrita como año-mes-día. Escríbala como 2026-01-31.")


def _century(year: int) -> int:
    return year + (1900 if year >= _PIVOT else 2000)


def calendar_date(year: int, month: int, day: int, text: str) -> date | Fault:
    """The day if the calendar has it."""
    try:
        return date(year, month, day)
    except ValueError:
        return Fault("date_impossible", f"La fecha «{shown(text)}» no existe. Corrija el día o el mes.")


def in_range(day: date, year_min: int) -> date | Fault:
    """The day if its year is believable."""
    if year_min <= day.year <= YEAR_MAX:
        return day
    return Fault(
        "date_out_of_range",
        f"El año de «{day:%d/%m/%Y}» no es posible: debe estar entre {year_min} y {YEAR_MAX}. Corríjalo."
        if day.year >= 1000
        else f"El año {day.year} no es posible: debe estar entre {year_min} y {YEAR_MAX}. Corríjalo.",
    )


def order_proved(looses: Iterable[Loose]) -> dict[Order | None, Loose]:
    """The first example of each order; under None the first that reads differently both ways."""
    found: dict[Order | None, Loose] = {}
    for loose in looses:
        day_first, month_first = loose.second <= 12 < loose.first, loose.first <= 12 < loose.second
        if day_first:
            found.setdefault(Order.DAY_FIRST, loose)
        elif month_first:
            found.setdefault(Order.MONTH_FIRST, loose)
        elif loose.first != loose.second and loose.first <= 12:
            found.setdefault(None, loose)
    return found


def from_serial(serial: Decimal) -> date | Fault:
    """The day a spreadsheet counts as so many days after 30 December 1899."""
    whole = int(serial) if serial.is_finite() and abs(serial) < 10**7 else -1
    if not 32_874 <= whole <= 73_415:
        return Fault("date_bad", f"«{shown(serial)}» no es una fecha. Dé a la celda formato de fecha.")
    return _SERIAL_ZERO + timedelta(days=whole)


def without_time(value: date) -> date:
    """A moment's day."""
    return value.date() if isinstance(value, datetime) else value
