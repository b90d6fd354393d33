"""Messages and replies are walled by creditor; what was said and answered only grows."""

from django.db import migrations

from aldia.records.schema.operations import CompositeForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [("outreach", "0001_initial"), ("cases", "0002_walls")]

    operations = [
        TenantTable("outreach_message", creditor_key=False),
        TenantTable("outreach_message_line", append_only=True, creditor_key=False),
        TenantTable("outreach_reply", append_only=True, creditor_key=False),
        CompositeForeignKey(
            "outreach_message", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "outreach_message",
            ("creditor_id", "episode_id", "customer_id"),
            "cases_episode",
            ("creditor_id", "id", "customer_id"),
        ),
        CompositeForeignKey(
            "outreach_message", ("creditor_id", "due_line_id"), "ledger_due_line", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "outreach_message",
            ("creditor_id", "strategy_version_id"),
            "cases_strategy_version",
            ("creditor_id", "id"),
        ),
        CompositeForeignKey(
            "outreach_message", ("creditor_id", "run_id"), "cases_daily_run", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "outreach_message_line",
            ("creditor_id", "message_id", "customer_id"),
            "outreach_message",
            ("creditor_id", "id", "customer_id"),
        ),
        CompositeForeignKey(
            "outreach_message_line",
            ("creditor_id", "due_line_id", "customer_id", "currency"),
            "ledger_due_line",
            ("creditor_id", "id", "customer_id", "currency"),
        ),
        CompositeForeignKey(
            "outreach_reply", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
    ]
