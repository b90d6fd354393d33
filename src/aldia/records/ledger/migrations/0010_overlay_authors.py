"""Who recorded a circumstance, and who ended it."""

from django.db import migrations, models

from aldia.records.schema.operations import Together


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0009_document_copies"),
    ]

    operations = [
        Together(
            [
                migrations.AddField(
                    model_name="overlay",
                    name="recorded_by",
                    field=models.CharField(blank=True, db_default="", default=""),
                ),
                migrations.AddField(
                    model_name="overlayend",
                    name="recorded_by",
                    field=models.CharField(blank=True, db_default="", default=""),
                ),
            ]
        ),
    ]
