"""What customers answer."""

from django.db import models
from django.db.models import Index, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.parties.models import Channel, Customer
from aldia.records.schema.fields import TenantForeignKey, one_of
from aldia.records.tenancy.models import TenantRow


class ReplyKind(models.TextChoices):
    """What the customer says; the order is that of the form."""

    FORGOT = "forgot", "Se le pasó"
    CANNOT = "cannot", "No puede pagar"
    WILL_NOT = "will_not", "No quiere pagar"
    DISPUTES = "disputes", "No está conforme"
    PROMISES = "promises", "Promete pagar"
    PAID = "paid", "Dice que ha pagado"
    ASKS = "asks", "Pregunta"
    WRONG_PERSON = "wrong_person", "No es la persona"
    OTHER = "other", "Otra"


class Reply(TenantRow):
    """A customer's answer on any channel. Append-only. received_on: business date."""

    customer = TenantForeignKey(Customer)
    channel = models.CharField(choices=Channel)
    kind = models.CharField(choices=ReplyKind)
    received_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())
    note = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "outreach_reply"
        constraints = [
            UniqueConstraint(fields=["creditor", "id", "customer"], name="reply_creditor_id_id_customer"),
            one_of("channel", Channel, name="reply_channel_is_known"),
            one_of("kind", ReplyKind, name="reply_kind_is_known"),
        ]
        indexes = [Index(fields=["creditor", "customer"], name="reply_by_customer")]
