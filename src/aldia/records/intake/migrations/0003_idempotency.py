"""Keys under which a program asks once, walled by creditor."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from aldia.records.schema.operations import TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0002_walls"),
        ("tenancy", "0004_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.CharField(db_collation="C", max_length=255)),
                ("method", models.CharField(max_length=10)),
                ("path", models.CharField()),
                ("request_digest", models.CharField(db_collation="C", max_length=64)),
                ("status", models.SmallIntegerField(blank=True, null=True)),
                ("body", models.TextField(blank=True, db_default="", default="")),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
                "db_table": "intake_idempotency_key",
                "indexes": [models.Index(fields=["creditor", "recorded_at"], name="idempotency_key_by_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("creditor", "key"), name="idempotency_key_is_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True), name="idempotency_key_is_not_blank"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("request_digest__regex", "^[0-9a-f]{64}$")),
                        name="idempotency_key_digest_is_sha256",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("body", ""), ("status__isnull", True)),
                            ("status__range", (200, 499)),
                            _connector="OR",
                        ),
                        name="idempotency_key_answer_is_no_failure_of_ours",
                    ),
                ],
            },
        ),
        TenantTable("intake_idempotency_key"),
    ]
