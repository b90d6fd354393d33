"""What people of the house are told of: in the desk, and once a day by mail."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey, one_of, positive
from aldia.records.tenancy.models import Membership, TenantRow


class AlertKind(models.TextChoices):
    """What there is to be told, most urgent first."""

    DOUBT = "doubt", "Sin confirmar"
    BOUNCE = "bounce", "Dirección que no vale"
    FAILED = "failed", "No salió"
    BROKEN_PROMISE = "broken_promise", "Compromiso incumplido"
    FORCED_CALL = "forced_call", "Llamada fuera de norma"
    ESCALATED = "escalated", "Expediente escalado"
    OPT_OUT = "opt_out", "Pide que no se le escriba"
    REPLY = "reply", "Respuesta"
    CERTIFICATE = "certificate", "Certificado de entrega"
    ARREAR = "arrear", "Empieza a deber"


class Alert(TenantRow):
    """One thing told to one person. once_key: told once (`episode:17`, `reply:3`).

    customer: null where it sums up several (count > 1). subject: on what (`dispatch:17`). detail: in a few
    words, Spanish. read_at: when the person had seen it.
    """

    member = TenantForeignKey(Membership)
    customer = TenantForeignKey(Customer, null=True, blank=True)
    kind = models.CharField(choices=AlertKind)
    once_key = models.CharField(db_collation="C")
    subject = models.CharField(blank=True, default="", db_default="", db_collation="C")
    detail = models.CharField(blank=True, default="", db_default="")
    count = models.IntegerField(default=1, db_default=1)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_alert"
        constraints = [
            UniqueConstraint(fields=["creditor", "member", "once_key"], name="alert_is_told_once"),
            one_of("kind", AlertKind, name="alert_kind_is_known"),
            positive("count", name="alert_count_is_positive"),
            CheckConstraint(name="alert_has_a_key", condition=~Q(once_key="")),
            CheckConstraint(
                name="alert_is_about_a_customer_or_sums_up",
                condition=Q(customer__isnull=False, count=1) | Q(customer__isnull=True),
            ),
        ]
        indexes = [
            Index(fields=["creditor", "member", "id"], name="alert_by_member"),
            Index(
                fields=["creditor", "member"],
                name="alert_not_read",
                condition=Q(read_at__isnull=True),
            ),
        ]


class AlertChoice(TenantRow):
    """What a person has chosen; without a row the daily mail comes."""

    member = TenantForeignKey(Membership)
    digest = models.BooleanField(default=True, db_default=True)

    class Meta:
        db_table = "outreach_alert_choice"
        constraints = [UniqueConstraint(fields=["creditor", "member"], name="alert_choice_is_one_per_member")]


class DigestState(models.TextChoices):
    """sending → sent | failed | waiting; waiting → sending. Who dies while sending leaves it so: nothing is
    sent again that may have left."""

    SENDING = "sending", "Enviándose"
    SENT = "sent", "Enviado"
    FAILED = "failed", "Fallido"
    WAITING = "waiting", "Se volverá a intentar"


class AlertDigest(TenantRow):
    """The mail of one person and business day. last_alert_id: the newest alert it tells of."""

    member = TenantForeignKey(Membership)
    on_date = models.DateField()
    state = models.CharField(choices=DigestState, default=DigestState.SENDING, db_default=DigestState.SENDING)
    recipient = models.CharField()
    subject = models.CharField()
    text = models.TextField()
    alerts = models.IntegerField()
    last_alert_id = models.BigIntegerField()
    at = models.DateTimeField()
    error = models.TextField(blank=True, default="", db_default="")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "outreach_alert_digest"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "member", "on_date"], name="alert_digest_is_one_per_person_and_day"
            ),
            one_of("state", DigestState, name="alert_digest_state_is_known"),
            positive("alerts", name="alert_digest_tells_something"),
            CheckConstraint(name="alert_digest_failed_says_why", condition=~Q(state="failed") | ~Q(error="")),
        ]
