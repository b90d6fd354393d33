"""What may leave without anybody's yes, by day: the next batch is found without looking at all that waits."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("outreach", "0004_walls_sending")]

    operations = [
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["creditor", "planned_on", "id"],
                condition=Q(state__in=("planned", "approved")),
                name="message_free_by_day",
            ),
        ),
    ]
