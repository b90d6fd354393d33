"""Circumstances, consents, area holds and local holidays; the customer's postal code."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import aldia.records.schema.fields
from aldia.records.schema.operations import Together


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0003_word_index"),
        ("tenancy", "0004_walls"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="postal_code",
            field=models.CharField(blank=True, db_default="", default=""),
        ),
        Together(
            [
                migrations.CreateModel(
                    name="AreaHold",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("country", models.CharField(max_length=2)),
                        (
                            "prefixes",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(), size=None
                            ),
                        ),
                        ("reason", models.CharField()),
                        ("from_on", models.DateField()),
                        ("until_on", models.DateField()),
                        ("recorded_by", models.CharField()),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                        ("ended_on", models.DateField(blank=True, null=True)),
                        ("ended_by", models.CharField(blank=True, db_default="", default="")),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
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
                        "db_table": "parties_area_hold",
                        "indexes": [models.Index(fields=["creditor", "until_on"], name="area_hold_by_end")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                                name="area_hold_country_is_iso_3166",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("prefixes__len__gte", 1)),
                                name="area_hold_names_a_postcode",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("reason", ""), _negated=True),
                                    models.Q(("recorded_by", ""), _negated=True),
                                ),
                                name="area_hold_says_why_and_by_whom",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("until_on__gt", models.F("from_on"))),
                                name="area_hold_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_at__isnull", True),
                                        ("ended_by", ""),
                                        ("ended_on__isnull", True),
                                    ),
                                    models.Q(
                                        ("ended_at__isnull", False),
                                        ("ended_on__isnull", False),
                                        models.Q(("ended_by", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="area_hold_is_ended_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Circumstance",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("deceased", "Fallecido"),
                                    ("represented", "Con abogado o asesor"),
                                    ("in_suit", "Deuda en los tribunales"),
                                    ("assigned", "Deuda cedida"),
                                    ("placed", "En una agencia de cobro"),
                                    ("insolvency", "En concurso de acreedores"),
                                    ("discharged", "Deuda exonerada por un juez"),
                                    ("complaint", "Reclamación ante consumo"),
                                    ("erased", "Datos bloqueados o suprimidos"),
                                ]
                            ),
                        ),
                        ("from_on", models.DateField()),
                        ("until_on", models.DateField(blank=True, null=True)),
                        ("note", models.TextField(blank=True, db_default="", default="")),
                        ("recorded_by", models.CharField()),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                        ("ended_on", models.DateField(blank=True, null=True)),
                        ("ended_by", models.CharField(blank=True, db_default="", default="")),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("end_note", models.TextField(blank=True, db_default="", default="")),
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
                    ],
                    options={
                        "db_table": "parties_circumstance",
                        "indexes": [
                            models.Index(fields=["creditor", "customer"], name="circumstance_by_customer")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "assigned",
                                            "complaint",
                                            "deceased",
                                            "discharged",
                                            "erased",
                                            "in_suit",
                                            "insolvency",
                                            "placed",
                                            "represented",
                                        ],
                                    )
                                ),
                                name="circumstance_kind_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until_on__isnull", True),
                                    ("until_on__gt", models.F("from_on")),
                                    _connector="OR",
                                ),
                                name="circumstance_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("recorded_by", ""), _negated=True),
                                name="circumstance_is_recorded_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_at__isnull", True),
                                        ("ended_by", ""),
                                        ("ended_on__isnull", True),
                                    ),
                                    models.Q(
                                        ("ended_at__isnull", False),
                                        ("ended_on__isnull", False),
                                        models.Q(("ended_by", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="circumstance_is_ended_by_somebody",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("creditor", "customer", "kind"),
                                name="circumstance_is_one_open_per_kind",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Consent",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("email", "Correo electrónico"),
                                    ("sms", "SMS"),
                                    ("whatsapp", "WhatsApp"),
                                    ("letter", "Carta"),
                                    ("call", "Llamada"),
                                ]
                            ),
                        ),
                        (
                            "address",
                            models.CharField(blank=True, db_collation="C", db_default="", default=""),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("granted", "Lo autoriza"),
                                    ("refused", "No lo quiere"),
                                    ("lifted", "Retira su negativa"),
                                ]
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("reply", "Respuesta BAJA"),
                                    ("person", "Lo anota una persona"),
                                    ("form", "Formulario"),
                                    ("import", "Importación"),
                                ]
                            ),
                        ),
                        ("note", models.TextField(blank=True, db_default="", default="")),
                        ("recorded_by", models.CharField()),
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
                    ],
                    options={
                        "db_table": "parties_consent",
                        "indexes": [
                            models.Index(fields=["creditor", "customer"], name="consent_by_customer")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("channel__in", ["call", "email", "letter", "sms", "whatsapp"])
                                ),
                                name="consent_channel_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["granted", "lifted", "refused"])),
                                name="consent_state_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("source__in", ["form", "import", "person", "reply"])),
                                name="consent_source_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("recorded_by", ""), _negated=True),
                                name="consent_is_recorded_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LocalHoliday",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("country", models.CharField(max_length=2)),
                        ("municipality", models.CharField()),
                        ("prefix", models.CharField(db_collation="C")),
                        ("on_date", models.DateField()),
                        ("name", models.CharField(blank=True, db_default="", default="")),
                        ("recorded_by", models.CharField()),
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
                        "db_table": "parties_local_holiday",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("country__regex", "^[A-Z]{2}$")),
                                name="local_holiday_country_is_iso_3166",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("municipality", ""), _negated=True),
                                    models.Q(("prefix", ""), _negated=True),
                                ),
                                name="local_holiday_names_a_place",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("recorded_by", ""), _negated=True),
                                name="local_holiday_is_recorded_by_somebody",
                            ),
                            models.UniqueConstraint(
                                fields=("creditor", "country", "prefix", "on_date"),
                                name="local_holiday_is_one_per_place_and_day",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
