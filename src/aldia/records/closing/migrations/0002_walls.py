"""Snapshots are walled by creditor."""

from django.db import migrations

from aldia.records.schema.operations import CompositeForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [("closing", "0001_initial"), ("outreach", "0002_walls")]

    operations = [
        TenantTable("closing_day_snapshot", creditor_key=False),
        CompositeForeignKey(
            "closing_day_snapshot", ("creditor_id", "run_id"), "cases_daily_run", ("creditor_id", "id")
        ),
    ]
