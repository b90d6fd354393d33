"""The span of days a ledger may speak of."""

from datetime import date

from aldia.kernel.errors import AldiaError

EARLIEST = date(1990, 1, 1)  # no due date, payment or rate before it is accepted
LATEST = date(2100, 12, 31)


class DayOutsideLedger(AldiaError):
    """A day no ledger speaks of, most likely mistyped. facts: day."""

    code = "day_outside_ledger"


def refuse_outside_ledger(day: date) -> None:
    """Raises DayOutsideLedger for a day before EARLIEST or after LATEST."""
    if not EARLIEST <= day <= LATEST:
        raise DayOutsideLedger(
            f"La fecha {_written(day)} no vale: tiene que estar entre {_written(EARLIEST)} "
            f"y {_written(LATEST)}.",
            day=day.isoformat(),
        )


def _written(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
