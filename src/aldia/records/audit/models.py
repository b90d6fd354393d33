"""The audit chain: each entry carries the digest of the one before."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.tenancy.models import TenantRow


class AuditEntry(TenantRow):
    """One thing done. Append-only.

    sequence: 1, 2, 3 … per creditor, without gaps. actor: who, as text. verb: what (`ledger.imported`).
    subject: on what (`batch:17`). payload: facts without personal values. previous_digest is blank for the
    first entry; digest covers it, so that a change anywhere shows from there on.
    """

    sequence = models.BigIntegerField()
    recorded_at = models.DateTimeField(db_default=Now())
    actor = models.CharField()
    verb = models.CharField()
    subject = models.CharField(blank=True, default="", db_default="")
    payload = models.JSONField(default=dict)
    previous_digest = models.CharField(blank=True, default="", db_default="")
    digest = models.CharField()

    class Meta:
        db_table = "audit_entry"
        constraints = [
            UniqueConstraint(fields=["creditor", "sequence"], name="audit_entry_sequence_is_unique"),
            CheckConstraint(name="audit_entry_has_a_digest", condition=~Q(digest="")),
            CheckConstraint(
                name="audit_entry_only_the_first_has_no_predecessor",
                condition=Q(sequence=1, previous_digest="") | (Q(sequence__gt=1) & ~Q(previous_digest="")),
            ),
        ]


class AuditHead(TenantRow):
    """Where a creditor's chain ends: locked to append, compared to find a truncated chain."""

    sequence = models.BigIntegerField(default=0, db_default=0)
    digest = models.CharField(blank=True, default="", db_default="")

    class Meta:
        db_table = "audit_head"
        constraints = [
            UniqueConstraint(fields=["creditor"], name="audit_head_is_one_per_creditor"),
            CheckConstraint(name="audit_head_sequence_is_not_negative", condition=Q(sequence__gte=0)),
        ]
