"""One works a case while another writes a call of its customer down: they take turns, on two connections.

With its control: where the customer is not locked before the case, the two wait for each other.
"""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from aldia.operations import calls, casework, holds
from aldia.operations.calls import NewCall, record_call
from aldia.operations.cases import CaseChanges, change_case, changing
from aldia.operations.cases.changing import open_case
from aldia.operations.casework import Work, record_work
from aldia.operations.customers import locked_customer
from aldia.operations.holds import put_on_hold
from aldia.operations.ledger import record_hold
from aldia.records.cases.models import Call, Case
from tests import factories as make
from tests.operations.calls.test_record_call import luz  # noqa: F401 (a fixture)
from tests.queries.gate_house import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_who_works_a_case_and_who_calls_its_customer_take_turns(luz, monkeypatch):  # noqa: F811
    assert not _at_once(luz, monkeypatch)
    with luz.inside():
        assert Call.objects.count() == 2


def test_without_the_customer_before_the_case_they_would_wait_for_each_other(luz, monkeypatch):  # noqa: F811
    monkeypatch.setattr(casework, "lock_customer_of", lambda *_args: None)
    (broken,) = _at_once(luz, monkeypatch)
    assert "deadlock" in str(broken)


def test_who_pauses_a_customer_and_who_changes_its_case_take_turns(luz, monkeypatch):  # noqa: F811
    assert not _paused(luz, monkeypatch, case_first=True)
    with luz.inside():
        assert Case.objects.get().priority == 1


def test_with_the_chain_before_the_case_they_would_wait_for_each_other(luz, monkeypatch):  # noqa: F811
    (broken,) = _paused(luz, monkeypatch, case_first=False)
    assert "deadlock" in str(broken)


def _paused(luz, monkeypatch, *, case_first: bool) -> list[OperationalError]:  # noqa: F811
    """What was broken off: a pause and a change, meeting where the pause has written its audit entry."""
    customer = luz.customers["A"]
    day = {"state_since": NOW.date(), "opened_on": NOW.date()}
    with luz.inside():
        case = Case.objects.create(creditor=luz.creditor, customer=customer, **day)
    has_chain, has_case = threading.Event(), threading.Event()
    touch = holds._wait
    late: list[Any] = []

    def touched(*said: Any, **more: Any) -> None:
        if case_first:
            touch(*said, **more)
        else:
            late.append((said, more))

    def held(**said: Any) -> int:
        made = record_hold(**said)
        has_chain.set()
        has_case.wait(1)  # where the other is held up, it never comes
        for args, more in late:
            touch(*args, **more)
        return made

    def opened(*said: Any) -> Any:
        found = open_case(*said)
        has_case.set()
        return found

    monkeypatch.setattr(holds, "_wait", touched)
    monkeypatch.setattr(holds, "record_hold", held)
    monkeypatch.setattr(changing, "open_case", opened)
    by = {"creditor": luz.creditor, "actor": "prueba", "now": NOW}

    def pause() -> None:
        until = NOW.date() + timedelta(days=9)
        put_on_hold(**by, customer_id=customer.pk, until_on=until, reason="Obras")

    def change() -> None:
        has_chain.wait(10)
        change_case(**by, case_id=case.pk, changes=CaseChanges(priority=1))

    return _broken(pauser=pause, changer=change)


def _at_once(luz, monkeypatch) -> list[OperationalError]:  # noqa: F811
    """What was broken off: a call and a case worked, meeting where each has its first lock."""
    customer = luz.customers["A"]
    member = make.membership(creditor=luz.creditor)
    day = {"state_since": NOW.date(), "opened_on": NOW.date()}
    with luz.inside():
        case = Case.objects.create(creditor=luz.creditor, customer=customer, **day)
    has_customer, has_case = threading.Event(), threading.Event()

    def locked(*said: Any) -> Any:
        found = locked_customer(*said)
        if threading.current_thread().name == "caller":
            has_customer.set()
            has_case.wait(1)  # where the other is held up, it never comes
        return found

    def opened(*said: Any) -> Any:
        found = open_case(*said)
        has_case.set()
        return found

    monkeypatch.setattr(calls, "locked_customer", locked)
    monkeypatch.setattr(casework, "open_case", opened)
    by = {"creditor": luz.creditor, "now": NOW}
    call = NewCall(reached="nobody", outcome="no_answer", made_anyway=True)

    def work() -> None:
        has_customer.wait(10)
        record_work(
            **by, case_id=case.pk, work=Work(call=call), seen_version=None, member=member, actor="prueba"
        )

    def write() -> None:
        record_call(**by, customer_id=customer.pk, new=call, actor="prueba")

    return _broken(worker=work, caller=write)


def _broken(**acts: Any) -> list[OperationalError]:
    told: list[OperationalError] = []

    def run(act: Any) -> None:
        try:
            act()
        except OperationalError as error:
            told.append(error)
        finally:
            connection.close()

    rivals = [threading.Thread(target=run, args=[act], name=name) for name, act in acts.items()]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join(timeout=30)
    assert not any(rival.is_alive() for rival in rivals)
    return told
