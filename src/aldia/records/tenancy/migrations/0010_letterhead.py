"""What stands on the creditor's letters: postal address, account, the side of the window."""

from django.db import migrations, models

from aldia.records.schema.operations import Together


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0009_unread_replies"),
    ]

    operations = [
        Together(
            [
                migrations.AddField(
                    model_name="creditor",
                    name="city",
                    field=models.CharField(blank=True, db_default="", default=""),
                ),
                migrations.AddField(
                    model_name="creditor",
                    name="iban",
                    field=models.CharField(blank=True, db_collation="C", db_default="", default=""),
                ),
                migrations.AddField(
                    model_name="creditor",
                    name="postcode",
                    field=models.CharField(blank=True, db_default="", default=""),
                ),
                migrations.AddField(
                    model_name="creditor",
                    name="street",
                    field=models.CharField(blank=True, db_default="", default=""),
                ),
                migrations.AddField(
                    model_name="creditor",
                    name="window_side",
                    field=models.CharField(
                        choices=[("right", "A la derecha"), ("left", "A la izquierda")],
                        db_default="right",
                        default="right",
                    ),
                ),
            ]
        ),
        Together(
            [
                migrations.AddConstraint(
                    model_name="creditor",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("iban__regex", "^([A-Z]{2}[0-9]{2}[A-Z0-9]{11,30})?$")),
                        name="creditor_iban_is_plain",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditor",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("window_side__in", ["left", "right"])),
                        name="creditor_window_side_is_known",
                    ),
                ),
            ]
        ),
    ]
