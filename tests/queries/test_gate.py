"""The last look with the facts of the database: what changed since the plan is seen, batch by batch."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from aldia.operations.creditors import create_creditor
from aldia.operations.ledger import record_cover, record_dispute, record_hold, record_terms
from aldia.queries.gate import judging_of, last_looks
from aldia.records.cases.models import DailyRun, Task
from aldia.records.outreach.models import Message, Reply
from aldia.records.parties.models import Consent, Contact, ContactPoint, Customer
from aldia.records.tenancy.models import House as Lock
from aldia.records.tenancy.scope import scope
from aldia.rules.gate import Allowed, Refused
from tests import factories as make
from tests.queries.gate_house import DAY, NOW, house, use_strategy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LATE = date(2026, 11, 10)
LONG_LATE = date(2026, 11, 1)


@pytest.fixture
def luz():
    return house()


def test_what_the_run_has_just_planned_may_leave(luz):
    luz.customer("A", (60_000, LATE))
    luz.customer("B", (5_000, LATE), (7_000, LATE))
    luz.run()
    bundles, answers = luz.bundles(), luz.looks()
    assert len(answers) == 2
    assert answers == {key: Allowed(tuple(ids)) for key, ids in bundles.items()}


def test_every_change_of_the_portfolio_since_the_plan_is_seen_in_one_batch(luz):
    codes = ("PAGA", "PARTE", "POCO", "CUENTA", "PAUSA", "DISPUTA", "CUBRE", "CONCURSO", "PLAZO", "NADA")
    for code in codes:
        luz.customer(code, (60_000, LATE))
    luz.run()
    luz.pays("PAGA", 60_000)
    luz.pays("PARTE", 30_000)
    luz.pays("POCO", 59_000)
    luz.pays("CUENTA", 60_000, line=None)
    with luz.inside() as books:
        record_hold(**books.common, customer_id=luz.customers["PAUSA"].pk, on=DAY, until_on=None)
        record_dispute(**books.common, due_line_id=luz.lines["DISPUTA"][0], on=DAY)
        line = {"due_line_id": luz.lines["CUBRE"][0], "on": DAY, "until_on": date(2026, 12, 20)}
        record_cover(**books.common, **line)
        record_terms(**books.common, due_line_id=luz.lines["PLAZO"][0], until_on=date(2026, 12, 1), on=DAY)
        Customer.objects.filter(code="CONCURSO").update(insolvent_on=DAY)
    assert luz.rules() == {
        "PAGA": "paid",
        "PARTE": "sale",
        "POCO": "below_minimum",
        "CUENTA": "money_unapplied",
        "PAUSA": "on_hold",
        "DISPUTA": "disputed",
        "CUBRE": "covered",
        "CONCURSO": "insolvent",
        "PLAZO": "nothing_overdue",
        "NADA": "sale",
    }
    assert {answer.retry_at for answer in luz.looks().values() if isinstance(answer, Refused)} == {None}


def test_a_plan_left_lying_gives_way_to_the_step_of_today(luz):
    """The reminder of day 3 was done, the second of day 12 planned; on day 30 the firm one is due."""
    luz.customer("A", (60_000, date(2026, 10, 21)))
    use_strategy(luz, "pymes", lambda toml: toml.replace('requires = ["second"]', "requires = []"))
    with luz.inside():
        episode = make.episode(customer=luz.customers["A"], opened_on=date(2026, 10, 22))
        make.message(customer=luz.customers["A"], episode=episode, step="friendly", rank=1, planned_on=DAY)
    assert luz.rules() == {}  # a message without bundle
    (answer,) = luz.looks().values()
    assert isinstance(answer, Refused)
    assert (answer.rule, answer.retry_at) == ("superseded", None)
    assert answer.source == "Estrategia «Empresas»"


def test_a_step_already_done_in_another_mail_is_not_done_again(luz):
    luz.customer("A", (60_000, LATE))
    luz.run()
    with luz.inside():
        (planned,) = Message.objects.all()
        twin = make.message(
            customer=planned.customer,
            episode=planned.episode,
            step=planned.step,
            rank=planned.rank,
            planned_on=date(2026, 11, 10),
        )
        make.send_message(twin, at=NOW - timedelta(days=10))
    assert luz.rules() == {"A": "waiting"}


def test_two_mails_too_close_to_each_other_wait_for_the_day_the_strategy_allows(luz):
    luz.customer("A", (60_000, LONG_LATE))
    with luz.inside():
        episode = make.episode(customer=luz.customers["A"], opened_on=date(2026, 11, 2))
        row = {"customer": luz.customers["A"], "episode": episode, "planned_on": date(2026, 11, 17)}
        first = make.message(step="friendly", rank=1, **row)
        make.message(step="second", rank=2, **row)
        make.send_message(first, at=NOW - timedelta(days=3))
    answers = [answer for answer in luz.looks().values() if isinstance(answer, Refused)]
    assert [answer.rule for answer in answers] == ["spacing"]
    assert answers[0].retry_at == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)  # seven days after the 17th


def test_who_stops_the_house_stops_every_mail_and_cancels_none(luz):
    luz.customer("A", (60_000, LATE))
    luz.customer("B", (60_000, LATE))
    luz.run()
    luz.pays("B", 60_000)
    luz.settings(sending_stopped_at=NOW, sending_stopped_by="ana")
    assert luz.rules() == {"A": "sending_stopped", "B": "paid"}
    Lock.objects.update_or_create(
        pk=1, defaults={"sending_locked_at": NOW, "sending_locked_reason": "copia restaurada"}
    )
    locked = luz.looks()
    Lock.objects.filter(pk=1).delete()
    assert {getattr(answer, "rule", None) for answer in locked.values()} == {"house_locked"}
    assert all(answer.retry_at for answer in locked.values() if isinstance(answer, Refused))


def test_the_gate_reads_the_settings_afresh(luz):
    """A worker that has held its creditor since the morning obeys what was set at noon."""
    luz.customer("A", (60_000, LATE))
    luz.run()
    held = luz.creditor
    luz.settings(sending_stopped_at=NOW, sending_stopped_by="ana")
    held.sending_stopped_at = None
    with luz.inside():
        (answer,) = last_looks(held, luz.bundles(), now=NOW).values()
    assert isinstance(answer, Refused)
    assert answer.rule == "sending_stopped"


def test_the_brake_and_a_step_that_asks_for_a_yes_wait_for_it(luz):
    luz.customer("FRENO", (60_000, LATE))
    luz.customer("FORMAL", (60_000, date(2026, 9, 1)))
    use_strategy(luz, "pymes", lambda toml: toml.replace('requires = ["firm"]', "requires = []"))
    luz.run()
    with luz.inside():
        formal = Message.objects.get(customer__code="FORMAL")
        Message.objects.filter(pk=formal.pk).update(channel="email")
        Message.objects.update(approved_by="", approved_at=None)
    assert luz.rules() == {"FRENO": "sale", "FORMAL": "not_approved"}
    with luz.inside():
        DailyRun.objects.update(held=True)
    assert luz.rules() == {"FRENO": "brake_held", "FORMAL": "brake_held"}


def test_a_mail_needs_an_address_of_somebody_who_may_be_written_to(luz):
    minor = {"person_kind": "consumer", "minor": True}
    luz.customer("NADIE", (60_000, LATE), reached=())
    luz.customer("MALA", (60_000, LATE))
    luz.customer("RARA", (60_000, LATE))
    luz.customer("OTRA", (60_000, LATE), reached=("email", "whatsapp"))
    luz.customer("HIJO", (60_000, LATE), role="parent", **minor)
    luz.customer("HIJA", (60_000, LATE), role="parent", **minor)
    whatsapp = {"channel": "whatsapp", "state": "granted", "source": "form", "recorded_by": "ana"}
    with luz.inside():
        Consent.objects.create(creditor=luz.creditor, customer=luz.customers["OTRA"], **whatsapp)
    luz.run()
    with luz.inside():
        of_mail = ContactPoint.objects.filter(channel="email")
        of_mail.filter(customer__code__in=["MALA", "OTRA"]).update(quality="bad")
        of_mail.filter(customer__code="RARA").update(value="ana@example.com, eva@example.com")
        Contact.objects.filter(customer__code="HIJO").update(role="other")
    expected = {"NADIE": "no_address", "MALA": "no_address", "RARA": "no_address", "OTRA": "no_address"}
    assert luz.rules() == expected | {"HIJO": "minor", "HIJA": "sale"}
    waits = {key: answer.retry_at for key, answer in luz.looks().items() if isinstance(answer, Refused)}
    for_ever = {f"dunning:{luz.customers[code].pk}:{DAY}" for code in ("OTRA", "HIJO")}
    assert {key for key, retry_at in waits.items() if retry_at is None} == for_ever


def test_hours_and_holidays_are_those_of_the_customers_place(luz):
    """2 May is kept in Madrid, 28 February in Andalusia, 28 July in Peru, 14 July in France."""
    luz.customer("MADRID", (60_000, LATE))
    luz.customer("PALMAS", (60_000, LATE), place="ES-CN")
    luz.customer("SEVILLA", (60_000, LATE), place="ES-AN")
    luz.customer("LIMA", (60_000, LATE), country="PE")
    luz.customer("PARIS", (60_000, LATE), country="FR")
    luz.run()
    morning = luz.rules(datetime(2026, 11, 20, 8, 30, tzinfo=UTC))
    assert morning == {
        "MADRID": "sale",
        "PALMAS": "window",
        "SEVILLA": "sale",
        "LIMA": "window",
        "PARIS": "sale",
    }
    with luz.inside():
        moment = judging_of(luz.creditor, luz.bundles(), now=NOW)
    kept = {luz.codes[pk]: place.holidays for pk, place in moment.places.items()}
    for code, day in {"MADRID": (5, 2), "SEVILLA": (2, 28), "LIMA": (7, 28), "PARIS": (7, 14)}.items():
        assert {where for where, days in kept.items() if date(2026, *day) in days} == {code}


def test_contacts_of_the_week_count_mails_and_calls_but_no_invoices(luz):
    for code in ("TRES", "DOS", "LLAMADA", "FACTURA"):
        luz.customer(code, (60_000, LONG_LATE))
    with luz.inside():
        sent_days = {"TRES": (15, 16, 17), "DOS": (16, 17), "LLAMADA": (), "FACTURA": (20,)}
        for code, days in sent_days.items():
            kind = "delivery" if code == "FACTURA" else "pre_due"
            for day in days:
                of = {"customer": luz.customers[code], "kind": kind, "planned_on": date(2026, 11, day)}
                make.send_message(make.message(**of), at=datetime(2026, 11, day, 12, tzinfo=UTC))
        Task.objects.create(
            creditor=luz.creditor,
            customer=luz.customers["LLAMADA"],
            once_key="llamada",
            kind="dunning",
            channel="call",
            due_on=DAY,
            state="done",
            closed_on=DAY,
        )
    luz.run()
    assert luz.rules() == {
        "TRES": "customer_cap",
        "DOS": "sale",
        "LLAMADA": "customer_cap",
        "FACTURA": "sale",
    }


def test_a_mail_that_leaves_counts_for_the_next_one_of_the_same_batch(luz):
    luz.settings(live_from=date(2026, 10, 1))
    luz.customer("A", (60_000, LATE), (40_000, DAY), issued_on=date(2026, 10, 5))
    luz.run()
    answers = luz.looks()
    kinds = {key.split(":")[0]: getattr(answer, "rule", "sale") for key, answer in answers.items()}
    assert kinds == {"dunning": "sale", "documents": "customer_cap"}


def test_the_creditors_cap_counts_what_left_today_and_what_leaves_in_the_batch(luz):
    luz.settings(messages_per_day_max=3)
    for code in ("A", "B", "C", "D"):
        luz.customer(code, (60_000, LATE))
    luz.run()
    with luz.inside():
        other = make.customer(creditor=luz.creditor)
        make.send_message(make.message(customer=other, planned_on=DAY), at=NOW - timedelta(minutes=30))
        make.send_message(make.message(customer=other, planned_on=DAY), at=NOW - timedelta(days=1))
    assert list(luz.rules().values()) == ["sale", "sale", "creditor_cap", "creditor_cap"]


def test_old_payments_stop_demands_where_the_creditor_says_so(luz):
    luz.settings(bank_data_days_max=2)
    luz.customer("A", (60_000, LATE))
    luz.run()
    luz.pays("A", 100)
    assert luz.rules() == {"A": "bank_data_stale"}, "one payment written down by hand is not the bank's word"
    with luz.inside():
        make.batch(
            creditor=luz.creditor,
            kind="payments",
            state="committed",
            committed_at=NOW - timedelta(days=2),
        )
    assert luz.rules() == {"A": "sale"}
    assert luz.rules(NOW + timedelta(days=3)) == {"A": "bank_data_stale"}  # Monday


def test_a_notice_whose_day_has_passed_no_longer_leaves(luz):
    luz.settings(live_from=date(2026, 10, 1))
    luz.customer("A", (60_000, DAY), issued_on=date(2026, 10, 5))
    luz.customer("B", (60_000, DAY), issued_on=date(2026, 10, 5))
    luz.customer("C", (60_000, DAY), issued_on=date(2026, 10, 5))
    luz.run()
    luz.pays("B", 60_000)
    with luz.inside() as books:
        record_hold(**books.common, customer_id=luz.customers["C"].pk, on=DAY, until_on=None)

    def told(now):
        return [getattr(answer, "rule", "sale") for answer in luz.looks(now=now).values()]

    assert told(NOW) == ["sale", "paid", "on_hold"]
    assert told(NOW + timedelta(days=3)) == ["no_longer_applies", "paid", "on_hold"]


def test_in_a_familys_mail_the_paid_fee_falls_away_and_the_other_goes(luz):
    use_strategy(luz, "academia")
    luz.customer("FAMILIA", (9_000, LATE), (8_000, LATE), person_kind="consumer")
    luz.run()
    (bundle,) = luz.bundles().values()
    assert len(bundle) == 2
    luz.pays("FAMILIA", 9_000, line=0)
    (answer,) = luz.looks().values()
    assert isinstance(answer, Allowed)
    with luz.inside():
        paid = Message.objects.get(due_line_id=luz.lines["FAMILIA"][0]).pk
    assert set(answer.leaving) == set(bundle) - {paid}
    assert {pk: refused.rule for pk, refused in answer.dropped.items()} == {paid: "paid"}


def test_in_colombia_a_reply_closes_the_other_channels_of_the_week(luz):
    luz.settings(agreed_channels=["email", "whatsapp"])
    luz.customer("A", (60_000, LATE), country="CO", person_kind="consumer")
    luz.run()
    at_noon = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    with luz.inside():
        mine = {"customer": luz.customers["A"], "kind": "pre_due", "channel": "whatsapp"}
        make.send_message(make.message(planned_on=date(2026, 11, 18), **mine), at=NOW - timedelta(days=2))
        Message.objects.filter(kind="dunning").update(channel="email")
    assert luz.rules(at_noon) == {"A": "sale"}
    with luz.inside():
        Reply.objects.create(
            creditor=luz.creditor,
            customer=luz.customers["A"],
            channel="whatsapp",
            kind="asks",
            received_on=date(2026, 11, 19),
        )
    assert luz.rules(at_noon) == {"A": "one_channel"}


def test_the_number_of_selects_does_not_grow_with_the_batch(luz):
    for number in range(12):
        luz.customer(f"C{number}", (60_000, LATE))
    luz.run()
    bundles = luz.bundles()
    counts = []
    for size in (1, 12):
        part = dict(list(bundles.items())[:size])
        with luz.inside(), CaptureQueriesContext(connection) as asked:
            answers = last_looks(luz.creditor, part, now=NOW)
        assert len(answers) == size
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 14


def test_a_bundle_nobody_knows_is_refused_for_ever_and_so_is_another_creditors(luz):
    with luz.inside():
        assert last_looks(luz.creditor, {}, now=NOW) == {}
        answers = last_looks(luz.creditor, {"fantasma": [10**9], "vacío": []}, now=NOW)
    assert [getattr(answer, "rule", "sale") for answer in answers.values()] == ["no_longer_applies"] * 2
    luz.customer("A", (60_000, LATE))
    luz.run()
    theirs = luz.bundles()
    other = create_creditor(name="Otra", country="ES", now=NOW, actor="prueba").creditor
    with transaction.atomic(), scope([other.pk]):
        answers = last_looks(other, theirs, now=NOW)
    assert {getattr(answer, "rule", "sale") for answer in answers.values()} == {"no_longer_applies"}
