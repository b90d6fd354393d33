"""Words of people: an edit of one mail before it leaves, and a creditor's own version of a shipped text."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.parties.models import FormOfAddress
from aldia.records.schema.fields import one_of
from aldia.records.tenancy.models import TenantRow


class TextChannel(models.TextChoices):
    """What a text is written for: how a message leaves, or what is said on the telephone."""

    EMAIL = "email", "Correo electrónico"
    SMS = "sms", "SMS"
    WHATSAPP = "whatsapp", "WhatsApp"
    LETTER = "letter", "Carta"
    CALL = "call", "Guion de llamada"


class TextLanguage(models.TextChoices):
    """What a text may be written in; BCP 47."""

    SPANISH = "es", "Español"
    ENGLISH = "en", "Inglés"
    CATALAN = "ca", "Catalán"
    GALICIAN = "gl", "Gallego"
    BASQUE = "eu", "Euskera"


class Draft(TenantRow):
    """Subject and body that a person wrote for one unit before it left. Plain text with flat placeholders.

    key: the dispatch key of the unit. needs_other: somebody else than who wrote it has to say yes.
    """

    key = models.CharField(db_collation="C")
    subject = models.CharField(blank=True, default="", db_default="")
    body = models.TextField()
    edited_by = models.CharField()
    edited_at = models.DateTimeField()
    needs_other = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "outreach_draft"
        constraints = [
            UniqueConstraint(fields=["creditor", "key"], name="draft_is_one_per_unit"),
            CheckConstraint(
                name="draft_says_something_by_somebody",
                condition=~Q(key="") & ~Q(body="") & ~Q(edited_by=""),
            ),
        ]


class CreditorText(TenantRow):
    """A creditor's own version of a shipped text. template: as strategies name it. language: BCP 47."""

    template = models.CharField(db_collation="C")
    channel = models.CharField(choices=TextChannel)
    form_of_address = models.CharField(choices=FormOfAddress)
    language = models.CharField(choices=TextLanguage, db_collation="C", default="es", db_default="es")
    subject = models.CharField(blank=True, default="", db_default="")
    body = models.TextField()
    changed_by = models.CharField()
    changed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_text"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "template", "channel", "form_of_address", "language"],
                name="text_is_one_per_use",
            ),
            CheckConstraint(
                name="text_says_something_by_somebody",
                condition=~Q(template="") & ~Q(body="") & ~Q(changed_by=""),
            ),
            one_of("channel", TextChannel, name="text_channel_is_known"),
            one_of("form_of_address", FormOfAddress, name="text_form_of_address_is_known"),
            one_of("language", TextLanguage, name="text_language_is_known"),
        ]


class TextVersion(TenantRow):
    """What a creditor's own text said from a moment on. Append-only; blank body: the house's was taken again.

    number: from 1, per use of a text.
    """

    template = models.CharField(db_collation="C")
    channel = models.CharField(choices=TextChannel)
    form_of_address = models.CharField(choices=FormOfAddress)
    language = models.CharField(choices=TextLanguage, db_collation="C", default="es", db_default="es")
    number = models.IntegerField()
    subject = models.CharField(blank=True, default="", db_default="")
    body = models.TextField(blank=True, default="", db_default="")
    changed_by = models.CharField()
    changed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_text_version"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "template", "channel", "form_of_address", "language", "number"],
                name="text_version_is_one_per_number",
            ),
            CheckConstraint(
                name="text_version_is_numbered_by_somebody",
                condition=Q(number__gte=1) & ~Q(template="") & ~Q(changed_by=""),
            ),
            CheckConstraint(
                name="text_version_of_the_house_says_nothing", condition=~Q(body="") | Q(subject="")
            ),
            one_of("channel", TextChannel, name="text_version_channel_is_known"),
            one_of("form_of_address", FormOfAddress, name="text_version_form_of_address_is_known"),
            one_of("language", TextLanguage, name="text_version_language_is_known"),
        ]
