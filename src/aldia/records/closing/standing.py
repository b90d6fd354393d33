"""How every customer stood at the last run: a cache, so that lists filter a million lines at once."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey
from aldia.records.tenancy.models import TenantRow


class Standing(TenantRow):
    """One customer in one currency as the last run reckoned it: the words lists may filter on.

    Named and typed as the columns of the portfolio (`rules/portfolio/vocabulary.py`), but for two that would
    change day by day: overdue_since, the effective due date of the oldest counting line (9999-12-31: none),
    gives days_overdue; interest is left out. aging: the buckets in order, not due first, in minor units.
    outcome, next_on: what was decided; is_step: outcome is a step, not a reason.
    Written by runs only, compared with the engine by `aldia verify`. No foreign keys, for speed: a row
    appears with a line or credit of its customer, which can never go.
    """

    customer = TenantForeignKey(Customer)
    code = models.CharField(db_column="customer", db_collation="C")
    currency = models.CharField(max_length=3, db_collation="C")
    person_kind = models.CharField(db_collation="C")
    segment = models.CharField(db_collation="C")
    country = models.CharField(db_collation="C")
    language = models.CharField(db_collation="C")
    strategy = models.CharField(db_collation="C")
    open_minor = models.BigIntegerField()
    overdue_minor = models.BigIntegerField()
    dunnable_minor = models.BigIntegerField()
    unapplied_minor = models.BigIntegerField()
    disputed_minor = models.BigIntegerField()
    covered_minor = models.BigIntegerField()
    items_open = models.IntegerField()
    items_overdue = models.IntegerField()
    overdue_since = models.DateField()
    oldest_due_date = models.DateField(null=True)
    next_due_date = models.DateField(null=True)
    aging = ArrayField(models.BigIntegerField())
    compensation_minor = models.BigIntegerField()
    items_settled = models.IntegerField()
    days_late_mean = models.FloatField(null=True)
    days_late_median = models.FloatField(null=True)
    days_late_spread = models.FloatField(null=True)
    days_late_trend = models.FloatField(null=True)
    late_share = models.FloatField(null=True)
    last_payment_on = models.DateField(null=True)
    debtor_kind = models.CharField(db_collation="C", default="unknown", db_default="unknown")
    promised_minor = models.BigIntegerField(default=0, db_default=0)
    promise_until = models.DateField(null=True)
    promises_kept = models.IntegerField(default=0, db_default=0)
    promises_broken = models.IntegerField(default=0, db_default=0)
    last_sent_on = models.DateField(null=True)
    messages_30d = models.IntegerField()
    last_reply_kind = models.CharField(null=True, db_collation="C")
    last_reply_on = models.DateField(null=True)
    replies_30d = models.IntegerField()
    last_contact_on = models.DateField(null=True)
    last_outcome = models.CharField(null=True, db_collation="C")
    last_outcome_on = models.DateField(null=True)
    last_reason = models.CharField(null=True, db_collation="C")
    last_reason_on = models.DateField(null=True)
    calls_30d = models.IntegerField(default=0, db_default=0)
    right_party_30d = models.IntegerField(default=0, db_default=0)
    last_step = models.CharField(null=True, db_collation="C")
    last_rank = models.IntegerField(null=True)
    episode_opened_on = models.DateField(null=True)
    on_hold = models.BooleanField()
    insolvent = models.BooleanField()
    has_email = models.BooleanField()
    has_phone = models.BooleanField()
    has_whatsapp = models.BooleanField()
    has_post = models.BooleanField()
    outcome = models.CharField(db_collation="C")
    is_step = models.BooleanField()
    next_on = models.DateField(null=True)

    class Meta:
        db_table = "closing_standing"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "customer", "currency"], name="standing_is_one_per_currency"
            ),
            CheckConstraint(
                name="standing_dunnable_is_within_overdue_within_open",
                condition=Q(
                    dunnable_minor__gte=0,
                    dunnable_minor__lte=F("overdue_minor"),
                    overdue_minor__lte=F("open_minor"),
                ),
            ),
        ]
        indexes = [
            Index(fields=["creditor", "overdue_minor", "customer", "currency"], name="standing_by_overdue"),
            Index(fields=["creditor", "dunnable_minor", "customer", "currency"], name="standing_by_dunnable"),
            Index(fields=["creditor", "overdue_since", "customer", "currency"], name="standing_by_age"),
        ]
