"""Contact points are found by the address somebody writes from, without reading all of them."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0007_told_by_providers"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactpoint",
            name="sought",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(channel="email", then=django.db.models.functions.text.Lower("value")),
                    models.When(
                        channel__in=["phone", "whatsapp"],
                        then=django.db.models.functions.text.Right(
                            models.Func(
                                models.F("value"),
                                models.Value("[^0-9]"),
                                models.Value(""),
                                models.Value("g"),
                                function="regexp_replace",
                            ),
                            7,
                        ),
                    ),
                    default=models.Value(""),
                ),
                output_field=models.CharField(db_collation="C"),
            ),
        ),
        migrations.AddIndex(
            model_name="contactpoint",
            index=models.Index(fields=["creditor", "sought"], name="contact_point_sought"),
        ),
    ]
