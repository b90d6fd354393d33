"""Long errands behind a page, walled by creditor."""

import django.db.models.deletion
from django.db import migrations, models

import aldia.records.schema.fields
from aldia.records.schema.operations import CompositeForeignKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_idempotency")]

    operations = [
        migrations.CreateModel(
            name="Errand",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("read", "Leer el archivo"),
                            ("import", "Importar"),
                            ("undo", "Deshacer la importación"),
                            ("run", "Proceso diario"),
                        ]
                    ),
                ),
                ("wishes", models.JSONField(db_default={}, default=dict)),
                ("actor", models.CharField()),
                ("attempts", models.SmallIntegerField(db_default=0, default=0)),
                ("asked_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("refusal", models.TextField(blank=True, db_default="", default="")),
                (
                    "batch",
                    aldia.records.schema.fields.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="intake.importbatch",
                    ),
                ),
                (
                    "creditor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.creditor",
                    ),
                ),
            ],
            options={
                "db_table": "intake_errand",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["import", "read", "run", "undo"])),
                        name="errand_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("batch__isnull", True), ("kind", "run")),
                            models.Q(models.Q(("kind", "run"), _negated=True), ("batch__isnull", False)),
                            _connector="OR",
                        ),
                        name="errand_is_about_a_batch_or_is_a_run",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("refusal", ""), ("finished_at__isnull", False), _connector="OR"),
                        name="errand_is_refused_only_when_finished",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("attempts__gte", 0)), name="errand_attempts_are_not_negative"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at__isnull", True)),
                        fields=("creditor", "batch"),
                        name="errand_is_one_open_per_batch",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        TenantTable("intake_errand"),
        CompositeForeignKey(
            "intake_errand", ("creditor_id", "batch_id"), "intake_import_batch", ("creditor_id", "id")
        ),
    ]
