"""The daily run of one creditor for one business date. docs/rules/run.md.

`daily_run` is the one way in; the other modules each write one kind of row.
"""

from aldia.operations.run.daily import LaterRunRecorded, daily_run
from aldia.operations.run.report import RunReport

__all__ = ["LaterRunRecorded", "RunReport", "daily_run"]
