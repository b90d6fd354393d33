"""The plans B of a customer, and the due date one is asked for."""

from dataclasses import dataclass
from datetime import date, datetime

from aldia.queries.people import names_of_actors
from aldia.records.cases.models import PlanB, Task, TaskState
from aldia.records.tenancy.models import Creditor
from aldia.rules.relation import PLAN_B


@dataclass(frozen=True, slots=True)
class WrittenPlan:
    """by: who wrote it, as a reader knows them."""

    for_on: date
    text: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class PlansSeen:
    """asked_for: the due date the run asks a plan for, None while it asks for none. plans: latest first."""

    asked_for: date | None
    plans: tuple[WrittenPlan, ...]

    @property
    def current(self) -> WrittenPlan | None:
        """The one that counts."""
        return self.plans[0] if self.plans else None


def plans_of(creditor: Creditor, customer_id: int) -> PlansSeen:
    """Of one customer; three SELECTs at most, in scope."""
    tasks = Task.objects.filter(creditor=creditor, customer_id=customer_id, kind=PLAN_B)
    key = tasks.filter(state=TaskState.OPEN).order_by("-pk").values_list("once_key", flat=True).first()
    rows = list(PlanB.objects.filter(creditor=creditor, customer_id=customer_id).order_by("-pk")[:20])
    names = names_of_actors(row.actor for row in rows)
    return PlansSeen(
        asked_for=date.fromisoformat(key.rsplit("/", 1)[-1]) if key else None,
        plans=tuple(
            WrittenPlan(row.for_on, row.text, row.at, names.get(row.actor, row.actor)) for row in rows
        ),
    )
