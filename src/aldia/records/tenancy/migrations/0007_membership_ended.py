"""Access ends without forgetting what the person did."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0006_cache")]

    operations = [
        migrations.AddField(
            model_name="membership", name="ended_at", field=models.DateTimeField(blank=True, null=True)
        ),
    ]
