"""Bounds for promises and holds, large accounts, how many acts are looked at."""

import django.db.models.deletion
from django.db import migrations, models

from aldia.records.schema.operations import Together


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0012_fresh_statistics"),
    ]

    operations = [
        Together(
            [
                migrations.AddField(
                    model_name="creditor",
                    name="hold_days_max",
                    field=models.IntegerField(db_default=90, default=90),
                ),
                migrations.AddField(
                    model_name="creditor",
                    name="large_account_minor",
                    field=models.BigIntegerField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name="creditor",
                    name="large_account_owner",
                    field=models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.membership",
                    ),
                ),
                migrations.AddField(
                    model_name="creditor",
                    name="promise_days_max",
                    field=models.IntegerField(db_default=45, default=45),
                ),
                migrations.AddField(
                    model_name="creditor",
                    name="promise_grace_days",
                    field=models.IntegerField(db_default=2, default=2),
                ),
                migrations.AddField(
                    model_name="creditor",
                    name="promise_tolerance_minor",
                    field=models.BigIntegerField(db_default=0, default=0),
                ),
                migrations.AddField(
                    model_name="creditor",
                    name="quality_sample",
                    field=models.IntegerField(db_default=5, default=5),
                ),
            ]
        ),
        Together(
            [
                migrations.AddConstraint(
                    model_name="creditor",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("hold_days_max__range", (1, 730)),
                            ("promise_days_max__range", (1, 365)),
                            ("promise_grace_days__range", (0, 30)),
                            ("promise_tolerance_minor__gte", 0),
                            ("quality_sample__range", (0, 50)),
                        ),
                        name="creditor_promises_and_holds_have_bounds",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditor",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("large_account_minor__isnull", True),
                            ("large_account_minor__gt", 0),
                            _connector="OR",
                        ),
                        name="creditor_large_account_is_positive",
                    ),
                ),
            ]
        ),
    ]
