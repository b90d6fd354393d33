"""Thanks to who has paid after something firm was sent. docs/rules/relation.md §3."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db import connection

from aldia.kernel.faults import fault_point
from aldia.operations.bulk import insert_frame
from aldia.operations.run.record import RunRow
from aldia.queries.portfolio import Part
from aldia.queries.portfolio_sql import BY_MONEY
from aldia.rules.portfolio.engine import Decided
from aldia.rules.portfolio.outgoing import way_to
from aldia.rules.relation import GOODWILL, GOODWILL_DAYS

_CHANNELS = ("email", "letter")

# What was applied to lines of the customer while the case was open, and stands.
_APPLIED = """
      SELECT FROM ledger_allocation a
      JOIN ledger_credit c ON c.creditor_id = a.creditor_id AND c.id = a.credit_id
      WHERE a.creditor_id = k.creditor_id AND a.customer_id = k.customer_id AND {kind}
        AND a.effective_on BETWEEN k.opened_on AND k.closed_on
        AND a.amount_minor > coalesce(
            (SELECT sum(r.amount_minor) FROM ledger_reversal r
             WHERE r.creditor_id = a.creditor_id AND r.allocation_id = a.id
               AND r.effective_on <= %(on)s), 0)"""

# Closed by the run after something firm had left and arrived, by money and with nothing given up. One letter
# per case: another only where the one before was taken back and the case closed anew since.
_CURED = f"""
SELECT k.id AS case_id, k.customer_id,
       1 + (SELECT count(*) FROM outreach_message g
            WHERE g.creditor_id = k.creditor_id AND g.customer_id = k.customer_id AND g.kind = 'goodwill'
              AND g.once_key ^@ ('case:' || k.id || '/'))::int AS occurrence
FROM cases_case k
WHERE k.creditor_id = %(creditor)s AND k.state = 'closed'
  AND k.closed_on > %(on)s - %(days)s AND k.closed_on <= %(on)s{{within}}
  AND EXISTS (
      SELECT FROM outreach_message m
      LEFT JOIN outreach_dispatch d ON d.creditor_id = m.creditor_id AND d.id = m.dispatch_id
      WHERE m.creditor_id = k.creditor_id AND m.customer_id = k.customer_id AND m.kind = 'dunning'
        AND m.tone IN ('firme', 'formal') AND m.state IN ('sent', 'unknown')
        AND m.sent_on BETWEEN k.opened_on AND k.closed_on
        AND (d.id IS NULL OR d.delivery NOT IN ('bounced', 'failed')))
  AND EXISTS ({_APPLIED.format(kind=BY_MONEY)})
  AND NOT EXISTS ({_APPLIED.format(kind="c.kind IN ('write_off', 'forgiveness')")})
  AND NOT EXISTS (
      SELECT FROM outreach_message g
      WHERE g.creditor_id = k.creditor_id AND g.customer_id = k.customer_id AND g.kind = 'goodwill'
        AND g.once_key ^@ ('case:' || k.id || '/')
        AND (g.state NOT IN ('cancelled', 'failed') OR g.planned_on >= k.closed_on))
ORDER BY k.id
"""

# What was planned and may leave no more: overdue again, or too long ago.
_LATE = """
UPDATE outreach_message g SET state = 'cancelled', reason = 'no_longer_applies'
WHERE g.creditor_id = %(creditor)s AND g.kind = 'goodwill' AND g.state IN ('planned', 'waiting_approval')
  {within}
  AND NOT EXISTS (SELECT FROM cases_case k
                  WHERE k.creditor_id = g.creditor_id AND k.customer_id = g.customer_id
                    AND k.state = 'closed' AND k.closed_on > %(on)s - %(days)s
                    AND g.once_key ^@ ('case:' || k.id || '/'))
"""

_FOUND = {"case_id": pl.Int64(), "customer_id": pl.Int64(), "occurrence": pl.Int32()}


@dataclass(frozen=True, slots=True)
class Thanked:
    """Messages of thanks that were planned, and those that were taken back."""

    planned: int
    withdrawn: int


def plan_goodwill(run: RunRow, decided: Decided, part: Part) -> Thanked:
    """One message per case that closed, for who is up to date, within reach and not to be left in peace.

    After the cases are settled, in the run's transaction. Twice the same plans nothing the second time.
    """
    stamp: dict[str, Any] = {"creditor": run.creditor_id, "on": run.on, "days": GOODWILL_DAYS}
    with connection.cursor() as cursor:
        cursor.execute(_LATE.replace("{within}", part.within("g.customer_id")), stamp)
        withdrawn = cursor.rowcount
        cursor.execute(_CURED.replace("{within}", part.within("k.customer_id")), stamp)
        cured = pl.DataFrame(cursor.fetchall(), schema=_FOUND, orient="row")
    rows = _rows(run, cured, decided) if cured.height else cured
    planned = (
        insert_frame("outreach_message", run.creditor_id, rows, order_by=["once_key"], unless_exists=True)
        if rows.height
        else 0
    )
    fault_point("run.goodwill_planned")
    return Thanked(planned, withdrawn)


def _rows(run: RunRow, cured: pl.DataFrame, decided: Decided) -> pl.DataFrame:
    thanking = [name for name, strategy in decided.strategies.items() if strategy.goodwill]
    ways = way_to(decided.frames, _CHANNELS)
    key = pl.format("case:{}/{}/{}", "case_id", pl.lit(GOODWILL), "occurrence")
    return (
        cured.join(_in_peace(decided, run.on), on="customer_id")
        .join(ways, on="customer_id")
        .filter(pl.col("strategy").is_in(thanking))
        .select(
            "customer_id",
            "channel",
            "occurrence",
            once_key=key,
            kind=pl.lit(GOODWILL),
            step=pl.lit(GOODWILL),
            template=pl.lit(GOODWILL),
            tone=pl.lit("amable"),
            state=pl.lit("waiting_approval" if run.held else "planned"),
            strategy_version_id=pl.col("strategy").replace_strict(dict(run.versions), return_dtype=pl.Int64),
            run_id=pl.lit(run.run_id, pl.Int64),
            planned_on=pl.lit(run.on),
        )
    )


def _in_peace(decided: Decided, on: date) -> pl.DataFrame:
    """customer_id, strategy of who has nothing overdue, is not insolvent and not on hold."""
    frames = decided.frames
    late = decided.rows.filter(pl.col("overdue_minor") > 0).select("customer_id")
    held = frames.overlays.filter(kind="hold").select("customer_id")
    solvent = ~(pl.col("insolvent_on") <= on).fill_null(value=False)
    return (
        frames.customers.filter(solvent)
        .join(late, on="customer_id", how="anti")
        .join(held, on="customer_id", how="anti")
        .select("customer_id", "strategy")
    )
