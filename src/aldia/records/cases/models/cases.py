"""Cases: the work on what one customer is late with, who does it, and what was done."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey, one_of, positive
from aldia.records.tenancy.models import Membership, TenantRow


class CaseState(models.TextChoices):
    """How they follow one another: `rules/cases.py`, and a trigger holds it."""

    NEW = "new", "Nuevo"
    WORKING = "working", "En gestión"
    WAITING = "waiting", "A la espera"
    PROMISED = "promised", "Con compromiso"
    ESCALATED = "escalated", "Escalado"
    CLOSED = "closed", "Cerrado"


class Priority(models.IntegerChoices):
    """A person's own word on how pressing a case is."""

    LOW = -1, "Baja"
    NORMAL = 0, "Normal"
    HIGH = 1, "Alta"


class Team(TenantRow):
    """Collectors who work together. lead: who sees the team's day, null for nobody."""

    name = models.CharField(max_length=80)
    lead = TenantForeignKey(Membership, null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_team"
        constraints = [
            UniqueConstraint(fields=["creditor", "id"], name="team_creditor_id_id"),
            UniqueConstraint(fields=["creditor", "name"], name="team_name_is_unique"),
            CheckConstraint(name="team_has_a_name", condition=~Q(name="")),
        ]


class Collector(TenantRow):
    """A member who works cases. cases_per_day: how many they can work in a day. takes_new: whether cases
    that are nobody's come to them by themselves."""

    member = TenantForeignKey(Membership)
    team = TenantForeignKey(Team, null=True, blank=True)
    cases_per_day = models.IntegerField(default=40, db_default=40)
    takes_new = models.BooleanField(default=True, db_default=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_collector"
        constraints = [
            UniqueConstraint(fields=["creditor", "member"], name="collector_is_one_per_member"),
            positive("cases_per_day", name="collector_works_at_least_one_case_a_day"),
        ]


class Case(TenantRow):
    """The work on what a customer is late with: from something overdue to nothing overdue.

    state, since: `rules/cases.py`. owner, team: whose it is, null for nobody's. next_action: what is to be
    done next, in a person's words; next_on: on which day, next_at: at which instant of it, null for any.
    touched_at: when a person last worked it. reopened_times: as of episodes. version: one more with each
    change, so that who decides on an older view is told. opened_on, closed_on: business dates.
    """

    customer = TenantForeignKey(Customer)
    state = models.CharField(choices=CaseState, default=CaseState.NEW, db_default=CaseState.NEW)
    state_since = models.DateField()
    owner = TenantForeignKey(Membership, null=True, blank=True)
    team = TenantForeignKey(Team, null=True, blank=True)
    priority = models.SmallIntegerField(choices=Priority, default=Priority.NORMAL, db_default=0)
    next_action = models.CharField(max_length=200, blank=True, default="", db_default="")
    next_on = models.DateField(null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    touched_at = models.DateTimeField(null=True, blank=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    reopened_times = models.IntegerField(default=0, db_default=0)
    version = models.IntegerField(default=1, db_default=1)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_case"
        constraints = [
            UniqueConstraint(fields=["creditor", "id", "customer"], name="case_creditor_id_id_customer"),
            one_of("state", CaseState, name="case_state_is_known"),
            CheckConstraint(
                name="case_is_closed_iff_it_has_an_end",
                condition=Q(state="closed", closed_on__isnull=False)
                | (~Q(state="closed") & Q(closed_on__isnull=True)),
            ),
            CheckConstraint(
                name="case_closes_no_earlier_than_it_opens",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
            ),
            CheckConstraint(name="case_priority_is_known", condition=Q(priority__in=sorted(Priority.values))),
            CheckConstraint(
                name="case_an_hour_has_its_day", condition=Q(next_at__isnull=True) | Q(next_on__isnull=False)
            ),
            CheckConstraint(name="case_reopened_is_not_negative", condition=Q(reopened_times__gte=0)),
            positive("version", name="case_version_begins_at_one"),
            UniqueConstraint(
                fields=["creditor", "customer"],
                condition=~Q(state="closed"),
                name="case_is_one_open_per_customer",
            ),
        ]
        indexes = [
            Index(fields=["creditor", "customer", "id"], name="case_by_customer"),
            Index(
                fields=["creditor", "owner", "id"], name="case_open_by_owner", condition=~Q(state="closed")
            ),
            Index(fields=["creditor", "closed_on"], name="case_by_end", condition=Q(state="closed")),
        ]


class CaseEventKind(models.TextChoices):
    """What happened to a case."""

    OPENED = "opened", "Abierto"
    CLOSED = "closed", "Cerrado"
    REOPENED = "reopened", "Reabierto"
    STATE = "state", "Cambio de estado"
    ASSIGNED = "assigned", "Asignado"
    PRIORITY = "priority", "Prioridad"
    NEXT = "next", "Próxima acción"
    WORKED = "worked", "Trabajado"


class CaseEvent(TenantRow):
    """One entry in the history of a case. Append-only. actor: as in the audit chain; `run:17` for a run.
    payload: facts, ids and days only."""

    case = TenantForeignKey(Case)
    customer = TenantForeignKey(Customer)
    kind = models.CharField(choices=CaseEventKind)
    at = models.DateTimeField()
    actor = models.CharField()
    payload = models.JSONField(default=dict, db_default={})
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_case_event"
        constraints = [one_of("kind", CaseEventKind, name="case_event_kind_is_known")]
        indexes = [
            Index(fields=["creditor", "customer", "-at"], name="case_event_by_customer"),
            Index(fields=["creditor", "-at"], name="case_event_by_moment"),
        ]


class CaseNote(TenantRow):
    """What somebody wants the others to know of a customer. Append-only. case: null where none is open.

    withdraws: the note that is taken back by this row; neither of the two is shown.
    """

    customer = TenantForeignKey(Customer)
    case = TenantForeignKey(Case, null=True, blank=True)
    text = models.TextField()
    at = models.DateTimeField()
    actor = models.CharField()
    withdraws = TenantForeignKey("self", null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_case_note"
        constraints = [
            UniqueConstraint(fields=["creditor", "withdraws"], name="case_note_is_withdrawn_once"),
            UniqueConstraint(fields=["creditor", "id", "customer"], name="case_note_creditor_id_id_customer"),
            CheckConstraint(name="case_note_says_something", condition=~Q(text="")),
        ]
        indexes = [Index(fields=["creditor", "customer", "-at"], name="case_note_by_customer")]


class CaseLock(TenantRow):
    """Somebody has the case open until `until_at`; kept up while they work, over by itself after that."""

    case = TenantForeignKey(Case)
    customer = TenantForeignKey(Customer)
    member = TenantForeignKey(Membership)
    until_at = models.DateTimeField()

    class Meta:
        db_table = "cases_case_lock"
        constraints = [UniqueConstraint(fields=["creditor", "case"], name="case_lock_is_one_per_case")]


class PlanB(TenantRow):
    """What is done if a large or risky customer does not pay, written before the due date. Append-only: the
    latest counts. for_on: the due date it was written for."""

    customer = TenantForeignKey(Customer)
    for_on = models.DateField()
    text = models.TextField()
    actor = models.CharField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_plan_b"
        constraints = [CheckConstraint(name="plan_b_says_something", condition=~Q(text=""))]
        indexes = [Index(fields=["creditor", "customer", "id"], name="plan_b_by_customer")]


class DebtorKind(models.TextChoices):
    """How a customer behaves; the screen describes conduct, for the customer may ask to see it."""

    CASUAL = "casual", "Puntual con un retraso"
    STALLING = "stalling", "Retrasa el pago"
    CIRCUMSTANTIAL = "circumstantial", "Con incidencia"
    CARELESS = "careless", "Se le pasa"
    CHRONIC = "chronic", "Habitualmente tarde"
    ILLIQUID = "illiquid", "Con dificultades"
    GOOD_PAYER = "good_payer", "Buen pagador"


class KindJudgement(TenantRow):
    """What a person says of how a customer behaves. Append-only: the latest counts.

    kind: blank gives it back to what is inferred. inferred: what the rule said at that moment, blank for
    nothing.
    """

    customer = TenantForeignKey(Customer)
    kind = models.CharField(choices=DebtorKind, blank=True, default="", db_default="")
    inferred = models.CharField(blank=True, default="", db_default="")
    note = models.TextField(blank=True, default="", db_default="")
    on_date = models.DateField()
    actor = models.CharField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_kind_judgement"
        constraints = [
            CheckConstraint(
                name="kind_judgement_kind_is_known", condition=Q(kind__in=["", *sorted(DebtorKind.values)])
            )
        ]
        indexes = [Index(fields=["creditor", "customer", "id"], name="kind_judgement_by_customer")]
