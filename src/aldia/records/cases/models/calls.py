"""Calls and visits: what was dialled, who answered, what came of it and why the customer has not paid."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.cases.models.cases import Case
from aldia.records.cases.models.runs import Task
from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey, one_of
from aldia.records.tenancy.models import Membership, TenantRow


class CallKind(models.TextChoices):
    """How they met."""

    CALL = "call", "Llamada"
    VISIT = "visit", "Visita"


class CallDirection(models.TextChoices):
    """Who began it."""

    OUT = "out", "Nuestra"
    IN = "in", "Del cliente"


class Reached(models.TextChoices):
    """Who answered."""

    RIGHT_PARTY = "right_party", "El titular o quien decide"
    THIRD_PARTY = "third_party", "Otra persona"
    VOICEMAIL = "voicemail", "Buzón de voz"
    NOBODY = "nobody", "Nadie"


class NumberStatus(models.TextChoices):
    """What the call showed about the number."""

    GOOD = "good", "Correcto"
    WRONG = "wrong", "Equivocado"
    DISCONNECTED = "disconnected", "Fuera de servicio"


class NonPaymentReason(models.TextChoices):
    """Why the customer has not paid; the order is that of the form."""

    FORGOT = "forgot", "Olvido"
    NO_LIQUIDITY = "no_liquidity", "Falta de liquidez"
    DISAGREES = "disagrees", "Disconformidad"
    EMERGENCY = "emergency", "Emergencia"
    STALLING = "stalling", "Voluntad de dilatar"
    NO_INVOICE = "no_invoice", "No recibió la factura"
    DETAILS_CHANGED = "details_changed", "Cambio de datos"
    DISPUTE = "dispute", "Incidencia abierta"
    INSOLVENCY = "insolvency", "Insolvencia"
    OTHER = "other", "Otro"


class OutcomeCode(TenantRow):
    """A creditor's own word for what came of a call, or its change to one of the house (`rules/outcomes.py`).

    code: of the house's catalogue or a new one. effect: what follows (an Effect of the rules). active: False
    takes it from the form; what was recorded with it keeps its label.
    """

    code = models.CharField(max_length=40, db_collation="C")
    label = models.CharField(max_length=80)
    effect = models.CharField(max_length=40)
    position = models.SmallIntegerField(default=0, db_default=0)
    active = models.BooleanField(default=True, db_default=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_outcome_code"
        constraints = [
            UniqueConstraint(fields=["creditor", "code"], name="outcome_code_is_unique"),
            CheckConstraint(name="outcome_code_is_plain", condition=Q(code__regex="^[a-z][a-z0-9_]*$")),
            CheckConstraint(name="outcome_code_has_a_label", condition=~Q(label="")),
        ]


class Call(TenantRow):
    """A call or visit that took place. Append-only; a mistake is put right by another that `corrects` it.

    number: as it was dialled, "" for a visit. outcome: a code of the catalogue. reason: why the customer has
    not paid, blank for not known; volunteered: said without being asked. next_action, next_on, next_at: what
    is to follow. at: when it took place; on_date: the creditor's day of it. task: the planned call it does.
    refusal: what the gate said against it, as of a message, null where it might take place.
    """

    customer = TenantForeignKey(Customer)
    case = TenantForeignKey(Case, null=True, blank=True)
    kind = models.CharField(choices=CallKind, default=CallKind.CALL, db_default=CallKind.CALL)
    direction = models.CharField(
        choices=CallDirection, default=CallDirection.OUT, db_default=CallDirection.OUT
    )
    number = models.CharField(blank=True, default="", db_default="")
    number_status = models.CharField(choices=NumberStatus, blank=True, default="", db_default="")
    reached = models.CharField(choices=Reached)
    outcome = models.CharField(max_length=40, db_collation="C")
    reason = models.CharField(choices=NonPaymentReason, blank=True, default="", db_default="")
    volunteered = models.BooleanField(default=False, db_default=False)
    note = models.TextField(blank=True, default="", db_default="")
    next_action = models.CharField(max_length=200, blank=True, default="", db_default="")
    next_on = models.DateField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()
    on_date = models.DateField()
    actor = models.CharField()
    member = TenantForeignKey(Membership, null=True, blank=True)
    task = TenantForeignKey(Task, null=True, blank=True)
    refusal = models.JSONField(null=True, blank=True)
    corrects = TenantForeignKey("self", null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_call"
        constraints = [
            UniqueConstraint(fields=["creditor", "id", "customer"], name="call_creditor_id_id_customer"),
            UniqueConstraint(fields=["creditor", "corrects"], name="call_is_corrected_once"),
            one_of("kind", CallKind, name="call_kind_is_known"),
            one_of("direction", CallDirection, name="call_direction_is_known"),
            one_of("reached", Reached, name="call_reached_is_known"),
            CheckConstraint(
                name="call_number_status_is_known",
                condition=Q(number_status__in=["", *sorted(NumberStatus.values)]),
            ),
            CheckConstraint(
                name="call_reason_is_known", condition=Q(reason__in=["", *sorted(NonPaymentReason.values)])
            ),
            CheckConstraint(
                name="call_a_reason_comes_from_the_right_party",
                condition=Q(reason="") | Q(reached="right_party"),
            ),
            CheckConstraint(name="call_has_an_outcome", condition=~Q(outcome="")),
            CheckConstraint(
                name="call_an_hour_has_its_day", condition=Q(next_at__isnull=True) | Q(next_on__isnull=False)
            ),
        ]
        indexes = [
            Index(fields=["creditor", "customer", "-at"], name="call_by_customer"),
            Index(fields=["creditor", "member", "-at"], name="call_by_member"),
            Index(fields=["creditor", "task"], name="call_by_task", condition=Q(task__isnull=False)),
        ]
