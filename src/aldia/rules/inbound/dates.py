"""Days as people say them. What fits no single day stays without one: a date is never invented."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from aldia.rules.inbound.clauses import Clause
from aldia.rules.inbound.values import SaidDate

_DAY = timedelta(days=1)
_FAR_DAYS = 180  # a day without a year that lies further ahead is as likely one that is past
_DAYS_AHEAD_MAX = 90

_WEEKDAYS = {
    **dict.fromkeys(("lunes", "monday", "mon"), 0),
    **dict.fromkeys(("martes", "tuesday", "tue"), 1),
    **dict.fromkeys(("miercoles", "wednesday", "wed"), 2),
    **dict.fromkeys(("jueves", "thursday", "thu"), 3),
    **dict.fromkeys(("viernes", "friday", "fri"), 4),
    **dict.fromkeys(("sabado", "saturday", "sat"), 5),
    **dict.fromkeys(("domingo", "sunday", "sun"), 6),
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "enero ene january jan",
            "febrero feb february",
            "marzo mar march",
            "abril abr april apr",
            "mayo may",
            "junio jun june",
            "julio jul july",
            "agosto ago august aug",
            "septiembre setiembre sept sep set september",
            "octubre oct october",
            "noviembre nov november",
            "diciembre dic december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_SPANISH_NUMBERS = "cero un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince"
_ENGLISH_NUMBERS = "zero one two three four five six seven eight nine ten"
_NUMBERS = {
    **{word: number for number, word in enumerate(_SPANISH_NUMBERS.split())},
    **{word: number for number, word in enumerate(_ENGLISH_NUMBERS.split())},
    **{"una": 1, "uno": 1, "veinte": 20, "treinta": 30},
}
_WEEKDAY = "|".join(sorted((name for name in _WEEKDAYS if len(name) > 3), key=len, reverse=True))
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NUMBER = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_NOT_MONEY = (
    r"(?!\d|\s?(?:%|€|\$|euros?\b|eur\b|pesos?\b|soles\b|dolares\b|usd\b|de cada\b|por ciento"
    r"|h\b|[:/.-]\d))"
)

Reader = Callable[[re.Match[str], date], SaidDate]


def said_dates(clause: Clause, on: date, *, english: bool = False) -> list[SaidDate]:
    """Every day the clause speaks of, seen from the day it was written; no two from the same words."""
    taken: list[tuple[int, int]] = []
    found = []
    for pattern, read in _READERS:
        for match in pattern.finditer(clause.plain):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            said = read(match, on)
            if english and "/" in match[0]:
                said = _either_way(match, on)
            words = clause.said[match.start() : match.end()].strip(" ,")
            found.append((match.start(), SaidDate(words, said.on, said.readings)))
    return [said for _place, said in sorted(found, key=lambda each: each[0])]


def _one(day: date) -> SaidDate:
    return SaidDate("", day, (day,))


def _several(*days: date) -> SaidDate:
    return SaidDate("", None, tuple(sorted(set(days))))


_VAGUE = SaidDate("", None)


def _vague(match: re.Match[str], on: date) -> SaidDate:
    return _VAGUE


def _later(days: int) -> Reader:
    return lambda match, on: _one(on + days * _DAY)


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _written(match: re.Match[str], on: date) -> SaidDate:
    """30/11/2026, 30/11, 30 de noviembre (de 2026), November 30th."""
    parts: dict[str, Any] = match.groupdict()
    month = int(parts["month"]) if parts["month"].isdecimal() else _MONTHS[parts["month"]]
    return _of_day_and_month(int(parts["day"]), month, parts.get("year"), on)


def _of_day_and_month(day: int, month: int, year: str | None, on: date) -> SaidDate:
    if year:
        whole = int(year) + (2000 if len(year) == 2 else 0)
        found = _real(whole, month, day)
        return _one(found) if found and on <= found <= on + 2 * 366 * _DAY else _VAGUE
    ahead = (_real(on.year, month, day), _real(on.year + 1, month, day))
    coming = next((each for each in ahead if each and each >= on), None)
    if coming is None:
        return _VAGUE
    return _one(coming) if (coming - on).days <= _FAR_DAYS else _VAGUE


def _either_way(match: re.Match[str], on: date) -> SaidDate:
    """In English nobody knows whether day or month comes first, unless only one order is a date."""
    first, second, year = int(match["day"]), int(match["month"]), match["year"]
    ways = [_of_day_and_month(first, second, year, on), _of_day_and_month(second, first, year, on)]
    days = {each.on for each in ways if each.on}
    return _one(days.pop()) if len(days) == 1 else _several(*days)


def _iso(match: re.Match[str], on: date) -> SaidDate:
    return _of_day_and_month(int(match["day"]), int(match["month"]), match["year"], on)


def _day_of_month(match: re.Match[str], on: date) -> SaidDate:
    """«el 30»: the next one; said on a 30th it may be today or a month later."""
    day = int(match["day"])
    this = _real(on.year, on.month, day)
    year, month = (on.year + 1, 1) if on.month == 12 else (on.year, on.month + 1)
    following = _real(year, month, day)
    if this is not None and this > on:
        return _one(this)
    if this == on:
        return _several(*(each for each in (this, following) if each))
    if this is None:  # this month has no such day
        return _several(*([following] if following else []))
    return _one(following) if following else _VAGUE


def _month_end(match: re.Match[str], on: date) -> SaidDate:
    """«a fin de mes»: its last day; said on that day it may be the next month's."""
    last = on.replace(day=monthrange(on.year, on.month)[1])
    if last > on:
        return _one(last)
    following = on + _DAY
    return _several(on, following.replace(day=monthrange(following.year, following.month)[1]))


