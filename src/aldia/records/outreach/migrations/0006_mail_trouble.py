"""What keeps the mail of an account in the house, until a mail leaves again."""

from django.db import migrations, models
from django.db.models import Q

from aldia.records.schema.operations import Together


class Migration(migrations.Migration):
    dependencies = [("outreach", "0005_free_by_day")]

    operations = [
        Together(
            [
                migrations.AddField(
                    "mailaccount", "trouble", models.TextField(blank=True, db_default="", default="")
                ),
                migrations.AddField("mailaccount", "trouble_at", models.DateTimeField(blank=True, null=True)),
            ]
        ),
        migrations.AddConstraint(
            "mailaccount",
            models.CheckConstraint(
                name="mail_account_trouble_is_dated",
                condition=Q(trouble_at__isnull=True, trouble="")
                | Q(trouble_at__isnull=False) & ~Q(trouble=""),
            ),
        ),
    ]
