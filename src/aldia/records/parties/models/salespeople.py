"""Who sells to a customer, and so hears first what is about to be said to them."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Lower, Now

from aldia.records.schema.fields import TenantForeignKey
from aldia.records.tenancy.models import Membership, TenantRow


class Salesperson(TenantRow):
    """Somebody who sells: a person of the house (member) or a name with an address.

    email: in small letters; where there is a member, the address for when the access has ended.
    """

    name = models.CharField()
    member = TenantForeignKey(Membership, null=True, blank=True)
    email = models.CharField(blank=True, default="", db_default="", db_collation="C")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "parties_salesperson"
        constraints = [
            UniqueConstraint(fields=["creditor", "id"], name="salesperson_creditor_id_id"),
            UniqueConstraint(fields=["creditor", "member"], name="salesperson_is_one_per_member"),
            UniqueConstraint(
                fields=["creditor", "email"], condition=~Q(email=""), name="salesperson_is_one_per_email"
            ),
            CheckConstraint(name="salesperson_has_a_name", condition=~Q(name="")),
            CheckConstraint(name="salesperson_can_be_told", condition=Q(member__isnull=False) | ~Q(email="")),
            CheckConstraint(name="salesperson_email_is_lower_case", condition=Q(email=Lower(F("email")))),
        ]


class SalesChoice(TenantRow):
    """What a creditor has chosen; without a row the salesperson is told first."""

    tells_first = models.BooleanField(default=True, db_default=True)

    class Meta:
        db_table = "parties_sales_choice"
        constraints = [UniqueConstraint(fields=["creditor"], name="sales_choice_is_one_per_creditor")]


class SalesDigestState(models.TextChoices):
    """sending → sent | failed | waiting; waiting → sending. Who dies while sending leaves it so: nothing is
    sent again that may have left."""

    SENDING = "sending", "Enviándose"
    SENT = "sent", "Enviado"
    FAILED = "failed", "Fallido"
    WAITING = "waiting", "Se volverá a intentar"
