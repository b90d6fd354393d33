"""What a creditor sets about addresses and channels."""

import django.contrib.postgres.fields
from django.db import migrations, models

from aldia.records.schema.operations import Together


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0007_membership_ended"),
    ]

    operations = [
        Together(
            [
                migrations.AddField(
                    model_name="creditor",
                    name="address_days",
                    field=models.IntegerField(db_default=1, default=1),
                ),
                migrations.AddField(
                    model_name="creditor",
                    name="address_messages_max",
                    field=models.IntegerField(blank=True, db_default=3, default=3, null=True),
                ),
                migrations.AddField(
                    model_name="creditor",
                    name="agreed_channels",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(), db_default=[], default=list, size=None
                    ),
                ),
            ]
        ),
        Together(
            [
                migrations.AddConstraint(
                    model_name="creditor",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("address_days__gte", 1),
                            models.Q(
                                ("address_messages_max__isnull", True),
                                ("address_messages_max__gte", 1),
                                _connector="OR",
                            ),
                        ),
                        name="creditor_address_cap_is_positive",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditor",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_channels__contained_by", ["email", "sms", "whatsapp", "letter", "call"])
                        ),
                        name="creditor_agreed_channels_are_known",
                    ),
                ),
            ]
        ),
    ]
