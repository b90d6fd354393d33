"""What customers owe: documents, their tax and acceptance, and the due lines that are the debt itself."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from aldia.records.intake.models import ImportBatch
from aldia.records.ledger.models.rows import LedgerRow
from aldia.records.parties.models import Beneficiary, Customer
from aldia.records.schema.fields import TenantForeignKey, iso_currency, one_of, positive


class DocumentKind(models.TextChoices):
    """Kinds of debit. A proforma or quote is none; a negative invoice is a credit note."""

    INVOICE = "invoice", "Factura"
    FEE = "fee", "Cuota"
    CHARGE_NOTE = "charge_note", "Nota de cargo"
    OPENING_BALANCE = "opening_balance", "Saldo inicial"


class Document(LedgerRow):
    """An invoice, fee, charge note or opening balance. Append-only.

    total_minor: minor units of currency, tax included. net_minor: without tax, null when unknown.
    beneficiary: for whom it was bought. adjusts: the document that this adjustment debit corrects.
    """

    customer = TenantForeignKey(Customer)
    kind = models.CharField(choices=DocumentKind, db_collation="C")
    number = models.CharField(db_collation="C")
    issued_on = models.DateField()
    currency = models.CharField(max_length=3, db_collation="C")
    total_minor = models.BigIntegerField()
    net_minor = models.BigIntegerField(null=True, blank=True)
    beneficiary = TenantForeignKey(Beneficiary, null=True, blank=True)
    description = models.TextField(blank=True, default="", db_default="")
    order_reference = models.CharField(blank=True, default="", db_default="")
    adjusts = TenantForeignKey("self", null=True, blank=True)
    batch = TenantForeignKey(ImportBatch, null=True, blank=True)

    class Meta:
        db_table = "ledger_document"
        constraints = [
            UniqueConstraint(fields=["creditor", "id"], name="document_creditor_id_id"),
            UniqueConstraint(fields=["creditor", "id", "currency"], name="document_creditor_id_id_currency"),
            one_of("kind", DocumentKind, name="document_kind_is_known"),
            iso_currency(name="document_currency_is_iso_4217"),
            positive("total_minor", name="document_total_is_positive"),
            CheckConstraint(
                name="document_net_is_not_negative", condition=Q(net_minor__isnull=True) | Q(net_minor__gte=0)
            ),
            CheckConstraint(
                name="document_takes_effect_when_issued", condition=Q(effective_on=F("issued_on"))
            ),
        ]
        indexes = [
            Index(fields=["creditor", "customer"], name="document_by_customer"),
            Index(fields=["creditor", "number"], name="document_by_number"),
        ]


class TaxKind(models.TextChoices):
    """Taxes on a document; iva_latam: another country's value-added tax."""

    IVA = "iva", "IVA"
    RECARGO_EQUIVALENCIA = "recargo_equivalencia", "Recargo de equivalencia"
    IGIC = "igic", "IGIC"
    IPSI = "ipsi", "IPSI"
    IGV = "igv", "IGV"
    IVA_LATAM = "iva_latam", "IVA (América)"
    RETENTION = "retention", "Retención"


class TaxLine(LedgerRow):
    """One rate of one tax on a document. Append-only.

    rate_bp: basis points (2100 is 21 %). base_minor, amount_minor: minor units of the document's currency,
    never negative; a retention lowers what is paid, by its kind.
    """

    document = TenantForeignKey(Document)
    kind = models.CharField(choices=TaxKind)
    rate_bp = models.IntegerField()
    base_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "ledger_tax_line"
        constraints = [
            one_of("kind", TaxKind, name="tax_line_kind_is_known"),
            CheckConstraint(name="tax_line_rate_is_a_share", condition=Q(rate_bp__range=(0, 10_000))),
            CheckConstraint(
                name="tax_line_amounts_are_not_negative", condition=Q(base_minor__gte=0, amount_minor__gte=0)
            ),
        ]
        indexes = [Index(fields=["creditor", "document"], name="tax_line_by_document")]


class AcceptanceState(models.TextChoices):
    """Where the customer's yes to an invoice stands."""

    REQUESTED = "requested", "Conformidad pedida"
    ACCEPTED = "accepted", "Conforme"
    REJECTED = "rejected", "No conforme"
    REGISTERED = "registered", "Registrada"


class Acceptance(LedgerRow):
    """A dated word on a document: asked, accepted, rejected, registered. Append-only; the last one counts.

    number: of the register or the acceptance, where the customer gives one.
    """

    document = TenantForeignKey(Document)
    customer = TenantForeignKey(Customer)
    state = models.CharField(choices=AcceptanceState)
    number = models.CharField(blank=True, default="", db_default="")

    class Meta:
        db_table = "ledger_acceptance"
        constraints = [one_of("state", AcceptanceState, name="acceptance_state_is_known")]
        indexes = [
            Index(fields=["creditor", "customer"], name="acceptance_by_customer"),
            Index(fields=["creditor", "document"], name="acceptance_by_document"),
        ]


class DueLine(LedgerRow):
    """One dated part of a document owed by exactly one payer: the open item. Append-only.

    customer: the payer; a document owed by two has a line each. kind, issued_on: as the document's.
    due_date: the original one, for ever; terms overlays give the effective one. amount_minor: minor units.
    source_key: the row's identity in its source, unique among unreversed lines (`ItemBalance`).
    """

    document = TenantForeignKey(Document)
    customer = TenantForeignKey(Customer)
    currency = models.CharField(max_length=3, db_collation="C")
    kind = models.CharField(choices=DocumentKind, db_collation="C")
    line_number = models.IntegerField(default=1, db_default=1)
    amount_minor = models.BigIntegerField()
    issued_on = models.DateField()
    due_date = models.DateField()
    source_key = models.CharField(db_collation="C")
    batch = TenantForeignKey(ImportBatch, null=True, blank=True)

    class Meta:
        db_table = "ledger_due_line"
        constraints = [
            UniqueConstraint(fields=["creditor", "id"], name="due_line_creditor_id_id"),
            UniqueConstraint(
                fields=["creditor", "id", "customer", "currency"],
                name="due_line_creditor_id_id_customer_currency",
            ),
            UniqueConstraint(
                fields=["creditor", "document", "line_number"], name="due_line_number_is_unique"
            ),
            one_of("kind", DocumentKind, name="due_line_kind_is_known"),
            positive("amount_minor", name="due_line_amount_is_positive"),
            positive("line_number", name="due_line_number_begins_at_one"),
            CheckConstraint(
                name="due_line_is_not_due_before_issue", condition=Q(due_date__gte=F("issued_on"))
            ),
            CheckConstraint(
                name="due_line_takes_effect_no_earlier_than_issue",
                condition=Q(effective_on__gte=F("issued_on")),
            ),
            CheckConstraint(name="due_line_source_key_is_not_blank", condition=~Q(source_key="")),
        ]
        indexes = [Index(fields=["creditor", "customer"], name="due_line_by_customer")]
