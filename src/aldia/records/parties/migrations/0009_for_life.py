"""Customers to be kept whatever happens."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0008_found_by_address"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="for_life",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
