"""A dispute is looked into by a person, and ends with what came of it: then the line is claimed again."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from aldia.operations.calls import NewCall, correct_call, record_call
from aldia.operations.cases import MayNotWork
from aldia.operations.creditors import create_creditor
from aldia.operations.disputes import DisputeAlreadyEnded, DisputeRefused, UnknownDispute, end_dispute
from aldia.operations.ledger import record_dispute
from aldia.operations.promises import NewPromise, PromiseRefused, record_promise
from aldia.operations.tasks import close_task
from aldia.queries.disputes import disputes_of, open_disputes
from aldia.queries.kinds import kind_of
from aldia.queries.worklist import Wanted, worklist
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import Case, Decision, Task
from aldia.records.ledger.models import Overlay, OverlayEnd
from aldia.records.tenancy.models import Membership
from tests import factories as make
from tests.queries.gate_house import DAY, NOW, House, house

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BY: dict[str, Any] = {"actor": "user:7", "now": NOW}
WHY = "Se entregó lo que faltaba"
NEXT = DAY + timedelta(days=3)  # a Monday


@pytest.fixture
def luz() -> House:
    luz = house()
    luz.customer("A", (60_000, date(2026, 11, 2)), (20_000, date(2026, 11, 3)), reached=("email", "phone"))
    return luz


def called(luz: House, *lines: int, now: datetime = NOW, **said: Any) -> Any:
    """They ring and do not agree."""
    new = NewCall(
        direction="in", reached="right_party", outcome="dispute", disputed_lines=tuple(lines), **said
    )
    return record_call(creditor=luz.creditor, customer_id=luz.customers["A"].pk, new=new, **BY | {"now": now})


def ids(luz: House) -> list[int]:
    with luz.inside():
        return list(Overlay.objects.filter(kind="dispute").order_by("pk").values_list("pk", flat=True))


def end(luz: House, dispute: int, reason: str = WHY, **by: Any) -> date:
    return end_dispute(creditor=luz.creditor, dispute_id=dispute, reason=reason, **BY | by)


def checks(luz: House) -> list[str]:
    with luz.inside():
        tasks = Task.objects.filter(kind="check_dispute").order_by("pk")
        return list(tasks.values_list("state", flat=True))


def outcome(luz: House) -> str:
    with luz.inside():
        return Decision.objects.latest("pk").outcome


def test_it_ends_once_with_words_an_author_and_one_entry(luz):
    called(luz, luz.lines["A"][0])
    (dispute,) = ids(luz)
    with luz.inside():
        before = AuditEntry.objects.count()
    assert end(luz, dispute, f"  {WHY}\n") == DAY
    with luz.inside():
        kept = OverlayEnd.objects.get()
        assert (kept.overlay_id, kept.reason, kept.recorded_by) == (dispute, WHY, "user:7")
        assert AuditEntry.objects.count() == before + 1
        entry = AuditEntry.objects.latest("pk")
        assert (entry.verb, entry.subject) == ("ledger.overlay_ended", f"overlay:{dispute}")
        (known,) = disputes_of(luz.creditor, luz.customers["A"].pk, DAY)
        assert (known.number, known.end_reason, known.in_force) == ("F-A-1", WHY, False)
        assert open_disputes(luz.creditor, DAY) == ()
    with pytest.raises(DisputeAlreadyEnded, match=r"ya estaba resuelta desde el 20/11/2026: lo anotó user:7"):
        end(luz, dispute, actor="user:8")


@pytest.mark.parametrize("reason", ["", " \0 ", "x" * 201])
def test_without_words_or_with_too_many_nothing_is_done(luz, reason):
    called(luz, luz.lines["A"][0])
    with pytest.raises(DisputeRefused) as refused:
        end(luz, ids(luz)[0], reason)
    assert refused.value.facts["field"] == "reason"
    assert checks(luz) == ["open"]


def test_a_pause_is_no_dispute_and_nobody_ends_anothers(luz):
    called(luz, luz.lines["A"][0])
    by: dict[str, Any] = {"name": "Mar", "country": "ES", "code": "mar", "actor": "prueba", "now": NOW}
    mar = create_creditor(**by).creditor
    with pytest.raises(UnknownDispute):
        end_dispute(creditor=mar, dispute_id=ids(luz)[0], reason=WHY, **BY)
    with luz.inside():
        held = Overlay.objects.create(
            creditor=luz.creditor,
            customer=luz.customers["A"],
            kind="hold",
            effective_on=DAY,
            until_on=DAY + timedelta(days=3),
            recorded_at=NOW,
        )
    with pytest.raises(UnknownDispute):
        end(luz, held.pk)


def test_who_has_lost_the_right_ends_none(luz):
    member: Membership = make.membership(creditor=luz.creditor, role="viewer")
    called(luz, luz.lines["A"][0])
    with pytest.raises(MayNotWork):
        end(luz, ids(luz)[0], actor=f"user:{member.user_id}")
    assert checks(luz) == ["open"]


def test_of_two_at_the_same_moment_the_first_ends_it_and_the_second_is_told(luz):
    called(luz, luz.lines["A"][0])
    (dispute,) = ids(luz)
    together, told = Barrier(2), []

    def ends(actor: str) -> None:
        together.wait(10)
        try:
            told.append(str(end(luz, dispute, actor=actor)))
        except DisputeAlreadyEnded as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=ends, args=(actor,)) for actor in ("user:7", "user:8")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == ["2026-11-20", "dispute_already_ended"]


# What follows


def test_the_line_is_claimed_again_from_the_next_run(luz):
    luz.run()
    called(luz, *luz.lines["A"])
    luz.run(NEXT)
    assert outcome(luz) == "disputed"
    for dispute in ids(luz):
        end(luz, dispute, now=NOW + timedelta(days=3))
    luz.run(NEXT + timedelta(days=1))
    with luz.inside():
        last = Decision.objects.latest("pk")
    assert last.step, f"a step, not «{last.outcome}»"


def test_a_promise_on_it_is_taken_again(luz):
    line = luz.lines["A"][0]
    called(luz, line)
    promise: dict[str, Any] = {"creditor": luz.creditor, "customer_id": luz.customers["A"].pk, **BY}
    promise["new"] = NewPromise(60_000, "EUR", DAY + timedelta(days=5), due_line_ids=(line,))
    with pytest.raises(PromiseRefused, match="incidencia"):
        record_promise(**promise)
    end(luz, ids(luz)[0])
    assert record_promise(**promise).amount_minor == 60_000


def test_the_kind_follows_its_rule(luz):
    """Contested while it is open; what they said counts for ninety days, whatever came of the dispute."""

    def because(on: date) -> tuple[str, str]:
        with luz.inside():
            seen = kind_of(luz.creditor, luz.customers["A"].pk, on)
            return seen.inferred, seen.because

    called(luz, luz.lines["A"][0])
    assert because(DAY) == ("circumstantial", "contested")
    end(luz, ids(luz)[0])
    assert because(DAY)[0] != "circumstantial"
    called(luz, luz.lines["A"][0], reason="disagrees")
    end(luz, ids(luz)[1])
    assert because(DAY + timedelta(days=89)) == ("circumstantial", "said_disagrees")
    assert because(DAY + timedelta(days=90))[0] != "circumstantial"


def test_the_case_has_been_worked(luz):
    luz.run()
    called(luz, luz.lines["A"][0])
    end(luz, ids(luz)[0], now=NOW + timedelta(days=3))
    with luz.inside():
        assert Case.objects.get().touched_at == NOW + timedelta(days=3)


# Somebody is asked to look into it


def test_one_task_waits_until_nothing_is_contested_any_more(luz):
    first, second = luz.lines["A"]
    called(luz, first)
    called(luz, second)
    called(luz)
    assert checks(luz) == ["open"], "one for all of it"
    one, other = ids(luz)
    end(luz, one)
    assert checks(luz) == ["open"]
    end(luz, other)
    assert checks(luz) == ["done"]
    called(luz, first)
    assert checks(luz) == ["done", "open"], "it is contested anew"


def test_what_has_been_paid_meanwhile_keeps_no_task_open(luz):
    called(luz, *luz.lines["A"])
    luz.pays("A", 20_000, line=1)
    end(luz, ids(luz)[0])
    assert checks(luz) == ["done"]


def test_the_task_of_a_call_put_right_goes_with_it_unless_something_else_is_contested(luz):
    first, second = luz.lines["A"]
    wrong = called(luz, first)
    spoken = NewCall(direction="in", reached="right_party", outcome="spoken")
    right = correct_call(creditor=luz.creditor, call_id=wrong.pk, new=spoken, **BY)
    assert checks(luz) == ["cancelled"]
    new = NewCall(direction="in", reached="right_party", outcome="dispute", disputed_lines=(first,))
    again = correct_call(creditor=luz.creditor, call_id=right.pk, new=new, **BY)
    called(luz, second, now=NOW + timedelta(minutes=5))
    correct_call(creditor=luz.creditor, call_id=again.pk, new=spoken, **BY)
    assert checks(luz) == ["cancelled", "cancelled", "open"], "the second line is contested still"


def test_a_case_all_in_dispute_stays_in_the_list_until_somebody_has_looked(luz):
    def why() -> str:
        with luz.inside():
            now = NOW + timedelta(days=3, minutes=5)
            found = worklist(luz.creditor, member=boss, on=NEXT, now=now, wanted=Wanted(owner="all"))
            return found.rows[0].why

    boss = make.membership(creditor=luz.creditor, role="manager")
    luz.run()
    called(luz, *luz.lines["A"])
    luz.run(NEXT)
    assert why() == "task"
    with luz.inside():
        task = Task.objects.get(kind="check_dispute")
    close_task(creditor=luz.creditor, task_id=task.pk, done=True, on=NEXT, **BY)
    assert why() == "disputed"


def test_a_dispute_that_an_import_told_can_be_ended_too(luz):
    with luz.inside():
        told = record_dispute(
            creditor_id=luz.creditor.pk, due_line_id=luz.lines["A"][0], on=DAY - timedelta(days=9), **BY
        )
    assert end(luz, told) == DAY
