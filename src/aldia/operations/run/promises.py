"""What became of promises to pay, written where it is new, and who is reminded. docs/rules/promises.md."""

from datetime import datetime

import polars as pl
from django.db import connection

from aldia.kernel.money import format_money
from aldia.operations.alerts import raise_alert
from aldia.operations.bulk import insert_frame, next_ids
from aldia.operations.run.record import RunRow
from aldia.queries.outbox import sendable
from aldia.queries.places import holidays_of_creditor
from aldia.records.outreach.models import Message
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.engine import Decided
from aldia.rules.portfolio.promise_messages import (
    CHANNELS,
    REMINDER,
    TEMPLATES,
    TONE,
    reminder_lines,
    reminders,
)
from aldia.rules.portfolio.promises import BROKEN, OPEN, WITHDRAWN
from aldia.rules.portfolio.words import day_text

_LOCK = """
SELECT id FROM cases_promise WHERE creditor_id = %s AND id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""

_GONE = """
SELECT promise_id FROM cases_promise_outcome
WHERE creditor_id = %s AND promise_id = ANY(%s) AND verdict = 'withdrawn'
"""


def record_promises(creditor: Creditor, run: RunRow, decided: Decided, *, at: datetime) -> int:
    """The verdicts that differ from those on record, by state or by the money that counts; reminders of what
    is promised for the next working day; large ones that were broken are told. How many rows.

    run: its `held` says whether messages wait for a yes.
    """
    if decided.promises.is_empty():
        return 0
    news = _not_withdrawn(creditor.pk, _news(decided.promises))
    rows = news.select(
        "promise_id",
        "customer_id",
        "paid_minor",
        verdict="state",
        decided_on=pl.lit(run.on),
        run_id=pl.lit(run.run_id, pl.Int64),
        actor=pl.lit(f"run:{run.run_id}"),
    )
    written = insert_frame("cases_promise_outcome", creditor.pk, rows, order_by=["promise_id"])
    _tell_of_broken(creditor, news, decided.rows, at)
    return written + _remind(creditor, run, decided)


def _news(promises: pl.DataFrame) -> pl.DataFrame:
    known = (pl.col("verdict") == pl.col("state")) & (pl.col("verdict_paid_minor") == pl.col("paid_minor"))
    return promises.filter(~pl.col("state").is_in([OPEN, WITHDRAWN]) & ~known.fill_null(False))


def _not_withdrawn(creditor_id: int, news: pl.DataFrame) -> pl.DataFrame:
    """Without those somebody has taken back, be it since they were read or on a later day than the run's;
    nobody takes one back until the run is over."""
    if news.is_empty():
        return news
    ids = news["promise_id"].to_list()
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [creditor_id, ids])
        cursor.execute(_GONE, [creditor_id, ids])
        gone = [row[0] for row in cursor.fetchall()]
    return news.filter(~pl.col("promise_id").is_in(gone))


def _tell_of_broken(creditor: Creditor, news: pl.DataFrame, rows: pl.DataFrame, at: datetime) -> None:
    """Large ones, and those of large customers; all of them where nobody has said what large is."""
    broken = news.filter((pl.col("state") == BROKEN) & (pl.col("verdict") != BROKEN).fill_null(True))
    owed = rows.select("customer_id", "currency", "overdue_minor")
    told = broken.join(owed, on=["customer_id", "currency"], how="left")
    if creditor.large_account_minor is not None:
        largest = pl.max_horizontal("amount_minor", pl.col("overdue_minor").fill_null(0))
        foreign = pl.col("currency") != creditor.currency
        told = told.filter(foreign | (largest >= creditor.large_account_minor))
    for row in told.iter_rows(named=True):
        amount = format_money(row["amount_minor"], row["currency"])
        raise_alert(
            creditor_id=creditor.pk,
            customer_id=row["customer_id"],
            kind="broken_promise",
            once_key=f"promise:{row['promise_id']}/broken",
            at=at,
            subject=f"promise:{row['promise_id']}",
            detail=f"{amount} para el {day_text(row['promised_on'])}",
        )


def _remind(creditor: Creditor, run: RunRow, decided: Decided) -> int:
    """One message for each, once for ever; its lines only with it."""
    open_ways = tuple(channel for channel in CHANNELS if channel in sendable(creditor))
    due = reminders(decided, holidays_of_creditor(creditor, run.on), open_ways)
    if due.is_empty():
        return 0
    rows = due.with_columns(next_ids("outreach_message", due.height)).select(
        "id",
        "promise_id",
        "customer_id",
        "channel",
        once_key=pl.format("promise:{}/{}/1", "promise_id", pl.lit(REMINDER)),
        kind=pl.lit("promise"),
        step=pl.lit(REMINDER),
        tone=pl.lit(TONE),
        template=pl.lit(TEMPLATES[REMINDER]),
        state=pl.lit("waiting_approval" if run.held else "planned"),
        run_id=pl.lit(run.run_id, pl.Int64),
        planned_on=pl.lit(run.on),
    )
    made = insert_frame("outreach_message", creditor.pk, rows, order_by=["id"], unless_exists=True)
    if made:
        fresh = rows.filter(pl.col("id").is_in(_here(creditor.pk, rows["id"])))
        keys = fresh.select("promise_id", message_id="id")
        told = reminder_lines(decided, fresh).join(keys, on="promise_id").drop("promise_id")
        told = told.rename({"line_id": "due_line_id"}).with_columns(days_overdue=pl.lit(0, pl.Int32))
        insert_frame("outreach_message_line", creditor.pk, told, order_by=["message_id", "due_line_id"])
    return made


def _here(creditor_id: int, ids: pl.Series) -> list[int]:
    """Those that went in."""
    rows = Message.objects.filter(creditor_id=creditor_id, pk__in=ids.to_list())
    return list(rows.values_list("pk", flat=True))
