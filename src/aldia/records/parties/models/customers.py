"""Who owes or may owe, in what family or group, and for whom they pay."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.intake.models import ImportBatch
from aldia.records.parties.models.salespeople import Salesperson
from aldia.records.schema import lookups  # noqa: F401  (registers `begins`)
from aldia.records.schema.fields import TenantForeignKey, one_of
from aldia.records.tenancy.models import Membership, TenantRow


class GroupKind(models.TextChoices):
    """Companies under one roof, or one household."""

    GROUP = "group", "Grupo de empresas"
    FAMILY = "family", "Familia"


class CustomerGroup(TenantRow):
    """Several customers worked as one conversation or one exposure."""

    code = models.CharField(db_collation="C")
    name = models.CharField()
    kind = models.CharField(choices=GroupKind, default=GroupKind.GROUP, db_default=GroupKind.GROUP)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "parties_customer_group"
        constraints = [
            UniqueConstraint(fields=["creditor", "id"], name="customer_group_creditor_id_id"),
            UniqueConstraint(fields=["creditor", "code"], name="customer_group_code_is_unique"),
            one_of("kind", GroupKind, name="customer_group_kind_is_known"),
        ]


class PersonKind(models.TextChoices):
    """Who the customer is in law; unknown counts as consumer (semantics: ledger)."""

    CONSUMER = "consumer", "Particular"
    BUSINESS = "business", "Empresa o profesional"
    PUBLIC_BODY = "public_body", "Administración pública"


class FormOfAddress(models.TextChoices):
    """How texts address the customer: a field, not a tone."""

    TU = "tu", "Tú"
    USTED = "usted", "Usted"
    VOS = "vos", "Vos"


class Customer(TenantRow):
    """Who pays, under the creditor's own code.

    folded_name: casefolded without accents, for searching. sort_name: sort key, ñ after n. language: BCP 47.
    country: ISO 3166; blank when unknown. place: calendar place. postal_code: as written. contract_rate_bp:
    agreed late interest per year in basis points (1015 is 10.15 %), null when none was agreed. insolvent_on:
    interest and compensation stop there. minor: known to be a minor, so nobody writes to them. for_life: kept
    whatever happens, so nothing firm leaves without a person's yes. owner: who works the customer.
    salesperson: who sells to them, and hears first of what is firm.
    """

    code = models.CharField(db_collation="C")
    name = models.CharField()
    folded_name = models.CharField(db_collation="C", default="", db_default="")
    sort_name = models.CharField(db_collation="C", default="", db_default="")
    person_kind = models.CharField(
        choices=PersonKind, default=PersonKind.CONSUMER, db_default=PersonKind.CONSUMER
    )
    tax_id = models.CharField(blank=True, default="", db_default="")
    language = models.CharField(default="es", db_default="es")
    form_of_address = models.CharField(
        choices=FormOfAddress, default=FormOfAddress.USTED, db_default=FormOfAddress.USTED
    )
    segment = models.CharField(blank=True, default="", db_default="")
    tags = ArrayField(models.CharField(), default=list, db_default=[])
    country = models.CharField(max_length=2, blank=True, default="", db_default="")
    place = models.CharField(blank=True, default="", db_default="")
    postal_code = models.CharField(blank=True, default="", db_default="")
    owner = TenantForeignKey(Membership, null=True, blank=True)
    salesperson = TenantForeignKey(Salesperson, null=True, blank=True)
    group = TenantForeignKey(CustomerGroup, null=True, blank=True)
    contract_rate_bp = models.IntegerField(null=True, blank=True)
    insolvent_on = models.DateField(null=True, blank=True)
    minor = models.BooleanField(default=False, db_default=False)
    for_life = models.BooleanField(default=False, db_default=False)
    batch = TenantForeignKey(ImportBatch, null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "parties_customer"
        constraints = [
            UniqueConstraint(fields=["creditor", "id"], name="customer_creditor_id_id"),
            UniqueConstraint(fields=["creditor", "id", "minor"], name="customer_creditor_id_id_minor"),
            UniqueConstraint(fields=["creditor", "code"], name="customer_code_is_unique"),
            CheckConstraint(name="customer_code_is_not_blank", condition=~Q(code="")),
            one_of("person_kind", PersonKind, name="customer_person_kind_is_known"),
            one_of("form_of_address", FormOfAddress, name="customer_form_of_address_is_known"),
            CheckConstraint(
                name="customer_country_is_iso_3166_or_blank", condition=Q(country__regex="^([A-Z]{2})?$")
            ),
            CheckConstraint(
                name="customer_contract_rate_is_at_most_one_hundred_percent",
                condition=Q(contract_rate_bp__isnull=True) | Q(contract_rate_bp__range=(0, 10_000)),
            ),
        ]
        indexes = [
            models.Index(fields=["creditor", "sort_name"], name="customer_by_sort_name"),
            models.Index(fields=["creditor", "group"], name="customer_by_group"),
            models.Index(
                fields=["creditor", "salesperson"],
                name="customer_by_salesperson",
                condition=Q(salesperson__isnull=False),
            ),
        ]


class CustomerWord(TenantRow):
    """One folded word of a customer's name, code or tax id, for search by prefix (`word ^@ …`)."""

    customer = TenantForeignKey(Customer)
    word = models.CharField(db_collation="C")

    class Meta:
        db_table = "parties_customer_word"
        constraints = [
            UniqueConstraint(fields=["creditor", "customer", "word"], name="customer_word_is_unique")
        ]
        indexes = [models.Index(fields=["creditor", "word", "customer"], name="customer_word_by_word_first")]


class BeneficiaryKind(models.TextChoices):
    """For whom or what the customer pays."""

    PUPIL = "pupil", "Alumno"
    LINE = "line", "Línea"
    SITE = "site", "Centro"
    OTHER = "other", "Otro"


class Beneficiary(TenantRow):
    """For whom or what a payer pays: a pupil, a telephone line, a site. Never a recipient."""

    customer = TenantForeignKey(Customer)
    code = models.CharField(db_collation="C")
    name = models.CharField()
    kind = models.CharField(
        choices=BeneficiaryKind, default=BeneficiaryKind.OTHER, db_default=BeneficiaryKind.OTHER
    )
    minor = models.BooleanField(default=False, db_default=False)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "parties_beneficiary"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "id", "customer"], name="beneficiary_creditor_id_id_customer"
            ),
            UniqueConstraint(fields=["creditor", "customer", "code"], name="beneficiary_code_is_unique"),
            one_of("kind", BeneficiaryKind, name="beneficiary_kind_is_known"),
        ]
