"""The chain is walled by creditor; its entries only grow."""

from django.db import migrations

from aldia.records.schema.operations import TenantTable


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        TenantTable("audit_entry", append_only=True),
        TenantTable("audit_head"),
    ]
