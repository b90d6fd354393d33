"""Cases changed by people: what may be said, who is told what, all or nothing."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.cases import (
    CaseChanged,
    CaseChanges,
    CaseIsClosed,
    CaseRefused,
    MayNotWork,
    NoSuchCase,
    NoteRefused,
    add_note,
    change_case,
    postpone,
    prioritise,
    reassign,
    touch_case,
)
from aldia.operations.holds import put_on_hold
from aldia.operations.memberships import change_role, end_access
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import Case, CaseEvent, CaseNote, Collector, Team
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from tests import factories as make

pytestmark = pytest.mark.django_db

NOW = make.MORNING
DAY = NOW.date()


@pytest.fixture
def creditor() -> Creditor:
    return make.creditor()


@pytest.fixture
def ana(creditor: Creditor) -> Membership:
    return make.membership(creditor=creditor, user=make.user(name="Ana"))


@pytest.fixture
def luis(creditor: Creditor) -> Membership:
    return make.membership(creditor=creditor, user=make.user(name="Luis"))


@pytest.fixture
def case(creditor: Creditor) -> Case:
    return _case(creditor)


def _case(creditor: Creditor, **fields: Any) -> Case:
    with transaction.atomic(), scope([creditor.pk]):
        customer = make.customer(creditor=creditor)
        said = {"state_since": DAY, "opened_on": DAY} | fields
        return Case.objects.create(creditor=creditor, customer=customer, **said)


def _change(case: Case, by: Membership, seen: int | None = None, **said: Any) -> Case:
    return change_case(
        creditor=case.creditor,
        case_id=case.pk,
        changes=CaseChanges(**said),
        seen_version=seen,
        actor=f"user:{by.user_id}",
        now=NOW,
    )


def _events(case: Case) -> list[tuple[str, dict[str, Any]]]:
    with transaction.atomic(), scope([case.creditor_id]):
        return list(CaseEvent.objects.filter(case=case).order_by("pk").values_list("kind", "payload"))


def _refused(kind: type[AldiaError], act: Any, *args: Any, **more: Any) -> AldiaError:
    with pytest.raises(kind) as refused:
        act(*args, **more)
    assert refused.value.sentence.endswith((".", "?"))
    return refused.value


def test_a_change_is_told_and_counts(case: Case, ana: Membership, luis: Membership) -> None:
    on = DAY + timedelta(days=3)
    changed = _change(case, ana, 1, state="working", owner_id=luis.pk, next_action=" Llamar  ", next_on=on)
    assert (changed.version, changed.state, changed.next_action) == (2, "working", "Llamar")
    assert changed.touched_at == NOW
    assert _events(case) == [
        ("state", {"version": 2, "from": "new", "to": "working"}),
        ("assigned", {"version": 2, "from": None, "to": luis.pk, "team": None}),
        ("next", {"version": 2, "on": on.isoformat(), "at": None}),
        ("worked", {"version": 2}),
    ]
    with transaction.atomic(), scope([case.creditor_id]):
        assert [entry.verb for entry in AuditEntry.objects.all()] == ["case.changed"]


def test_the_second_of_two_is_told_what_changed_and_by_whom(
    case: Case, ana: Membership, luis: Membership
) -> None:
    _change(case, ana, 1, state="escalated", priority=1)
    refused = _refused(CaseChanged, _change, case, luis, 1, state="waiting")
    assert refused.sentence == (
        "Ana ha cambiado este expediente mientras usted lo tenía abierto: ahora está en «Escalado»; la"
        " prioridad es ahora alta; lo ha trabajado. No se ha guardado lo suyo: revíselo y repita."
    )
    assert (refused.facts["by"], refused.facts["version"]) == ("Ana", 2)
    assert _change(case, luis, 2, state="waiting").state == "waiting"


def test_whoever_gets_a_case_brings_their_team(case: Case, ana: Membership, luis: Membership) -> None:
    with transaction.atomic(), scope([case.creditor_id]):
        team = Team.objects.create(creditor=case.creditor, name="Norte")
        Collector.objects.create(creditor=case.creditor, member=luis, team=team)
    assert _change(case, ana, owner_id=luis.pk).team_id == team.pk
    assert _change(case, ana, owner_id=None).team_id is None
    assert _change(case, ana, owner_id=luis.pk, team_id=None).team_id is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"state": "closed"}, "state"),
        ({"state": "new"}, "state"),
        ({"state": "promised"}, "state"),
        ({"state": "asleep"}, "state"),
        ({"priority": 7}, "priority"),
        ({"owner_id": 0}, "owner_id"),
        ({"team_id": 0}, "team_id"),
        ({"next_on": DAY - timedelta(days=1)}, "next_on"),
        ({"next_on": DAY + timedelta(days=1), "next_at": NOW + timedelta(days=2)}, "next_at"),
        ({"next_action": "x" * 201}, "next_action"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    case: Case, ana: Membership, said: dict[str, Any], field: str
) -> None:
    assert _refused(CaseRefused, _change, case, ana, **said).facts["field"] == field
    assert _events(case) == []


def test_closed_and_unknown_cases_are_refused(creditor: Creditor, case: Case, ana: Membership) -> None:
    closed = _case(creditor, state="closed", closed_on=DAY)
    _refused(CaseIsClosed, _change, closed, ana, state="working")
    case.pk = 0
    _refused(NoSuchCase, _change, case, ana, state="working")


def test_who_has_lost_access_or_right_is_refused(
    creditor: Creditor, case: Case, ana: Membership, luis: Membership
) -> None:
    end_access(creditor=creditor, membership_id=ana.pk, actor="t", now=NOW)
    by: dict[str, Any] = {"write_off_max_minor": None, "actor": "t", "now": NOW}
    change_role(creditor=creditor, membership_id=luis.pk, role="viewer", **by)
    assert "Ya no tiene acceso" in _refused(MayNotWork, _change, case, ana, state="working").sentence
    assert "papel ha cambiado" in _refused(MayNotWork, _change, case, luis, state="working").sentence
    boss = make.membership(creditor=creditor, role="manager")
    for gone in (ana, luis):
        assert _refused(CaseRefused, _change, case, boss, owner_id=gone.pk).facts["field"] == "owner_id"


def _touched(case: Case, **said: Any) -> Case:
    with transaction.atomic(), scope([case.creditor_id]):
        touched = touch_case(
            creditor=case.creditor, customer_id=case.customer_id, actor="user:1", now=NOW, **said
        )
    assert touched is not None
    return touched


def test_who_is_worked_is_no_longer_new_and_what_was_due_is_done(case: Case, ana: Membership) -> None:
    assert _touched(case).state == "working"
    _change(case, ana, next_action="Llamar", next_on=DAY)
    assert _touched(case).next_on is None
    later = DAY + timedelta(days=2)
    _change(case, ana, next_action="Llamar", next_on=later)
    assert _touched(case).next_on == later
    assert _touched(case, state="promised").state == "promised"
    at = datetime.combine(later, NOW.timetz())
    again = _touched(case, next_action="Otra vez", next_at=at)
    assert (again.next_action, again.next_on, again.next_at) == ("Otra vez", later, at)
    assert _touched(case, next_action="").next_on is None


def test_a_case_waits_no_longer_than_what_it_waits_for(
    creditor: Creditor, case: Case, ana: Membership
) -> None:
    agreed = {"next_action": "Volver a llamar", "next_on": DAY + timedelta(days=2)}
    assert _touched(case, state="waiting", **agreed).state == "waiting"
    assert _touched(case).state == "waiting", "nothing has come of it yet"
    _change(case, ana, next_on=DAY)
    assert _touched(case, **agreed).state == "waiting", "they agreed on another day"
    _change(case, ana, next_on=DAY)
    assert (_touched(case).state, _touched(case).next_on) == ("working", None)
    hold: dict[str, Any] = {"until_on": DAY + timedelta(days=9), "reason": "Agosto", "actor": "t", "now": NOW}
    put_on_hold(creditor=creditor, customer_id=case.customer_id, **hold)
    assert _touched(case).state == "waiting", "while it is on hold"


def test_what_the_table_forbids_is_left_out_of_a_touch(creditor: Creditor) -> None:
    case = _case(creditor, state="promised")
    assert _touched(case, state="new").state == "promised"
    with transaction.atomic(), scope([creditor.pk]):
        other = make.customer(creditor=creditor)
        assert touch_case(creditor=creditor, customer_id=other.pk, actor="t", now=NOW) is None


def test_notes_say_something_and_belong_to_the_open_case(creditor: Creditor, case: Case) -> None:
    by: dict[str, Any] = {"creditor": creditor, "actor": "t", "now": NOW}
    assert add_note(customer_id=case.customer_id, text=" Por la tarde\n", **by).case_id == case.pk
    with transaction.atomic(), scope([creditor.pk]):
        other = make.customer(creditor=creditor)
    assert add_note(customer_id=other.pk, text="Nada", **by).case_id is None
    for text in ("", " \n\0 ", "x" * 4001):
        _refused(NoteRefused, add_note, customer_id=case.customer_id, text=text, **by)
    with transaction.atomic(), scope([creditor.pk]):
        assert list(CaseNote.objects.order_by("pk").values_list("text", flat=True)) == [
            "Por la tarde",
            "Nada",
        ]


def test_many_at_once_are_all_changed_in_one_entry(
    creditor: Creditor, ana: Membership, luis: Membership
) -> None:
    cases = [_case(creditor) for _ in range(3)]
    ids = [case.pk for case in cases]
    by: dict[str, Any] = {"creditor": creditor, "actor": f"user:{ana.user_id}", "now": NOW}
    assert reassign(case_ids=ids, owner_id=luis.pk, **by).cases == 3
    assert reassign(case_ids=ids, owner_id=luis.pk, **by).cases == 0
    assert postpone(case_ids=ids[:2], next_on=DAY + timedelta(days=5), **by).cases == 2
    assert prioritise(case_ids=ids, priority=1, **by).cases == 3
    with transaction.atomic(), scope([creditor.pk]):
        assert [entry.verb for entry in AuditEntry.objects.order_by("sequence")] == [
            "cases.reassigned",
            "cases.postponed",
            "cases.prioritised",
        ]
        assert {case.owner_id for case in Case.objects.all()} == {luis.pk}


def test_many_at_once_are_none_where_one_cannot_be(
    creditor: Creditor, ana: Membership, luis: Membership
) -> None:
    good, closed = _case(creditor), _case(creditor, state="closed", closed_on=DAY)
    by: dict[str, Any] = {
        "creditor": creditor,
        "owner_id": luis.pk,
        "actor": f"user:{ana.user_id}",
        "now": NOW,
    }
    refused = _refused(CaseIsClosed, reassign, case_ids=[good.pk, closed.pk], **by)
    assert "no se ha cambiado ninguno" in refused.sentence
    _refused(NoSuchCase, reassign, case_ids=[good.pk, 0], **by)
    _refused(CaseChanged, reassign, case_ids=[good.pk], seen_versions={good.pk: 9}, **by)
    _refused(CaseRefused, reassign, case_ids=[], **by)
    _refused(
        CaseRefused,
        postpone,
        creditor=creditor,
        case_ids=[good.pk],
        next_on=date(2020, 1, 1),
        actor="t",
        now=NOW,
    )
    with transaction.atomic(), scope([creditor.pk]):
        assert Case.objects.get(pk=good.pk).owner_id is None
        assert not AuditEntry.objects.exists()
