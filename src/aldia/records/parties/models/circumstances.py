"""What forbids writing to a customer for as long as it lasts, and what a whole area is spared."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.parties.models.customers import Customer
from aldia.records.schema.fields import TenantForeignKey, one_of
from aldia.records.tenancy.models import TenantRow


class CircumstanceKind(models.TextChoices):
    """Why nobody writes to the customer, or only through somebody."""

    DECEASED = "deceased", "Fallecido"
    REPRESENTED = "represented", "Con abogado o asesor"
    IN_SUIT = "in_suit", "Deuda en los tribunales"
    ASSIGNED = "assigned", "Deuda cedida"
    PLACED = "placed", "En una agencia de cobro"
    INSOLVENCY = "insolvency", "En concurso de acreedores"
    DISCHARGED = "discharged", "Deuda exonerada por un juez"
    COMPLAINT = "complaint", "Reclamación ante consumo"
    ERASED = "erased", "Datos bloqueados o suprimidos"


class Circumstance(TenantRow):
    """A fact about the customer, from … until (half-open; null: until somebody ends it).

    note: what a person wrote of it. ended_on: the day from which it no longer holds. The row stays; only its
    end may be written, once, and a trigger holds that.
    """

    customer = TenantForeignKey(Customer)
    kind = models.CharField(choices=CircumstanceKind)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True, default="", db_default="")
    recorded_by = models.CharField()
    recorded_at = models.DateTimeField(db_default=Now())
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.CharField(blank=True, default="", db_default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    end_note = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "parties_circumstance"
        constraints = [
            one_of("kind", CircumstanceKind, name="circumstance_kind_is_known"),
            CheckConstraint(
                name="circumstance_ends_after_it_begins",
                condition=Q(until_on__isnull=True) | Q(until_on__gt=F("from_on")),
            ),
            CheckConstraint(name="circumstance_is_recorded_by_somebody", condition=~Q(recorded_by="")),
            CheckConstraint(
                name="circumstance_is_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_on__isnull=True, ended_by="")
                | Q(ended_at__isnull=False, ended_on__isnull=False) & ~Q(ended_by=""),
            ),
            UniqueConstraint(
                fields=["creditor", "customer", "kind"],
                condition=Q(ended_at__isnull=True),
                name="circumstance_is_one_open_per_kind",
            ),
        ]
        indexes = [Index(fields=["creditor", "customer"], name="circumstance_by_customer")]


class AreaHold(TenantRow):
    """Nobody in these postcodes is written to, from … until (half-open), after a catastrophe.

    prefixes: beginnings of postal codes, without spaces, upper case. ended_on: the day from which a person
    ended it before its time.
    """

    country = models.CharField(max_length=2)
    prefixes = ArrayField(models.CharField())
    reason = models.CharField()
    from_on = models.DateField()
    until_on = models.DateField()
    recorded_by = models.CharField()
    recorded_at = models.DateTimeField(db_default=Now())
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.CharField(blank=True, default="", db_default="")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "parties_area_hold"
        constraints = [
            CheckConstraint(name="area_hold_country_is_iso_3166", condition=Q(country__regex="^[A-Z]{2}$")),
            CheckConstraint(name="area_hold_names_a_postcode", condition=Q(prefixes__len__gte=1)),
            CheckConstraint(
                name="area_hold_says_why_and_by_whom", condition=~Q(reason="") & ~Q(recorded_by="")
            ),
            CheckConstraint(name="area_hold_ends_after_it_begins", condition=Q(until_on__gt=F("from_on"))),
            CheckConstraint(
                name="area_hold_is_ended_by_somebody",
                condition=Q(ended_at__isnull=True, ended_on__isnull=True, ended_by="")
                | Q(ended_at__isnull=False, ended_on__isnull=False) & ~Q(ended_by=""),
            ),
        ]
        indexes = [Index(fields=["creditor", "until_on"], name="area_hold_by_end")]


class LocalHoliday(TenantRow):
    """A holiday of one municipality, which no library knows. prefix: beginning of its postal codes."""

    country = models.CharField(max_length=2)
    municipality = models.CharField()
    prefix = models.CharField(db_collation="C")
    on_date = models.DateField()
    name = models.CharField(blank=True, default="", db_default="")
    recorded_by = models.CharField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "parties_local_holiday"
        constraints = [
            CheckConstraint(
                name="local_holiday_country_is_iso_3166", condition=Q(country__regex="^[A-Z]{2}$")
            ),
            CheckConstraint(
                name="local_holiday_names_a_place", condition=~Q(municipality="") & ~Q(prefix="")
            ),
            CheckConstraint(name="local_holiday_is_recorded_by_somebody", condition=~Q(recorded_by="")),
            UniqueConstraint(
                fields=["creditor", "country", "prefix", "on_date"],
                name="local_holiday_is_one_per_place_and_day",
            ),
        ]
