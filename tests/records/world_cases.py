"""Teams, collectors and cases of the world that the attacks work upon."""

from datetime import date, datetime, timedelta

from aldia.records.cases.models import (
    Case,
    CaseEvent,
    CaseLock,
    CaseNote,
    Collector,
    KindJudgement,
    PlanB,
    Team,
)
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor


def case_of(customer: Customer, day: date, moment: datetime) -> Case:
    """An open case of the customer with all that hangs on it, its owner the customer's."""
    own, owner = {"creditor_id": customer.creditor_id}, customer.owner
    assert owner is not None
    Creditor.objects.filter(pk=customer.creditor_id).update(large_account_owner=owner)
    team = Team.objects.create(**own, name="Equipo", lead=owner)
    Collector.objects.create(**own, member=owner, team=team)
    of = own | {"customer": customer}
    told = {"at": moment, "actor": "ana"}
    case = Case.objects.create(**of, state_since=day, opened_on=day, owner=owner, team=team)
    CaseEvent.objects.create(**of, **told, case=case, kind="opened")
    note = CaseNote.objects.create(**of, **told, case=case, text="Llamar por la tarde")
    CaseNote.objects.create(**of, **told, case=case, text="Retirada", withdraws=note)
    CaseLock.objects.create(**of, case=case, member=owner, until_at=moment + timedelta(minutes=5))
    PlanB.objects.create(**of, **told, for_on=day, text="Ir a verle")
    KindJudgement.objects.create(**of, on_date=day, actor="ana", kind="careless")
    return case
