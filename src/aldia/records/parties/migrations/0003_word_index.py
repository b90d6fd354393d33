"""The index of words names the customer too: a search reads it and nothing else."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parties", "0002_walls")]

    operations = [
        migrations.RemoveIndex("customerword", "customer_word_by_word"),
        migrations.AddIndex(
            "customerword",
            models.Index(fields=["creditor", "word", "customer"], name="customer_word_by_word_first"),
        ),
    ]
