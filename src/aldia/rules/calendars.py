"""Working days: holidays come in as a set of dates, which `aldia.jurisdictions.calendars` can fill."""

from datetime import date, timedelta

Holidays = frozenset[date]

_DAY = timedelta(days=1)
_SATURDAY = 5


def is_weekend(day: date) -> bool:
    """True on Saturday and Sunday."""
    return day.weekday() >= _SATURDAY


def is_business_day(day: date, holidays: Holidays) -> bool:
    """True when the day is neither a weekend nor a holiday."""
    return not is_weekend(day) and day not in holidays


def business_day_from(day: date, holidays: Holidays) -> date:
    """The day itself if it is a business day, else the first one after it."""
    while not is_business_day(day, holidays):
        day += _DAY
    return day


def business_days_after(known: date, until: date, holidays: Holidays) -> int:
    """How many business days lie after the first day, up to and including the second; 0 where none do."""
    span = max(0, (until - known).days)
    return sum(is_business_day(known + timedelta(days=n), holidays) for n in range(1, span + 1))


def next_business_day(day: date, holidays: Holidays) -> date:
    """The first business day after the given one, never the day itself."""
    return business_day_from(day + _DAY, holidays)
