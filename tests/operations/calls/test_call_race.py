"""Two people write down the same planned call at the same moment: the first wins, the second is told who."""

import threading

import pytest
from django.db import connection

from aldia.operations.calls import CallRefused, NewCall, record_call
from aldia.operations.people import create_user
from aldia.records.cases.models import Call, Task
from aldia.records.outreach.models import ContactEntry
from tests.operations.calls.test_record_call import PHONE, luz, planned  # noqa: F401 (a fixture)
from tests.queries.gate_house import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.mark.parametrize("writers", [2, 4])
def test_the_first_wins_and_the_others_are_told(luz, writers):  # noqa: F811
    people = [_person(luz, n) for n in range(writers)]
    task = planned(luz)
    told = _all_at_once(luz, task, people)
    refused = [answer for answer in told if isinstance(answer, CallRefused)]
    (made,) = (answer for answer in told if isinstance(answer, Call))
    assert len(refused) == writers - 1
    assert {each.facts["field"] for each in refused} == {"task_id"}
    assert all("acaba de anotar esa llamada" in each.sentence for each in refused)
    assert all(each.sentence.split(" acaba ")[0] in _names(people, made) for each in refused)
    with luz.inside():
        assert Call.objects.count() == 1
        assert ContactEntry.objects.filter(kind="call").count() == 1
        assert Task.objects.get(pk=task).state == "done"


def _person(luz, n):  # noqa: F811
    made = create_user(
        email=f"p{n}@luz.example",
        name=f"Persona {n}",
        password="cobro-sereno-2026",
        creditor_id=luz.creditor.pk,
        role="gestor",
        actor="prueba",
        now=NOW,
    )
    return (f"user:{made.pk}", f"Persona {n}")


def _names(people, made):
    return {name for actor, name in people if actor == made.actor}


def _all_at_once(luz, task, people):  # noqa: F811
    told: list[Call | CallRefused] = []
    start = threading.Barrier(len(people))

    def write(actor):
        try:
            start.wait(timeout=30)
            new = NewCall(reached="right_party", outcome="spoken", number=PHONE, task_id=task)
            customer = luz.customers["A"].pk
            told.append(
                record_call(creditor=luz.creditor, customer_id=customer, new=new, actor=actor, now=NOW)
            )
        except CallRefused as refused:
            told.append(refused)
        finally:
            connection.close()

    rivals = [threading.Thread(target=write, args=(actor,)) for actor, _name in people]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join(timeout=60)
    return told
