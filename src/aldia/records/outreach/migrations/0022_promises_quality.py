"""Messages about promises, thanks, and acts that are looked at afterwards."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import aldia.records.schema.fields
from aldia.records.schema.operations import Together


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_cases_calls_promises"),
        ("ledger", "0010_overlay_authors"),
        ("outreach", "0021_shorter_ways"),
        ("parties", "0009_for_life"),
        ("tenancy", "0013_promises_and_holds"),
    ]

    operations = [
        migrations.CreateModel(
            name="QualityReview",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("facts", models.SmallIntegerField()),
                ("respect", models.SmallIntegerField()),
                ("next_step", models.SmallIntegerField()),
                ("note", models.TextField(blank=True, db_default="", default="")),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "outreach_quality_review",
            },
        ),
        migrations.RemoveConstraint(
            model_name="message",
            name="message_kind_is_known",
        ),
        migrations.AddField(
            model_name="message",
            name="promise",
            field=aldia.records.schema.fields.TenantForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cases.promise",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("dunning", "Reclamación"),
                    ("delivery", "Envío de factura"),
                    ("acceptance", "Petición de conformidad"),
                    ("pre_due", "Aviso previo"),
                    ("due_today", "Vence hoy"),
                    ("free", "Mensaje de una persona"),
                    ("promise", "Compromiso de pago"),
                    ("goodwill", "Agradecimiento"),
                ]
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "acceptance",
                            "delivery",
                            "due_today",
                            "dunning",
                            "free",
                            "goodwill",
                            "pre_due",
                            "promise",
                        ],
                    )
                ),
                name="message_kind_is_known",
            ),
        ),
        Together(
            [
                migrations.AddField(
                    model_name="qualityreview",
                    name="call",
                    field=aldia.records.schema.fields.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cases.call",
                    ),
                ),
                migrations.AddField(
                    model_name="qualityreview",
                    name="creditor",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.creditor",
                    ),
                ),
                migrations.AddField(
                    model_name="qualityreview",
                    name="customer",
                    field=aldia.records.schema.fields.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="parties.customer",
                    ),
                ),
                migrations.AddField(
                    model_name="qualityreview",
                    name="member",
                    field=aldia.records.schema.fields.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tenancy.membership",
                    ),
                ),
                migrations.AddField(
                    model_name="qualityreview",
                    name="message",
                    field=aldia.records.schema.fields.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="outreach.message",
                    ),
                ),
                migrations.AddField(
                    model_name="qualityreview",
                    name="reviewer",
                    field=aldia.records.schema.fields.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tenancy.membership",
                    ),
                ),
            ]
        ),
        Together(
            [
                migrations.AddIndex(
                    model_name="qualityreview",
                    index=models.Index(fields=["creditor", "member", "-at"], name="quality_review_by_member"),
                ),
                migrations.AddConstraint(
                    model_name="qualityreview",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("call__isnull", False), ("message__isnull", True)),
                            models.Q(("call__isnull", True), ("message__isnull", False)),
                            _connector="OR",
                        ),
                        name="quality_review_is_of_one_act",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="qualityreview",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("facts__range", (1, 3)), ("next_step__range", (1, 3)), ("respect__range", (1, 3))
                        ),
                        name="quality_review_marks_are_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="qualityreview",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("member", models.F("reviewer")), _negated=True),
                        name="quality_review_is_by_somebody_else",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="qualityreview",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "call"), name="quality_review_is_one_per_call"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="qualityreview",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "message"), name="quality_review_is_one_per_message"
                    ),
                ),
            ]
        ),
    ]
