"""What salespeople were told before their customers hear something firm, and the mails it went in."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.parties.models.customers import Customer
from aldia.records.parties.models.salespeople import SalesDigestState, Salesperson
from aldia.records.schema.fields import TenantForeignKey, one_of, positive
from aldia.records.tenancy.models import TenantRow


class SalesNotice(TenantRow):
    """That a customer is about to get the first firm or formal message of an episode.

    once_key: `episode:17`. step, tone: of the message. on_date: the creditor's day of the telling; from_on:
    the next working day, from which the message may leave. read_at: when a person of the house had seen it.
    mailed_on: day of the daily mail that told of it last.
    """

    customer = TenantForeignKey(Customer)
    salesperson = TenantForeignKey(Salesperson)
    once_key = models.CharField(db_collation="C")
    step = models.CharField(blank=True, default="", db_default="", db_collation="C")
    tone = models.CharField(blank=True, default="", db_default="")
    on_date = models.DateField()
    from_on = models.DateField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_on = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "parties_sales_notice"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "customer", "once_key"], name="sales_notice_is_one_per_episode"
            ),
            CheckConstraint(name="sales_notice_has_a_key", condition=~Q(once_key="")),
            CheckConstraint(name="sales_notice_leaves_time_to_call", condition=Q(from_on__gt=F("on_date"))),
        ]
        indexes = [
            Index(fields=["creditor", "salesperson", "id"], name="sales_notice_by_salesperson"),
            Index(
                fields=["creditor", "salesperson"],
                name="sales_notice_not_read",
                condition=Q(read_at__isnull=True),
            ),
        ]


class SalesDigest(TenantRow):
    """The mail of one day to a salesperson who has no access of their own."""

    salesperson = TenantForeignKey(Salesperson)
    on_date = models.DateField()
    state = models.CharField(
        choices=SalesDigestState, default=SalesDigestState.SENDING, db_default=SalesDigestState.SENDING
    )
    recipient = models.CharField()
    subject = models.CharField()
    text = models.TextField()
    notices = models.IntegerField()
    at = models.DateTimeField()
    error = models.TextField(blank=True, default="", db_default="")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "parties_sales_digest"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "salesperson", "on_date"],
                name="sales_digest_is_one_per_salesperson_and_day",
            ),
            one_of("state", SalesDigestState, name="sales_digest_state_is_known"),
            positive("notices", name="sales_digest_tells_something"),
            CheckConstraint(name="sales_digest_failed_says_why", condition=~Q(state="failed") | ~Q(error="")),
        ]
