"""When a mail may reach people, written down by hand: neither the law files nor the library of holidays.

Only days that are certain are listed, so that what is said to be closed is closed.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SPAIN = {(1, 1), (1, 6), (5, 1), (10, 12), (12, 8), (12, 25)}
_MADRID = {date(2026, 4, 2), date(2026, 11, 2), date(2026, 12, 7), date(2027, 3, 25)}
_GOOD_FRIDAYS = {date(2026, 4, 3), date(2027, 3, 26), date(2028, 4, 14)}
_MEXICO = {(1, 1), (5, 1), (9, 16), (12, 25)}
_MEXICAN_MONDAYS = {
    *(date(2026, 2, 2), date(2026, 3, 16), date(2026, 11, 16)),
    *(date(2027, 2, 1), date(2027, 3, 15), date(2027, 11, 15)),
}
_ZONES = {"ES": "Europe/Madrid", "ES-CN": "Atlantic/Canary", "MX": "America/Mexico_City"}
_HOURS = {"ES": (time(9), time(21)), "ES-CN": (time(9), time(21)), "MX": (time(7), time(22))}
_SATURDAY = 5


def local(moment: datetime, place: str) -> datetime:
    """That moment where somebody lives. place: ES, ES-CN or MX."""
    return moment.astimezone(ZoneInfo(_ZONES[place]))


def is_holiday(day: date, place: str) -> bool:
    """True on a day that is certainly a public holiday there; who names no region is in Madrid."""
    if place == "MX":
        return (day.month, day.day) in _MEXICO or day in _MEXICAN_MONDAYS
    spanish = (day.month, day.day) in _SPAIN or day in _GOOD_FRIDAYS
    return spanish or (place == "ES" and day in _MADRID)


def why_closed(moment: datetime, place: str, *, weekends: bool) -> str:
    """Why nobody there may be written to then; blank when one may. weekends: the house writes then."""
    there = local(moment, place)
    opens, closes = _HOURS[place]
    if is_holiday(there.date(), place):
        return "holiday"
    if there.weekday() >= _SATURDAY and not weekends:
        return "weekend"
    return "" if opens <= there.time() < closes else "window"


def working_days_after(known: date, until: date) -> int:
    """The house's working days after the one day, up to and including the other; the house is in Madrid."""
    days = (known + timedelta(days=n) for n in range(1, (until - known).days + 1))
    return sum(day.weekday() < _SATURDAY and not is_holiday(day, "ES") for day in days)
