"""Indexes of the rarer lists: in dispute, due on another day, credits but payments, money given back."""

from django.db import migrations, models
from django.db.models import Q

from aldia.records.schema.operations import Together


class Migration(migrations.Migration):
    dependencies = [("ledger", "0007_lists")]

    operations = [
        Together(
            [
                migrations.AddIndex(
                    "overlay",
                    models.Index(
                        fields=["creditor", "kind", "effective_on", "due_line"], name="overlay_by_kind"
                    ),
                ),
                migrations.AddIndex(
                    "credit",
                    models.Index(
                        fields=["creditor", "effective_on", "id"],
                        condition=~Q(kind="payment"),
                        name="credit_but_payments_by_date",
                    ),
                ),
                migrations.AddIndex(
                    "creditbalance",
                    models.Index(
                        fields=["creditor", "credit"],
                        condition=Q(reversed_minor__gt=0) | Q(refunded_minor__gt=0),
                        name="credit_balance_given_back",
                    ),
                ),
            ]
        ),
    ]
