"""What holds for the whole installation: the lock on sending after a restore."""

from django.db import models
from django.db.models import CheckConstraint, Q


class House(models.Model):
    """The one row of the installation.

    sending_locked_at: nothing leaves until a person has compared what the copy believes with what was really
    sent (`aldia restore` sets it); sending_locked_reason says why, in Spanish.
    """

    sending_locked_at = models.DateTimeField(null=True, blank=True)
    sending_locked_reason = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "tenancy_house"
        constraints = [
            CheckConstraint(name="house_is_one_row", condition=Q(id=1)),
            CheckConstraint(
                name="house_lock_has_a_reason",
                condition=Q(sending_locked_at__isnull=True) | ~Q(sending_locked_reason=""),
            ),
        ]
