"""A refusal may come from the provider of the messages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("parties", "0006_salesperson")]

    operations = [
        migrations.RemoveConstraint(model_name="consent", name="consent_source_is_known"),
        migrations.AlterField(
            model_name="consent",
            name="source",
            field=models.CharField(
                choices=[
                    ("reply", "Respuesta BAJA"),
                    ("person", "Lo anota una persona"),
                    ("form", "Formulario"),
                    ("import", "Importación"),
                    ("provider", "Lo dice el proveedor de mensajes"),
                ]
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["form", "import", "person", "provider", "reply"])),
                name="consent_source_is_known",
            ),
        ),
    ]
