"""Two people want the same case at once, on two real connections: one has it, the other is told.

Each with its control: without the constraint, or without the look at the version, both must win; else these
tests prove nothing.
"""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from psycopg import Connection

from aldia.operations.cases import CaseChanged, CaseChanges, change_case, changing, locks, take_case
from aldia.records.cases.models import Case, CaseLock
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NOW = make.MORNING
_ROUNDS = 6


@pytest.fixture
def creditor() -> Creditor:
    return make.creditor()


@pytest.fixture
def people(creditor: Creditor) -> list[Membership]:
    return [make.membership(creditor=creditor, user=make.user(name=name)) for name in ("Ana", "Luis")]


def _case(creditor: Creditor) -> Case:
    with transaction.atomic(), scope([creditor.pk]):
        customer = make.customer(creditor=creditor)
        on = {"state_since": NOW.date(), "opened_on": NOW.date()}
        return Case.objects.create(creditor=creditor, customer=customer, **on)


def _at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each answered, or the refusal, run from one starting line."""
    line, told = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        try:
            line.wait(10)
            told.append(act())
        except CaseChanged as refusal:
            told.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(told) == len(acts), "somebody is still waiting, or broke"
    return told


def _takings(case: Case, people: list[Membership]) -> list[Callable[[], Any]]:
    def taking(member: Membership) -> Callable[[], Any]:
        return lambda: take_case(creditor=case.creditor, case_id=case.pk, member=member, now=NOW)

    return [taking(member) for member in people]


def _meet(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Both reach that function before either goes on."""
    line, real = threading.Barrier(2), getattr(module, name)

    def met(*args: Any, **more: Any) -> Any:
        line.wait(10)
        return real(*args, **more)

    monkeypatch.setattr(module, name, met)


def test_one_of_two_gets_the_case(
    creditor: Creditor, people: list[Membership], monkeypatch: pytest.MonkeyPatch
) -> None:
    _meet(monkeypatch, locks, "must_work")
    for _round in range(_ROUNDS):
        case = _case(creditor)
        told = _at_once(_takings(case, people))
        assert sorted(taken.by_me for taken in told) == [False, True]
        (other,) = (taken for taken in told if not taken.by_me)
        assert other.by_name in {"Ana", "Luis"}
        assert other.until_at == NOW + timedelta(minutes=5)


def test_of_a_lock_that_has_run_out_one_of_two_gets_it(
    creditor: Creditor, people: list[Membership], monkeypatch: pytest.MonkeyPatch
) -> None:
    _meet(monkeypatch, locks, "must_work")
    gone = make.membership(creditor=creditor)
    for _round in range(_ROUNDS):
        case = _case(creditor)
        with transaction.atomic(), scope([creditor.pk]):
            over = NOW - timedelta(minutes=1)
            CaseLock.objects.create(
                creditor=creditor, case=case, customer_id=case.customer_id, member=gone, until_at=over
            )
        assert sorted(taken.by_me for taken in _at_once(_takings(case, people))) == [False, True]


@pytest.fixture
def without_constraint(owner_connection: Connection[Any]) -> Iterator[None]:
    name = "case_lock_is_one_per_case"
    owner_connection.execute(f"ALTER TABLE cases_case_lock DROP CONSTRAINT {name}")
    owner_connection.commit()
    yield
    owner_connection.rollback()
    owner_connection.execute("TRUNCATE cases_case_lock")
    owner_connection.execute(
        f"ALTER TABLE cases_case_lock ADD CONSTRAINT {name} UNIQUE (creditor_id, case_id)"
    )
    owner_connection.commit()


@pytest.mark.usefixtures("without_constraint")
def test_control_without_the_constraint_both_get_it(
    creditor: Creditor, people: list[Membership], monkeypatch: pytest.MonkeyPatch
) -> None:
    _meet(monkeypatch, locks, "must_work")
    told = [_at_once(_takings(_case(creditor), people)) for _round in range(_ROUNDS)]
    assert any(all(taken.by_me for taken in each) for each in told)


def _changes(case: Case, people: list[Membership]) -> list[Callable[[], Any]]:
    def changing_it(member: Membership, state: str) -> Callable[[], Any]:
        return lambda: change_case(
            creditor=case.creditor,
            case_id=case.pk,
            changes=CaseChanges(state=state),
            seen_version=1,
            actor=f"user:{member.user_id}",
            now=NOW,
        )

    return [
        changing_it(member, state) for member, state in zip(people, ("escalated", "waiting"), strict=True)
    ]


def test_the_first_wins_and_the_second_is_told(
    creditor: Creditor, people: list[Membership], monkeypatch: pytest.MonkeyPatch
) -> None:
    _meet(monkeypatch, changing, "must_work")
    for _round in range(_ROUNDS):
        case = _case(creditor)
        told = _at_once(_changes(case, people))
        won = [each for each in told if isinstance(each, Case)]
        refused = [each for each in told if isinstance(each, CaseChanged)]
        assert (len(won), len(refused)) == (1, 1)
        assert refused[0].facts["by"] in {"Ana", "Luis"}
        assert {"escalated": "Escalado", "waiting": "A la espera"}[won[0].state] in refused[0].sentence
        with transaction.atomic(), scope([creditor.pk]):
            assert Case.objects.get(pk=case.pk).version == 2


def test_control_without_the_look_at_the_version_the_second_writes_over_the_first(
    creditor: Creditor, people: list[Membership], monkeypatch: pytest.MonkeyPatch
) -> None:
    _meet(monkeypatch, changing, "must_work")
    monkeypatch.setattr(changing, "must_be_seen", lambda *_args: None)
    case = _case(creditor)
    assert all(isinstance(each, Case) for each in _at_once(_changes(case, people)))
    with transaction.atomic(), scope([creditor.pk]):
        assert Case.objects.get(pk=case.pk).version == 3
