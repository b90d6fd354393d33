"""Does what is kept for lists agree with the engine? Of customers with nothing booked since the run.

What was booked after a run is not in the rows it kept, and need not be: the next run brings it in. So only
the money of customers without newer rows is compared, and nothing once settings have changed.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import polars as pl

from aldia.queries.portfolio import Part, freeze, parts_of
from aldia.queries.runs import last_run
from aldia.queries.snapshot import Snapshot, snapshot_of
from aldia.queries.standing import stored_standing
from aldia.queries.terms import NoStrategy, strategies_in_force, terms_of
from aldia.queries.verify import Violation
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import DailyRun
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.engine import decide
from aldia.rules.portfolio.frames import Terms
from aldia.rules.portfolio.standing import standing_rows
from aldia.rules.portfolio.strategy import Strategy

SHOWN = 20
_CUSTOMERS_PER_PART = 250_000
_KEY = ["customer_id", "currency"]
_COMPARED = (
    "open_minor",
    "overdue_minor",
    "dunnable_minor",
    "unapplied_minor",
    "disputed_minor",
    "covered_minor",
    "items_open",
    "items_overdue",
    "overdue_since",
    "aging",
)

# A row belongs to the moment its transaction began: one that took long may have been committed after the run.
MARGIN = timedelta(minutes=10)

_BOOKED_SINCE = """
SELECT customer_id FROM ledger_due_line WHERE recorded_at > '{since}'
UNION SELECT customer_id FROM ledger_credit WHERE recorded_at > '{since}'
UNION SELECT customer_id FROM ledger_allocation WHERE recorded_at > '{since}'
UNION SELECT credit_customer_id FROM ledger_allocation WHERE recorded_at > '{since}'
UNION SELECT a.credit_customer_id FROM ledger_reversal r JOIN ledger_allocation a ON a.id = r.allocation_id
      WHERE r.recorded_at > '{since}'
UNION SELECT customer_id FROM ledger_reversal WHERE recorded_at > '{since}'
UNION SELECT c.customer_id FROM ledger_refund f JOIN ledger_credit c ON c.id = f.credit_id
      WHERE f.recorded_at > '{since}'
UNION SELECT customer_id FROM ledger_overlay WHERE recorded_at > '{since}'
UNION SELECT o.customer_id FROM ledger_overlay_end e JOIN ledger_overlay o ON o.id = e.overlay_id
      WHERE e.recorded_at > '{since}'
"""


def verify_standing(creditor: Creditor) -> list[Violation]:
    """Rows that are not what the engine says as of the last run's day, the first twenty of them.

    In a transaction and the creditor's scope, outside savepoints.
    """
    run = last_run(creditor.pk)
    if run is None or _settings_changed(run):
        return []
    try:
        strategies = strategies_in_force(creditor).strategies
    except NoStrategy:
        return []
    terms = terms_of(creditor, run.on_date)
    found: list[Violation] = []
    with snapshot_of(creditor.pk) as snapshot:
        since = (run.recorded_at - MARGIN).isoformat()
        newer = snapshot.read(_BOOKED_SINCE.format(since=since), pl.Schema({"customer_id": pl.Int64()}))
        for part in parts_of(snapshot, _CUSTOMERS_PER_PART):
            rows = _both(snapshot, strategies, terms, part).join(newer, on="customer_id", how="anti")
            found += _violations(rows, run)
    return found[:SHOWN]


def _settings_changed(run: DailyRun) -> bool:
    since = run.recorded_at - MARGIN
    entries = AuditEntry.objects.filter(creditor_id=run.creditor_id, recorded_at__gt=since)
    return entries.filter(verb="creditor.settings_changed").exists()


def _both(snapshot: Snapshot, strategies: Mapping[str, Strategy], terms: Terms, part: Part) -> pl.DataFrame:
    """The compared columns as the engine reckons them, and as they are kept (`…_kept`)."""
    kept = stored_standing(snapshot, terms.aging_edges, part).select(*_KEY, *_COMPARED)
    reckoned = standing_rows(decide(freeze(snapshot, terms.as_of, part), strategies, terms), terms)
    return reckoned.select(*_KEY, *_COMPARED).join(kept, on=_KEY, how="full", coalesce=True, suffix="_kept")


def _violations(rows: pl.DataFrame, run: DailyRun) -> Iterator[Violation]:
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_kept")) for name in _COMPARED)
    for row in rows.filter(differs).sort(_KEY).head(SHOWN).iter_rows(named=True):
        wrong = [name for name in _COMPARED if row[name] != row[f"{name}_kept"]]
        yield Violation(
            "standing",
            f"La situación guardada del cliente {row['customer_id']} en {row['currency']} no es la que"
            f" resulta de sus apuntes al {run.on_date:%d/%m/%Y}: el próximo proceso diario la rehace.",
            {"customer": row["customer_id"], "currency": row["currency"], "columns": wrong},
        )
