"""Contacts with an address are counted whatever the case it is written in: so is their index."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("outreach", "0019_left_and_begun")]

    operations = [
        migrations.RemoveIndex(model_name="dispatch", name="dispatch_by_recipient"),
        migrations.AddIndex(
            model_name="dispatch",
            index=models.Index(
                models.F("creditor"), Lower("recipient"), models.F("claimed_at"), name="dispatch_by_recipient"
            ),
        ),
    ]