def _next_month_end(match: re.Match[str], on: date) -> SaidDate:
    first = on.replace(day=monthrange(on.year, on.month)[1]) + _DAY
    return _one(first.replace(day=monthrange(first.year, first.month)[1]))


def _next_weekday(coming: date, on: date) -> SaidDate:
    """«el viernes que viene»: certain only where the coming one lies in next week already."""
    if coming == on:
        return _one(on + 7 * _DAY)
    monday = on + (7 - on.weekday()) * _DAY
    return _one(coming) if coming >= monday else _several(coming, coming + 7 * _DAY)


def _this_weekday(match: re.Match[str], on: date) -> SaidDate:
    """«este viernes»: the coming one, today among them."""
    return _one(on + (_WEEKDAYS[match["weekday"]] - on.weekday()) % 7 * _DAY)


def _weekday_and_day(coming: date, day: int, on: date) -> SaidDate:
    """«el viernes 27»: a day within two months that is both; else each is told."""
    for weeks in range(9):
        candidate = coming + 7 * weeks * _DAY
        if candidate.day == day:
            return _one(candidate)
    by_number = _of_number(day, on)
    return _several(coming, *([by_number] if by_number else []))


def _of_number(day: int, on: date) -> date | None:
    ahead = (on + n * _DAY for n in range(62))
    return next((each for each in ahead if each.day == day), None)


def _weekday_of_week(match: re.Match[str], on: date) -> SaidDate:
    """«el viernes de la semana que viene»."""
    monday = on - on.weekday() * _DAY
    weeks = 0 if match["week"].startswith(("esta", "this")) else 1
    found = monday + (7 * weeks + _WEEKDAYS[match["weekday"]]) * _DAY
    return _one(found) if found >= on else _VAGUE


def _in_days(match: re.Match[str], on: date) -> SaidDate:
    said = match["number"]
    number = int(said) if said.isdecimal() else _NUMBERS[said]
    return _one(on + number * _DAY) if 0 < number <= _DAYS_AHEAD_MAX else _VAGUE


