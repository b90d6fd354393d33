"""The registry of creditors: who is owed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.db.models.functions import Now

from aldia.records.schema.fields import iso_currency, one_of


class CreditorKind(models.TextChoices):
    """Who the creditor is in law; six statutes turn on it."""

    CONSUMER = "consumer", "Particular"
    BUSINESS = "business", "Empresa o profesional"
    PUBLIC_BODY = "public_body", "Administración pública"


class AddressForm(models.TextChoices):
    """How texts address people; a customer's own (parties) goes before it."""

    TU = "tu", "Tú"
    USTED = "usted", "Usted"
    VOS = "vos", "Vos"


class WindowSide(models.TextChoices):
    """Where the envelopes of the house have their window."""

    RIGHT = "right", "A la derecha"
    LEFT = "left", "A la izquierda"


class CopyChoice(models.TextChoices):
    """How copies of documents go with messages."""

    ATTACHED = "attached", "Adjuntas"
    LINKED = "linked", "Con un enlace"
    NEITHER = "neither", "No se mandan"


def default_aging_edges() -> list[int]:
    """Last day of each ageing bucket: not due, 1–30, 31–60, 61–90, 91–180, 181–360, more."""
    return [0, 30, 60, 90, 180, 360]


class Creditor(models.Model):
    """Who is owed: the tenant. Its row carries its own settings and no row security (`schema/untenanted.py`).

    place: calendar place such as ES-MD, blank for the whole country. live_from: documents issued before it
    are history, never delivered. tolerance_minor: minor units of a line's own currency below which it counts
    as paid. brake_*: more messages than these wait for one yes. reopen_days: a reversal within them reopens
    the last episode. run_at: local time of the daily run, null for none. default_strategy: its name or blank.
    form_of_address: how new customers are addressed unless they say otherwise. sends_from, sends_until: hours
    within which messages may leave, null for what the law allows; sends_on_weekends widens no law.
    messages_per_day_max: null for no cap of one's own. bank_data_days_max: payment data older than these days
    (business days) stops dunning, null for never. address_messages_max: contacts with one address in
    address_days days, whoever the customer, null for no cap. agreed_channels: customers agree to them in the
    creditor's contracts. unread_reply_days: business days for which an answer that nobody has looked at keeps
    demands back, 0 for none. sending_stopped_at: the red button is pressed. street, postcode, city: what
    stands on its letters. iban: without spaces, where customers pay. copies_*: how copies of documents go
    with messages (docs/rules/copies.md); copies_mb_max: MiB of files in a mail. public_url: how the house is
    reached from outside, without a slash at its end, "" where it is not. promise_days_max: a promise is for
    at most so many days ahead; promise_grace_days: after its day, for the bank's way;
    promise_tolerance_minor: so much may be missing. hold_days_max: longest hold. large_account_minor: overdue
    from which a customer is large (creditor's currency), null for none; large_account_owner: who works those
    that are nobody's. quality_sample: acts per collector and week that are looked at. profile: first answers.
    """

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField()
    tax_id = models.CharField(blank=True, default="", db_default="")
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3, db_collation="C")
    time_zone = models.CharField()
    place = models.CharField(blank=True, default="", db_default="")
    creditor_kind = models.CharField(
        choices=CreditorKind, default=CreditorKind.BUSINESS, db_default=CreditorKind.BUSINESS
    )
    live_from = models.DateField(null=True, blank=True)
    tolerance_minor = models.BigIntegerField(default=0, db_default=0)
    aging_edges = ArrayField(models.IntegerField(), default=default_aging_edges)
    brake_messages_max = models.IntegerField(default=25, db_default=25)
    brake_share_percent = models.IntegerField(default=10, db_default=10)
    brake_median_times = models.IntegerField(default=3, db_default=3)
    reopen_days = models.IntegerField(default=30, db_default=30)
    run_at = models.TimeField(null=True, blank=True)
    default_strategy = models.CharField(blank=True, default="", db_default="")
    form_of_address = models.CharField(
        choices=AddressForm, default=AddressForm.USTED, db_default=AddressForm.USTED
    )
    sends_from = models.TimeField(null=True, blank=True)
    sends_until = models.TimeField(null=True, blank=True)
    sends_on_weekends = models.BooleanField(default=False, db_default=False)
    messages_per_day_max = models.IntegerField(null=True, blank=True)
    bank_data_days_max = models.IntegerField(null=True, blank=True)
    address_messages_max = models.IntegerField(null=True, blank=True, default=3, db_default=3)
    address_days = models.IntegerField(default=1, db_default=1)
    agreed_channels = ArrayField(models.CharField(), default=list, db_default=[])
    unread_reply_days = models.IntegerField(default=2, db_default=2)
    sending_stopped_at = models.DateTimeField(null=True, blank=True)
    sending_stopped_by = models.CharField(blank=True, default="", db_default="")
    street = models.CharField(blank=True, default="", db_default="")
    postcode = models.CharField(blank=True, default="", db_default="")
    city = models.CharField(blank=True, default="", db_default="")
    iban = models.CharField(blank=True, default="", db_default="", db_collation="C")
    window_side = models.CharField(choices=WindowSide, default=WindowSide.RIGHT, db_default=WindowSide.RIGHT)
    copies_at_delivery = models.CharField(
        choices=CopyChoice, default=CopyChoice.ATTACHED, db_default=CopyChoice.ATTACHED
    )
    copies_in_reminders = models.CharField(
        choices=CopyChoice, default=CopyChoice.LINKED, db_default=CopyChoice.LINKED
    )
    copies_in_demands = models.CharField(
        choices=CopyChoice, default=CopyChoice.LINKED, db_default=CopyChoice.LINKED
    )
    copies_mb_max = models.IntegerField(default=10, db_default=10)
    public_url = models.CharField(blank=True, default="", db_default="", db_collation="C")
    promise_days_max = models.IntegerField(default=45, db_default=45)
    promise_grace_days = models.IntegerField(default=2, db_default=2)
    promise_tolerance_minor = models.BigIntegerField(default=0, db_default=0)
    hold_days_max = models.IntegerField(default=90, db_default=90)
    large_account_minor = models.BigIntegerField(null=True, blank=True)
    large_account_owner = models.ForeignKey(
        "tenancy.Membership", models.PROTECT, related_name="+", null=True, blank=True, db_constraint=False
    )
    quality_sample = models.IntegerField(default=5, db_default=5)
    profile = models.JSONField(default=dict, db_default={})
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "tenancy_creditor"
        constraints = [
            one_of("creditor_kind", CreditorKind, name="creditor_kind_is_known"),
            iso_currency(name="creditor_currency_is_iso_4217"),
            CheckConstraint(name="creditor_country_is_iso_3166", condition=Q(country__regex="^[A-Z]{2}$")),
            CheckConstraint(name="creditor_tolerance_is_not_negative", condition=Q(tolerance_minor__gte=0)),
            CheckConstraint(
                name="creditor_brake_is_not_negative",
                condition=Q(brake_messages_max__gte=0, brake_share_percent__gte=0, brake_median_times__gte=1),
            ),
            CheckConstraint(
                name="creditor_brake_share_is_a_share", condition=Q(brake_share_percent__lte=100)
            ),
            CheckConstraint(name="creditor_reopen_days_is_not_negative", condition=Q(reopen_days__gte=0)),
            one_of("form_of_address", AddressForm, name="creditor_form_of_address_is_known"),
            CheckConstraint(
                name="creditor_sends_until_after_it_begins",
                condition=Q(sends_from__isnull=True)
                | Q(sends_until__isnull=True)
                | Q(sends_until__gt=F("sends_from")),
            ),
            CheckConstraint(
                name="creditor_messages_per_day_is_not_negative",
                condition=Q(messages_per_day_max__isnull=True) | Q(messages_per_day_max__gte=0),
            ),
            CheckConstraint(
                name="creditor_bank_data_days_is_not_negative",
                condition=Q(bank_data_days_max__isnull=True) | Q(bank_data_days_max__gte=0),
            ),
            CheckConstraint(
                name="creditor_address_cap_is_positive",
                condition=Q(address_days__gte=1)
                & (Q(address_messages_max__isnull=True) | Q(address_messages_max__gte=1)),
            ),
            CheckConstraint(
                name="creditor_agreed_channels_are_known",
                condition=Q(agreed_channels__contained_by=["email", "sms", "whatsapp", "letter", "call"]),
            ),
            CheckConstraint(
                name="creditor_unread_reply_days_is_not_negative", condition=Q(unread_reply_days__gte=0)
            ),
            CheckConstraint(
                name="creditor_sending_is_stopped_by_somebody",
                condition=Q(sending_stopped_at__isnull=True, sending_stopped_by="")
                | Q(sending_stopped_at__isnull=False) & ~Q(sending_stopped_by=""),
            ),
            CheckConstraint(
                name="creditor_iban_is_plain", condition=Q(iban__regex="^([A-Z]{2}[0-9]{2}[A-Z0-9]{11,30})?$")
            ),
            one_of("window_side", WindowSide, name="creditor_window_side_is_known"),
            one_of("copies_at_delivery", CopyChoice, name="creditor_copies_at_delivery_are_known"),
            one_of("copies_in_reminders", CopyChoice, name="creditor_copies_in_reminders_are_known"),
            one_of("copies_in_demands", CopyChoice, name="creditor_copies_in_demands_are_known"),
            CheckConstraint(
                name="creditor_promises_and_holds_have_bounds",
                condition=Q(
                    promise_days_max__range=(1, 365),
                    promise_grace_days__range=(0, 30),
                    promise_tolerance_minor__gte=0,
                    hold_days_max__range=(1, 730),
                    quality_sample__range=(0, 50),
                ),
            ),
            CheckConstraint(
                name="creditor_large_account_is_positive",
                condition=Q(large_account_minor__isnull=True) | Q(large_account_minor__gt=0),
            ),
            CheckConstraint(
                name="creditor_copies_fit_a_mail", condition=Q(copies_mb_max__gte=1, copies_mb_max__lte=25)
            ),
            CheckConstraint(
                name="creditor_public_url_is_an_address",
                condition=Q(
                    public_url__regex=r"^(https?://[^[:space:]/?#]+(/[^[:space:]?#]*[^[:space:]?#/])?)?$"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name
