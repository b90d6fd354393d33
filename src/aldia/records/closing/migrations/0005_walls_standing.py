"""The kept standing is walled by creditor; without foreign keys, as the kept balances."""

from django.db import migrations

from aldia.records.schema.operations import TenantTable


class Migration(migrations.Migration):
    dependencies = [("closing", "0004_standing")]

    operations = [TenantTable("closing_standing", creditor_key=False)]
