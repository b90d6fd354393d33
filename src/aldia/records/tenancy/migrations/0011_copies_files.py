"""How copies of documents go with messages, and how the house is reached from outside."""

from django.db import migrations, models

from aldia.records.schema.operations import Together

_CHOICES = [("attached", "Adjuntas"), ("linked", "Con un enlace"), ("neither", "No se mandan")]
_KNOWN = ["attached", "linked", "neither"]


def _chosen(name: str, default: str) -> list[migrations.operations.base.Operation]:
    return [
        migrations.AddField(
            model_name="creditor",
            name=name,
            field=models.CharField(choices=_CHOICES, db_default=default, default=default),
        ),
        migrations.AddConstraint(
            model_name="creditor",
            constraint=models.CheckConstraint(
                condition=models.Q((f"{name}__in", _KNOWN)), name=f"creditor_{name}_are_known"
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0010_letterhead")]

    operations = [
        *_chosen("copies_at_delivery", "attached"),
        *_chosen("copies_in_reminders", "linked"),
        *_chosen("copies_in_demands", "linked"),
        Together(
            [
                migrations.AddField(
                    model_name="creditor",
                    name="copies_mb_max",
                    field=models.IntegerField(db_default=10, default=10),
                ),
                migrations.AddField(
                    model_name="creditor",
                    name="public_url",
                    field=models.CharField(blank=True, db_collation="C", db_default="", default=""),
                ),
            ]
        ),
        Together(
            [
                migrations.AddConstraint(
                    model_name="creditor",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("copies_mb_max__gte", 1), ("copies_mb_max__lte", 25)),
                        name="creditor_copies_fit_a_mail",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="creditor",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "public_url__regex",
                                "^(https?://[^[:space:]/?#]+(/[^[:space:]?#]*[^[:space:]?#/])?)?$",
                            )
                        ),
                        name="creditor_public_url_is_an_address",
                    ),
                ),
            ]
        ),
    ]
