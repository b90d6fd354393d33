"""Two caches that only the ledger's own triggers write; their checks refuse whatever exceeds a row.

No foreign keys: a row appears with its due line or credit, which can never go. Amounts in minor units.
"""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from aldia.records.ledger.models.debits import DueLine
from aldia.records.ledger.models.money import Credit
from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey
from aldia.records.tenancy.models import Creditor


class ItemBalance(models.Model):
    """What is left of a due line today. Verified against the rows by every run.

    allocated_minor: net of reversed allocations. reversed_minor: of the line itself. settled_on: the business
    date on which nothing was left, null while something is. last_effective_on: of the latest row about it;
    the cache equals "as of D" for D from there on. due_date: the line's own, for lists in its order.
    """

    due_line = models.OneToOneField(
        DueLine, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="balance"
    )
    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    customer = TenantForeignKey(Customer)
    currency = models.CharField(max_length=3, db_collation="C")
    source_key = models.CharField(db_collation="C")
    original_minor = models.BigIntegerField()
    allocated_minor = models.BigIntegerField()
    reversed_minor = models.BigIntegerField()
    open_minor = models.BigIntegerField()
    settled_on = models.DateField(null=True)
    due_date = models.DateField()
    last_effective_on = models.DateField()

    class Meta:
        db_table = "ledger_item_balance"
        constraints = [
            CheckConstraint(name="item_allocated_is_never_negative", condition=Q(allocated_minor__gte=0)),
            CheckConstraint(name="item_reversed_is_never_negative", condition=Q(reversed_minor__gte=0)),
            CheckConstraint(name="item_open_is_never_negative", condition=Q(open_minor__gte=0)),
            CheckConstraint(
                name="item_open_is_what_is_left",
                condition=Q(open_minor=F("original_minor") - F("allocated_minor") - F("reversed_minor")),
            ),
            CheckConstraint(
                name="item_is_settled_iff_nothing_is_open",
                condition=Q(open_minor__lte=0, settled_on__isnull=False)
                | Q(open_minor__gt=0, settled_on__isnull=True),
            ),
            UniqueConstraint(
                fields=["creditor", "source_key"],
                condition=Q(reversed_minor__lt=F("original_minor")),
                name="item_source_key_is_unique_among_unreversed",
            ),
        ]
        indexes = [
            Index(fields=["creditor", "customer"], name="item_balance_by_customer"),
            Index(
                fields=["creditor", "due_date", "due_line"],
                condition=Q(settled_on__isnull=True),
                name="item_balance_open_by_due_date",
            ),
            Index(
                fields=["creditor", "original_minor", "due_line"],
                condition=Q(settled_on__isnull=True),
                name="item_balance_open_by_amount",
            ),
        ]


class CreditBalance(models.Model):
    """What is left of a credit today. Verified against the rows by every run.

    allocated_minor and refunded_minor: net of their reversals. unallocated_minor: money on account.
    """

    credit = models.OneToOneField(
        Credit, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="balance"
    )
    creditor = models.ForeignKey(
        Creditor, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    customer = TenantForeignKey(Customer, null=True)
    currency = models.CharField(max_length=3, db_collation="C")
    source_key = models.CharField(db_collation="C")
    original_minor = models.BigIntegerField()
    allocated_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField()
    reversed_minor = models.BigIntegerField()
    unallocated_minor = models.BigIntegerField()
    last_effective_on = models.DateField()

    class Meta:
        db_table = "ledger_credit_balance"
        constraints = [
            CheckConstraint(name="credit_allocated_is_never_negative", condition=Q(allocated_minor__gte=0)),
            CheckConstraint(name="credit_refunded_is_never_negative", condition=Q(refunded_minor__gte=0)),
            CheckConstraint(name="credit_reversed_is_never_negative", condition=Q(reversed_minor__gte=0)),
            CheckConstraint(
                name="credit_unallocated_is_never_negative", condition=Q(unallocated_minor__gte=0)
            ),
            CheckConstraint(
                name="credit_unallocated_is_what_is_left",
                condition=Q(
                    unallocated_minor=F("original_minor")
                    - F("allocated_minor")
                    - F("refunded_minor")
                    - F("reversed_minor")
                ),
            ),
            UniqueConstraint(
                fields=["creditor", "source_key"],
                condition=~Q(source_key="") & Q(reversed_minor__lt=F("original_minor")),
                name="credit_source_key_is_unique_among_unreversed",
            ),
        ]
        indexes = [
            Index(fields=["creditor", "customer"], name="credit_balance_by_customer"),
            Index(
                fields=["creditor", "credit"],
                condition=Q(unallocated_minor__gt=0),
                name="credit_balance_on_account",
            ),
            Index(
                fields=["creditor", "credit"],
                condition=Q(reversed_minor__gt=0) | Q(refunded_minor__gt=0),
                name="credit_balance_given_back",
            ),
        ]
