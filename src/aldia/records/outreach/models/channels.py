"""The creditor's accounts with providers, and what providers tell, raw, as it came."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.outreach.models.words import MessageChannel
from aldia.records.schema.fields import one_of
from aldia.records.tenancy.models import TenantRow


class ChannelProvider(models.TextChoices):
    """Who carries the messages of a channel; the mailbox keeps them in the house."""

    TWILIO = "twilio", "Twilio"
    META = "meta", "WhatsApp Cloud API (Meta)"
    MAILBOX = "mailbox", "Buzón de pruebas"


class ChannelAccount(TenantRow):
    """How SMS and WhatsApp leave: one account per channel. (E-mail has its `MailAccount`; letters need none.)

    settings: what is no secret, by name (`operations/channels`). secrets_sealed: what is, as one JSON object
    readable only with the key outside the database. trouble, trouble_at: as in MailAccount.
    """

    channel = models.CharField(choices=MessageChannel)
    provider = models.CharField(choices=ChannelProvider)
    settings = models.JSONField(default=dict, db_default={})
    secrets_sealed = models.TextField(blank=True, default="", db_default="")
    trouble = models.TextField(blank=True, default="", db_default="")
    trouble_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.CharField()
    changed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_channel_account"
        constraints = [
            UniqueConstraint(fields=["creditor", "channel"], name="channel_account_is_one_per_channel"),
            CheckConstraint(
                name="channel_account_is_of_sms_or_whatsapp", condition=Q(channel__in=["sms", "whatsapp"])
            ),
            one_of("provider", ChannelProvider, name="channel_account_provider_is_known"),
            CheckConstraint(
                name="channel_account_of_meta_is_whatsapp",
                condition=~Q(provider="meta") | Q(channel="whatsapp"),
            ),
            CheckConstraint(name="channel_account_has_an_author", condition=~Q(changed_by="")),
            CheckConstraint(
                name="channel_account_trouble_is_dated",
                condition=Q(trouble_at__isnull=True, trouble="")
                | Q(trouble_at__isnull=False) & ~Q(trouble=""),
            ),
        ]


class ProviderEvent(TenantRow):
    """A piece of news from outside, stored raw before anything is made of it; told twice, kept once.

    source: the way it came (twilio, meta, imap, a mail provider's name). external_id: its own name there.
    payload: as it came. processed_at: when it was applied; error: why it could not be, Spanish.
    """

    channel = models.CharField(choices=MessageChannel)
    source = models.CharField(db_collation="C")
    external_id = models.CharField(db_collation="C")
    payload = models.JSONField()
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, default="", db_default="")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_provider_event"
        constraints = [
            UniqueConstraint(fields=["creditor", "id"], name="provider_event_creditor_id_id"),
            UniqueConstraint(
                fields=["creditor", "source", "external_id"], name="provider_event_is_kept_once"
            ),
            CheckConstraint(
                name="provider_event_names_source_and_id", condition=~Q(source="") & ~Q(external_id="")
            ),
            one_of("channel", MessageChannel, name="provider_event_channel_is_known"),
        ]
        indexes = [
            Index(
                fields=["creditor", "id"],
                name="provider_event_not_processed",
                condition=Q(processed_at__isnull=True),
            )
        ]
