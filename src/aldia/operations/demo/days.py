"""Months and working days of the invented trade; no clock."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

MONTHS = 24


def first_day(last: date) -> date:
    """The day on which the 24 months up to `last` begin."""
    year, month = last.year - 2, last.month
    return date(year, month, min(last.day, monthrange(year, month)[1])) + timedelta(days=1)


def months_between(first: date, last: date) -> Iterator[date]:
    """First days of the months from that of `first` to that of `last`, both included."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


def day_in(month: date, day: int) -> date:
    """That day of the month, or its last one if it has not so many."""
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
