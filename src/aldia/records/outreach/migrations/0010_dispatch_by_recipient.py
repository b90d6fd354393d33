"""The index by which contacts with one address are counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outreach", "0009_free_words")]

    operations = [
        migrations.AddIndex(
            model_name="dispatch",
            index=models.Index(fields=["creditor", "recipient", "claimed_at"], name="dispatch_by_recipient"),
        ),
    ]
