"""Promises to pay: what was said, on which items, and what became of it."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.cases.models.calls import Call
from aldia.records.cases.models.cases import Case
from aldia.records.cases.models.runs import DailyRun
from aldia.records.ledger.models import DueLine
from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey, iso_currency, one_of, positive
from aldia.records.tenancy.models import Membership, TenantRow


class PromiseSource(models.TextChoices):
    """How the promise reached us."""

    CALL = "call", "Llamada o visita"
    REPLY = "reply", "Respuesta escrita"
    PORTAL = "portal", "Portal del cliente"
    DESK = "desk", "De palabra"


class PaymentMethod(models.TextChoices):
    """How the customer says the money will come."""

    TRANSFER = "transfer", "Transferencia"
    CARD = "card", "Tarjeta"
    DIRECT_DEBIT = "direct_debit", "Recibo domiciliado"
    CASH = "cash", "Efectivo"
    CHEQUE = "cheque", "Cheque o pagaré"
    OTHER = "other", "Otro"


class Promise(TenantRow):
    """A customer's word to pay so much by a day. Append-only: what became of it is a PromiseOutcome.

    made_on, promised_on: business dates. grace_days: after promised_on, for the bank's way. tolerance_minor:
    so much may be missing. promised_by: who said it, as the person said. known_allocation_id: allocations
    with higher ids are money that has come since. taken_by: the member who took it down, null for the portal.
    """

    customer = TenantForeignKey(Customer)
    case = TenantForeignKey(Case, null=True, blank=True)
    call = TenantForeignKey(Call, null=True, blank=True)
    source = models.CharField(choices=PromiseSource)
    made_on = models.DateField()
    promised_on = models.DateField()
    grace_days = models.SmallIntegerField(default=0, db_default=0)
    currency = models.CharField(max_length=3, db_collation="C")
    amount_minor = models.BigIntegerField()
    tolerance_minor = models.BigIntegerField(default=0, db_default=0)
    method = models.CharField(choices=PaymentMethod, blank=True, default="", db_default="")
    promised_by = models.CharField(max_length=120, blank=True, default="", db_default="")
    note = models.TextField(blank=True, default="", db_default="")
    known_allocation_id = models.BigIntegerField(default=0, db_default=0)
    taken_by = TenantForeignKey(Membership, null=True, blank=True)
    actor = models.CharField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_promise"
        constraints = [
            UniqueConstraint(fields=["creditor", "id", "customer"], name="promise_creditor_id_id_customer"),
            one_of("source", PromiseSource, name="promise_source_is_known"),
            iso_currency(name="promise_currency_is_iso_4217"),
            positive("amount_minor", name="promise_amount_is_positive"),
            CheckConstraint(name="promise_is_not_for_the_past", condition=Q(promised_on__gte=F("made_on"))),
            CheckConstraint(name="promise_grace_is_not_negative", condition=Q(grace_days__gte=0)),
            CheckConstraint(
                name="promise_tolerance_is_less_than_its_amount",
                condition=Q(tolerance_minor__gte=0, tolerance_minor__lt=F("amount_minor")),
            ),
            CheckConstraint(
                name="promise_method_is_known", condition=Q(method__in=["", *sorted(PaymentMethod.values)])
            ),
        ]
        indexes = [
            Index(fields=["creditor", "customer", "id"], name="promise_by_customer"),
            Index(fields=["creditor", "promised_on"], name="promise_by_day"),
        ]


class PromiseLine(TenantRow):
    """The part of a promise on one due line. Append-only. open_minor: what was open of it at that moment."""

    promise = TenantForeignKey(Promise)
    customer = TenantForeignKey(Customer)
    due_line = TenantForeignKey(DueLine)
    currency = models.CharField(max_length=3, db_collation="C")
    amount_minor = models.BigIntegerField()
    open_minor = models.BigIntegerField()

    class Meta:
        db_table = "cases_promise_line"
        constraints = [
            UniqueConstraint(fields=["creditor", "promise", "due_line"], name="promise_line_is_one_per_line"),
            positive("amount_minor", name="promise_line_amount_is_positive"),
            CheckConstraint(
                name="promise_line_is_no_more_than_was_open", condition=Q(amount_minor__lte=F("open_minor"))
            ),
        ]
        indexes = [Index(fields=["creditor", "due_line"], name="promise_line_by_due_line")]


class PromiseVerdict(models.TextChoices):
    """What became of a promise. kept, partly_kept, broken: decided by matched money alone. released: what it
    was for is gone by other ways. withdrawn: taken back by a person who says why."""

    KEPT = "kept", "Cumplido"
    PARTLY_KEPT = "partly_kept", "Cumplido en parte"
    BROKEN = "broken", "Incumplido"
    RELEASED = "released", "Sin objeto"
    WITHDRAWN = "withdrawn", "Retirado"


class PromiseOutcome(TenantRow):
    """What became of a promise, as of a day. Append-only: the latest counts, for a payment may turn up that
    was there in time. paid_minor: matched by its last day. reason: of who withdrew it."""

    promise = TenantForeignKey(Promise)
    customer = TenantForeignKey(Customer)
    verdict = models.CharField(choices=PromiseVerdict)
    decided_on = models.DateField()
    paid_minor = models.BigIntegerField(default=0, db_default=0)
    reason = models.CharField(max_length=200, blank=True, default="", db_default="")
    run = TenantForeignKey(DailyRun, null=True, blank=True)
    actor = models.CharField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_promise_outcome"
        constraints = [
            one_of("verdict", PromiseVerdict, name="promise_outcome_verdict_is_known"),
            CheckConstraint(name="promise_outcome_paid_is_not_negative", condition=Q(paid_minor__gte=0)),
            CheckConstraint(
                name="promise_outcome_withdrawn_says_why", condition=~Q(verdict="withdrawn") | ~Q(reason="")
            ),
        ]
        indexes = [
            Index(fields=["creditor", "promise", "-id"], name="promise_outcome_latest"),
            Index(fields=["creditor", "customer"], name="promise_outcome_by_customer"),
        ]
