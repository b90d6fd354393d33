"""A creditor's texts keep their earlier versions; scripts for the telephone and other languages are texts too."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from aldia.records.schema.operations import TenantTable, Together

_CHANNELS = [
    ("email", "Correo electrónico"),
    ("sms", "SMS"),
    ("whatsapp", "WhatsApp"),
    ("letter", "Carta"),
    ("call", "Guion de llamada"),
]
_LANGUAGES = [
    ("es", "Español"),
    ("en", "Inglés"),
    ("ca", "Catalán"),
    ("gl", "Gallego"),
    ("eu", "Euskera"),
]
_FORMS = [("tu", "Tú"), ("usted", "Usted"), ("vos", "Vos")]


def _known(field: str, words: list[tuple[str, str]], name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name, condition=models.Q(**{f"{field}__in": sorted(word for word, _label in words)})
    )


def _language() -> "models.CharField[str, str]":
    return models.CharField(choices=_LANGUAGES, db_collation="C", db_default="es", default="es")


class Migration(migrations.Migration):
    dependencies = [("outreach", "0010_dispatch_by_recipient"), ("tenancy", "0004_walls")]

    operations = [
        migrations.RemoveConstraint("creditortext", "text_channel_is_known"),
        migrations.AlterField("creditortext", "channel", models.CharField(choices=_CHANNELS)),
        migrations.AlterField("creditortext", "language", _language()),
        Together(
            [
                migrations.AddConstraint(
                    "creditortext", _known("channel", _CHANNELS, "text_channel_is_known")
                ),
                migrations.AddConstraint(
                    "creditortext", _known("language", _LANGUAGES, "text_language_is_known")
                ),
            ]
        ),
        migrations.CreateModel(
            name="TextVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("template", models.CharField(db_collation="C")),
                ("channel", models.CharField(choices=_CHANNELS)),
                ("form_of_address", models.CharField(choices=_FORMS)),
                ("language", _language()),
                ("number", models.IntegerField()),
                ("subject", models.CharField(blank=True, db_default="", default="")),
                ("body", models.TextField(blank=True, db_default="", default="")),
                ("changed_by", models.CharField()),
                ("changed_at", models.DateTimeField()),
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
                "db_table": "outreach_text_version",
                "constraints": [
                    models.UniqueConstraint(
                        fields=[
                            "creditor",
                            "template",
                            "channel",
                            "form_of_address",
                            "language",
                            "number",
                        ],
                        name="text_version_is_one_per_number",
                    ),
                    models.CheckConstraint(
                        name="text_version_is_numbered_by_somebody",
                        condition=models.Q(number__gte=1) & ~models.Q(template="") & ~models.Q(changed_by=""),
                    ),
                    models.CheckConstraint(
                        name="text_version_of_the_house_says_nothing",
                        condition=~models.Q(body="") | models.Q(subject=""),
                    ),
                    _known("channel", _CHANNELS, "text_version_channel_is_known"),
                    _known("form_of_address", _FORMS, "text_version_form_of_address_is_known"),
                    _known("language", _LANGUAGES, "text_version_language_is_known"),
                ],
            },
        ),
        TenantTable("outreach_text_version", append_only=True),
    ]
