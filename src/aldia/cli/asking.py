"""Whom and which day a command is about."""

from datetime import date, datetime

from aldia.cli.door import Call
from aldia.kernel import clock
from aldia.queries.creditors import default_date, the_creditor
from aldia.records.tenancy.models import Creditor


def creditor_of(call: Call) -> Creditor:
    """The one named, or the only one there is. Raises NoCreditor, UnknownCreditor, CreditorUnclear."""
    return the_creditor(call.creditor_code)


def day_of(creditor: Creditor, on: date | None, now: datetime | None = None) -> date:
    """The day named, or the creditor's own."""
    return on or default_date(creditor, now or clock.now())


def moment_of(creditor: Creditor, on: date, present: datetime | None = None) -> datetime:
    """This moment, or the morning of a day gone by."""
    present = present or clock.now()
    if on < clock.business_date(present, creditor.time_zone):
        return clock.morning_of(on, creditor.time_zone)
    return present
