"""Who may not be written to by any way is not planned for day after day only to be cancelled."""

from datetime import date, timedelta

import pytest

from aldia.operations.opt_outs import refuse_channel
from aldia.operations.outbox.settling import ask_a_person
from aldia.records.cases.models import Task
from aldia.records.outreach.models import Message
from aldia.records.parties.models import Consent, ContactPoint
from tests import factories as make
from tests.queries.gate_house import DAY, NOW, house, use_strategy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LATE = date(2026, 11, 10)
DAYS = tuple(DAY + timedelta(days=n) for n in (3, 4, 5))


@pytest.fixture
def luz():
    """Its first reminder goes by WhatsApp, else SMS, else e-mail."""
    luz = house()
    use_strategy(luz, "academia")
    return luz


def _cancelled_by_the_gate(luz, days=DAYS):
    """The runs of these days, after each of which whatever the gate refuses for ever is cancelled."""
    for on in days:
        luz.run(on)
        for key, answer in luz.looks(now=NOW + (on - DAY)).items():
            if getattr(answer, "retry_at", NOW) is None:
                with luz.inside():
                    Message.objects.filter(bundle=key).update(state="cancelled", reason=str(answer.rule))
    with luz.inside():
        return list(Message.objects.filter(state="cancelled").values_list("customer__code", "reason"))


def _tasks(luz):
    with luz.inside():
        return list(Task.objects.filter(state="open").values_list("customer__code", "kind"))


def _bye(luz, code, address):
    with luz.inside():
        customer = luz.customers[code].pk if code else None
        refuse_channel(
            creditor=luz.creditor, customer_id=customer, channel="email", addresses=[address], at=NOW
        )


@pytest.mark.parametrize("who", ["A", None])
def test_an_address_that_refused_is_refused_for_all_who_share_it(luz, who):
    for code in ("A", "B"):
        luz.customer(code, (60_000, LATE))
    with luz.inside():
        ContactPoint.objects.filter(customer__code="A").update(value="gestoria@example.com")
        ContactPoint.objects.filter(customer__code="B").update(value="Gestoria@example.com")
    _bye(luz, who, "gestoria@example.com")
    assert _cancelled_by_the_gate(luz) == []
    assert sorted(_tasks(luz)) == [("A", "missing_address"), ("B", "missing_address")]
    with luz.inside():
        said = Consent.objects.order_by("customer__code").values_list("customer__code", "state", "note")
        assert [(code, state, bool(note)) for code, state, note in said] == [
            ("A", "refused", who is None),
            ("B", "refused", True),
        ]


def test_who_comes_later_with_an_address_that_refused_is_not_written_to_there(luz):
    _bye(luz, None, "c@example.com")
    luz.customer("C", (60_000, LATE))
    assert _cancelled_by_the_gate(luz) == []
    luz.customer("D", (60_000, LATE), reached=("email", "phone"))
    with luz.inside():
        ContactPoint.objects.filter(customer__code="D", channel="email").update(value="c@example.com")
    luz.run(DAYS[-1])
    assert [each["channel"] for each in _of(luz, "D")] == ["sms"]


def _of(luz, code):
    with luz.inside():
        return list(Message.objects.filter(customer__code=code).values("channel", "state"))


def test_a_minor_without_anybody_who_answers_for_them_is_not_planned_for(luz):
    luz.customer("HIJO", (60_000, LATE), role="other", minor=True)
    assert _cancelled_by_the_gate(luz) == []
    assert _tasks(luz) == [("HIJO", "missing_address")]
    with luz.inside():
        parent = make.contact(customer=luz.customers["HIJO"], role="parent", customer_minor=True)
        ContactPoint.objects.create(
            creditor=luz.creditor,
            customer=luz.customers["HIJO"],
            contact=parent,
            channel="email",
            value="madre@example.com",
        )
    luz.run(DAYS[-1])
    assert [each["channel"] for each in _of(luz, "HIJO")] == ["email"]


def _turned_away(luz, code, on):
    """What is planned by mail for the customer is refused by the server, for what it is and not for whom."""
    with luz.inside():
        message = Message.objects.get(customer__code=code, state="planned")
        dispatch = make.dispatch(
            customer=luz.customers[code], key=message.once_key, state="failed", finished_at=NOW, error="5.7.1"
        )
        Message.objects.filter(pk=message.pk).update(state="failed", reason="rejected", dispatch=dispatch)
        ask_a_person(dispatch, "rejected", on)


def test_what_a_server_turned_away_is_not_sent_there_again_until_somebody_has_looked(luz):
    luz.customer("A", (60_000, LATE))
    luz.run()
    _turned_away(luz, "A", DAY)
    luz.run(DAYS[0])
    assert [each["state"] for each in _of(luz, "A")] == ["failed"]
    assert sorted(_tasks(luz)) == [("A", "mail_failed"), ("A", "missing_address")]
    with luz.inside():
        Task.objects.filter(kind="mail_failed").update(state="done", closed_on=DAYS[0])
    luz.run(DAYS[1])
    assert [each["state"] for each in _of(luz, "A")] == ["failed", "planned"]


def test_after_a_week_it_is_tried_again(luz):
    luz.customer("A", (60_000, LATE))
    luz.run()
    _turned_away(luz, "A", DAY)
    luz.run(DAY + timedelta(days=6))
    assert len(_of(luz, "A")) == 1
    luz.run(DAY + timedelta(days=7))
    assert len(_of(luz, "A")) == 2


def test_what_was_planned_before_says_what_it_was_to_say(luz):
    luz.customer("A", (60_000, LATE))
    luz.run()
    with luz.inside():
        earlier = make.dispatch(
            customer=luz.customers["A"], key="antes", state="failed", finished_at=NOW, error="5.7.1"
        )
        ask_a_person(earlier, "rejected", DAY)
    assert [line.open_minor for line in luz.mail("A").lines] == [60_000]
