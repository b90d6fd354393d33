"""What really left the house: one row per unit of sending, and what it said of which line."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Lower, Now

from aldia.records.ledger.models import DueLine
from aldia.records.outreach.models.channels import ProviderEvent
from aldia.records.outreach.models.words import MessageChannel
from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey, iso_currency, one_of, positive
from aldia.records.tenancy.models import TenantRow


class DispatchState(models.TextChoices):
    """claimed → sent | failed | unknown | returned; returned → claimed; unknown only a person settles."""

    CLAIMED = "claimed", "Enviándose"
    SENT = "sent", "Enviado"
    FAILED = "failed", "Fallido"
    UNKNOWN = "unknown", "Sin confirmar"
    RETURNED = "returned", "Se volverá a intentar"


class DeliveryState(models.TextChoices):
    """What the other side has told of a message that was sent, in the order in which it only goes forward."""

    QUEUED = "queued", "En cola del proveedor"
    DELIVERED = "delivered", "Entregado"
    READ = "read", "Leído"
    FAILED = "failed", "No entregado"
    BOUNCED = "bounced", "Devuelto"
    COMPLAINED = "complained", "Marcado como no deseado"


class Dispatch(TenantRow):
    """One mail, letter or call to a provider: the messages of one unit, claimed before it is handed over.

    key: the unit's name for ever, unique, so that a unit is claimed once (`dunning:17:2026-11-20`; rows of a
    bundle that come after it left get `…/2`). unit: the bundle, or the once_key of a message by itself.
    message_id: RFC 5322, made from the key. worker: whose session lock says that it is still being sent.
    attempts: how often it was claimed. begun_at: when this attempt began to be handed over, null while
    nothing can have left. finished_at: when its last attempt ended. put_off_times: how often the provider
    asked to come later. provider_id: what the other side calls it, blank where it says nothing. delivery: how
    far it is known to have come, blank for no news; it only goes forward. error: why it failed or is in
    doubt. resolved_by: the person who settled a doubt.
    """

    key = models.CharField(db_collation="C")
    unit = models.CharField(db_collation="C")
    customer = TenantForeignKey(Customer)
    channel = models.CharField(choices=MessageChannel)
    recipient = models.CharField()
    recipient_name = models.CharField(blank=True, default="", db_default="")
    subject = models.CharField(blank=True, default="", db_default="")
    text = models.TextField(blank=True, default="", db_default="")
    html = models.TextField(blank=True, default="", db_default="")
    language = models.CharField(blank=True, default="es", db_default="es")
    message_id = models.CharField(db_collation="C")
    state = models.CharField(
        choices=DispatchState, default=DispatchState.CLAIMED, db_default=DispatchState.CLAIMED
    )
    worker = models.IntegerField()
    attempts = models.IntegerField(default=1, db_default=1)
    claimed_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    put_off_times = models.IntegerField(default=0, db_default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(blank=True, default="", db_default="", db_collation="C")
    delivery = models.CharField(choices=DeliveryState, blank=True, default="", db_default="")
    error = models.TextField(blank=True, default="", db_default="")
    resolved_by = models.CharField(blank=True, default="", db_default="")
    resolved_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_dispatch"
        constraints = [
            UniqueConstraint(fields=["creditor", "id", "customer"], name="dispatch_creditor_id_id_customer"),
            UniqueConstraint(fields=["creditor", "key"], name="dispatch_leaves_once"),
            CheckConstraint(
                name="dispatch_names_its_unit_and_recipient",
                condition=~Q(key="") & ~Q(unit="") & ~Q(recipient="") & ~Q(message_id=""),
            ),
            one_of("channel", MessageChannel, name="dispatch_channel_is_known"),
            one_of("state", DispatchState, name="dispatch_state_is_known"),
            positive("attempts", name="dispatch_attempts_begin_at_one"),
            CheckConstraint(
                name="dispatch_is_finished_iff_not_claimed",
                condition=Q(state="claimed", finished_at__isnull=True)
                | (~Q(state="claimed") & Q(finished_at__isnull=False)),
            ),
            CheckConstraint(name="dispatch_put_off_times_is_not_negative", condition=Q(put_off_times__gte=0)),
            CheckConstraint(
                name="dispatch_sent_or_in_doubt_was_begun",
                condition=~Q(state__in=["sent", "unknown"]) | Q(begun_at__isnull=False),
            ),
            CheckConstraint(
                name="dispatch_failed_or_in_doubt_says_why",
                condition=~Q(state__in=["failed", "unknown"]) | ~Q(error=""),
            ),
            CheckConstraint(
                name="dispatch_delivery_is_known",
                condition=Q(delivery__in=["", *sorted(DeliveryState.values)]),
            ),
            CheckConstraint(
                name="dispatch_is_resolved_by_somebody",
                condition=Q(resolved_at__isnull=True, resolved_by="")
                | Q(resolved_at__isnull=False) & ~Q(resolved_by=""),
            ),
        ]
        indexes = [
            Index(fields=["creditor", "unit"], name="dispatch_by_unit"),
            Index(fields=["creditor", "customer"], name="dispatch_by_customer"),
            Index(fields=["creditor", "claimed_at"], name="dispatch_by_claimed_at"),
            Index(F("creditor"), Lower("recipient"), F("claimed_at"), name="dispatch_by_recipient"),
            Index(
                fields=["creditor", "provider_id"],
                name="dispatch_by_provider_id",
                condition=~Q(provider_id=""),
            ),
            Index(fields=["creditor", "message_id"], name="dispatch_by_message_id"),
            Index(
                fields=["creditor", "id"],
                name="dispatch_came_back",
                condition=Q(delivery__in=["bounced", "failed"]),
            ),
            Index(
                fields=["creditor", "state"],
                name="dispatch_not_settled",
                condition=Q(state__in=["claimed", "unknown", "returned"]),
            ),
        ]


class DispatchLine(TenantRow):
    """What one attempt of a dispatch says about a due line, in minor units of currency. Append-only.

    The truth of what was said are the lines of the last attempt (`attempt` = the dispatch's `attempts`) of a
    dispatch that was sent; the plan's own lines (`MessageLine`) are older. With a claim, interest and
    compensation were demanded.
    """

    dispatch = TenantForeignKey(Dispatch)
    customer = TenantForeignKey(Customer)
    attempt = models.IntegerField(default=1, db_default=1)
    due_line = TenantForeignKey(DueLine)
    currency = models.CharField(max_length=3, db_collation="C")
    open_minor = models.BigIntegerField()
    days_overdue = models.IntegerField()
    interest_minor = models.BigIntegerField(default=0, db_default=0)
    compensation_minor = models.BigIntegerField(default=0, db_default=0)
    claim_from = models.DateField(null=True, blank=True)
    claim_until = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "outreach_dispatch_line"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "dispatch", "attempt", "due_line"],
                name="dispatch_line_is_one_per_attempt_and_due_line",
            ),
            iso_currency(name="dispatch_line_currency_is_iso_4217"),
            CheckConstraint(
                name="dispatch_line_amounts_are_not_negative",
                condition=Q(open_minor__gte=0, interest_minor__gte=0, compensation_minor__gte=0),
            ),
            CheckConstraint(
                name="dispatch_line_claims_a_period_or_none",
                condition=Q(claim_from__isnull=True, claim_until__isnull=True)
                | Q(claim_from__isnull=False, claim_until__isnull=False, claim_until__gte=F("claim_from")),
            ),
        ]
        indexes = [
            Index(fields=["creditor", "due_line"], name="dispatch_line_by_due_line"),
        ]


class DispatchAttachment(TenantRow):
    """A file that one attempt of a dispatch carries. Append-only. sha256: of its content, in hex. content:
    empty for the copy of a document, which is kept once, under that digest (`ledger_document_copy`)."""

    dispatch = TenantForeignKey(Dispatch)
    customer = TenantForeignKey(Customer)
    attempt = models.IntegerField(default=1, db_default=1)
    name = models.CharField()
    content_type = models.CharField()
    content = models.BinaryField()
    sha256 = models.CharField(db_collation="C")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_dispatch_attachment"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "dispatch", "attempt", "name"],
                name="attachment_is_one_per_attempt_and_name",
            ),
            CheckConstraint(
                name="attachment_has_a_name_and_type", condition=~Q(name="") & ~Q(content_type="")
            ),
            CheckConstraint(name="attachment_sha256_is_hex", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
        ]


class DeliveryEvent(TenantRow):
    """What the other side told of a dispatch, one row per piece of news. Append-only.

    at: when it happened there, as far as it says. address: the one it speaks of. detail: its own words or
    code. event: the raw news it was read from, null for what a person recorded.
    """

    dispatch = TenantForeignKey(Dispatch)
    customer = TenantForeignKey(Customer)
    state = models.CharField(choices=DeliveryState)
    address = models.CharField(blank=True, default="", db_default="")
    detail = models.TextField(blank=True, default="", db_default="")
    at = models.DateTimeField()
    event = TenantForeignKey(ProviderEvent, null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_delivery_event"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "dispatch", "state", "detail"], name="delivery_event_is_told_once"
            ),
            one_of("state", DeliveryState, name="delivery_event_state_is_known"),
        ]
        indexes = [Index(fields=["creditor", "customer"], name="delivery_event_by_customer")]
