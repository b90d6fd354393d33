"""Who works large accounts is a member of this very creditor."""

import django.db.models.deletion
from django.db import migrations, models

from aldia.records.schema.operations import CompositeForeignKey


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0013_promises_and_holds"),
    ]

    operations = [
        migrations.AlterField(
            model_name="creditor",
            name="large_account_owner",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.membership",
            ),
        ),
        CompositeForeignKey(
            "tenancy_creditor",
            ("id", "large_account_owner_id"),
            "tenancy_membership",
            ("creditor_id", "id"),
        ),
    ]
