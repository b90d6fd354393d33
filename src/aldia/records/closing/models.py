"""The key figures of a day, per currency."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.cases.models import DailyRun
from aldia.records.closing.standing import Standing
from aldia.records.schema.fields import TenantForeignKey, iso_currency
from aldia.records.tenancy.models import TenantRow

__all__ = ["DaySnapshot", "Standing"]


class DaySnapshot(TenantRow):
    """What stood open at the close of a business date; written again by a later run of the same day.

    run: the run that closed the day; null where the figures were reckoned afterwards from the dated rows.

    Amounts in minor units of currency; sales_minor: issued that day. aging: {bucket: minor}. dso_*_tenths:
    tenths of a day. cei_bp: basis points. entered, cured: customers that became overdue or stopped being so;
    rolled_forward, rolled_back: to an older or younger bucket; null when there is no day before to compare.
    inputs: what the ratios are reckoned from. expected: money to come in by week. month: movement of money
    and customers since thirty days before. The shapes of the three: docs/rules/expected.md and run.md, KPIs.
    """

    on_date = models.DateField()
    currency = models.CharField(max_length=3, db_collation="C")
    run = TenantForeignKey(DailyRun, null=True, blank=True)
    customers = models.IntegerField()
    outstanding_minor = models.BigIntegerField()
    overdue_minor = models.BigIntegerField()
    dunnable_minor = models.BigIntegerField()
    unapplied_minor = models.BigIntegerField()
    aging = models.JSONField(default=dict)
    dso_simple_tenths = models.IntegerField(null=True, blank=True)
    dso_countback_tenths = models.IntegerField(null=True, blank=True)
    cei_bp = models.IntegerField(null=True, blank=True)
    entered = models.IntegerField(null=True, blank=True)
    cured = models.IntegerField(null=True, blank=True)
    rolled_forward = models.IntegerField(null=True, blank=True)
    rolled_back = models.IntegerField(null=True, blank=True)
    sales_minor = models.BigIntegerField(default=0, db_default=0)
    inputs = models.JSONField(default=dict)
    expected = models.JSONField(default=dict)
    month = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "closing_day_snapshot"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "on_date", "currency"], name="day_snapshot_is_one_per_currency"
            ),
            iso_currency(name="day_snapshot_currency_is_iso_4217"),
            CheckConstraint(
                name="day_snapshot_amounts_are_not_negative",
                condition=Q(
                    customers__gte=0,
                    outstanding_minor__gte=0,
                    overdue_minor__gte=0,
                    dunnable_minor__gte=0,
                    unapplied_minor__gte=0,
                ),
            ),
            CheckConstraint(
                name="day_snapshot_dunnable_is_within_overdue_within_outstanding",
                condition=Q(
                    overdue_minor__lte=models.F("outstanding_minor"),
                    dunnable_minor__lte=models.F("overdue_minor"),
                ),
            ),
        ]
