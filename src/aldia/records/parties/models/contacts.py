"""Through whom a customer is reached. Whoever is known to be a minor is never a recipient: keys see to it."""

from string import digits

from django.db import models
from django.db.models import Case, CheckConstraint, F, Func, Q, UniqueConstraint, Value, When
from django.db.models.functions import Lower, Now, Right

from aldia.records.parties.models.customers import Customer
from aldia.records.schema.fields import TenantForeignKey, one_of
from aldia.records.tenancy.models import TenantRow


class ContactRole(models.TextChoices):
    """What the person is to the customer; `holder` is the customer in person."""

    ACCOUNTS_PAYABLE = "accounts_payable", "Cuentas a pagar"
    FINANCE_HEAD = "finance_head", "Dirección financiera"
    OWNER = "owner", "Propietario"
    PARENT = "parent", "Madre o padre"
    GUARDIAN = "guardian", "Tutor legal"
    LAWYER = "lawyer", "Abogado"
    HOLDER = "holder", "Titular"
    OTHER = "other", "Otro"


class Contact(TenantRow):
    """A person at or beside a customer.

    is_recipient: may be written to or called. customer_minor repeats the customer's `minor` by foreign key,
    so that a holder who is a minor cannot be a recipient, now or when it becomes known.
    """

    customer = TenantForeignKey(Customer)
    name = models.CharField(blank=True, default="", db_default="")
    role = models.CharField(choices=ContactRole, default=ContactRole.OTHER, db_default=ContactRole.OTHER)
    is_minor = models.BooleanField(default=False, db_default=False)
    is_recipient = models.BooleanField(default=True, db_default=True)
    customer_minor = models.BooleanField(default=False, db_default=False)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "parties_contact"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "id", "customer", "is_recipient"], name="contact_creditor_id_id_reachable"
            ),
            one_of("role", ContactRole, name="contact_role_is_known"),
            CheckConstraint(
                name="contact_a_minor_is_never_a_recipient", condition=~Q(is_minor=True, is_recipient=True)
            ),
            CheckConstraint(
                name="contact_a_minor_holder_is_never_a_recipient",
                condition=~Q(role="holder", customer_minor=True, is_recipient=True),
            ),
        ]
        indexes = [models.Index(fields=["creditor", "customer"], name="contact_by_customer")]


class Channel(models.TextChoices):
    """Where a contact point lies."""

    EMAIL = "email", "Correo electrónico"
    PHONE = "phone", "Teléfono"
    WHATSAPP = "whatsapp", "WhatsApp"
    POST = "post", "Correo postal"


class PointQuality(models.TextChoices):
    """What experience says about an address."""

    UNKNOWN = "unknown", "Sin comprobar"
    GOOD = "good", "Bueno"
    DOUBTFUL = "doubtful", "Dudoso"
    BAD = "bad", "No válido"


ENDING_DIGITS = 7
"""So many digits at its end a telephone number is sought by, however it is written."""


def sought_by(channel: str, address: str) -> str:
    """What `ContactPoint.sought` is for the address: of an e-mail, else of a telephone."""
    if channel == Channel.EMAIL:
        return address.lower()
    return "".join(each for each in address if each in digits)[-ENDING_DIGITS:]


class ContactPoint(TenantRow):
    """An address on a channel. reachable_contact is always true and part of the key to the contact, so a
    point hangs only on somebody who may be a recipient. sought: by what it is found when somebody writes from
    it: a mail address in small letters, a number's last digits, "" for a postal address."""

    customer = TenantForeignKey(Customer)
    contact = TenantForeignKey(Contact)
    channel = models.CharField(choices=Channel)
    value = models.CharField(db_collation="C")
    quality = models.CharField(
        choices=PointQuality, default=PointQuality.UNKNOWN, db_default=PointQuality.UNKNOWN
    )
    reachable_contact = models.BooleanField(default=True, db_default=True, editable=False)
    sought = models.GeneratedField(
        expression=Case(
            When(channel="email", then=Lower("value")),
            When(
                channel__in=["phone", "whatsapp"],
                then=Right(
                    Func(F("value"), Value("[^0-9]"), Value(""), Value("g"), function="regexp_replace"),
                    ENDING_DIGITS,
                ),
            ),
            default=Value(""),
        ),
        output_field=models.CharField(db_collation="C"),
        db_persist=True,
    )
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "parties_contact_point"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "customer", "channel", "value"], name="contact_point_is_unique"
            ),
            one_of("channel", Channel, name="contact_point_channel_is_known"),
            one_of("quality", PointQuality, name="contact_point_quality_is_known"),
            CheckConstraint(name="contact_point_value_is_not_blank", condition=~Q(value="")),
            CheckConstraint(name="contact_point_hangs_on_a_recipient", condition=Q(reachable_contact=True)),
        ]
        indexes = [
            models.Index(fields=["creditor", "contact"], name="contact_point_by_contact"),
            models.Index(fields=["creditor", "sought"], name="contact_point_sought"),
        ]
