"""Strategies as data, versioned, and whom each is for."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey, positive
from aldia.records.tenancy.models import TenantRow


class StrategyVersion(TenantRow):
    """A strategy as it was written. Append-only: a change is a new version.

    toml: the document as given. digest: SHA-256 of it in hex. vocabulary_hash: of the vocabulary its
    conditions were checked against. actor: who set it, as text.
    """

    name = models.CharField(db_collation="C")
    version = models.IntegerField()
    toml = models.TextField()
    digest = models.CharField()
    vocabulary_hash = models.CharField(blank=True, default="", db_default="")
    actor = models.CharField(blank=True, default="", db_default="")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_strategy_version"
        constraints = [
            UniqueConstraint(fields=["creditor", "id"], name="strategy_version_creditor_id_id"),
            UniqueConstraint(fields=["creditor", "name", "version"], name="strategy_version_is_unique"),
            positive("version", name="strategy_version_begins_at_one"),
        ]


class StrategyAssignment(TenantRow):
    """Which version is in force for one customer, one segment, or everybody (both blank). In that order."""

    segment = models.CharField(blank=True, default="", db_default="", db_collation="C")
    customer = TenantForeignKey(Customer, null=True, blank=True)
    strategy_version = TenantForeignKey(StrategyVersion)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_strategy_assignment"
        constraints = [
            CheckConstraint(
                name="strategy_assignment_is_for_a_segment_or_a_customer",
                condition=Q(segment="") | Q(customer__isnull=True),
            ),
            UniqueConstraint(
                fields=["creditor"],
                condition=Q(segment="", customer__isnull=True),
                name="strategy_assignment_is_one_by_default",
            ),
            UniqueConstraint(
                fields=["creditor", "segment"],
                condition=~Q(segment=""),
                name="strategy_assignment_is_one_per_segment",
            ),
            UniqueConstraint(
                fields=["creditor", "customer"],
                condition=Q(customer__isnull=False),
                name="strategy_assignment_is_one_per_customer",
            ),
        ]
