"""Forms that have been taken in: a second click, or the back button, finds its own here."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.tenancy.models.rows import TenantRow


class TakenForm(TenantRow):
    """A form of a page, by the random key it was shown with. In the transaction of what the form did."""

    key = models.CharField(max_length=64, db_collation="C")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "tenancy_taken_form"
        constraints = [
            UniqueConstraint(fields=["creditor", "key"], name="taken_form_is_taken_once"),
            CheckConstraint(name="taken_form_has_a_key", condition=~Q(key="")),
        ]
