"""A case worked in one go: all of it or nothing, by one person at a time, and taken back in one go."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.calls import CallRefused, NewCall
from aldia.operations.cases import CaseChanged, CaseIsTaken, MayNotWork, reassign, take_case, take_over
from aldia.operations.casework import Dispute, Hold, Next, Work, WorkRefused, note_cases, record_work
from aldia.operations.casework_undo import undo_work
from aldia.operations.promises import NewPromise, PromiseRefused
from aldia.queries.promises import promises_of
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import Call, Case, CaseLock, CaseNote, Promise, Task
from aldia.records.ledger.models import DueLine, Overlay
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Membership
from aldia.records.tenancy.scope import scope
from tests.cli.books import DAY, NOW
from tests.desk.worklist_world import case_of, member, morning

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SPOKEN = NewCall(reached="right_party", outcome="spoken", number="+34 600 000 001", note="Lo mira")
KEPT_CALL = NewCall(reached="right_party", outcome="promise", number="+34 600 000 001")


@pytest.fixture
def luz() -> Any:
    return morning(3)


@pytest.fixture
def gema(luz: Any) -> Membership:
    return Membership.objects.get(creditor=luz, user__email="gema@luz.example")


def work(luz: Any, who: Membership, code: str = "C01", *, now: Any = NOW, **said: Any) -> Any:
    case = case_of(luz, code)
    seen = said.pop("seen_version", case.version)
    return record_work(
        creditor=luz,
        case_id=case.pk,
        work=Work(**said),
        seen_version=seen,
        member=who,
        actor=f"user:{who.user_id}",
        now=now,
    )


def promise(minor: int = 100_000, days: int = 7) -> NewPromise:
    return NewPromise(minor, "EUR", DAY + timedelta(days=days))


def inside(luz: Any, asked: Any) -> Any:
    with transaction.atomic(), scope([luz.pk]):
        return asked()


def counts(luz: Any) -> Any:
    kinds = (Call, Promise, CaseNote, Overlay)
    return inside(luz, lambda: {kind.__name__: kind.objects.count() for kind in kinds})


def test_a_call_its_promise_and_what_is_next_are_one_act(luz, gema):
    following = Next("Comprobar la transferencia", DAY + timedelta(days=8))
    done = work(luz, gema, call=KEPT_CALL, promise=promise(), next=following)
    case = case_of(luz, "C01")
    assert (case.state, case.next_action, case.next_on) == ("promised", following.action, following.on)
    made = inside(luz, Promise.objects.get)
    assert (made.call_id, made.case_id, made.source, made.taken_by_id) == (
        done.parts["call"][0],
        case.pk,
        "call",
        gema.pk,
    )
    entry = inside(luz, lambda: AuditEntry.objects.get(sequence=done.sequence))
    assert (entry.verb, entry.subject, entry.payload["call"]) == (
        "case.worked",
        f"case:{case.pk}",
        [made.call_id],
    )


def test_a_part_that_cannot_be_leaves_nothing_of_the_others(luz, gema):
    before = counts(luz), case_of(luz, "C01").version
    with pytest.raises(PromiseRefused) as refused:
        work(luz, gema, call=KEPT_CALL, promise=promise(99_999_999), note="", next=Next("x", DAY))
    assert refused.value.facts["field"] == "amount"
    with pytest.raises(PromiseRefused):
        work(luz, gema, call=KEPT_CALL, promise=promise(days=-1))
    assert (counts(luz), case_of(luz, "C01").version) == before


def test_nothing_said_and_lines_of_others_are_refused(luz, gema):
    with pytest.raises(WorkRefused, match="No hay nada que guardar"):
        work(luz, gema)
    line = inside(luz, lambda: DueLine.objects.filter(customer__code="C02").earliest("pk").pk)
    with pytest.raises(WorkRefused, match="de este cliente"):
        work(luz, gema, dispute=Dispute((line,), "No llegó"))
    assert counts(luz)["Overlay"] == 0


def test_what_is_contested_cannot_be_promised_in_the_same_breath(luz, gema):
    lines = inside(
        luz, lambda: tuple(DueLine.objects.filter(customer__code="C01").values_list("pk", flat=True))
    )
    with pytest.raises(PromiseRefused, match="incidencia"):
        work(luz, gema, dispute=Dispute(lines, "Todo mal"), promise=promise())
    done = work(luz, gema, dispute=Dispute(lines[:1], "No llegó"))
    assert len(done.parts["dispute"]) == 1
    assert checks(luz) == ["open"]


def checks(luz: Any) -> list[str]:
    """What became of the tasks to look into what is contested."""
    tasks = Task.objects.filter(kind="check_dispute").order_by("pk")
    states: list[str] = inside(luz, lambda: list(tasks.values_list("state", flat=True)))
    return states


def test_the_first_wins_and_the_second_sees_what_changed(luz, gema):
    marta = member(luz, "marta@luz.example", "gestor", "Marta Ríos")
    seen = case_of(luz, "C01").version
    work(luz, gema, promise=promise())
    with pytest.raises(CaseChanged) as other:
        work(luz, marta, note="Yo también", seen_version=seen)
    assert other.value.facts["by"] == "Gema Sol"
    assert "Con compromiso" in other.value.sentence
    assert counts(luz)["CaseNote"] == 0


def test_who_lost_the_right_meanwhile_is_told_and_writes_nothing(luz, gema):
    Membership.objects.filter(pk=gema.pk).update(role="viewer")
    with pytest.raises(MayNotWork, match="papel ha cambiado"):
        work(luz, gema, note="Algo")
    Membership.objects.filter(pk=gema.pk).update(role="gestor", ended_at=NOW)
    with pytest.raises(MayNotWork, match="Ya no tiene acceso"):
        work(luz, gema, note="Algo")
    assert counts(luz)["CaseNote"] == 0


def test_a_case_a_colleague_has_open_is_not_worked_until_a_lead_takes_it(luz, gema):
    marta = member(luz, "marta@luz.example", "gestor", "Marta Ríos")
    rosa = member(luz, "rosa@luz.example", "manager", "Rosa Lago")
    case = case_of(luz, "C01")
    taken = {"creditor": luz, "case_id": case.pk, "now": NOW}
    assert take_case(**taken, member=marta).by_me
    assert take_case(**taken, member=gema).by_name == "Marta Ríos"
    with pytest.raises(CaseIsTaken, match="Marta Ríos tiene abierto"):
        work(luz, gema, note="Algo")
    with pytest.raises(MayNotWork):
        take_over(**taken, member=gema, actor=f"user:{gema.user_id}")
    take_over(**taken, member=rosa, actor=f"user:{rosa.user_id}")
    with pytest.raises(CaseIsTaken, match="Rosa Lago"):
        work(luz, marta, note="Algo")
    work(luz, rosa, note="Lo llevo yo")
    assert inside(luz, CaseLock.objects.count) == 0
    later = NOW + timedelta(minutes=6)
    take_case(**taken, member=marta)
    work(luz, gema, note="La suya ha caducado", now=later)


def test_the_gate_says_no_and_the_call_is_kept_only_when_it_was_made_anyway(luz, gema):
    night = NOW.replace(hour=22)
    with pytest.raises(CallRefused) as refused:
        work(luz, gema, call=SPOKEN, now=night)
    assert refused.value.facts["field"] == "made_anyway"
    work(luz, gema, call=NewCall(**{**_fields(SPOKEN), "made_anyway": True}), now=night)
    assert inside(luz, Call.objects.get).refusal is not None


def _fields(call: NewCall) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(call)


def test_all_of_it_is_taken_back_within_ten_minutes(luz, gema):
    work(luz, gema, next=Next("Llamar al contable", DAY))
    before = case_of(luz, "C01")
    lines = inside(
        luz, lambda: tuple(DueLine.objects.filter(customer__code="C01").values_list("pk", flat=True))
    )
    done = work(
        luz,
        gema,
        call=SPOKEN,
        promise=promise(),
        hold=Hold(DAY + timedelta(days=5), "De vacaciones"),
        dispute=Dispute(lines[1:], "Rota"),
        next=Next("Otra cosa", DAY + timedelta(days=3)),
        priority=1,
    )
    undo = {"creditor": luz, "sequence": done.sequence, "next_action": before.next_action, "member": gema}
    undo["actor"] = f"user:{gema.user_id}"
    with pytest.raises(WorkRefused, match="quien lo anotó"):
        undo_work(**undo, now=NOW + timedelta(minutes=11))
    marta = member(luz, "marta@luz.example", "gestor")
    with pytest.raises(WorkRefused):
        undo_work(**undo | {"actor": f"user:{marta.user_id}"}, now=NOW)
    undo_work(**undo, now=NOW + timedelta(minutes=9))
    after = case_of(luz, "C01")
    kept = ("state", "priority", "next_action", "next_on", "next_at", "touched_at")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    seen = inside(luz, lambda: promises_of(luz, after.customer_id, DAY))
    assert [each.state for each in seen] == ["withdrawn"]
    assert checks(luz) == ["cancelled"]
    assert inside(luz, lambda: Call.objects.latest("pk").outcome) == "undone"
    with pytest.raises(WorkRefused, match="ya estaba deshecho"):
        undo_work(**undo, now=NOW + timedelta(minutes=9))


def test_what_a_colleague_changed_since_stays_when_it_is_taken_back(luz, gema):
    done = work(luz, gema, note="Para borrar", next=Next("Mío", DAY))
    rosa = member(luz, "rosa@luz.example", "manager")
    work(luz, rosa, next=Next("De Rosa", DAY + timedelta(days=2)))
    undo_work(
        creditor=luz,
        sequence=done.sequence,
        next_action="",
        member=gema,
        actor=f"user:{gema.user_id}",
        now=NOW,
    )
    assert case_of(luz, "C01").next_action == "De Rosa"
    assert inside(luz, lambda: CaseNote.objects.filter(withdraws__isnull=False).count()) == 1


def test_one_note_for_many_or_for_none(luz, gema):
    ids = [case_of(luz, code).pk for code in ("C01", "C02")]
    by = {"creditor": luz, "actor": f"user:{gema.user_id}", "now": NOW}
    assert note_cases(**by, case_ids=ids, text="Cierra en agosto").cases == 2
    with pytest.raises(AldiaError):
        note_cases(**by, case_ids=[*ids, 999_999], text="Otra")
    assert counts(luz)["CaseNote"] == 2
    assert inside(luz, lambda: Customer.objects.get(code="C01").pk)
    assert inside(luz, Case.objects.count) == 3


def test_a_call_back_is_next_at_its_hour(luz, gema):
    at = NOW + timedelta(hours=2)
    call = NewCall(reached="third_party", outcome="callback", number="+34 600 000 001")
    work(luz, gema, call=call, next=Next("Preguntar por Ana", date(2026, 11, 20), at))
    case = case_of(luz, "C01")
    assert (case.next_at, case.next_on) == (at, DAY)


def test_nobody_s_case_becomes_that_of_the_collector_who_works_it_until_it_is_taken_back(luz, gema):
    reassign(creditor=luz, case_ids=[case_of(luz, "C01").pk], owner_id=None, actor="prueba", now=NOW)
    rosa = member(luz, "rosa@luz.example", "manager")
    work(luz, rosa, note="Solo miro")
    assert case_of(luz, "C01").owner_id is None
    done = work(luz, gema, note="Lo llevo yo")
    assert case_of(luz, "C01").owner_id == gema.pk
    by = {"creditor": luz, "actor": f"user:{gema.user_id}", "now": NOW, "member": gema}
    undo_work(**by, sequence=done.sequence, next_action="")
    assert case_of(luz, "C01").owner_id is None
