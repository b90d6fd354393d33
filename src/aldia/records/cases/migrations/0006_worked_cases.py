"""What a person did with a case is told in its history, and the day's work is found by its moment."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_walls_cases"),
        ("parties", "0009_for_life"),
        ("tenancy", "0013_promises_and_holds"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="caseevent",
            name="case_event_kind_is_known",
        ),
        migrations.AlterField(
            model_name="caseevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "Abierto"),
                    ("closed", "Cerrado"),
                    ("reopened", "Reabierto"),
                    ("state", "Cambio de estado"),
                    ("assigned", "Asignado"),
                    ("priority", "Prioridad"),
                    ("next", "Próxima acción"),
                    ("worked", "Trabajado"),
                ]
            ),
        ),
        migrations.AddIndex(
            model_name="caseevent",
            index=models.Index(fields=["creditor", "-at"], name="case_event_by_moment"),
        ),
        migrations.AddConstraint(
            model_name="caseevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["assigned", "closed", "next", "opened", "priority", "reopened", "state", "worked"],
                    )
                ),
                name="case_event_kind_is_known",
            ),
        ),
    ]
