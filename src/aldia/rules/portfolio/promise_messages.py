"""Which open promises the customer is reminded of today, and by which channel. docs/rules/promises.md §4."""

from datetime import date, timedelta

import polars as pl

from aldia.rules.calendars import Holidays, is_business_day
from aldia.rules.portfolio.engine import Decided
from aldia.rules.portfolio.outgoing import way_to
from aldia.rules.portfolio.promises import OPEN

RECEIPT, REMINDER = "receipt", "reminder"
TEMPLATES = {RECEIPT: "promise_receipt", REMINDER: "promise_reminder"}
CHANNELS = ("email", "whatsapp", "sms")
"""In the order they are tried."""

TONE = "amable"


def last_working_day_before(day: date, holidays: Holidays) -> date:
    """The last business day before the given one."""
    day -= timedelta(days=1)
    while not is_business_day(day, holidays):
        day -= timedelta(days=1)
    return day


def reminders(decided: Decided, holidays: Holidays, channels: tuple[str, ...] = CHANNELS) -> pl.DataFrame:
    """promise_id, customer_id, channel: of those to be reminded of by the day, within reach.

    channels: that have a way out of the house. Who is on hold or insolvent is reminded of nothing.
    """
    day, frames = decided.terms.as_of, decided.frames
    due = decided.promises.filter(
        (pl.col("state") == OPEN)
        & (pl.col("paid_minor") < pl.col("required_minor"))
        & (pl.col("promised_on") > day)
        & (pl.col("made_on") < day)
    )
    begins = {on: last_working_day_before(on, holidays) for on in due["promised_on"].unique()}
    first = pl.col("promised_on").replace_strict(begins, default=None, return_dtype=pl.Date)
    silent = frames.overlays.filter(kind="hold").select("customer_id")
    insolvent = (pl.col("insolvent_on") <= day).fill_null(False)
    silent = pl.concat([silent, frames.customers.filter(insolvent).select("customer_id")])
    return (
        due.filter(first <= day)
        .join(silent, on="customer_id", how="anti")
        .join(way_to(frames, channels), on="customer_id")
        .select("promise_id", "customer_id", "channel")
        .sort("promise_id")
    )


def reminder_lines(decided: Decided, reminded: pl.DataFrame) -> pl.DataFrame:
    """promise_id, customer_id, line_id, currency, open_minor: what is missing on each line."""
    parts = decided.ground.promise_lines.with_columns(
        open_minor=pl.col("required_minor") - pl.col("paid_minor")
    )
    currencies = decided.promises.select("promise_id", "currency")
    return (
        reminded.select("promise_id", "customer_id")
        .join(parts, on="promise_id")
        .join(currencies, on="promise_id")
        .filter(pl.col("open_minor") > 0)
        .select("promise_id", "customer_id", "line_id", "currency", "open_minor")
        .sort("promise_id", "line_id")
    )
