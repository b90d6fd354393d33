"""The brake: a run that wants to write to far more people than usual waits for one yes. docs/rules/run.md."""

from statistics import median

from django.db import connection

from aldia.records.tenancy.models import Creditor

_RUNS_LOOKED_AT = 10
_RUNS_ENOUGH = 3
_SHARE_COUNTS_FROM = 10  # a tenth of four customers is not an avalanche


def brake_applies(creditor: Creditor, *, run_id: int, bundles: int, customers: int) -> bool:
    """Do this run's new messages have to wait?"""
    usual = _earlier_bundles(creditor.pk, run_id)
    if len(usual) >= _RUNS_ENOUGH:
        return bundles > max(1, creditor.brake_median_times * median(usual))
    share = bundles * 100 > creditor.brake_share_percent * customers
    return bundles > creditor.brake_messages_max or (share and bundles >= _SHARE_COUNTS_FROM)


def hold_messages(creditor_id: int, run_id: int) -> None:
    """The run's planned messages wait for approval, and the run says so."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE outreach_message SET state = 'waiting_approval'"
            " WHERE creditor_id = %s AND run_id = %s AND state = 'planned'",
            [creditor_id, run_id],
        )
        cursor.execute(
            "UPDATE cases_daily_run SET held = true WHERE creditor_id = %s AND id = %s", [creditor_id, run_id]
        )


def new_bundles(creditor_id: int, run_id: int) -> int:
    """How many messages would leave the house: rows of one bundle leave as one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT bundle) FROM outreach_message WHERE creditor_id = %s AND run_id = %s",
            [creditor_id, run_id],
        )
        return int(cursor.fetchone()[0])


def _earlier_bundles(creditor_id: int, run_id: int) -> list[int]:
    """Bundles per day of the last runs on other days."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT m.bundle) FROM (SELECT on_date FROM cases_daily_run WHERE creditor_id = %s"
            " AND on_date <> (SELECT on_date FROM cases_daily_run WHERE creditor_id = %s AND id = %s)"
            " GROUP BY on_date ORDER BY on_date DESC LIMIT %s) d LEFT JOIN outreach_message m"
            " ON m.creditor_id = %s AND m.planned_on = d.on_date GROUP BY d.on_date",
            [creditor_id, creditor_id, run_id, _RUNS_LOOKED_AT, creditor_id],
        )
        return [int(row[0]) for row in cursor.fetchall()]
