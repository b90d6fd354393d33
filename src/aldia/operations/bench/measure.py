"""One measurement: a database of its own, the portfolio, the run, and the bare round trip beside it."""

import resource
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import polars as pl
from django.db import transaction

from aldia.connectors.postgres import Urls, with_database
from aldia.operations.bench.bare import bare_round_trip, make_twins, written_by
from aldia.operations.bench.naive import naive_run
from aldia.operations.bench.portfolio import AS_OF, shape_of, write_portfolio
from aldia.operations.bench.scratch import environment, scratch_creditor, tidy
from aldia.operations.run import daily_run
from aldia.operations.run.daily import CUSTOMERS_PER_PART
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

Progress = Callable[[str, int, int], None]
_NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one size costs.

    seconds: of the run per phase (freeze, settle, decide, record, close, commit), run, bare and its halves.
    ratio: run ÷ bare. rss_mib: peak memory of this process. environment: versions and cores.
    """

    items: int
    customers: int
    seconds: dict[str, float]
    ratio: float
    rss_mib: int
    written: dict[str, int]
    environment: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """As `aldia bench run --json` prints it."""
        return {
            "items": self.items,
            "customers": self.customers,
            "seconds": {name: round(value, 3) for name, value in self.seconds.items()},
            "ratio": round(self.ratio, 2),
            "rss_mib": self.rss_mib,
            "written": self.written,
            "environment": self.environment,
        }


def measure_run(
    urls: Urls, items: int, progress: Progress, *, keep: bool = False, naive: bool = False
) -> Measurement:
    """Measure the daily run over `items` open lines in a database made for it and dropped afterwards.

    keep: leave the database behind. naive: run the loop of `naive.py` over the same portfolio, too.
    """
    database = f"aldia_bench_{items}"
    with scratch_creditor(urls, database, keep=keep) as creditor:
        with transaction.atomic(), scope([creditor.pk]):
            write_portfolio(creditor, shape_of(items), _NOW, progress)
        return _measured(with_database(urls.owner, database), creditor, items, naive=naive)


def _measured(owner_url: str, creditor: Creditor, items: int, *, naive: bool) -> Measurement:
    tidy(owner_url)
    report = daily_run(creditor=creditor, on=AS_OF, now=_NOW, actor="bench")
    assert report.run_id is not None, "a fresh portfolio gives something to record"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    rows = written_by(creditor, report.run_id, AS_OF)
    bare = _best_bare(owner_url, creditor, rows)
    seconds = {name: value for name, value in report.seconds.items() if name != "total"}
    seconds |= {"run": report.seconds["total"], **bare}
    if naive:
        seconds["naive"] = naive_run(creditor, AS_OF)
    return Measurement(
        items=items,
        customers=shape_of(items).customers,
        seconds=seconds,
        ratio=seconds["run"] / seconds["bare"],
        rss_mib=peak,
        written={table: frame.height for table, frame in rows.items()},
        environment=environment(),
    )


def _best_bare(owner_url: str, creditor: Creditor, rows: dict[str, pl.DataFrame]) -> dict[str, float]:
    """The quicker of two: whatever else the machine did during one of them is not the database's cost."""
    tries = []
    for _ in range(2):
        make_twins(owner_url)
        tidy(owner_url)
        tries.append(bare_round_trip(creditor, AS_OF, rows, CUSTOMERS_PER_PART))
    return min(tries, key=lambda seconds: seconds["bare"])
