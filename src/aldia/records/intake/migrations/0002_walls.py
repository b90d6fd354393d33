"""Sources and batches are walled by creditor."""

from django.db import migrations

from aldia.records.schema.operations import CompositeForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [
        TenantTable("intake_import_source"),
        TenantTable("intake_import_batch"),
        CompositeForeignKey(
            "intake_import_batch", ("creditor_id", "source_id"), "intake_import_source", ("creditor_id", "id")
        ),
    ]
