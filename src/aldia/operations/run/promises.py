"""What became of promises to pay, written where it is new. docs/rules/promises.md."""

import polars as pl

from aldia.operations.bulk import insert_frame
from aldia.operations.run.record import RunRow
from aldia.rules.portfolio.engine import Decided
from aldia.rules.portfolio.promises import OPEN, WITHDRAWN

_TABLE = "cases_promise_outcome"


def record_promises(run: RunRow, decided: Decided) -> int:
    """The verdicts that differ from those on record, by state or by the money that counts; how many."""
    news = _news(decided.promises)
    rows = news.select(
        "promise_id",
        "customer_id",
        "paid_minor",
        verdict="state",
        decided_on=pl.lit(run.on),
        run_id=pl.lit(run.run_id, pl.Int64),
        actor=pl.lit(f"run:{run.run_id}"),
    )
    return insert_frame(_TABLE, run.creditor_id, rows, order_by=["promise_id"])


def _news(promises: pl.DataFrame) -> pl.DataFrame:
    known = (pl.col("verdict") == pl.col("state")) & (pl.col("verdict_paid_minor") == pl.col("paid_minor"))
    return promises.filter(~pl.col("state").is_in([OPEN, WITHDRAWN]) & ~known.fill_null(False))
