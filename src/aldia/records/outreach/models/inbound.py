"""What comes in: the account it is fetched from, each answer until a person has looked, and refusals."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.outreach.models.channels import ProviderEvent
from aldia.records.outreach.models.dispatches import Dispatch
from aldia.records.outreach.models.mail import MailSecurity
from aldia.records.outreach.models.replies import Reply
from aldia.records.outreach.models.words import MessageChannel
from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey, one_of
from aldia.records.tenancy.models import TenantRow


class InboxAccount(TenantRow):
    """The box that answers by mail come into, read by IMAP. password_sealed: as in MailAccount.

    since_on: older mail is left alone. marks_read: whether what was fetched is marked as read there; else
    nothing on the server is changed. uid_validity, last_uid: how far the folder has been read. fetched_at:
    when it last answered. trouble, trouble_at: what is wrong, until it answers again.
    """

    host = models.CharField()
    port = models.IntegerField(default=993, db_default=993)
    security = models.CharField(choices=MailSecurity, default=MailSecurity.TLS, db_default=MailSecurity.TLS)
    username = models.CharField()
    password_sealed = models.TextField(blank=True, default="", db_default="")
    folder = models.CharField(default="INBOX", db_default="INBOX")
    marks_read = models.BooleanField(default=False, db_default=False)
    since_on = models.DateField()
    uid_validity = models.BigIntegerField(null=True, blank=True)
    last_uid = models.BigIntegerField(default=0, db_default=0)
    fetched_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True, default="", db_default="")
    trouble_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.CharField()
    changed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_inbox_account"
        constraints = [
            UniqueConstraint(fields=["creditor"], name="inbox_account_is_one_per_creditor"),
            one_of("security", MailSecurity, name="inbox_account_security_is_known"),
            CheckConstraint(
                name="inbox_account_names_server_folder_and_author",
                condition=~Q(host="") & ~Q(username="") & ~Q(folder="") & ~Q(changed_by=""),
            ),
            CheckConstraint(name="inbox_account_port_is_a_port", condition=Q(port__gte=1, port__lte=65_535)),
            CheckConstraint(name="inbox_account_last_uid_is_not_negative", condition=Q(last_uid__gte=0)),
            CheckConstraint(
                name="inbox_account_trouble_is_dated",
                condition=Q(trouble_at__isnull=True, trouble="")
                | Q(trouble_at__isnull=False) & ~Q(trouble=""),
            ),
        ]


class InboundKind(models.TextChoices):
    """What an answer is about; the order is that of the form. The rules' own words (`rules/inbound`)."""

    PAID = "paid", "Dice que ha pagado"
    PROMISE = "promise", "Promete pagar"
    DISPUTE = "dispute", "No está conforme"
    REFUSES = "refuses", "No quiere pagar"
    INSTALMENTS = "instalments", "Pide plazos"
    HARDSHIP = "hardship", "Tiene dificultades"
    COPY = "copy", "Pide la factura o una copia"
    WRONG_PERSON = "wrong_person", "No es la persona"
    OPT_OUT = "opt_out", "No quiere que se le escriba por aquí"
    OUT_OF_OFFICE = "out_of_office", "Respuesta automática"
    BOUNCE = "bounce", "Correo devuelto"
    OTHER = "other", "Otra cosa"


class InboundState(models.TextChoices):
    """new → handled | dismissed, by a person."""

    NEW = "new", "Sin mirar"
    HANDLED = "handled", "Atendida"
    DISMISSED = "dismissed", "Descartada"


class InboundMessage(TenantRow):
    """One answer, read and waiting for a person. Its words never change.

    event: the raw news it was read from. customer: null while nobody knows whose it is. dispatch: of ours
    that it answers. sender: address or number as it came. text: what was newly written; quoted: what was cut
    off. received_at: when it came; written_at: as it says. automatic: the words that show that a
    machine wrote it. attachments: names. suggestion: what the rules made of it (`Reading.as_dict`). kind: of
    the suggestion, then what the person said. reply: what it was taken down as. reason: why it was left.
    """

    event = TenantForeignKey(ProviderEvent)
    customer = TenantForeignKey(Customer, null=True, blank=True)
    dispatch = TenantForeignKey(Dispatch, null=True, blank=True)
    channel = models.CharField(choices=MessageChannel)
    sender = models.CharField(blank=True, default="", db_default="")
    sender_name = models.CharField(blank=True, default="", db_default="")
    subject = models.CharField(blank=True, default="", db_default="")
    text = models.TextField(blank=True, default="", db_default="")
    quoted = models.TextField(blank=True, default="", db_default="")
    automatic = models.CharField(blank=True, default="", db_default="")
    attachments = models.JSONField(default=list, db_default=[])
    received_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(choices=InboundKind)
    suggestion = models.JSONField(default=dict, db_default={})
    state = models.CharField(choices=InboundState, default=InboundState.NEW, db_default=InboundState.NEW)
    handled_by = models.CharField(blank=True, default="", db_default="")
    handled_at = models.DateTimeField(null=True, blank=True)
    reply = TenantForeignKey(Reply, null=True, blank=True)
    reason = models.CharField(blank=True, default="", db_default="")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_inbound_message"
        constraints = [
            UniqueConstraint(fields=["creditor", "event"], name="inbound_message_is_one_per_event"),
            one_of("channel", MessageChannel, name="inbound_message_channel_is_known"),
            one_of("kind", InboundKind, name="inbound_message_kind_is_known"),
            one_of("state", InboundState, name="inbound_message_state_is_known"),
            CheckConstraint(
                name="inbound_message_is_new_iff_nobody_handled_it",
                condition=Q(state="new", handled_by="", handled_at__isnull=True)
                | (~Q(state="new") & ~Q(handled_by="") & Q(handled_at__isnull=False)),
            ),
            CheckConstraint(
                name="inbound_message_handled_is_of_a_customer",
                condition=~Q(state="handled") | Q(customer__isnull=False),
            ),
            CheckConstraint(
                name="inbound_message_dismissed_says_why", condition=~Q(state="dismissed") | ~Q(reason="")
            ),
            CheckConstraint(
                name="inbound_message_reply_or_dispatch_is_of_a_customer",
                condition=Q(customer__isnull=False) | Q(reply__isnull=True, dispatch__isnull=True),
            ),
        ]
        indexes = [
            Index(fields=["creditor", "-received_at", "-id"], name="inbound_message_by_moment"),
            Index(fields=["creditor", "customer"], name="inbound_message_by_customer"),
            Index(
                fields=["creditor", "customer", "received_at"],
                name="inbound_message_not_looked_at",
                condition=Q(state="new"),
            ),
        ]


class OptOut(TenantRow):
    """An address refused messages of a channel: from `at` on none leaves for it. Append-only.

    address: as messages are sent to it. customer: whose it was, null for unknown. event: the raw news that
    said so, null for a person.
    """

    customer = TenantForeignKey(Customer, null=True, blank=True)
    channel = models.CharField(choices=MessageChannel)
    address = models.CharField(db_collation="C")
    at = models.DateTimeField()
    event = TenantForeignKey(ProviderEvent, null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_opt_out"
        constraints = [
            UniqueConstraint(fields=["creditor", "channel", "address"], name="opt_out_is_kept_once"),
            one_of("channel", MessageChannel, name="opt_out_channel_is_known"),
            CheckConstraint(name="opt_out_names_an_address", condition=~Q(address="")),
        ]
