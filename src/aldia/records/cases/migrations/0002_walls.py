"""Strategies, runs and decisions are walled by creditor; versions and decisions only grow."""

from django.db import migrations

from aldia.records.schema.operations import CompositeForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("ledger", "0006_kept_balances")]

    operations = [
        TenantTable("cases_strategy_version", append_only=True),
        TenantTable("cases_strategy_assignment", creditor_key=False),
        TenantTable("cases_episode", creditor_key=False),
        TenantTable("cases_daily_run"),
        TenantTable("cases_decision", append_only=True, creditor_key=False),
        TenantTable("cases_task", creditor_key=False),
        CompositeForeignKey(
            "cases_strategy_assignment",
            ("creditor_id", "customer_id"),
            "parties_customer",
            ("creditor_id", "id"),
        ),
        CompositeForeignKey(
            "cases_strategy_assignment",
            ("creditor_id", "strategy_version_id"),
            "cases_strategy_version",
            ("creditor_id", "id"),
        ),
        CompositeForeignKey(
            "cases_episode", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "cases_episode", ("creditor_id", "due_line_id"), "ledger_due_line", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "cases_decision", ("creditor_id", "run_id"), "cases_daily_run", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "cases_decision", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "cases_decision",
            ("creditor_id", "episode_id", "customer_id"),
            "cases_episode",
            ("creditor_id", "id", "customer_id"),
        ),
        CompositeForeignKey(
            "cases_task", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "cases_task",
            ("creditor_id", "episode_id", "customer_id"),
            "cases_episode",
            ("creditor_id", "id", "customer_id"),
        ),
        CompositeForeignKey(
            "cases_task", ("creditor_id", "run_id"), "cases_daily_run", ("creditor_id", "id")
        ),
    ]
