"""Saved views are walled by creditor; the installation has its one row."""

from django.db import migrations

from aldia.records.schema.operations import CompositeForeignKey, RunStatements, TenantTable


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0003_desk_and_sending")]

    operations = [
        TenantTable("tenancy_saved_view"),
        CompositeForeignKey(
            "tenancy_saved_view",
            ("creditor_id", "owner_id"),
            "tenancy_membership",
            ("creditor_id", "id"),
        ),
        RunStatements(
            "The installation's own row",
            ["INSERT INTO tenancy_house (id) VALUES (1)"],
            ["DELETE FROM tenancy_house"],
        ),
    ]
