"""What a call counts as, and when one may be made: asked of the gate, country by country."""

from datetime import UTC, date, datetime, timedelta

import pytest

from aldia.operations.calls import NewCall, record_call
from aldia.operations.circumstances import NewCircumstance, record_circumstance
from aldia.operations.ledger import record_dispute, record_hold
from aldia.operations.promises import NewPromise, record_promise
from aldia.queries.calling import calling_of
from aldia.queries.calls import call_sheet, may_call
from aldia.queries.live import live_reading
from aldia.records.parties.models import Consent, ContactPoint
from tests.queries.gate_house import DAY, NOW, house

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LATE = date(2026, 11, 10)


@pytest.fixture
def luz():
    return house()


def add(luz, code="A", **fields):
    kind = {"person_kind": "consumer"} | fields
    return luz.customer(code, (60_000, LATE), reached=("email", "phone"), **kind)


def called(luz, code="A", *, now=NOW, **said):
    new = NewCall(**({"reached": "right_party", "outcome": "spoken"} | said))
    customer = luz.customers[code].pk
    return record_call(creditor=luz.creditor, customer_id=customer, new=new, actor="user:7", now=now)


def leave(luz, code="A", *, now=NOW, number=""):
    with luz.inside():
        return may_call(luz.creditor, luz.customers[code].pk, now=now, number=number)


def rule(luz, code="A", **moment):
    return leave(luz, code, **moment).rule


NOBODY = {"reached": "nobody", "outcome": "no_answer"}
WRONG = {"reached": "nobody", "outcome": "wrong_number", "number": "+34600000000"}


@pytest.mark.parametrize("planned", [False, True])
def test_what_a_call_is_judged_with_tells_of_the_customer_what_any_page_tells(luz, planned):
    """Planned or not: the case beside the worklist is read once for both."""
    add(luz)
    if planned:
        luz.run()
    key = luz.customers["A"].pk
    with luz.inside():
        moment = calling_of(luz.creditor, key, now=NOW).judging.moment
        said, live = moment.as_read().decided, live_reading(luz.creditor, (key,), DAY).decided
    assert said.decisions.equals(live.decisions)
    assert said.rows.equals(live.rows)
    assert (said is moment.reading.decided) is not planned


def test_an_attempt_that_reached_nobody_counts_for_the_caps(luz):
    add(luz)
    called(luz, **NOBODY)
    assert rule(luz, now=NOW + timedelta(hours=1)) == "customer_cap"
    seen = leave(luz, now=NOW + timedelta(hours=1))
    assert "Ya se ha contactado con él lo que cabe: una vez en 1 día." in seen.sentence
    assert seen.sentence.endswith("Se le puede llamar desde el lun 23 nov 2026 a las 09:00.")
    assert seen.retry_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_a_number_that_is_not_theirs_and_their_own_call_count_for_nothing(luz):
    add(luz)
    add(luz, "B")
    called(luz, number_status="disconnected", **WRONG)
    called(luz, "B", direction="in")
    with luz.inside():
        ContactPoint.objects.filter(customer=luz.customers["A"]).update(quality="unknown")
    assert rule(luz) == rule(luz, "B") == ""


def test_a_call_holds_back_the_mail_of_the_same_day(luz):
    add(luz)
    luz.run()
    assert luz.rules() == {"A": "sale"}
    called(luz, **NOBODY)
    assert luz.rules() == {"A": "customer_cap"}


def test_chile_one_call_or_visit_in_seven_days(luz):
    add(luz, country="CL", place="CL")
    here = {"now": NOW + timedelta(hours=6)}
    assert rule(luz, **here) == ""
    called(luz, **here, **NOBODY)
    assert rule(luz, now=NOW + timedelta(days=4, hours=6)) == "customer_cap"
    assert rule(luz, now=NOW + timedelta(days=7, hours=6)) == ""
    other = luz.customer("B", (60_000, LATE), reached=("email", "phone"), country="CL", place="CL")
    assert other.pk
    called(luz, "B", kind="visit", **here, **NOBODY)
    assert rule(luz, "B", now=NOW + timedelta(days=4, hours=6)) == "customer_cap", "a visit is one of them"