def _compiled() -> Iterator[tuple[re.Pattern[str], Reader]]:
    """The longer and vaguer ways of saying first, so that no part of them is taken for a day."""
    week = (
        r"(?P<week>(?:la )?semana que (?:viene|entra)|(?:la )?proxima semana"
        r"|esta (?:misma )?semana|next week|this week)"
    )
    lines: list[tuple[str, Reader]] = [
        # a range or a limit on the wrong side is no day
        (
            rf"\b(?:a partir|despues|pasado|luego) del? (?:dia )?(?:{_WEEKDAY}"
            rf"|\d{{1,2}}\b)(?: de (?:{_MONTH})\b)?",
            _vague,
        ),
        (rf"\b(?:hasta|until) (?:el )?(?:dia )?(?:{_WEEKDAY}|\d{{1,2}}\b)(?: de (?:{_MONTH})\b)?", _vague),
        (
            rf"\bafter (?:the )?(?:{_WEEKDAY}|\d{{1,2}}(?:st|nd|rd"
            rf"|th)?\b)(?: of)?(?: (?:{_MONTH})\b)?",
            _vague,
        ),
        (r"\b(?:el|dia) \d{1,2} (?:o|u|al?) (?:el )?(?:dia )?\d{1,2}\b", _two_days),
        (r"\b(?:entre|del) (?:el )?(?:dia )?\d{1,2} (?:y|al?) (?:el )?(?:dia )?\d{1,2}\b", _two_days),
        (
            r"\b(?:el|los) (?:dias? )?\d{1,2} de cada mes\b|\bcada (?:mes|semana|quincena|viernes|lunes)\b",
            _vague,
        ),
        (rf"\b(?:el |este |on |proximo )*(?P<weekday>{_WEEKDAY}),? (?:de )?{week}\b", _weekday_of_week),
        (rf"\b{week}", _vague),
        (
            r"\b(?:antes de )?(?:que )?(?:a |el |al |para )?(?:fin|final"
            r"|ultimo dia) del? (?:proximo mes|mes (?:que viene|proximo|que entra))\b",
            _next_month_end,
        ),
        (
            r"\b(?:a|para|hacia|sobre|por)?\s?(?:finales|primeros|principios|mediados"
            r"|comienzos|inicios) (?:de|del) \w+",
            _vague,
        ),
        (rf"\b(?:a |antes de )?fin(?:al)? de (?:{_MONTH})\b", _end_of_month_named),
        (
            r"\b(?:a |el |al |antes de |antes del |para )?(?:fin|final|ultimo dia) (?:de "
            r"|del )?(?:este )?mes\b|\b(?:by |at )?(?:the )?end of (?:the|this) month\b"
            r"|\bmonth end\b",
            _month_end,
        ),
        (r"\bend of (?:next month|the (?:week|year))\b|\bfin de (?:semana|ano)\b", _vague),
        (
            r"\b(?:el |del )?(?:mes que viene|proximo mes|mes proximo|mes que entra"
            r"|proxima quincena|la quincena)\b|\b(?:next month|in a (?:month|few days))\b",
            _vague,
        ),
        # whole dates
        (r"\b(?P<year>20\d\d)-(?P<month>\d{2})-(?P<day>\d{2})\b", _iso),
        (
            r"\b(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})(?:[/.-](?P<year>20\d\d"
            r"|\d\d))?\b(?![/.,-]?\d|\s?(?:€|\$|euros?|eur\b|pesos|soles))",
            _written,
        ),
        (
            rf"\b(?:(?:el|antes del"
            rf"|para el) )?(?:{_WEEKDAY})?,?\s?(?:dia )?(?P<day>\d{{1,2}})(?:º|o)?\s?(?:de |/"
            rf"|-)?\s?(?P<month>{_MONTH})\b\.?(?:,? (?:de |del )?(?P<year>20\d\d))?",
            _written,
        ),
        (
            rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH})\b(?:,? (?P<year>20\d\d))?",
            _written,
        ),
        (
            rf"\b(?P<month>{_MONTH})\.? (?P<day>\d{{1,2}})(?:st|nd|rd"
            rf"|th)?\b(?:,? (?P<year>20\d\d))?",
            _written,
        ),
        # so many days
        (
            r"\b(?:en|dentro de|within|in) (?:unos|unas|about|aproximadamente|un par de"
            r"|a couple of|pocos|estos|los proximos|a few) (?:\w+ )?(?:dias|semanas|meses|days"
            r"|weeks)\b",
            _vague,
        ),
        (r"\b(?:\d+|\w+) (?:o|u|a|or|to|-) (?:\d+|\w+) (?:dias|days)\b", _vague),
        (r"\b(?:en|dentro de|within|in|en el plazo de) \d+\s?[-–/]\s?\d+ (?:dias|days)\b", _vague),
        (
            r"\b(?:en|dentro de|within|in) (?:\w+|\d+) (?:dias|days) (?:habiles|laborables)"
            r"|\b\d+ (?:business|working) days\b",
            _vague,
        ),
        (rf"\b(?:en|dentro de|in) (?P<number>\d{{1,2}}|{_NUMBER}) (?:dias|days?)\b", _in_days),
        (
            rf"\b(?:en|dentro de|in|within) (?:\d{{1,2}}|{_NUMBER}|a) (?:semanas?|meses|mes"
            rf"|weeks?|months?)\b",
            _vague,
        ),
        # days near
        (r"\bpasado manana\b|\b(?:the )?day after tomorrow\b", _later(2)),
        (r"(?<!la )(?<!esta )(?<!esa )(?<!cada )\bmanana\b|\btomorrow\b", _later(1)),
        (r"\bhoy(?: mismo)?\b|\besta (?:misma )?(?:tarde|noche|manana)\b|\b(?:today|tonight)\b", _later(0)),
        (rf"\b(?:este(?: mismo)?|this)(?: proximo| coming)? (?P<weekday>{_WEEKDAY})\b(?! \d)", _this_weekday),
        (
            rf"\b(?:el |on |by |next |proximo |antes del |para el "
            rf"|sin falta el )*(?P<weekday>{_WEEKDAY})\b(?P<after>,? (?:proximo|que viene"
            rf"|siguiente|que entra))?(?: (?:dia )?(?P<day>\d{{1,2}})\b{_NOT_MONEY})?",
            _weekday_said,
        ),
        (
            rf"\b(?:el|al|antes del|para el) (?:dia |proximo )?(?P<day>3[01]|[12]\d|0?[1-9])\b{_NOT_MONEY}",
            _day_of_month,
        ),
        (rf"\bdia (?P<day>3[01]|[12]\d|0?[1-9])\b{_NOT_MONEY}", _day_of_month),
        (
            r"\b(?:on|by) (?:the )?(?P<day>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)\b"
            r"|\bthe (?P<day2>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)\b",
            _ordinal,
        ),
    ]
    for pattern, read in lines:
        yield re.compile(pattern), read


