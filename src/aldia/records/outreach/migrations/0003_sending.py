"""Dispatches and what they say, drafts, own texts, the mail account and the mailbox."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import aldia.records.schema.fields
from aldia.records.schema.operations import Together


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_walls"),
        ("ledger", "0006_kept_balances"),
        ("outreach", "0002_walls"),
        ("parties", "0002_walls"),
        ("tenancy", "0004_walls"),
    ]

    operations = [
        Together(
            [
                migrations.CreateModel(
                    name="DispatchLine",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("attempt", models.IntegerField(db_default=1, default=1)),
                        ("currency", models.CharField(db_collation="C", max_length=3)),
                        ("open_minor", models.BigIntegerField()),
                        ("days_overdue", models.IntegerField()),
                        ("interest_minor", models.BigIntegerField(db_default=0, default=0)),
                        ("compensation_minor", models.BigIntegerField(db_default=0, default=0)),
                        ("claim_from", models.DateField(blank=True, null=True)),
                        ("claim_until", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "db_table": "outreach_dispatch_line",
                    },
                ),
                migrations.CreateModel(
                    name="Draft",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("key", models.CharField(db_collation="C")),
                        ("subject", models.CharField(blank=True, db_default="", default="")),
                        ("body", models.TextField()),
                        ("edited_by", models.CharField()),
                        ("edited_at", models.DateTimeField()),
                    ],
                    options={
                        "db_table": "outreach_draft",
                    },
                ),
                migrations.CreateModel(
                    name="MailAccount",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("smtp", "Servidor de correo"), ("mailbox", "Buzón de pruebas")]
                            ),
                        ),
                        ("host", models.CharField(blank=True, db_default="", default="")),
                        ("port", models.IntegerField(db_default=587, default=587)),
                        (
                            "security",
                            models.CharField(
                                choices=[("none", "Sin cifrar"), ("starttls", "STARTTLS"), ("tls", "TLS")],
                                db_default="starttls",
                                default="starttls",
                            ),
                        ),
                        ("username", models.CharField(blank=True, db_default="", default="")),
                        ("password_sealed", models.TextField(blank=True, db_default="", default="")),
                        ("from_address", models.CharField()),
                        ("from_name", models.CharField(blank=True, db_default="", default="")),
                        ("reply_to", models.CharField(blank=True, db_default="", default="")),
                        ("domain", models.CharField(blank=True, db_default="", default="")),
                        ("changed_by", models.CharField()),
                        ("changed_at", models.DateTimeField()),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                    ],
                    options={
                        "db_table": "outreach_mail_account",
                    },
                ),
                migrations.CreateModel(
                    name="MailboxMail",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("key", models.CharField(db_collation="C")),
                        ("recipient", models.CharField()),
                        ("subject", models.CharField(blank=True, db_default="", default="")),
                        ("text", models.TextField(blank=True, db_default="", default="")),
                        ("html", models.TextField(blank=True, db_default="", default="")),
                        ("headers", models.JSONField(db_default={}, default=dict)),
                        ("at", models.DateTimeField()),
                        (
                            "recorded_at",
                            models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                        ),
                    ],
                    options={
                        "db_table": "outreach_mailbox_mail",
                    },
                ),
            ]
        ),
        Together(
            [
                migrations.AddField(
                    model_name="message",
                    name="approved_at",
                    field=models.DateTimeField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name="message",
                    name="approved_by",
                    field=models.CharField(blank=True, db_default="", default=""),
                ),
                migrations.AddField(
                    model_name="message",
                    name="not_before_at",
                    field=models.DateTimeField(blank=True, null=True),
                ),
                migrations.AddField(
                    model_name="message",
                    name="refusal",
                    field=models.JSONField(blank=True, null=True),
                ),
            ]
        ),
        Together(
            [
                migrations.CreateModel(
                    name="CreditorText",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("template", models.CharField(db_collation="C")),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("email", "Correo electrónico"),
                                    ("sms", "SMS"),
                                    ("whatsapp", "WhatsApp"),
                                    ("letter", "Carta"),
                                ]
                            ),
                        ),
                        (
                            "form_of_address",
                            models.CharField(choices=[("tu", "Tú"), ("usted", "Usted"), ("vos", "Vos")]),
                        ),
                        ("language", models.CharField(db_collation="C", db_default="es", default="es")),
                        ("subject", models.CharField(blank=True, db_default="", default="")),
                        ("body", models.TextField()),
                        ("changed_by", models.CharField()),
                        ("changed_at", models.DateTimeField()),
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
                        "db_table": "outreach_text",
                    },
                ),
                migrations.CreateModel(
                    name="Dispatch",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("key", models.CharField(db_collation="C")),
                        ("unit", models.CharField(db_collation="C")),
                        (
                            "channel",
                            models.CharField(
                                choices=[
                                    ("email", "Correo electrónico"),
                                    ("sms", "SMS"),
                                    ("whatsapp", "WhatsApp"),
                                    ("letter", "Carta"),
                                ]
                            ),
                        ),
                        ("recipient", models.CharField()),
                        ("recipient_name", models.CharField(blank=True, db_default="", default="")),
                        ("subject", models.CharField(blank=True, db_default="", default="")),
                        ("text", models.TextField(blank=True, db_default="", default="")),
                        ("html", models.TextField(blank=True, db_default="", default="")),
                        ("language", models.CharField(blank=True, db_default="es", default="es")),
                        ("message_id", models.CharField(db_collation="C")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("claimed", "Enviándose"),
                                    ("sent", "Enviado"),
                                    ("failed", "Fallido"),
                                    ("unknown", "Sin confirmar"),
                                    ("returned", "Se volverá a intentar"),
                                ],
                                db_default="claimed",
                                default="claimed",
                            ),
                        ),
                        ("worker", models.IntegerField()),
                        ("attempts", models.IntegerField(db_default=1, default=1)),
                        ("claimed_at", models.DateTimeField()),
                        ("begun_at", models.DateTimeField(blank=True, null=True)),
                        ("put_off_times", models.IntegerField(db_default=0, default=0)),
                        ("finished_at", models.DateTimeField(blank=True, null=True)),
                        ("error", models.TextField(blank=True, db_default="", default="")),
                        ("resolved_by", models.CharField(blank=True, db_default="", default="")),
                        ("resolved_at", models.DateTimeField(blank=True, null=True)),
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
                        "db_table": "outreach_dispatch",
                    },
                ),
            ]
        ),
        migrations.AddField(
            model_name="message",
            name="dispatch",
            field=aldia.records.schema.fields.TenantForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="outreach.dispatch",
            ),
        ),
        Together(
            [
                migrations.AddIndex(
                    model_name="message",
                    index=models.Index(fields=["creditor", "dispatch"], name="message_by_dispatch"),
                ),
                migrations.AddIndex(
                    model_name="message",
                    index=models.Index(
                        condition=models.Q(("state__in", ("planned", "waiting_approval", "approved"))),
                        fields=["creditor", "bundle"],
                        name="message_by_bundle_not_left",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="message",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by", "")),
                            models.Q(
                                ("approved_at__isnull", False), models.Q(("approved_by", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="message_is_approved_by_somebody",
                    ),
                ),
            ]
        ),
        Together(
            [
                migrations.AddField(
                    model_name="dispatchline",
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
                    model_name="dispatchline",
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
                    model_name="dispatchline",
                    name="dispatch",
                    field=aldia.records.schema.fields.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="outreach.dispatch",
                    ),
                ),
                migrations.AddField(
                    model_name="dispatchline",
                    name="due_line",
                    field=aldia.records.schema.fields.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="ledger.dueline",
                    ),
                ),
                migrations.AddField(
                    model_name="draft",
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
                    model_name="mailaccount",
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
                    model_name="mailboxmail",
                    name="creditor",
                    field=models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.creditor",
                    ),
                ),
            ]
        ),
        Together(
            [
                migrations.AddConstraint(
                    model_name="creditortext",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "template", "channel", "form_of_address", "language"),
                        name="text_is_one_per_use",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditortext",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("template", ""), _negated=True),
                            models.Q(("body", ""), _negated=True),
                            models.Q(("changed_by", ""), _negated=True),
                        ),
                        name="text_says_something_by_somebody",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditortext",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("channel__in", ["email", "letter", "sms", "whatsapp"])),
                        name="text_channel_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditortext",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("form_of_address__in", ["tu", "usted", "vos"])),
                        name="text_form_of_address_is_known",
                    ),
                ),
                migrations.AddIndex(
                    model_name="dispatch",
                    index=models.Index(fields=["creditor", "unit"], name="dispatch_by_unit"),
                ),
                migrations.AddIndex(
                    model_name="dispatch",
                    index=models.Index(fields=["creditor", "customer"], name="dispatch_by_customer"),
                ),
                migrations.AddIndex(
                    model_name="dispatch",
                    index=models.Index(fields=["creditor", "claimed_at"], name="dispatch_by_claimed_at"),
                ),
                migrations.AddIndex(
                    model_name="dispatch",
                    index=models.Index(
                        condition=models.Q(("state__in", ["claimed", "unknown", "returned"])),
                        fields=["creditor", "state"],
                        name="dispatch_not_settled",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dispatch",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "id", "customer"), name="dispatch_creditor_id_id_customer"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dispatch",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "key"), name="dispatch_leaves_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dispatch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("key", ""), _negated=True),
                            models.Q(("unit", ""), _negated=True),
                            models.Q(("recipient", ""), _negated=True),
                            models.Q(("message_id", ""), _negated=True),
                        ),
                        name="dispatch_names_its_unit_and_recipient",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dispatch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("channel__in", ["email", "letter", "sms", "whatsapp"])),
                        name="dispatch_channel_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dispatch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["claimed", "failed", "returned", "sent", "unknown"])
                        ),
                        name="dispatch_state_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dispatch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("attempts__gt", 0)), name="dispatch_attempts_begin_at_one"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dispatch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("state", "claimed")),
                            models.Q(
                                models.Q(("state", "claimed"), _negated=True), ("finished_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="dispatch_is_finished_iff_not_claimed",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dispatch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("put_off_times__gte", 0)),
                        name="dispatch_put_off_times_is_not_negative",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dispatch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["sent", "unknown"]), _negated=True),
                            ("begun_at__isnull", False),
                            _connector="OR",
                        ),
                        name="dispatch_sent_or_in_doubt_was_begun",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dispatch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["failed", "unknown"]), _negated=True),
                            models.Q(("error", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dispatch_failed_or_in_doubt_says_why",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dispatch",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at__isnull", True), ("resolved_by", "")),
                            models.Q(
                                ("resolved_at__isnull", False), models.Q(("resolved_by", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="dispatch_is_resolved_by_somebody",
                    ),
                ),
                migrations.AddIndex(
                    model_name="dispatchline",
                    index=models.Index(fields=["creditor", "due_line"], name="dispatch_line_by_due_line"),
                ),
                migrations.AddConstraint(
                    model_name="dispatchline",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "dispatch", "attempt", "due_line"),
                        name="dispatch_line_is_one_per_attempt_and_due_line",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dispatchline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="dispatch_line_currency_is_iso_4217",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dispatchline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("compensation_minor__gte", 0), ("interest_minor__gte", 0), ("open_minor__gte", 0)
                        ),
                        name="dispatch_line_amounts_are_not_negative",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dispatchline",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claim_from__isnull", True), ("claim_until__isnull", True)),
                            models.Q(
                                ("claim_from__isnull", False),
                                ("claim_until__gte", models.F("claim_from")),
                                ("claim_until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="dispatch_line_claims_a_period_or_none",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="draft",
                    constraint=models.UniqueConstraint(
                        fields=("creditor", "key"), name="draft_is_one_per_unit"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="draft",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("key", ""), _negated=True),
                            models.Q(("body", ""), _negated=True),
                            models.Q(("edited_by", ""), _negated=True),
                        ),
                        name="draft_says_something_by_somebody",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="mailaccount",
                    constraint=models.UniqueConstraint(
                        fields=("creditor",), name="mail_account_is_one_per_creditor"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="mailaccount",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("kind__in", ["mailbox", "smtp"])),
                        name="mail_account_kind_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="mailaccount",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("security__in", ["none", "starttls", "tls"])),
                        name="mail_account_security_is_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="mailaccount",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("port__range", (1, 65535))), name="mail_account_port_is_a_port"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="mailaccount",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "mailbox"), models.Q(("host", ""), _negated=True), _connector="OR"
                        ),
                        name="mail_account_of_a_server_names_it",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="mailaccount",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("from_address", ""), _negated=True),
                            models.Q(("changed_by", ""), _negated=True),
                        ),
                        name="mail_account_has_a_sender_and_an_author",
                    ),
                ),
                migrations.AddIndex(
                    model_name="mailboxmail",
                    index=models.Index(fields=["creditor", "at"], name="mailbox_mail_by_moment"),
                ),
                migrations.AddIndex(
                    model_name="mailboxmail",
                    index=models.Index(fields=["creditor", "key"], name="mailbox_mail_by_key"),
                ),
            ]
        ),
    ]
