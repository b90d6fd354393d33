"""What a run makes of promises to pay: rest, reminder, verdict, the next step, and who is told."""

from datetime import date, datetime, timedelta

import pytest

from aldia.operations.ledger import record_dispute, record_hold, reverse_credit
from aldia.operations.promises import NewPromise, record_promise, withdraw_promise
from aldia.queries.explain import explain
from aldia.queries.promises import kept_rate, promises_of
from aldia.queries.sheet import customer_sheet
from aldia.records.cases.models import Decision, Promise, PromiseOutcome
from aldia.records.ledger.models import Credit
from aldia.records.outreach.models import Alert, Message, MessageLine
from aldia.rules.gate import Allowed, Refused
from tests import factories as make
from tests.queries.gate_house import DAY, NOW, House, house, plain

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LATE = date(2026, 11, 10)  # ten days: the friendly step
THURSDAY = date(2026, 11, 26)


@pytest.fixture
def luz() -> House:
    made = house(promise_grace_days=2)
    with made.inside():
        make.membership(creditor=made.creditor, role="manager")
    return made


def on_day(day: date) -> datetime:
    return NOW + timedelta(days=(day - DAY).days)


def promises(luz: House, code: str = "A", minor: int = 60_000, on: date = THURSDAY, **more) -> Promise:
    made_on = more.pop("made_on", DAY)
    return record_promise(
        creditor=luz.creditor,
        customer_id=luz.customers[code].pk,
        new=NewPromise(minor, "EUR", on, **more),
        actor="user:1",
        now=on_day(made_on),
    )


def outcomes(luz: House) -> list[tuple[str, int, date]]:
    with luz.inside():
        return list(PromiseOutcome.objects.order_by("pk").values_list("verdict", "paid_minor", "decided_on"))


def decided(luz: House, code: str = "A") -> tuple[str, date | None]:
    with luz.inside():
        last = Decision.objects.filter(customer=luz.customers[code]).latest("pk")
        return last.outcome, last.next_on


def messages(luz: House, code: str = "A") -> list[tuple[str, str, str, str]]:
    with luz.inside():
        rows = Message.objects.filter(customer=luz.customers[code]).order_by("pk")
        return list(rows.values_list("once_key", "template", "state", "reason"))


def goes_out(luz: House, on: date) -> None:
    """All that is planned leaves that day."""
    with luz.inside():
        for message in Message.objects.filter(state__in=["planned", "approved"]):
            make.send_message(message, at=on_day(on))


def sentence(luz: House, on: date, code: str = "A") -> str:
    return plain(explain(luz.creditor, code, on).decision.sentence)


def test_an_open_promise_rests_the_ladder_of_the_whole_customer(luz):
    luz.customer("A", (60_000, LATE), (5_000, LATE))
    luz.run()
    planned = messages(luz)[0]
    made = promises(luz, due_line_ids=(luz.lines["A"][0],), receipt=False)
    luz.run()
    assert decided(luz) == ("promise_open", date(2026, 11, 29))
    assert messages(luz) == [(*planned[:2], "cancelled", "promise_open")]
    assert sentence(luz, DAY) == (
        "Hoy no se le escribe: se ha comprometido a pagar 600,00 €, y se espera hasta el sáb 28 nov 2026."
        " Tiene 650,00 € vencidos."
    )
    withdraw_promise(
        creditor=luz.creditor, promise_id=made.pk, reason="error", actor="user:1", now=on_day(DAY)
    )
    luz.run()
    assert decided(luz)[0] == "friendly"


def test_the_gate_refuses_what_was_planned_before_the_promise(luz):
    luz.customer("A", (60_000, LATE))
    luz.run()
    promises(luz, receipt=False)
    (answer,) = luz.looks().values()
    assert isinstance(answer, Refused)
    assert (answer.rule, answer.retry_at, answer.facts) == ("promise", None, {"until": "2026-11-28"})


def test_the_receipt_leaves_though_the_promise_rests_everything_else(luz):
    luz.customer("A", (60_000, LATE), (40_000, LATE), contact="Ana Sol")
    made = promises(luz, minor=70_000)
    assert messages(luz) == [(f"promise:{made.pk}/receipt/1", "promise_receipt", "planned", "")]
    (answer,) = luz.looks().values()
    assert isinstance(answer, Allowed)
    mail = luz.mail("A")
    text = plain(mail.text)
    assert mail.subject == "Anotado: 26 de noviembre de 2026"
    assert "Hemos anotado que pagará 700,00 € a más tardar el 26 de noviembre de 2026." in text
    assert "600,00 €" in text
    assert "100,00 €" in text  # of the second item, what is promised of it
    assert "Total: 700,00 €" in text
    assert "volveremos a escribirle con el aviso siguiente" in text


