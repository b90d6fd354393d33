"""Daily runs, what each decided, and the work it left to people."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint
from django.db.models.functions import Now

from aldia.records.cases.models.episodes import Episode
from aldia.records.parties.models import Customer
from aldia.records.schema.fields import TenantForeignKey, one_of, positive
from aldia.records.tenancy.models import TenantRow


class DailyRun(TenantRow):
    """One run of one creditor for one business date.

    sequence: 1, 2 … on that date. now_at: the moment the run believed it was. counts: {outcome: customers}.
    digest: of the sorted decisions. strategies: {scope: version id} in force. held: the brake asked for
    one yes, given at released_at by released_by.
    """

    on_date = models.DateField()
    sequence = models.IntegerField(default=1, db_default=1)
    now_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    counts = models.JSONField(default=dict)
    vocabulary_hash = models.CharField(blank=True, default="", db_default="")
    digest = models.CharField(blank=True, default="", db_default="")
    strategies = models.JSONField(default=dict)
    held = models.BooleanField(default=False, db_default=False)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.CharField(blank=True, default="", db_default="")

    class Meta:
        db_table = "cases_daily_run"
        constraints = [
            UniqueConstraint(fields=["creditor", "id"], name="daily_run_creditor_id_id"),
            UniqueConstraint(fields=["creditor", "on_date", "sequence"], name="daily_run_is_unique"),
            positive("sequence", name="daily_run_sequence_begins_at_one"),
            CheckConstraint(
                name="daily_run_is_released_by_somebody",
                condition=Q(released_at__isnull=True, released_by="")
                | (Q(released_at__isnull=False) & ~Q(released_by="")),
            ),
        ]


class Decision(TenantRow):
    """What was decided about a customer, kept when it differs from their last. Append-only.

    outcome: the step to take or the reason why not. step and rank: stable id and place in the strategy's
    file, blank and null for a reason. next_on: when it may change by itself.
    """

    run = TenantForeignKey(DailyRun)
    customer = TenantForeignKey(Customer)
    on_date = models.DateField()
    outcome = models.CharField(db_collation="C")
    step = models.CharField(blank=True, default="", db_default="", db_collation="C")
    rank = models.SmallIntegerField(null=True, blank=True)
    episode = TenantForeignKey(Episode, null=True, blank=True)
    next_on = models.DateField(null=True, blank=True)

    class Meta:
        db_table = "cases_decision"
        constraints = [
            UniqueConstraint(
                fields=["creditor", "run", "customer"], name="decision_is_one_per_run_and_customer"
            ),
            CheckConstraint(name="decision_has_an_outcome", condition=~Q(outcome="")),
        ]
        indexes = [Index(fields=["creditor", "customer", "id"], name="decision_by_customer")]


class TaskState(models.TextChoices):
    """open → done | skipped | cancelled."""

    OPEN = "open", "Pendiente"
    DONE = "done", "Hecha"
    SKIPPED = "skipped", "Omitida"
    CANCELLED = "cancelled", "Anulada"


class Task(TenantRow):
    """Something a person shall do about a customer.

    once_key: `subject/step/occurrence`, made once for ever.
    """

    once_key = models.CharField(db_collation="C")
    customer = TenantForeignKey(Customer)
    episode = TenantForeignKey(Episode, null=True, blank=True)
    kind = models.CharField()
    step = models.CharField(blank=True, default="", db_default="", db_collation="C")
    channel = models.CharField(blank=True, default="", db_default="")
    due_on = models.DateField()
    state = models.CharField(choices=TaskState, default=TaskState.OPEN, db_default=TaskState.OPEN)
    run = TenantForeignKey(DailyRun, null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True, default="", db_default="")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "cases_task"
        constraints = [
            UniqueConstraint(fields=["creditor", "once_key"], name="task_is_made_once"),
            UniqueConstraint(fields=["creditor", "id", "customer"], name="task_creditor_id_id_customer"),
            CheckConstraint(name="task_once_key_is_not_blank", condition=~Q(once_key="")),
            one_of("state", TaskState, name="task_state_is_known"),
            CheckConstraint(
                name="task_is_closed_iff_not_open",
                condition=Q(state="open", closed_on__isnull=True)
                | (~Q(state="open") & Q(closed_on__isnull=False)),
            ),
        ]
        indexes = [
            Index(fields=["creditor", "customer"], name="task_by_customer"),
            Index(fields=["creditor", "due_on", "id"], name="task_open_by_day", condition=Q(state="open")),
        ]