def _weekday_said(match: re.Match[str], on: date) -> SaidDate:
    """With «próximo» or «que viene» anywhere beside it, or without."""
    wanted = _WEEKDAYS[match["weekday"]]
    coming = on + (wanted - on.weekday()) % 7 * _DAY
    if match["day"]:
        return _weekday_and_day(coming, int(match["day"]), on)
    if match["after"] or re.match(r"(?:\w+ )*?(?:next|proximo) ", match[0]):
        return _next_weekday(coming, on)
    return _several(on, on + 7 * _DAY) if coming == on else _one(coming)


def _two_days(match: re.Match[str], on: date) -> SaidDate:
    """«entre el 5 y el 10»: both are told, neither is taken."""
    days = [_of_number(int(each), on) for each in re.findall(r"\d{1,2}", match[0])]
    return _several(*(each for each in days if each))


def _end_of_month_named(match: re.Match[str], on: date) -> SaidDate:
    month = _MONTHS[match[0].split()[-1]]
    year = on.year if month >= on.month else on.year + 1
    last = date(year, month, monthrange(year, month)[1])
    return _one(last) if on < last and (last - on).days <= _FAR_DAYS else _VAGUE


def _ordinal(match: re.Match[str], on: date) -> SaidDate:
    day = int(match["day"] or match["day2"])
    found = _of_number(day, on)
    if day == on.day:
        return _several(on, *([found] if found and found != on else []))
    return _one(found) if found else _VAGUE


_READERS = tuple(_compiled())
