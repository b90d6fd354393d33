"""Words of people: an edit of one mail before it leaves, and a creditor's own version of a shipped text."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.outreach.models.words import MessageChannel
from aldia.records.parties.models import FormOfAddress
from aldia.records.schema.fields import one_of
from aldia.records.tenancy.models import TenantRow


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
    channel = models.CharField(choices=MessageChannel)
    form_of_address = models.CharField(choices=FormOfAddress)
    language = models.CharField(db_collation="C", default="es", db_default="es")
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
            one_of("channel", MessageChannel, name="text_channel_is_known"),
            one_of("form_of_address", FormOfAddress, name="text_form_of_address_is_known"),
        ]