def test_a_receipt_of_a_promise_taken_back_does_not_leave(luz):
    luz.customer("A", (60_000, LATE))
    made = promises(luz)
    withdraw_promise(creditor=luz.creditor, promise_id=made.pk, reason="x", actor="user:1", now=NOW)
    assert messages(luz)[0][2:] == ("cancelled", "withdrawn")


def test_a_receipt_of_a_promise_kept_meanwhile_does_not_leave(luz):
    luz.customer("A", (60_000, LATE))
    promises(luz)
    luz.pays("A", 60_000)
    (answer,) = luz.looks().values()
    assert isinstance(answer, Refused)
    assert answer.rule == "paid"


def test_who_has_no_way_to_be_written_to_gets_no_receipt(luz):
    luz.customer("A", (60_000, LATE), reached=("post",))
    promises(luz)
    assert messages(luz) == []


def test_the_reminder_is_planned_the_working_day_before_and_tells_what_is_missing(luz):
    luz.customer("A", (60_000, LATE))
    luz.customer("B", (60_000, LATE))
    monday = date(2026, 11, 30)
    made = promises(luz, on=monday)
    promises(luz, "B", on=monday)
    goes_out(luz, DAY)
    luz.pays("A", 20_000, on=date(2026, 11, 24))
    luz.pays("B", 60_000, on=date(2026, 11, 24))
    luz.run(THURSDAY)
    assert len(messages(luz)) == 1
    friday = date(2026, 11, 27)
    luz.run(friday)
    luz.run(friday)
    assert messages(luz)[1:] == [(f"promise:{made.pk}/reminder/1", "promise_reminder", "planned", "")]
    assert len(messages(luz, "B")) == 1  # paid: nothing to be reminded of
    with luz.inside():
        assert list(MessageLine.objects.values_list("open_minor", flat=True)) == [60_000, 60_000, 40_000]
    mail = luz.mail("A", now=on_day(friday))
    assert mail.subject == "Lo que acordamos para el 30 de noviembre de 2026"
    assert "Le recordamos lo que acordamos: 400,00 €" in plain(mail.text)
    late = luz.looks(now=on_day(date(2026, 12, 1)))
    assert [answer.rule for answer in late.values() if isinstance(answer, Refused)] == ["no_longer_applies"]


def test_nobody_is_reminded_on_the_day_of_the_receipt_or_while_on_hold(luz):
    luz.customer("A", (60_000, LATE))
    luz.customer("B", (60_000, LATE))
    promises(luz, on=DAY + timedelta(days=3))  # a Monday; the working day before is today
    promises(luz, "B", receipt=False)
    with luz.inside() as books:
        held = {"customer_id": luz.customers["B"].pk, "on": DAY, "until_on": date(2026, 12, 20)}
        record_hold(**books.common, **held)
    luz.run()
    luz.run(date(2026, 11, 25))
    assert [key.split("/")[1] for key, *_ in messages(luz) if key.startswith("promise")] == ["receipt"]
    assert not [key for key, *_ in messages(luz, "B") if "reminder" in key]


def test_a_reminder_counts_as_a_contact_and_a_receipt_does_not(luz):
    luz.customer("A", (60_000, LATE))
    promises(luz, receipt=True)
    goes_out(luz, DAY)
    luz.run(date(2026, 11, 25))
    goes_out(luz, date(2026, 11, 25))
    with luz.inside():
        other = make.message(
            customer=luz.customers["A"], kind="free", step="free", template="free", planned_on=DAY
        )
        Message.objects.filter(pk=other.pk).update(state="approved", approved_by="a", approved_at=NOW)
    same_day = luz.looks(now=on_day(date(2026, 11, 25)) + timedelta(hours=1))
    assert [a.rule for a in same_day.values() if isinstance(a, Refused)] == ["customer_cap"]
    assert all(isinstance(a, Allowed) for a in luz.looks(now=on_day(DAY) + timedelta(hours=1)).values())


def test_an_item_disputed_since_is_not_asked_for_by_the_reminder(luz):
    luz.customer("A", (60_000, LATE))
    promises(luz, receipt=False)
    luz.run(date(2026, 11, 25))
    with luz.inside() as books:
        record_dispute(**books.common, due_line_id=luz.lines["A"][0], on=date(2026, 11, 25))
    answers = luz.looks(now=on_day(date(2026, 11, 25)))
    assert [a.rule for a in answers.values() if isinstance(a, Refused)] == ["disputed"]


