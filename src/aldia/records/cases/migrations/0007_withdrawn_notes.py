"""A note can be taken back by another row of the same customer."""

import django.db.models.deletion
from django.db import migrations, models

import aldia.records.schema.fields
from aldia.records.schema.operations import CompositeForeignKey


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_worked_cases"),
        ("parties", "0009_for_life"),
        ("tenancy", "0013_promises_and_holds"),
    ]

    operations = [
        migrations.AddField(
            model_name="casenote",
            name="withdraws",
            field=aldia.records.schema.fields.TenantForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cases.casenote",
            ),
        ),
        migrations.AddConstraint(
            model_name="casenote",
            constraint=models.UniqueConstraint(
                fields=("creditor", "withdraws"), name="case_note_is_withdrawn_once"
            ),
        ),
        CompositeForeignKey(
            "cases_case_note",
            ("creditor_id", "withdraws_id", "customer_id"),
            "cases_case_note",
            ("creditor_id", "id", "customer_id"),
        ),
    ]
