"""What undoes a row of the ledger, wholly or in part."""

from django.db import models
from django.db.models import CheckConstraint, Func, Index, IntegerField, Q, UniqueConstraint
from django.db.models.lookups import Exact

from aldia.records.intake.models import ImportBatch
from aldia.records.ledger.models.debits import DueLine
from aldia.records.ledger.models.money import Allocation, Credit, Refund
from aldia.records.ledger.models.rows import LedgerRow
from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey, one_of, positive


class ReversalKind(models.TextChoices):
    """Why a row is undone."""

    RETURNED_DEBIT = "returned_debit", "Recibo devuelto"
    UNDO = "undo", "Anulación"
    DEALLOCATION = "deallocation", "Desaplicación"
    CORRECTION = "correction", "Corrección"
    CHARGEBACK = "chargeback", "Contracargo"
    OTHER = "other", "Otro"


class Reversal(LedgerRow):
    """Takes back so much of exactly one row: a credit, a due line, an allocation or a refund. Append-only.

    amount_minor: at most what is left of that row. Reversing an allocation gives the money back to line and
    credit, reversing a refund to the credit. A credit or line is reversed as far as nothing is allocated:
    its allocations are reversed before, or in the same statement (then `reserve_ids` gives the parent's id).
    customer: the line's payer where a line or an allocation is reversed, the credit's customer otherwise.
    parent: the reversal that brought this one about; checked at commit.
    """

    credit = TenantForeignKey(Credit, null=True, blank=True)
    due_line = TenantForeignKey(DueLine, null=True, blank=True)
    allocation = TenantForeignKey(Allocation, null=True, blank=True)
    refund = TenantForeignKey(Refund, null=True, blank=True)
    customer = TenantForeignKey(Customer, null=True, blank=True)
    currency = models.CharField(max_length=3, db_collation="C")
    amount_minor = models.BigIntegerField()
    kind = models.CharField(choices=ReversalKind)
    reason = models.TextField(blank=True, default="", db_default="")
    parent = TenantForeignKey("self", null=True, blank=True)
    batch = TenantForeignKey(ImportBatch, null=True, blank=True)

    class Meta:
        db_table = "ledger_reversal"
        constraints = [
            UniqueConstraint(fields=["creditor", "id"], name="reversal_creditor_id_id"),
            one_of("kind", ReversalKind, name="reversal_kind_is_known"),
            positive("amount_minor", name="reversal_amount_is_positive"),
            CheckConstraint(
                name="reversal_names_exactly_one_row",
                condition=Exact(
                    Func(
                        "credit",
                        "due_line",
                        "allocation",
                        "refund",
                        function="num_nonnulls",
                        output_field=IntegerField(),
                    ),
                    1,
                ),
            ),
            CheckConstraint(
                name="reversal_of_a_line_or_allocation_names_its_payer",
                condition=Q(customer__isnull=False) | Q(due_line__isnull=True, allocation__isnull=True),
            ),
        ]
        indexes = [
            Index(fields=["creditor", "customer"], name="reversal_by_customer"),
            Index(
                fields=["creditor", "credit"], condition=Q(credit__isnull=False), name="reversal_by_credit"
            ),
            Index(
                fields=["creditor", "due_line"],
                condition=Q(due_line__isnull=False),
                name="reversal_by_due_line",
            ),
            Index(
                fields=["creditor", "allocation"],
                condition=Q(allocation__isnull=False),
                name="reversal_by_allocation",
            ),
            Index(
                fields=["creditor", "refund"], condition=Q(refund__isnull=False), name="reversal_by_refund"
            ),
        ]