def test_a_broken_promise_is_told_and_the_next_step_comes_at_once(luz):
    luz.settings(promise_grace_days=0)
    luz.customer("A", (60_000, date(2026, 11, 17)))
    luz.run()
    goes_out(luz, DAY)
    made = promises(luz, receipt=False)
    luz.run(THURSDAY)
    assert outcomes(luz) == []
    friday = date(2026, 11, 27)
    luz.run(friday)
    luz.run(friday)
    assert outcomes(luz) == [("broken", 0, friday)]
    with luz.inside():
        assert list(Alert.objects.values_list("kind", "subject").distinct()) == [
            ("arrear", Alert.objects.get(kind="arrear").subject),
            ("broken_promise", f"promise:{made.pk}"),
        ]
        step = Message.objects.get(step="second")
    assert (step.template, step.promise_id) == ("promise_broken", made.pk)
    assert sentence(luz, friday).startswith(
        "Hoy toca «Segundo recordatorio», que se adelanta: el compromiso de pagar 600,00 € a más tardar el"
        " jue 26 nov 2026 no se cumplió."
    )
    with luz.inside():
        told = customer_sheet(luz.creditor, luz.customers["A"].pk, friday)
        assert told is not None
        titles = [(each.title, each.state) for each in told.timeline.entries]
    assert ("Compromiso de pago para el jue 26 nov 2026", "") in titles
    assert ("Compromiso para el jue 26 nov 2026", "Incumplido") in titles
    mail = luz.mail("A", now=on_day(friday))
    assert "Habíamos acordado 600,00 € para el 26 de noviembre de 2026" in plain(mail.text)
    goes_out(luz, friday)
    luz.run(date(2026, 12, 10))
    assert decided(luz)[0] == "waiting"  # once per promise


def test_a_partly_kept_promise_lets_the_ladder_go_on_as_it_was(luz):
    luz.settings(promise_grace_days=0)
    luz.customer("A", (60_000, date(2026, 11, 17)))
    luz.run()
    goes_out(luz, DAY)
    promises(luz, receipt=False)
    luz.pays("A", 20_000, on=THURSDAY)
    friday = date(2026, 11, 27)
    luz.run(friday)
    assert outcomes(luz) == [("partly_kept", 20_000, friday)]
    assert decided(luz)[0] == "waiting"


def test_money_that_turns_up_later_makes_a_broken_promise_kept_and_a_return_breaks_it_again(luz):
    luz.customer("A", (60_000, LATE))
    promises(luz, receipt=False)
    sunday, later, last = date(2026, 11, 29), date(2026, 12, 3), date(2026, 12, 9)
    luz.run(sunday)
    luz.pays("A", 60_000, on=THURSDAY)
    luz.run(later)
    with luz.inside() as books:
        credit = Credit.objects.get(customer=luz.customers["A"])
        reverse_credit(**books.common, credit_id=credit.pk, kind="returned_debit", on=date(2026, 12, 8))
    luz.run(last)
    luz.run(last)
    assert outcomes(luz) == [("broken", 0, sunday), ("kept", 60_000, later), ("broken", 0, last)]
    with luz.inside():
        assert kept_rate(luz.creditor, later).by_count == 1
        assert kept_rate(luz.creditor, last).by_count == 0
        assert Alert.objects.filter(kind="broken_promise").count() == 1


def test_a_promise_taken_back_after_the_day_of_the_run_is_left_as_it_is(luz):
    """The run of the day before, made up for: it writes no verdict over the last word."""
    luz.customer("A", (60_000, LATE))
    made = promises(luz, receipt=False)
    luz.pays("A", 20_000, on=THURSDAY)
    withdraw_promise(
        creditor=luz.creditor,
        promise_id=made.pk,
        reason="No lo dijo",
        actor="user:1",
        now=on_day(date(2026, 11, 27)),
    )
    luz.run(THURSDAY)
    luz.pays("A", 40_000, on=THURSDAY)
    luz.run(THURSDAY)
    assert [verdict for verdict, *_ in outcomes(luz)] == ["withdrawn"]


def test_money_nobody_has_matched_yet_keeps_the_verdict_open(luz):
    luz.customer("A", (60_000, LATE))
    promises(luz, receipt=False)
    luz.pays("A", 60_000, on=THURSDAY, line=None)
    sunday = date(2026, 11, 29)
    luz.run(sunday)
    assert outcomes(luz) == []
    with luz.inside():
        (row,) = promises_of(luz.creditor, luz.customers["A"].pk, sunday)
    assert (row.state, row.waits_for_matching) == ("open", True)


@pytest.mark.parametrize(
    ("large", "amount", "told"), [(None, 1_000, True), (60_000, 1_000, True), (60_001, 1_000, False)]
)
def test_only_what_is_large_is_told_where_that_was_said(luz, large, amount, told):
    """Large is the promise, or what is overdue."""
    luz.settings(large_account_minor=large)
    luz.customer("A", (60_000, LATE))
    promises(luz, minor=amount, receipt=False)
    luz.run(date(2026, 11, 29))
    with luz.inside():
        assert Alert.objects.filter(kind="broken_promise").exists() == told
