"""The brake: a run that wants to write to far more people than usual waits for one yes. docs/rules/run.md."""

from datetime import date
from statistics import median

from django.db import connection

from aldia.records.tenancy.models import Creditor

_RUNS_LOOKED_AT = 10
_RUNS_ENOUGH = 3
_NEVER_TOO_MANY = 9  # a tenth of four customers, or thrice a quiet week, is not an avalanche


def messages_let_through(creditor: Creditor, *, on: date, customers: int) -> int:
    """How many messages (bundles) a run of that day may plan before all of them have to wait."""
    usual = _usual_bundles(creditor.pk, on)
    if len(usual) >= _RUNS_ENOUGH:
        return max(_NEVER_TOO_MANY, int(creditor.brake_median_times * median(usual)))
    share = creditor.brake_share_percent * customers // 100
    return min(creditor.brake_messages_max, max(share, _NEVER_TOO_MANY))


def hold_messages(creditor_id: int, run_id: int) -> None:
    """What the run has planned so far waits for approval."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE outreach_message SET state = 'waiting_approval'"
            " WHERE creditor_id = %s AND run_id = %s AND state = 'planned'",
            [creditor_id, run_id],
        )


def _usual_bundles(creditor_id: int, on: date) -> list[int]:
    """Bundles per day of the last runs on other days."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT m.bundle) FROM (SELECT on_date FROM cases_daily_run WHERE creditor_id = %s"
            " AND on_date <> %s GROUP BY on_date ORDER BY on_date DESC LIMIT %s) d"
            " LEFT JOIN outreach_message m ON m.creditor_id = %s AND m.planned_on = d.on_date"
            " GROUP BY d.on_date",
            [creditor_id, on, _RUNS_LOOKED_AT, creditor_id],
        )
        return [int(row[0]) for row in cursor.fetchall()]
