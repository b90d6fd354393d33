"""The only room that reads the clock. Everywhere else time comes in as an argument."""

import os
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

from aldia.kernel.errors import AldiaError

_MORNING = time_of_day(10, 0)
_PRESENT = timedelta(minutes=15)


class BadMoment(AldiaError):
    """A moment or date given by hand cannot be read."""

    code = "bad_moment"


def now() -> datetime:
    """This moment in UTC: the real clock, or `ALDIA_NOW` (ISO 8601) where somebody rehearses another day."""
    simulated = os.environ.get("ALDIA_NOW")
    return read_moment(simulated) if simulated else datetime.now(UTC)


def is_simulated() -> bool:
    """True while `ALDIA_NOW` stands in for the real clock: then nothing may leave the house."""
    return bool(os.environ.get("ALDIA_NOW"))


def is_present(moment: datetime) -> bool:
    """True if the moment is the real present, give or take some minutes; never under `ALDIA_NOW`.

    Mail that leaves the house asks this, whatever moment it was told.
    """
    return not is_simulated() and abs(datetime.now(UTC) - moment) < _PRESENT


def stopwatch() -> float:
    """Seconds of a monotonic clock, for measuring how long something took; never a date."""
    return time.perf_counter()


def read_moment(text: str) -> datetime:
    """An ISO 8601 moment as aware UTC; without a zone it is taken as UTC. Raises BadMoment."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadMoment(
            f"No se entiende el momento «{text}»: escríbalo como 2026-11-20T10:00:00+01:00.", text=text
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def read_date(text: str) -> date:
    """A date written as 2026-11-20. Raises BadMoment."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadMoment(f"No se entiende la fecha «{text}»: escríbala como 2026-11-20.", text=text) from None


def business_date(moment: datetime, zone: str) -> date:
    """The day it is for a creditor in that IANA zone at this moment."""
    return moment.astimezone(ZoneInfo(zone)).date()


def morning_of(day: date, zone: str) -> datetime:
    """10:00 of that day in the zone, in UTC: the `now` of a run that is dated in the past (`--on`)."""
    return datetime.combine(day, _MORNING, ZoneInfo(zone)).astimezone(UTC)


def days_between(earlier: date, later: date) -> int:
    """Whole days from earlier to later; negative when later comes first."""
    return (later - earlier) // timedelta(days=1)
