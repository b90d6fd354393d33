"""A plan B: what is done if a large or risky customer does not pay, written before the due date."""

from datetime import date, datetime

from django.db import transaction

from aldia.kernel.clock import business_date
from aldia.kernel.dates import refuse_outside_ledger
from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.customers import locked_customer
from aldia.records.cases.models import PlanB, Task, TaskState
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.relation import PLAN_B

TEXT_LENGTH_MAX = 4_000


class PlanRefused(AldiaError):
    """The plan cannot be so. facts: field (for_on, text)."""

    code = "plan_b_refused"


def write_plan_b(
    *, creditor: Creditor, customer_id: int, for_on: date | None, text: str, actor: str, now: datetime
) -> PlanB:
    """Keep the plan for that due date; the task that asked for it is done. The latest plan counts.

    Raises PlanRefused (no words, too many, no due date, a due date that is past), UnknownCustomer,
    DayOutsideLedger.
    """
    words = text.replace("\0", "").strip()
    today = business_date(now, creditor.time_zone)
    if not words:
        raise PlanRefused("El plan está vacío: escriba qué se hará si no paga.", field="text")
    if len(words) > TEXT_LENGTH_MAX:
        raise PlanRefused(f"El plan pasa de {TEXT_LENGTH_MAX} caracteres: acórtelo.", field="text")
    if for_on is None:
        raise PlanRefused("Diga para qué vencimiento es.", field="for_on")
    refuse_outside_ledger(for_on)
    if for_on < today:
        raise PlanRefused("Ese vencimiento ya pasó: un plan B se escribe antes.", field="for_on")
    with transaction.atomic(), scope([creditor.pk]):
        locked_customer(creditor, customer_id)
        made = PlanB.objects.create(
            creditor=creditor, customer_id=customer_id, for_on=for_on, text=words, actor=actor, at=now
        )
        asked = Task.objects.filter(creditor=creditor, customer_id=customer_id, kind=PLAN_B)
        done = asked.filter(state=TaskState.OPEN).update(state=TaskState.DONE, closed_on=today)
        record_event(
            creditor_id=creditor.pk,
            verb="customer.plan_b_written",
            subject=f"customer:{customer_id}",
            actor=actor,
            payload={"plan": made.pk, "for": for_on.isoformat(), "tasks": done},
            at=now,
        )
    return made
