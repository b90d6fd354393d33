"""Episodes: from the first overdue item to nothing overdue."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.ledger.models import DueLine
from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey
from aldia.records.tenancy.models import TenantRow


class Episode(TenantRow):
    """The time in which a customer, or one due line of theirs, is overdue beyond tolerance.

    due_line: null where the strategy counts per customer. Dates are business dates. reopened_times: how
    often a reversal within the creditor's reopen_days took it up again.
    """

    customer = TenantForeignKey(Customer)
    due_line = TenantForeignKey(DueLine, null=True, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    reopened_times = models.IntegerField(default=0, db_default=0)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_episode"
        constraints = [
            UniqueConstraint(fields=["creditor", "id", "customer"], name="episode_creditor_id_id_customer"),
            CheckConstraint(
                name="episode_closes_no_earlier_than_it_opens",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
            ),
            CheckConstraint(name="episode_reopened_is_not_negative", condition=Q(reopened_times__gte=0)),
            UniqueConstraint(
                fields=["creditor", "customer"],
                condition=Q(closed_on__isnull=True, due_line__isnull=True),
                name="episode_is_one_open_per_customer",
            ),
            UniqueConstraint(
                fields=["creditor", "due_line"],
                condition=Q(closed_on__isnull=True, due_line__isnull=False),
                name="episode_is_one_open_per_due_line",
            ),
        ]
        indexes = [Index(fields=["creditor", "customer"], name="episode_by_customer")]
