"""A plan B is asked for where something large or risky is about to fall due. docs/rules/relation.md §4."""

from typing import Any

import polars as pl
from django.db import connection

from aldia.kernel.faults import fault_point
from aldia.operations.bulk import insert_frame
from aldia.operations.run.record import RunRow
from aldia.queries.portfolio import Part
from aldia.records.tenancy.models import Creditor
from aldia.rules.portfolio.engine import Decided
from aldia.rules.portfolio.plan_b import asked_since, not_provided_for, wanting_plan_b
from aldia.rules.relation import PLAN_B

_BROKE = """
SELECT customer_id FROM (
    SELECT DISTINCT ON (promise_id) customer_id, verdict, decided_on FROM cases_promise_outcome
    WHERE creditor_id = %(creditor)s{within} ORDER BY promise_id, id DESC) v
WHERE verdict = 'broken' AND decided_on > %(on)s - 365
GROUP BY customer_id
"""
_PLANS = """
SELECT customer_id, max(for_on) FROM cases_plan_b WHERE creditor_id = %(creditor)s{within}
GROUP BY customer_id
"""
_ASKED = """
SELECT customer_id FROM cases_task
WHERE creditor_id = %(creditor)s AND kind = 'plan_b'{within} AND (state = 'open' OR closed_on > %(since)s)
GROUP BY customer_id
"""

# The due date it was for has passed: the ladder has the word now.
_PASSED = """
UPDATE cases_task SET state = 'cancelled', closed_on = %(on)s, reason = 'no_longer_applies'
WHERE creditor_id = %(creditor)s AND kind = 'plan_b' AND state = 'open'{within}
  AND CASE WHEN kind = 'plan_b' THEN split_part(once_key, '/', 3)::date < %(on)s END
"""


def ask_for_plans(run: RunRow, creditor: Creditor, decided: Decided, part: Part) -> int:
    """Open a task for each plan that is wanted, cancel those that come too late; how many rows changed.

    In the run's transaction. Twice the same asks nothing the second time.
    """
    stamp: dict[str, Any] = {"creditor": creditor.pk, "on": run.on, "since": asked_since(run.on)}
    within = part.within("customer_id")
    with connection.cursor() as cursor:
        cursor.execute(_PASSED.replace("{within}", within), stamp)
        passed = int(cursor.rowcount)
    broke = _read(_BROKE, within, stamp, {"customer_id": pl.Int64()})["customer_id"].to_list()
    wanted = wanting_plan_b(
        decided,
        currency=creditor.currency,
        large_minor=creditor.large_account_minor,
        broke_promises=broke,
    )
    if wanted.height:
        plans = _read(_PLANS, within, stamp, {"customer_id": pl.Int64(), "for_on": pl.Date()})
        asked = _read(_ASKED, within, stamp, {"customer_id": pl.Int64()})
        wanted = not_provided_for(wanted, plans).join(asked, on="customer_id", how="anti")
    rows = wanted.select(
        "customer_id",
        once_key=pl.format("customer:{}/{}/{}", "customer_id", pl.lit(PLAN_B), "for_on"),
        kind=pl.lit(PLAN_B),
        due_on=pl.lit(run.on),
        run_id=pl.lit(run.run_id, pl.Int64),
    )
    made = insert_frame("cases_task", creditor.pk, rows, order_by=["once_key"], unless_exists=True)
    fault_point("run.plans_asked")
    return passed + made


def _read(query: str, within: str, stamp: dict[str, Any], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(query.replace("{within}", within), stamp)
        return pl.DataFrame(cursor.fetchall(), schema=schema, orient="row")