def test_colombia_a_conversation_is_direct_contact_an_attempt_is_not(luz):
    luz.settings(agreed_channels=["call", "email"])
    for code in ("A", "B", "C"):
        add(luz, code, country="CO", place="CO")
    here = NOW + timedelta(hours=6)  # ten in Bogotá
    called(luz, "A", now=here)
    called(luz, "B", now=here, **NOBODY)
    called(luz, "C", now=here, direction="in")
    later = here + timedelta(hours=2)
    assert rule(luz, "A", now=later) == "customer_cap", "after direct contact one a day"
    assert rule(luz, "B", now=later) == ""
    assert rule(luz, "C", now=later) == "", "their own call is no contact of ours, so one is left"
    luz.run()
    assert luz.rules(now=here + timedelta(days=3)) == {"A": "one_channel", "B": "sale", "C": "sale"}


def test_colombia_does_not_ask_consumers_why(luz):
    luz.settings(agreed_channels=["call", "email"])
    add(luz, country="CO", place="CO")
    add(luz, "B", country="CO", place="CO", person_kind="business")
    with luz.inside():
        consumer = call_sheet(luz.creditor, luz.customers["A"].pk, now=NOW)
        company = call_sheet(luz.creditor, luz.customers["B"].pk, now=NOW)
    assert not consumer.asks_reason
    assert consumer.reason_source == "Ley 2300 de 2023 (visto en fuente secundaria)"
    assert consumer.points[0].startswith("No pregunte por qué no ha pagado")
    assert (company.asks_reason, company.reason_source) == (True, "")


def test_who_is_not_called_at_all(luz):
    for code in ("A", "B", "C", "D", "E", "F"):
        add(luz, code)
    luz.customer("G", (60_000, LATE), reached=("email",))
    by = {"creditor": luz.creditor, "actor": "ana", "now": NOW}
    for code, kind in {"A": "deceased", "B": "complaint", "C": "in_suit"}.items():
        new = NewCircumstance(kind, DAY)
        record_circumstance(customer_id=luz.customers[code].pk, new=new, **by)
    luz.pays("D", 60_000)
    with luz.inside() as books:
        record_hold(**books.common, customer_id=luz.customers["E"].pk, on=DAY, until_on=date(2026, 12, 1))
        said = {"creditor": luz.creditor, "customer": luz.customers["F"], "source": "person"}
        Consent.objects.create(**said, channel="call", state="refused", recorded_by="ana")
    assert {code: rule(luz, code) for code in "ABCDEFG"} == {
        "A": "deceased",
        "B": "complaint",
        "C": "in_suit",
        "D": "paid",
        "E": "on_hold",
        "F": "opted_out",
        "G": "no_address",
    }
    told = {leave(luz, code).sentence for code in "ABCDEF"}
    assert not any("escrib" in sentence for sentence in told), "a call is not written"
    assert rule(luz, "G", number="+34611111111") == "", "a number that is dialled is one"


def test_a_dispute_is_what_a_call_may_be_about(luz):
    add(luz)
    with luz.inside() as books:
        record_dispute(**books.common, due_line_id=luz.lines["A"][0], on=DAY)
    assert rule(luz) == ""


def test_what_stops_messages_alone_stops_no_call(luz):
    add(luz)
    luz.settings(sending_stopped_at=NOW, sending_stopped_by="ana", messages_per_day_max=0)
    assert rule(luz) == ""


def test_hours_are_those_of_the_customer(luz):
    add(luz, place="ES-CN")
    assert rule(luz, now=datetime(2026, 11, 20, 8, 30, tzinfo=UTC)) == "window"
    assert "de 09:00 a 21:00" in leave(luz, now=datetime(2026, 11, 20, 8, 30, tzinfo=UTC)).sentence
    assert rule(luz, now=datetime(2026, 11, 20, 20, 30, tzinfo=UTC)) == ""


def test_a_promise_that_is_open_keeps_from_calling(luz):
    add(luz)
    luz.customer("Z", (60_000, date(2026, 12, 10)), reached=("phone",))
    for code in ("A", "Z"):
        promised = NewPromise(amount_minor=60_000, currency="EUR", promised_on=date(2026, 11, 27))
        by = {"creditor": luz.creditor, "actor": "user:7", "now": NOW}
        record_promise(customer_id=luz.customers[code].pk, new=promised, **by)
        seen = leave(luz, code)
        assert seen.rule == "promise"
        assert seen.sentence.startswith("No se le llama: prometió pagar hasta el")
