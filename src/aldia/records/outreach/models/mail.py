"""How e-mail leaves: the creditor's account, and the built-in mailbox that stands in for a server."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.outreach.models.words import MessageChannel
from aldia.records.schema.fields import one_of
from aldia.records.tenancy.models import TenantRow


class MailKind(models.TextChoices):
    """A real server, a provider over HTTP, or the mailbox inside the house from which nothing leaves."""

    SMTP = "smtp", "Servidor de correo"
    PROVIDER = "provider", "Proveedor de correo"
    MAILBOX = "mailbox", "Buzón de pruebas"


class MailProvider(models.TextChoices):
    """Who carries mails over HTTP."""

    POSTMARK = "postmark", "Postmark"
    MAILGUN = "mailgun", "Mailgun"
    SENDGRID = "sendgrid", "SendGrid"
    BREVO = "brevo", "Brevo"
    MAILJET = "mailjet", "Mailjet"
    RESEND = "resend", "Resend"


class MailSecurity(models.TextChoices):
    """How the line to the server is protected."""

    NONE = "none", "Sin cifrar"
    STARTTLS = "starttls", "STARTTLS"
    TLS = "tls", "TLS"


class MailAccount(TenantRow):
    """The creditor's one account. password_sealed: readable only with the key outside the database
    (`connectors/secrets.py`). provider: who carries the mails where the kind says so, and otherwise who
    carried them last: news of those still come. provider_settings: what is no secret of it, by name
    (`operations/outbox/mail_settings.py`); provider_secrets_sealed: what is, as one JSON object. domain:
    right of the @ in message ids, blank for that of from_address. trouble: Spanish, why the last mails could
    not be handed over; trouble_at: since when none could. Blank and null again once a mail has left."""

    kind = models.CharField(choices=MailKind)
    host = models.CharField(blank=True, default="", db_default="")
    port = models.IntegerField(default=587, db_default=587)
    security = models.CharField(
        choices=MailSecurity, default=MailSecurity.STARTTLS, db_default=MailSecurity.STARTTLS
    )
    username = models.CharField(blank=True, default="", db_default="")
    password_sealed = models.TextField(blank=True, default="", db_default="")
    provider = models.CharField(choices=MailProvider, blank=True, default="", db_default="")
    provider_settings = models.JSONField(default=dict, db_default={})
    provider_secrets_sealed = models.TextField(blank=True, default="", db_default="")
    from_address = models.CharField()
    from_name = models.CharField(blank=True, default="", db_default="")
    reply_to = models.CharField(blank=True, default="", db_default="")
    domain = models.CharField(blank=True, default="", db_default="")
    trouble = models.TextField(blank=True, default="", db_default="")
    trouble_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.CharField()
    changed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_mail_account"
        constraints = [
            UniqueConstraint(fields=["creditor"], name="mail_account_is_one_per_creditor"),
            one_of("kind", MailKind, name="mail_account_kind_is_known"),
            one_of("security", MailSecurity, name="mail_account_security_is_known"),
            CheckConstraint(name="mail_account_port_is_a_port", condition=Q(port__range=(1, 65_535))),
            CheckConstraint(
                name="mail_account_of_a_server_names_it", condition=~Q(kind="smtp") | ~Q(host="")
            ),
            CheckConstraint(
                name="mail_account_provider_is_known",
                condition=Q(provider__in=["", *sorted(MailProvider.values)]),
            ),
            CheckConstraint(
                name="mail_account_of_a_provider_names_it_and_has_its_keys",
                condition=~Q(kind="provider") | ~Q(provider="") & ~Q(provider_secrets_sealed=""),
            ),
            CheckConstraint(
                name="mail_account_has_a_sender_and_an_author",
                condition=~Q(from_address="") & ~Q(changed_by=""),
            ),
            CheckConstraint(
                name="mail_account_trouble_is_dated",
                condition=Q(trouble_at__isnull=True, trouble="")
                | Q(trouble_at__isnull=False) & ~Q(trouble=""),
            ),
        ]


class MailboxMail(TenantRow):
    """A message of any channel that the built-in mailbox has taken. Append-only, written on a connection of
    its own as a server would write it; it takes whatever it is given, twice too. at: the moment it was sent,
    simulated or real. headers: of a mail; names of what it carried under «Attachments».
    """

    key = models.CharField(db_collation="C")
    channel = models.CharField(choices=MessageChannel, default="email", db_default="email")
    recipient = models.CharField()
    subject = models.CharField(blank=True, default="", db_default="")
    text = models.TextField(blank=True, default="", db_default="")
    html = models.TextField(blank=True, default="", db_default="")
    headers = models.JSONField(default=dict, db_default={})
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_mailbox_mail"
        constraints = [one_of("channel", MessageChannel, name="mailbox_mail_channel_is_known")]
        indexes = [
            Index(fields=["creditor", "at"], name="mailbox_mail_by_moment"),
            Index(fields=["creditor", "key"], name="mailbox_mail_by_key"),
        ]
