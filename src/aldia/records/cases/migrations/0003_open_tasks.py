"""Open tasks by day: the first of them are found without looking at all."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_walls")]

    operations = [
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["creditor", "due_on", "id"], condition=Q(state="open"), name="task_open_by_day"
            ),
        ),
    ]
