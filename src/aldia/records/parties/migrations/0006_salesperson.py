"""Who sells to a customer, what they were told before it is said, and the mails it went in; walled by creditor."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.db.models.functions.text
from django.db import migrations, models

import aldia.records.schema.fields
from aldia.records.schema.operations import CompositeForeignKey, TenantTable, Together


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0004_errands"),
        ("parties", "0005_walls_circumstances"),
        ("tenancy", "0010_letterhead"),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="SalesChoice",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("tells_first", models.BooleanField(db_default=True, default=True)),
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
                        "db_table": "parties_sales_choice",
                    },
                ),
                migrations.CreateModel(
                    name="Salesperson",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("name", models.CharField()),
                        ("email", models.CharField(blank=True, db_collation="C", db_default="", default="")),
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
                        "db_table": "parties_salesperson",
                    },
                ),
                migrations.CreateModel(
                    name="SalesNotice",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("once_key", models.CharField(db_collation="C")),
                        ("step", models.CharField(blank=True, db_collation="C", db_default="", default="")),
                        ("tone", models.CharField(blank=True, db_default="", default="")),
                        ("on_date", models.DateField()),
                        ("from_on", models.DateField()),
                        ("at", models.DateTimeField()),
                        ("read_at", models.DateTimeField(blank=True, null=True)),
                        ("mailed_on", models.DateField(blank=True, null=True)),
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
                            "salesperson",
                            aldia.records.schema.fields.TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="parties.salesperson",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "parties_sales_notice",
                    },
                ),
                migrations.CreateModel(
                    name="SalesDigest",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("on_date", models.DateField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("sending", "Enviándose"),
                                    ("sent", "Enviado"),
                                    ("failed", "Fallido"),
                                    ("waiting", "Se volverá a intentar"),
                                ],
                                db_default="sending",
                                default="sending",
                            ),
                        ),
                        ("recipient", models.CharField()),
                        ("subject", models.CharField()),
                        ("text", models.TextField()),
                        ("notices", models.IntegerField()),
                        ("at", models.DateTimeField()),
                        ("error", models.TextField(blank=True, db_default="", default="")),
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
                            "salesperson",
                            aldia.records.schema.fields.TenantForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="parties.salesperson",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "parties_sales_digest",
                    },
                ),
            ]
        ),
        migrations.AddField(
            model_name="customer",
            name="salesperson",
            field=aldia.records.schema.fields.TenantForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="parties.salesperson",
            ),
        ),
        Together(
            [
                migrations.AddIndex(
                    model_name="customer",
                    index=models.Index(
                        condition=models.Q(("salesperson__isnull", False)),
                        fields=["creditor", "salesperson"],
                        name="customer_by_salesperson",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="saleschoice",
                    constraint=models.UniqueConstraint(
                        fields=("creditor",), name="sales_choice_is_one_per_creditor"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="salesperson",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "id"), name="salesperson_creditor_id_id"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="salesperson",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "member"), name="salesperson_is_one_per_member"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="salesperson",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("email", ""), _negated=True),
                        fields=("creditor", "email"),
                        name="salesperson_is_one_per_email",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="salesperson",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="salesperson_has_a_name"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="salesperson",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("member__isnull", False), models.Q(("email", ""), _negated=True), _connector="OR"
                        ),
                        name="salesperson_can_be_told",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="salesperson",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("email", django.db.models.functions.text.Lower(models.F("email")))
                        ),
                        name="salesperson_email_is_lower_case",
                    ),
                ),
                migrations.AddIndex(
                    model_name="salesnotice",
                    index=models.Index(
                        fields=["creditor", "salesperson", "id"], name="sales_notice_by_salesperson"
                    ),
                ),
                migrations.AddIndex(
                    model_name="salesnotice",
                    index=models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["creditor", "salesperson"],
                        name="sales_notice_not_read",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="salesnotice",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "customer", "once_key"), name="sales_notice_is_one_per_episode"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="salesnotice",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("once_key", ""), _negated=True), name="sales_notice_has_a_key"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="salesnotice",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("from_on__gt", models.F("on_date"))),
                        name="sales_notice_leaves_time_to_call",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="salesdigest",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "salesperson", "on_date"),
                        name="sales_digest_is_one_per_salesperson_and_day",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="salesdigest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("state__in", ["failed", "sending", "sent", "waiting"])),
                        name="sales_digest_state_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="salesdigest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("notices__gt", 0)), name="sales_digest_tells_something"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="salesdigest",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), _negated=True),
                            models.Q(("error", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="sales_digest_failed_says_why",
                    ),
                ),
            ]
        ),
        TenantTable("parties_sales_choice"),
        TenantTable("parties_salesperson"),
        TenantTable("parties_sales_notice", creditor_key=False),
        TenantTable("parties_sales_digest", creditor_key=False),
        CompositeForeignKey(
            "parties_salesperson", ("creditor_id", "member_id"), "tenancy_membership", ("creditor_id", "id")
        ),
        CompositeForeignKey(
            "parties_customer",
            ("creditor_id", "salesperson_id"),
            "parties_salesperson",
            ("creditor_id", "id"),
        ),
        CompositeForeignKey(
            "parties_sales_notice", ("creditor_id", "customer_id"), "parties_customer", ("creditor_id", "id")
        ),
        *(
            CompositeForeignKey(
                table, ("creditor_id", "salesperson_id"), "parties_salesperson", ("creditor_id", "id")
            )
            for table in ("parties_sales_notice", "parties_sales_digest")
        ),
    ]
