"""Letters, the batches they are printed in, and what became of certified ones."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import aldia.records.schema.fields
from aldia.records.schema.operations import Together


class Migration(migrations.Migration):
    dependencies = [
        ("outreach", "0015_walls_inbound"),
        ("parties", "0003_word_index"),
        ("tenancy", "0010_letterhead"),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="PrintBatch",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("number", models.IntegerField()),
                        ("made_by", models.CharField()),
                        ("made_at", models.DateTimeField()),
                        ("posted_on", models.DateField(blank=True, null=True)),
                        ("posted_by", models.CharField(blank=True, db_default="", default="")),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
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
                        "db_table": "outreach_print_batch",
                    },
                ),
                migrations.CreateModel(
                    name="Letter",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("attempt", models.IntegerField()),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("email", "Correo electrónico"),
                                    ("sms", "SMS"),
                                    ("whatsapp", "WhatsApp"),
                                    ("letter", "Carta"),
                                    ("certified", "Carta certificada"),
                                ]
                            ),
                        ),
                        ("pages", models.IntegerField()),
                        ("sha256", models.CharField(db_collation="C")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("tray", "En la bandeja"),
                                    ("printed", "Impresa"),
                                    ("posted", "Enviada"),
                                    ("withdrawn", "Retirada"),
                                ],
                                db_default="tray",
                                default="tray",
                            ),
                        ),
                        ("taken_at", models.DateTimeField()),
                        ("posted_on", models.DateField(blank=True, null=True)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        ("withdrawn_by", models.CharField(blank=True, db_default="", default="")),
                        ("reason", models.TextField(blank=True, db_default="", default="")),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
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
                        (
                            "customer",
                            aldia.records.schema.fields.TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="parties.customer",
                            ),
                        ),
                        (
                            "dispatch",
                            aldia.records.schema.fields.TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="outreach.dispatch",
                            ),
                        ),
                        (
                            "batch",
                            aldia.records.schema.fields.TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="outreach.printbatch",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "outreach_letter",
                    },
                ),
                migrations.CreateModel(
                    name="CertifiedEvent",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("handed_over", "Entregada al servicio"),
                                    ("delivered", "Entregada al destinatario"),
                                    ("refused", "Rehusada por el destinatario"),
                                    ("not_collected", "No recogida"),
                                    ("returned", "Devuelta"),
                                ]
                            ),
                        ),
                        ("on", models.DateField()),
                        (
                            "service",
                            models.CharField(blank=True, db_collation="C", db_default="", default=""),
                        ),
                        ("carrier", models.CharField(blank=True, db_default="", default="")),
                        (
                            "tracking_number",
                            models.CharField(blank=True, db_collation="C", db_default="", default=""),
                        ),
                        ("note", models.TextField(blank=True, db_default="", default="")),
                        ("recorded_by", models.CharField()),
                        ("at", models.DateTimeField()),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
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
                        (
                            "customer",
                            aldia.records.schema.fields.TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="parties.customer",
                            ),
                        ),
                        (
                            "letter",
                            aldia.records.schema.fields.TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="outreach.letter",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "outreach_certified_event",
                        "indexes": [
                            models.Index(
                                fields=["creditor", "letter", "id"], name="certified_event_by_letter"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        ["delivered", "handed_over", "not_collected", "refused", "returned"],
                                    )
                                ),
                                name="certified_event_kind_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "handed_over"), _negated=True),
                                    models.Q(
                                        models.Q(("service", ""), _negated=True),
                                        models.Q(("carrier", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="certified_event_handed_over_names_service_and_carrier",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("recorded_by", ""), _negated=True),
                                name="certified_event_has_an_author",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Certificate",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("name", models.CharField()),
                        ("content_type", models.CharField()),
                        ("content", models.BinaryField()),
                        ("sha256", models.CharField(db_collation="C")),
                        ("recorded_by", models.CharField()),
                        ("at", models.DateTimeField()),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
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
                        (
                            "customer",
                            aldia.records.schema.fields.TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="parties.customer",
                            ),
                        ),
                        (
                            "letter",
                            aldia.records.schema.fields.TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="outreach.letter",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "outreach_certificate",
                        "indexes": [
                            models.Index(fields=["creditor", "letter", "id"], name="certificate_by_letter")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("creditor", "letter", "sha256"), name="certificate_is_kept_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("content_type__in", ["application/pdf", "image/jpeg", "image/png"])
                                ),
                                name="certificate_type_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("name", ""), _negated=True),
                                    models.Q(("recorded_by", ""), _negated=True),
                                ),
                                name="certificate_has_a_name_and_an_author",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                                name="certificate_sha256_is_hex",
                            ),
                        ],
                    },
                ),
            ]
        ),
        Together(
            [
                migrations.AddConstraint(
                    model_name="printbatch",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "id"), name="print_batch_creditor_id_id"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="printbatch",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "number"), name="print_batch_number_is_unique"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="printbatch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("number__gt", 0)), name="print_batch_number_begins_at_one"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="printbatch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("made_by", ""), _negated=True), name="print_batch_has_an_author"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="printbatch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("posted_by", ""), ("posted_on__isnull", True)),
                            models.Q(
                                ("posted_on__isnull", False), models.Q(("posted_by", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="print_batch_is_posted_by_somebody",
                    ),
                ),
                migrations.AddIndex(
                    model_name="letter",
                    index=models.Index(fields=["creditor", "channel", "state", "id"], name="letter_by_state"),
                ),
                migrations.AddIndex(
                    model_name="letter",
                    index=models.Index(fields=["creditor", "batch"], name="letter_by_batch"),
                ),
                migrations.AddIndex(
                    model_name="letter",
                    index=models.Index(fields=["creditor", "customer"], name="letter_by_customer"),
                ),
                migrations.AddConstraint(
                    model_name="letter",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "id", "customer"), name="letter_creditor_id_id_customer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="letter",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "dispatch"), name="letter_lies_in_the_tray_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="letter",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("state__in", ["posted", "printed", "tray", "withdrawn"])),
                        name="letter_state_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="letter",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("channel__in", ["letter", "certified"])),
                        name="letter_is_posted_or_certified",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="letter",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("pages__gt", 0)), name="letter_has_a_page"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="letter",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("attempt__gt", 0)), name="letter_attempt_begins_at_one"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="letter",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="letter_sha256_is_hex"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="letter",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", "certified"), _negated=True),
                            models.Q(("batch__isnull", True), models.Q(("state", "printed"), _negated=True)),
                            _connector="OR",
                        ),
                        name="letter_certified_is_in_no_batch",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="letter",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "tray"), _negated=True),
                            ("batch__isnull", True),
                            _connector="OR",
                        ),
                        name="letter_in_the_tray_is_in_no_batch",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="letter",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("channel", "certified"),
                            models.Q(("state__in", ["printed", "posted"]), _negated=True),
                            ("batch__isnull", False),
                            _connector="OR",
                        ),
                        name="letter_printed_is_in_a_batch",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="letter",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("posted_on__isnull", False), ("state", "posted")),
                            models.Q(
                                models.Q(("state", "posted"), _negated=True), ("posted_on__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="letter_posted_iff_dated",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="letter",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "withdrawn"),
                                ("withdrawn_at__isnull", False),
                                models.Q(("withdrawn_by", ""), _negated=True),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "withdrawn"), _negated=True),
                                ("reason", ""),
                                ("withdrawn_at__isnull", True),
                                ("withdrawn_by", ""),
                            ),
                            _connector="OR",
                        ),
                        name="letter_withdrawn_iff_somebody_says_why",
                    ),
                ),
            ]
        ),
    ]
