"""Messages to customers, and what each was planned to say about which line."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.cases.models import DailyRun, Episode, Promise, StrategyVersion
from aldia.records.ledger.models import DueLine
from aldia.records.outreach.models.dispatches import Dispatch
from aldia.records.outreach.models.words import MessageChannel
from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey, one_of, positive
from aldia.records.tenancy.models import TenantRow


class MessageKind(models.TextChoices):
    """dunning: one per customer and day; free: a person's own words; promise: its receipt, or the reminder of
    the day before; goodwill: thanks to who is up to date again; the others: per document or line, joined per
    customer and day."""

    DUNNING = "dunning", "Reclamación"
    DELIVERY = "delivery", "Envío de factura"
    ACCEPTANCE = "acceptance", "Petición de conformidad"
    PRE_DUE = "pre_due", "Aviso previo"
    DUE_TODAY = "due_today", "Vence hoy"
    FREE = "free", "Mensaje de una persona"
    PROMISE = "promise", "Compromiso de pago"
    GOODWILL = "goodwill", "Agradecimiento"


class MessageState(models.TextChoices):
    """Where a message stands; unknown is shown to a person and never retried blindly."""

    PLANNED = "planned", "Previsto"
    WAITING_APPROVAL = "waiting_approval", "Por aprobar"
    APPROVED = "approved", "Aprobado"
    SENDING = "sending", "Enviándose"
    SENT = "sent", "Enviado"
    FAILED = "failed", "Fallido"
    CANCELLED = "cancelled", "Anulado"
    UNKNOWN = "unknown", "Sin confirmar"
    SKIPPED = "skipped", "Omitido"


NOT_LEFT = ("planned", "waiting_approval", "approved")
FREE = ("planned", "approved")
"""States of a message that may still be held back."""


class Message(TenantRow):
    """An outbox row: one message to one customer, planned by a run or a person.

    once_key: subject, stable step id, occurrence (`episode:17/second/1`); everything else is attribute.
    promise: of which it speaks, null for none. bundle: rows
    of one bundle (customer, family, day) leave as one message; blank for a message by itself.
    rank: place of the step in its strategy. deadline_on: the new date it gives. sent_on: the creditor's
    business date; sent_at: instant. reason: code of the refusal or failure. dispatch: the mail it left
    in, or was last tried in. not_before_at: a person or the gate says not earlier. refusal: the gate's last
    no, as {rule, source, facts}. approved_by: who said yes. How states follow each other: `outbox.md`, and a
    trigger holds it.
    """

    once_key = models.CharField(db_collation="C")
    customer = TenantForeignKey(Customer)
    episode = TenantForeignKey(Episode, null=True, blank=True)
    due_line = TenantForeignKey(DueLine, null=True, blank=True)
    promise = TenantForeignKey(Promise, null=True, blank=True)
    kind = models.CharField(choices=MessageKind)
    bundle = models.CharField(blank=True, default="", db_default="", db_collation="C")
    step = models.CharField(db_collation="C")
    rank = models.SmallIntegerField(null=True, blank=True)
    occurrence = models.IntegerField(default=1, db_default=1)
    channel = models.CharField(choices=MessageChannel)
    tone = models.CharField(blank=True, default="", db_default="")
    template = models.CharField(blank=True, default="", db_default="")
    state = models.CharField(
        choices=MessageState, default=MessageState.PLANNED, db_default=MessageState.PLANNED
    )
    reason = models.TextField(blank=True, default="", db_default="")
    strategy_version = TenantForeignKey(StrategyVersion, null=True, blank=True)
    run = TenantForeignKey(DailyRun, null=True, blank=True)
    planned_on = models.DateField()
    deadline_on = models.DateField(null=True, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    dispatch = TenantForeignKey(Dispatch, null=True, blank=True)
    not_before_at = models.DateTimeField(null=True, blank=True)
    refusal = models.JSONField(null=True, blank=True)
    approved_by = models.CharField(blank=True, default="", db_default="")
    approved_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_message"
        constraints = [
            UniqueConstraint(fields=["creditor", "id", "customer"], name="message_creditor_id_id_customer"),
            UniqueConstraint(fields=["creditor", "once_key"], name="message_is_made_once"),
            CheckConstraint(name="message_once_key_is_not_blank", condition=~Q(once_key="")),
            one_of("kind", MessageKind, name="message_kind_is_known"),
            one_of("channel", MessageChannel, name="message_channel_is_known"),
            one_of("state", MessageState, name="message_state_is_known"),
            positive("occurrence", name="message_occurrence_begins_at_one"),
            CheckConstraint(
                name="message_sent_has_a_date", condition=~Q(state="sent") | Q(sent_on__isnull=False)
            ),
            CheckConstraint(
                name="message_cancelled_or_failed_has_a_reason",
                condition=~Q(state__in=["cancelled", "failed"]) | ~Q(reason=""),
            ),
            CheckConstraint(
                name="message_is_approved_by_somebody",
                condition=Q(approved_at__isnull=True, approved_by="")
                | Q(approved_at__isnull=False) & ~Q(approved_by=""),
            ),
        ]
        indexes = [
            Index(fields=["creditor", "customer"], name="message_by_customer"),
            Index(fields=["creditor", "episode"], name="message_by_episode"),
            Index(fields=["creditor", "state", "planned_on"], name="message_by_state"),
            Index(fields=["creditor", "dispatch"], name="message_by_dispatch"),
            Index(
                fields=["creditor", "bundle"],
                name="message_by_bundle_not_left",
                condition=Q(state__in=NOT_LEFT),
            ),
            Index(
                fields=["creditor", "planned_on", "id"],
                name="message_free_by_day",
                condition=Q(state__in=FREE),
            ),
        ]


class MessageLine(TenantRow):
    """What a message says about one due line, in minor units of currency, as of its day. Append-only.

    With a claim (claim_from, claim_until: first and last day of interest) interest and compensation were
    demanded; without one they were only shown.
    """

    message = TenantForeignKey(Message)
    customer = TenantForeignKey(Customer)
    due_line = TenantForeignKey(DueLine)
    currency = models.CharField(max_length=3, db_collation="C")
    open_minor = models.BigIntegerField()
    days_overdue = models.IntegerField()
    interest_minor = models.BigIntegerField(default=0, db_default=0)
    compensation_minor = models.BigIntegerField(default=0, db_default=0)
    claim_from = models.DateField(null=True, blank=True)
    claim_until = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "outreach_message_line"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "message", "due_line"], name="message_line_is_one_per_due_line"
            ),
            CheckConstraint(
                name="message_line_amounts_are_not_negative",
                condition=Q(open_minor__gte=0, interest_minor__gte=0, compensation_minor__gte=0),
            ),
            CheckConstraint(
                name="message_line_claims_a_period_or_none",
                condition=Q(claim_from__isnull=True, claim_until__isnull=True)
                | Q(claim_from__isnull=False, claim_until__isnull=False, claim_until__gte=F("claim_from")),
            ),
        ]
        indexes = [
            Index(fields=["creditor", "customer"], name="message_line_by_customer"),
            Index(fields=["creditor", "due_line"], name="message_line_by_due_line"),
        ]
