"""What pays debts: credits of every kind, their allocation to due lines, and refunds."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from aldia.records.intake.models import ImportBatch
from aldia.records.ledger.models.debits import Document, DueLine
from aldia.records.ledger.models.rows import LedgerRow
from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey, iso_currency, one_of, positive


class CreditKind(models.TextChoices):
    """Kinds of credit; paper and a direct-debit batch are covers (`Overlay`), never credits."""

    PAYMENT = "payment", "Cobro"
    CREDIT_NOTE = "credit_note", "Factura rectificativa"
    WITHHOLDING = "withholding", "Retención"
    SET_OFF = "set_off", "Compensación de saldos"
    EXCHANGE = "exchange", "Intercambio de servicios"
    SMALL_DIFFERENCE = "small_difference", "Diferencia menor"
    DISCOUNT = "discount", "Descuento"
    FORGIVENESS = "forgiveness", "Quita"
    WRITE_OFF = "write_off", "Baja por incobrable"
    OPENING_CREDIT = "opening_credit", "Saldo inicial a favor"


class Credit(LedgerRow):
    """Money or anything else that reduces what is owed. Append-only; effective_on is the value date.

    customer: whose it is, null while a payment is unidentified. amount_minor: minor units of currency.
    number: of the credit note or certificate. names_document: the number it says it pays. adjusts: the
    document a credit note corrects. source_key: its identity in its source, blank for none, else unique
    among unreversed credits (`CreditBalance`).
    """

    customer = TenantForeignKey(Customer, null=True, blank=True)
    kind = models.CharField(choices=CreditKind)
    currency = models.CharField(max_length=3, db_collation="C")
    amount_minor = models.BigIntegerField()
    number = models.CharField(blank=True, default="", db_default="", db_collation="C")
    reference = models.CharField(blank=True, default="", db_default="")
    payer_name = models.CharField(blank=True, default="", db_default="")
    method = models.CharField(blank=True, default="", db_default="")
    names_document = models.CharField(blank=True, default="", db_default="", db_collation="C")
    adjusts = TenantForeignKey(Document, null=True, blank=True)
    source_key = models.CharField(blank=True, default="", db_default="", db_collation="C")
    reason = models.TextField(blank=True, default="", db_default="")
    batch = TenantForeignKey(ImportBatch, null=True, blank=True)

    class Meta:
        db_table = "ledger_credit"
        constraints = [
            UniqueConstraint(fields=["creditor", "id", "currency"], name="credit_creditor_id_id_currency"),
            one_of("kind", CreditKind, name="credit_kind_is_known"),
            iso_currency(name="credit_currency_is_iso_4217"),
            positive("amount_minor", name="credit_amount_is_positive"),
            CheckConstraint(
                name="credit_only_money_may_be_unidentified",
                condition=Q(customer__isnull=False) | Q(kind__in=["opening_credit", "payment"]),
            ),
        ]
        indexes = [
            Index(fields=["creditor", "customer"], name="credit_by_customer"),
            Index(fields=["creditor", "effective_on", "id"], name="credit_by_value_date"),
            Index(
                fields=["creditor", "effective_on", "id"],
                condition=~Q(kind="payment"),
                name="credit_but_payments_by_date",
            ),
        ]


class Allocation(LedgerRow):
    """So much of one credit pays so much of one due line, of the same creditor and currency. Append-only.

    customer: the line's payer. credit_customer: the credit's (the trigger sees to it), null while it is
    unidentified; another payer is allowed. effective_on: the later of the credit's value date and the line's
    issue, or after. The checks of the two balances hold that no more is allocated than each has left.
    """

    credit = TenantForeignKey(Credit)
    due_line = TenantForeignKey(DueLine)
    customer = TenantForeignKey(Customer)
    credit_customer = TenantForeignKey(Customer, null=True, blank=True)
    currency = models.CharField(max_length=3, db_collation="C")
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "ledger_allocation"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "id", "customer", "currency"],
                name="allocation_creditor_id_id_customer_currency",
            ),
            positive("amount_minor", name="allocation_amount_is_positive"),
        ]
        indexes = [
            Index(fields=["creditor", "customer"], name="allocation_by_customer"),
            Index(fields=["creditor", "credit_customer"], name="allocation_by_credit_customer"),
            Index(fields=["creditor", "credit"], name="allocation_by_credit"),
            Index(fields=["creditor", "due_line"], name="allocation_by_due_line"),
        ]


class Refund(LedgerRow):
    """So much of a credit given back to whoever paid it. Append-only; consumes the unallocated rest."""

    credit = TenantForeignKey(Credit)
    currency = models.CharField(max_length=3, db_collation="C")
    amount_minor = models.BigIntegerField()
    reference = models.CharField(blank=True, default="", db_default="")
    reason = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "ledger_refund"
        constraints = [
            UniqueConstraint(fields=["creditor", "id", "currency"], name="refund_creditor_id_id_currency"),
            positive("amount_minor", name="refund_amount_is_positive"),
        ]
        indexes = [Index(fields=["creditor", "credit"], name="refund_by_credit")]
