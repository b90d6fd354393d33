"""Calls and messages looked at afterwards: were the facts right, was it respectful, what follows."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.cases.models import Call
from aldia.records.outreach.models.messages import Message
from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey
from aldia.records.tenancy.models import Membership, TenantRow


class QualityReview(TenantRow):
    """One act of a collector, looked at by somebody else. Append-only, once per act.

    call, message: exactly one of them. member: whose act it was; reviewer: who looked. facts, respect,
    next_step: 1 missing, 2 to improve, 3 good.
    """

    customer = TenantForeignKey(Customer)
    call = TenantForeignKey(Call, null=True, blank=True)
    message = TenantForeignKey(Message, null=True, blank=True)
    member = TenantForeignKey(Membership)
    reviewer = TenantForeignKey(Membership)
    facts = models.SmallIntegerField()
    respect = models.SmallIntegerField()
    next_step = models.SmallIntegerField()
    note = models.TextField(blank=True, default="", db_default="")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_quality_review"
        constraints = [
            CheckConstraint(
                name="quality_review_is_of_one_act",
                condition=Q(call__isnull=False, message__isnull=True)
                | Q(call__isnull=True, message__isnull=False),
            ),
            CheckConstraint(
                name="quality_review_marks_are_known",
                condition=Q(facts__range=(1, 3), respect__range=(1, 3), next_step__range=(1, 3)),
            ),
            CheckConstraint(
                name="quality_review_is_by_somebody_else", condition=~Q(member=models.F("reviewer"))
            ),
            UniqueConstraint(fields=["creditor", "call"], name="quality_review_is_one_per_call"),
            UniqueConstraint(fields=["creditor", "message"], name="quality_review_is_one_per_message"),
        ]
        indexes = [Index(fields=["creditor", "member", "-at"], name="quality_review_by_member")]
