"""Cases with their history, calls and visits, promises, kinds of debtor."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import aldia.records.schema.fields
from aldia.records.schema.operations import Together


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0003_open_tasks"),
        ("ledger", "0010_overlay_authors"),
        ("parties", "0009_for_life"),
        ("tenancy", "0013_promises_and_holds"),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="Case",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("new", "Nuevo"),
                                    ("working", "En gestión"),
                                    ("waiting", "A la espera"),
                                    ("promised", "Con compromiso"),
                                    ("escalated", "Escalado"),
                                    ("closed", "Cerrado"),
                                ],
                                db_default="new",
                                default="new",
                            ),
                        ),
                        ("state_since", models.DateField()),
                        (
                            "priority",
                            models.SmallIntegerField(
                                choices=[(-1, "Baja"), (0, "Normal"), (1, "Alta")], db_default=0, default=0
                            ),
                        ),
                        (
                            "next_action",
                            models.CharField(blank=True, db_default="", default="", max_length=200),
                        ),
                        ("next_on", models.DateField(blank=True, null=True)),
                        ("next_at", models.DateTimeField(blank=True, null=True)),
                        ("touched_at", models.DateTimeField(blank=True, null=True)),
                        ("opened_on", models.DateField()),
                        ("closed_on", models.DateField(blank=True, null=True)),
                        ("reopened_times", models.IntegerField(db_default=0, default=0)),
                        ("version", models.IntegerField(db_default=1, default=1)),
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
                            "owner",
                            aldia.records.schema.fields.TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="tenancy.membership",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "cases_case",
                    },
                ),
                migrations.CreateModel(
                    name="Call",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("call", "Llamada"), ("visit", "Visita")],
                                db_default="call",
                                default="call",
                            ),
                        ),
                        (
                            "direction",
                            models.CharField(
                                choices=[("out", "Nuestra"), ("in", "Del cliente")],
                                db_default="out",
                                default="out",
                            ),
                        ),
                        ("number", models.CharField(blank=True, db_default="", default="")),
                        (
                            "number_status",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("good", "Correcto"),
                                    ("wrong", "Equivocado"),
                                    ("disconnected", "Fuera de servicio"),
                                ],
                                db_default="",
                                default="",
                            ),
                        ),
                        (
                            "reached",
                            models.CharField(
                                choices=[
                                    ("right_party", "El titular o quien decide"),
                                    ("third_party", "Otra persona"),
                                    ("voicemail", "Buzón de voz"),
                                    ("nobody", "Nadie"),
                                ]
                            ),
                        ),
                        ("outcome", models.CharField(db_collation="C", max_length=40)),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("forgot", "Olvido"),
                                    ("no_liquidity", "Falta de liquidez"),
                                    ("disagrees", "Disconformidad"),
                                    ("emergency", "Emergencia"),
                                    ("stalling", "Voluntad de dilatar"),
                                    ("no_invoice", "No recibió la factura"),
                                    ("details_changed", "Cambio de datos"),
                                    ("dispute", "Incidencia abierta"),
                                    ("insolvency", "Insolvencia"),
                                    ("other", "Otro"),
                                ],
                                db_default="",
                                default="",
                            ),
                        ),
                        ("volunteered", models.BooleanField(db_default=False, default=False)),
                        ("note", models.TextField(blank=True, db_default="", default="")),
                        (
                            "next_action",
                            models.CharField(blank=True, db_default="", default="", max_length=200),
                        ),
                        ("next_on", models.DateField(blank=True, null=True)),
                        ("next_at", models.DateTimeField(blank=True, null=True)),
                        ("at", models.DateTimeField()),
                        ("on_date", models.DateField()),
                        ("actor", models.CharField()),
                        ("refusal", models.JSONField(blank=True, null=True)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                        (
                            "corrects",
                            aldia.records.schema.fields.TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cases.call",
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
                            "member",
                            aldia.records.schema.fields.TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="tenancy.membership",
                            ),
                        ),
                        (
                            "task",
                            aldia.records.schema.fields.TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cases.task",
                            ),
                        ),
                        (
                            "case",
                            aldia.records.schema.fields.TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cases.case",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "cases_call",
                    },
                ),
                migrations.CreateModel(
                    name="CaseEvent",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("opened", "Abierto"),
                                    ("closed", "Cerrado"),
                                    ("reopened", "Reabierto"),
                                    ("state", "Cambio de estado"),
                                    ("assigned", "Asignado"),
                                    ("priority", "Prioridad"),
                                    ("next", "Próxima acción"),
                                ]
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("actor", models.CharField()),
                        ("payload", models.JSONField(db_default={}, default=dict)),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                        (
                            "case",
                            aldia.records.schema.fields.TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cases.case",
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
                        "db_table": "cases_case_event",
                    },
                ),
                migrations.CreateModel(
                    name="CaseLock",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("until_at", models.DateTimeField()),
                        (
                            "case",
                            aldia.records.schema.fields.TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cases.case",
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
                            "member",
                            aldia.records.schema.fields.TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="tenancy.membership",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "cases_case_lock",
                    },
                ),
                migrations.CreateModel(
                    name="CaseNote",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("text", models.TextField()),
                        ("at", models.DateTimeField()),
                        ("actor", models.CharField()),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                        (
                            "case",
                            aldia.records.schema.fields.TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cases.case",
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
                        "db_table": "cases_case_note",
                    },
                ),
                migrations.CreateModel(
                    name="KindJudgement",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("casual", "Puntual con un retraso"),
                                    ("stalling", "Retrasa el pago"),
                                    ("circumstantial", "Con incidencia"),
                                    ("careless", "Se le pasa"),
                                    ("chronic", "Habitualmente tarde"),
                                    ("illiquid", "Con dificultades"),
                                    ("good_payer", "Buen pagador"),
                                ],
                                db_default="",
                                default="",
                            ),
                        ),
                        ("inferred", models.CharField(blank=True, db_default="", default="")),
                        ("note", models.TextField(blank=True, db_default="", default="")),
                        ("on_date", models.DateField()),
                        ("actor", models.CharField()),
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
                        "db_table": "cases_kind_judgement",
                    },
                ),
                migrations.CreateModel(
                    name="OutcomeCode",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("code", models.CharField(db_collation="C", max_length=40)),
                        ("label", models.CharField(max_length=80)),
                        ("effect", models.CharField(max_length=40)),
                        ("position", models.SmallIntegerField(db_default=0, default=0)),
                        ("active", models.BooleanField(db_default=True, default=True)),
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
                        "db_table": "cases_outcome_code",
                    },
                ),
                migrations.CreateModel(
                    name="PlanB",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("for_on", models.DateField()),
                        ("text", models.TextField()),
                        ("actor", models.CharField()),
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
                    ],
                    options={
                        "db_table": "cases_plan_b",
                    },
                ),
                migrations.CreateModel(
                    name="Promise",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("call", "Llamada o visita"),
                                    ("reply", "Respuesta escrita"),
                                    ("portal", "Portal del cliente"),
                                    ("desk", "De palabra"),
                                ]
                            ),
                        ),
                        ("made_on", models.DateField()),
                        ("promised_on", models.DateField()),
                        ("grace_days", models.SmallIntegerField(db_default=0, default=0)),
                        ("currency", models.CharField(db_collation="C", max_length=3)),
                        ("amount_minor", models.BigIntegerField()),
                        ("tolerance_minor", models.BigIntegerField(db_default=0, default=0)),
                        (
                            "method",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("transfer", "Transferencia"),
                                    ("card", "Tarjeta"),
                                    ("direct_debit", "Recibo domiciliado"),
                                    ("cash", "Efectivo"),
                                    ("cheque", "Cheque o pagaré"),
                                    ("other", "Otro"),
                                ],
                                db_default="",
                                default="",
                            ),
                        ),
                        (
                            "promised_by",
                            models.CharField(blank=True, db_default="", default="", max_length=120),
                        ),
                        ("note", models.TextField(blank=True, db_default="", default="")),
                        ("known_allocation_id", models.BigIntegerField(db_default=0, default=0)),
                        ("actor", models.CharField()),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                        (
                            "call",
                            aldia.records.schema.fields.TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cases.call",
                            ),
                        ),
                        (
                            "case",
                            aldia.records.schema.fields.TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cases.case",
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
                            "taken_by",
                            aldia.records.schema.fields.TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="tenancy.membership",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "cases_promise",
                    },
                ),
                migrations.CreateModel(
                    name="PromiseLine",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("currency", models.CharField(db_collation="C", max_length=3)),
                        ("amount_minor", models.BigIntegerField()),
                        ("open_minor", models.BigIntegerField()),
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
                            "due_line",
                            aldia.records.schema.fields.TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="ledger.dueline",
                            ),
                        ),
                        (
                            "promise",
                            aldia.records.schema.fields.TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cases.promise",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "cases_promise_line",
                    },
                ),
                migrations.CreateModel(
                    name="PromiseOutcome",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "verdict",
                            models.CharField(
                                choices=[
                                    ("kept", "Cumplido"),
                                    ("partly_kept", "Cumplido en parte"),
                                    ("broken", "Incumplido"),
                                    ("released", "Sin objeto"),
                                    ("withdrawn", "Retirado"),
                                ]
                            ),
                        ),
                        ("decided_on", models.DateField()),
                        ("paid_minor", models.BigIntegerField(db_default=0, default=0)),
                        ("reason", models.CharField(blank=True, db_default="", default="", max_length=200)),
                        ("actor", models.CharField()),
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
                            "promise",
                            aldia.records.schema.fields.TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cases.promise",
                            ),
                        ),
                        (
                            "run",
                            aldia.records.schema.fields.TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cases.dailyrun",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "cases_promise_outcome",
                    },
                ),
                migrations.CreateModel(
                    name="Team",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("name", models.CharField(max_length=80)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
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
                            "lead",
                            aldia.records.schema.fields.TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="tenancy.membership",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "cases_team",
                    },
                ),
                migrations.CreateModel(
                    name="Collector",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("cases_per_day", models.IntegerField(db_default=40, default=40)),
                        ("takes_new", models.BooleanField(db_default=True, default=True)),
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
                            "member",
                            aldia.records.schema.fields.TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="tenancy.membership",
                            ),
                        ),
                        (
                            "team",
                            aldia.records.schema.fields.TenantForeignKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="cases.team",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "cases_collector",
                    },
                ),
            ]
        ),
        migrations.AddField(
            model_name="case",
            name="team",
            field=aldia.records.schema.fields.TenantForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="cases.team",
            ),
        ),
        Together(
            [
                migrations.AddIndex(
                    model_name="call",
                    index=models.Index(fields=["creditor", "customer", "-at"], name="call_by_customer"),
                ),
                migrations.AddIndex(
                    model_name="call",
                    index=models.Index(fields=["creditor", "member", "-at"], name="call_by_member"),
                ),
                migrations.AddConstraint(
                    model_name="call",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "id", "customer"), name="call_creditor_id_id_customer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="call",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "corrects"), name="call_is_corrected_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="call",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("kind__in", ["call", "visit"])), name="call_kind_is_known"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="call",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("direction__in", ["in", "out"])), name="call_direction_is_known"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="call",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("reached__in", ["nobody", "right_party", "third_party", "voicemail"])
                        ),
                        name="call_reached_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="call",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("number_status__in", ["", "disconnected", "good", "wrong"])),
                        name="call_number_status_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="call",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                [
                                    "",
                                    "details_changed",
                                    "disagrees",
                                    "dispute",
                                    "emergency",
                                    "forgot",
                                    "insolvency",
                                    "no_invoice",
                                    "no_liquidity",
                                    "other",
                                    "stalling",
                                ],
                            )
                        ),
                        name="call_reason_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="call",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("reason", ""), ("reached", "right_party"), _connector="OR"),
                        name="call_a_reason_comes_from_the_right_party",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="call",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("outcome", ""), _negated=True), name="call_has_an_outcome"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="call",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("next_at__isnull", True), ("next_on__isnull", False), _connector="OR"
                        ),
                        name="call_an_hour_has_its_day",
                    ),
                ),
                migrations.AddIndex(
                    model_name="caseevent",
                    index=models.Index(fields=["creditor", "customer", "-at"], name="case_event_by_customer"),
                ),
                migrations.AddConstraint(
                    model_name="caseevent",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["assigned", "closed", "next", "opened", "priority", "reopened", "state"],
                            )
                        ),
                        name="case_event_kind_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="caselock",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "case"), name="case_lock_is_one_per_case"
                    ),
                ),
                migrations.AddIndex(
                    model_name="casenote",
                    index=models.Index(fields=["creditor", "customer", "-at"], name="case_note_by_customer"),
                ),
                migrations.AddConstraint(
                    model_name="casenote",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "id", "customer"), name="case_note_creditor_id_id_customer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="casenote",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="case_note_says_something"
                    ),
                ),
                migrations.AddIndex(
                    model_name="kindjudgement",
                    index=models.Index(
                        fields=["creditor", "customer", "id"], name="kind_judgement_by_customer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="kindjudgement",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "",
                                    "careless",
                                    "casual",
                                    "chronic",
                                    "circumstantial",
                                    "good_payer",
                                    "illiquid",
                                    "stalling",
                                ],
                            )
                        ),
                        name="kind_judgement_kind_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="outcomecode",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "code"), name="outcome_code_is_unique"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="outcomecode",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z][a-z0-9_]*$")), name="outcome_code_is_plain"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="outcomecode",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("label", ""), _negated=True), name="outcome_code_has_a_label"
                    ),
                ),
                migrations.AddIndex(
                    model_name="planb",
                    index=models.Index(fields=["creditor", "customer", "id"], name="plan_b_by_customer"),
                ),
                migrations.AddConstraint(
                    model_name="planb",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="plan_b_says_something"
                    ),
                ),
                migrations.AddIndex(
                    model_name="promise",
                    index=models.Index(fields=["creditor", "customer", "id"], name="promise_by_customer"),
                ),
                migrations.AddIndex(
                    model_name="promise",
                    index=models.Index(fields=["creditor", "promised_on"], name="promise_by_day"),
                ),
                migrations.AddConstraint(
                    model_name="promise",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "id", "customer"), name="promise_creditor_id_id_customer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="promise",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("source__in", ["call", "desk", "portal", "reply"])),
                        name="promise_source_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="promise",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="promise_currency_is_iso_4217",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="promise",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="promise_amount_is_positive"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="promise",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("promised_on__gte", models.F("made_on"))),
                        name="promise_is_not_for_the_past",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="promise",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("grace_days__gte", 0)), name="promise_grace_is_not_negative"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="promise",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("tolerance_minor__gte", 0), ("tolerance_minor__lt", models.F("amount_minor"))
                        ),
                        name="promise_tolerance_is_less_than_its_amount",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="promise",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "method__in",
                                ["", "card", "cash", "cheque", "direct_debit", "other", "transfer"],
                            )
                        ),
                        name="promise_method_is_known",
                    ),
                ),
                migrations.AddIndex(
                    model_name="promiseline",
                    index=models.Index(fields=["creditor", "due_line"], name="promise_line_by_due_line"),
                ),
                migrations.AddConstraint(
                    model_name="promiseline",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "promise", "due_line"), name="promise_line_is_one_per_line"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="promiseline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="promise_line_amount_is_positive"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="promiseline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("amount_minor__lte", models.F("open_minor"))),
                        name="promise_line_is_no_more_than_was_open",
                    ),
                ),
                migrations.AddIndex(
                    model_name="promiseoutcome",
                    index=models.Index(fields=["creditor", "promise", "-id"], name="promise_outcome_latest"),
                ),
                migrations.AddIndex(
                    model_name="promiseoutcome",
                    index=models.Index(fields=["creditor", "customer"], name="promise_outcome_by_customer"),
                ),
                migrations.AddConstraint(
                    model_name="promiseoutcome",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("verdict__in", ["broken", "kept", "partly_kept", "released", "withdrawn"])
                        ),
                        name="promise_outcome_verdict_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="promiseoutcome",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("paid_minor__gte", 0)),
                        name="promise_outcome_paid_is_not_negative",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="promiseoutcome",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict", "withdrawn"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="promise_outcome_withdrawn_says_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="team",
                    constraint=models.UniqueConstraint(fields=("creditor", "id"), name="team_creditor_id_id"),
                ),
                migrations.AddConstraint(
                    model_name="team",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "name"), name="team_name_is_unique"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="team",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="team_has_a_name"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="collector",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "member"), name="collector_is_one_per_member"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="collector",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("cases_per_day__gt", 0)),
                        name="collector_works_at_least_one_case_a_day",
                    ),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(fields=["creditor", "customer", "id"], name="case_by_customer"),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=["creditor", "owner", "id"],
                        name="case_open_by_owner",
                    ),
                ),
                migrations.AddIndex(
                    model_name="case",
                    index=models.Index(
                        condition=models.Q(("state", "closed")),
                        fields=["creditor", "closed_on"],
                        name="case_by_end",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "id", "customer"), name="case_creditor_id_id_customer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["closed", "escalated", "new", "promised", "waiting", "working"])
                        ),
                        name="case_state_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on__isnull", False), ("state", "closed")),
                            models.Q(
                                models.Q(("state", "closed"), _negated=True), ("closed_on__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="case_is_closed_iff_it_has_an_end",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True),
                            ("closed_on__gte", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="case_closes_no_earlier_than_it_opens",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("priority__in", [-1, 0, 1])), name="case_priority_is_known"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("next_at__isnull", True), ("next_on__isnull", False), _connector="OR"
                        ),
                        name="case_an_hour_has_its_day",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("reopened_times__gte", 0)), name="case_reopened_is_not_negative"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("version__gt", 0)), name="case_version_begins_at_one"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="case",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state", "closed"), _negated=True),
                        fields=("creditor", "customer"),
                        name="case_is_one_open_per_customer",
                    ),
                ),
            ]
        ),
    ]
