"""The daily run of one creditor for one business date. docs/rules/run.md.

`daily_run` is the one way in; the other modules each write one kind of row.
"""

from aldia.operations.run.backfill import Backfilled, backfill_snapshots
from aldia.operations.run.daily import LaterRunRecorded, RunInTheFuture, daily_run
from aldia.operations.run.releasing import NothingHeld, release_held
from aldia.operations.run.report import RunReport

__all__ = [
    "Backfilled",
    "LaterRunRecorded",
    "NothingHeld",
    "RunInTheFuture",
    "RunReport",
    "backfill_snapshots",
    "daily_run",
    "release_held",
]
