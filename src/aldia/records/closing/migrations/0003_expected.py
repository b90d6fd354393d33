"""What the ratios are made of, expected money, the month's movement; days may be reckoned without a run."""

from django.db import migrations, models

import aldia.records.schema.fields
from aldia.records.schema.operations import Together


class Migration(migrations.Migration):
    dependencies = [("closing", "0002_walls"), ("cases", "0002_walls")]

    operations = [
        Together(
            [
                migrations.AddField("daysnapshot", "inputs", models.JSONField(default=dict)),
                migrations.AddField("daysnapshot", "expected", models.JSONField(default=dict)),
                migrations.AddField("daysnapshot", "month", models.JSONField(default=dict)),
            ]
        ),
        migrations.AlterField(
            "daysnapshot",
            "run",
            aldia.records.schema.fields.TenantForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=models.DO_NOTHING,
                related_name="+",
                to="cases.dailyrun",
            ),
        ),
    ]
