"""A call is written down with all that follows from it, or nothing of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from aldia.operations.calls import CallRefused, NewCall, correct_call, record_call, undo_call
from aldia.operations.kinds import judge_kind
from aldia.operations.promises import NewPromise, record_promise, withdraw_promise
from aldia.operations.run import daily_run
from aldia.operations.texts import save_text
from aldia.queries.calls import call_of, call_sheet, calls_of
from aldia.queries.customers import UnknownCustomer
from aldia.queries.evidence import evidence_of
from aldia.queries.texts import TextUse
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import Call, Case, Promise, PromiseLine, Task
from aldia.records.ledger.models import Overlay, OverlayEnd
from aldia.records.outreach.models import Alert, ContactEntry, Message
from aldia.records.parties.models import ContactPoint
from aldia.rules.texts.render import Text
from tests import factories as make
from tests.queries.gate_house import DAY, NOW, house, plain, use_strategy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PHONE = "+34600000000"
MONDAY = date(2026, 11, 23)


@pytest.fixture
def luz():
    luz = house()
    luz.customer("A", (60_000, date(2026, 11, 10)), reached=("email", "phone"), contact="Marta Gil")
    return luz


def record(luz, code="A", *, now=NOW, actor="user:7", member=None, **said):
    new = NewCall(**({"reached": "right_party", "outcome": "spoken"} | said))
    return record_call(
        creditor=luz.creditor,
        customer_id=luz.customers[code].pk,
        new=new,
        actor=actor,
        now=now,
        member=member,
    )


def undo(luz, call, *, now=NOW, actor="user:7"):
    return undo_call(creditor=luz.creditor, call_id=call.pk, actor=actor, now=now)


def correct(luz, call, *, now=NOW, actor="user:7", **said):
    new = NewCall(**({"reached": "right_party", "outcome": "spoken"} | said))
    return correct_call(creditor=luz.creditor, call_id=call.pk, new=new, actor=actor, now=now)


def sheet(luz, code="A", now=NOW):
    with luz.inside():
        return call_sheet(luz.creditor, luz.customers[code].pk, now=now)


def quality(luz):
    with luz.inside():
        return ContactPoint.objects.get(channel="phone").quality


def tasks(luz):
    with luz.inside():
        return [(each.kind, each.channel, each.state) for each in Task.objects.order_by("pk")]


def planned(luz, code="A", **fields):
    """The call a strategy wants made."""
    with luz.inside():
        return Task.objects.create(
            creditor=luz.creditor,
            customer=luz.customers[code],
            **{"once_key": "k", "kind": "dunning", "step": "phone_call", "channel": "call", "due_on": DAY}
            | fields,
        ).pk


def test_a_call_is_kept_as_it_was_said(luz):
    call = record(luz, number=PHONE, number_status="good", reason="forgot", note="Lo mira hoy")
    with luz.inside():
        kept = Call.objects.get()
        assert (kept.pk, kept.reached, kept.outcome, kept.reason) == (
            call.pk,
            "right_party",
            "spoken",
            "forgot",
        )
        assert (kept.on_date, kept.actor, kept.refusal) == (DAY, "user:7", None)
        (entry,) = ContactEntry.objects.filter(kind="call")
        assert (entry.subject, entry.address, entry.channel) == (f"call:{call.pk}", PHONE, "phone")
        assert entry.payload["outcome"] == "spoken"
        told = AuditEntry.objects.get(verb="call.recorded")
        assert told.subject == f"call:{call.pk}"
        assert "Lo mira hoy" not in str(told.payload)
        pack = evidence_of(luz.creditor, luz.customers["A"].pk)
        assert [each.content for each in pack.contents.values()] == [b"Lo mira hoy"]
        assert pack.missing == ()
    assert quality(luz) == "good"


def judge(luz, kind, *, now=NOW):
    who = luz.customers["A"].pk
    judge_kind(creditor=luz.creditor, customer_id=who, kind=kind, note="Visto.", actor="user:7", now=now)


def promise(luz, *, now=NOW):
    new = NewPromise(amount_minor=30_000, currency="EUR", promised_on=now.date() + timedelta(days=3))
    who = luz.customers["A"].pk
    return record_promise(creditor=luz.creditor, customer_id=who, new=new, actor="user:7", now=now)


def read(luz, now=NOW):
    seen = sheet(luz, now=now)
    return seen.script_title, plain(seen.script)


def test_the_script_is_that_of_how_the_customer_pays(luz):
    title, words = read(luz)
    assert title == "Recordatorio amable"
    judge(luz, "illiquid")
    title, kind = read(luz)
    assert title == "Llamada a quien ahora no puede"
    assert "600,00" in words
    assert "600,00" in kind
    assert "¿Qué importe sí podría pagar" in kind
    judge(luz, "circumstantial")
    assert read(luz)[0] == "En la llamada: resolver lo que no está bien"


def test_a_promise_that_was_not_kept_is_what_the_call_is_about_until_another_is_given(luz):
    judge(luz, "stalling")
    promise(luz)
    assert read(luz)[0] == "Llamada a quien lo va dejando"
    later = NOW + timedelta(days=12)
    title, words = read(luz, later)
    assert title == "Compromiso sin cumplir"
    assert "300,00" in words
    assert "23 de noviembre" in words
    with luz.inside():
        episode = make.episode(customer=luz.customers["A"])
        day = later - timedelta(days=2)
        said = make.message(
            customer=luz.customers["A"], episode=episode, step="friendly", planned_on=day.date()
        )
        make.send_message(said, at=day)
    assert read(luz, later)[0] == "Compromiso sin cumplir"
    again = promise(luz, now=later)
    assert read(luz, later)[0] == "Llamada a quien lo va dejando"
    withdraw_promise(creditor=luz.creditor, promise_id=again.pk, reason="Error.", actor="user:7", now=later)
    assert read(luz, later)[0] == "Compromiso sin cumplir"


def test_the_creditors_own_words_for_calls_come_before_the_houses(luz):
    judge(luz, "careless")
    assert read(luz)[0] == "Llamada a quien se le pasa"
    ours = Text("", "Motivo: {documentos}, por {total}.\n\n1. Salude.")
    for template, wanted in (("phone_call", "Guion de la llamada"), ("phone_call_careless", "Llamada a")):
        use = TextUse(template, "call", "usted", "es")
        save_text(creditor=luz.creditor, use=use, text=ours, actor="user:7", now=NOW)
        title, words = read(luz)
        assert title.startswith(wanted)
        assert words.endswith("1. Salude.\n")


def test_the_planned_call_has_the_words_its_step_gives_it(luz):
    judge(luz, "careless")
    use_strategy(luz, "pymes", lambda toml: toml.replace('template = "phone_call"', 'template = "second"'))
    planned(luz)
    assert read(luz)[0] == "Segundo recordatorio"


def test_the_sheet_shows_what_is_needed_to_call(luz):
    task = planned(luz)
    seen = sheet(luz)
    assert seen.leave.allowed
    assert [(each.value, each.person, each.greyed) for each in seen.numbers] == [(PHONE, "Marta Gil", False)]
    assert "600,00" in seen.script
    assert "600,00" not in seen.third_party_script + seen.voicemail_script
    assert "F-A-1" not in seen.third_party_script + seen.voicemail_script
    assert "Papelería Luz" in seen.third_party_script
    assert seen.asks_reason
    assert len(seen.outcomes) > 10
    assert seen.points
    assert (seen.tone, seen.task_id) == ("amable", task)


def test_what_cannot_be_leaves_nothing_behind(luz):
    with pytest.raises(CallRefused) as refused:
        record(luz, outcome="promise", reached="nobody", reason="forgot")
    assert refused.value.facts["field"] == "outcome"
    assert set(refused.value.facts["faults"]) == {"outcome", "reason"}
    with luz.inside():
        assert Call.objects.count() == ContactEntry.objects.count() == 0
        assert not AuditEntry.objects.filter(verb__startswith="call.").exists()


def test_a_customer_that_is_nobodys_is_told(luz):
    new = NewCall(reached="right_party", outcome="spoken")
    with pytest.raises(UnknownCustomer):
        record_call(creditor=luz.creditor, customer_id=999_999_999, new=new, actor="user:7", now=NOW)


# The number


@pytest.mark.parametrize(("status", "whatsapp"), [("wrong", "bad"), ("disconnected", "unknown")])
def test_a_number_of_no_use_is_bad_and_greyed_with_why(luz, status, whatsapp):
    luz.customer("B", (60_000, date(2026, 11, 10)), reached=("phone", "whatsapp"))
    record(luz, "B", reached="nobody", outcome="wrong_number", number="600 00 00 00", number_status=status)
    with luz.inside():
        points = ContactPoint.objects.filter(customer=luz.customers["B"])
        assert dict(points.values_list("channel", "quality")) == {"phone": "bad", "whatsapp": whatsapp}
        assert ContactPoint.objects.get(customer=luz.customers["A"], channel="phone").quality == "unknown"
    (number,) = sheet(luz, "B").numbers
    assert number.greyed
    assert "según la llamada del vie 20 nov 2026" in number.why


def test_without_a_usable_number_the_planned_call_is_withdrawn(luz):
    use_strategy(
        luz, "pymes", lambda toml: toml.replace('channels = ["call"]', 'channels = ["call", "email"]')
    )
    with luz.inside():
        episode = make.episode(customer=luz.customers["A"], opened_on=date(2026, 11, 11))
    task = planned(luz, episode=episode, once_key=f"episode:{episode.pk}/phone_call/1")
    record(
        luz,
        task_id=task,
        reached="nobody",
        outcome="wrong_number",
        number=PHONE,
        number_status="disconnected",
    )
    assert tasks(luz) == [("dunning", "call", "cancelled")]


def test_while_another_number_is_known_the_planned_call_waits(luz):
    with luz.inside():
        first = ContactPoint.objects.get(channel="phone")
        own = {"creditor": luz.creditor, "customer": luz.customers["A"], "contact": first.contact}
        ContactPoint.objects.create(**own, channel="phone", value="+34611111111")
    task = planned(luz)
    record(luz, task_id=task, reached="nobody", outcome="wrong_number", number=PHONE)
    assert tasks(luz) == [("dunning", "call", "open")]
    seen = sheet(luz)
    assert [each.greyed for each in seen.numbers] == [False, True]
    assert seen.leave.allowed, "a number that is not theirs has disturbed nobody"


# The planned call


def test_the_planned_call_is_done_whoever_answered(luz):
    task = planned(luz)
    record(luz, task_id=task, reached="nobody", outcome="no_answer", number=PHONE)
    assert tasks(luz) == [("dunning", "call", "done")]


def test_the_second_to_write_down_a_planned_call_is_told_who_was_first(luz):
    task = planned(luz)
    record(luz, task_id=task, outcome="promise", direction="in")
    with pytest.raises(CallRefused) as refused:
        record(luz, task_id=task, outcome="spoken", direction="in", actor="user:8")
    assert refused.value.facts["field"] == "task_id"
    assert "«Compromiso de pago»" in refused.value.sentence
    record(luz, outcome="spoken", direction="in", actor="user:8")
    with luz.inside():
        assert Call.objects.count() == 2


def test_a_planned_call_the_run_withdrew_is_made_all_the_same(luz):
    task = planned(luz, state="cancelled", closed_on=DAY)
    assert record(luz, task_id=task).task_id is None


def test_a_planned_call_of_somebody_else_is_refused(luz):
    luz.customer("B", (60_000, date(2026, 11, 10)))
    task = planned(luz, "B")
    with pytest.raises(CallRefused) as refused:
        record(luz, task_id=task)
    assert refused.value.facts["field"] == "task_id"


# What follows


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        ("paid", "check_payment"),
        ("dispute", "check_dispute"),
        ("plan", "offer_plan"),
        ("copy", "send_copy"),
        ("insolvency", "check_insolvency"),
    ],
)
def test_an_outcome_leaves_its_task(luz, outcome, kind):
    record(luz, outcome=outcome)
    assert tasks(luz) == [(kind, "", "open")]


def test_contested_lines_are_in_dispute_once_and_somebody_has_to_look(luz):
    (line,) = luz.lines["A"]
    record(luz, outcome="dispute", disputed_lines=(line,), direction="in")
    record(luz, outcome="dispute", disputed_lines=(line,), direction="in", now=NOW + timedelta(hours=1))
    with luz.inside():
        assert [each.due_line_id for each in Overlay.objects.filter(kind="dispute")] == [line]
    assert tasks(luz) == [("check_dispute", "", "open")]
    luz.customer("B", (60_000, date(2026, 11, 10)))
    with pytest.raises(CallRefused) as refused:
        record(luz, "B", outcome="dispute", disputed_lines=(line,))
    assert refused.value.facts["field"] == "disputed_lines"


def test_who_cannot_pay_has_said_why(luz):
    assert record(luz, outcome="no_liquidity").reason == "no_liquidity"


def test_a_call_back_brings_the_case_up_at_its_hour(luz):
    luz.run()
    at = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    call = record(luz, outcome="callback", next_on=MONDAY, next_at=at, direction="in")
    with luz.inside():
        case = Case.objects.get()
        assert call.case_id == case.pk
        assert (case.state, case.next_on, case.next_at) == ("waiting", MONDAY, at)
        assert case.next_action == "Volver a llamar"


def test_a_call_back_without_a_case_is_a_planned_call(luz):
    luz.customer("Z", (60_000, date(2026, 12, 10)), reached=("phone",))
    record(luz, "Z", outcome="callback", next_on=MONDAY, direction="in")
    assert tasks(luz) == [("callback", "call", "open")]


# Put right, taken back


def test_what_is_taken_back_has_not_been(luz):
    task = planned(luz)
    (line,) = luz.lines["A"]
    call = record(
        luz, task_id=task, outcome="dispute", disputed_lines=(line,), number=PHONE, number_status="good"
    )
    gone = undo(luz, call, now=NOW + timedelta(minutes=9))
    assert (gone.corrects_id, gone.outcome) == (call.pk, "undone")
    assert tasks(luz) == [("dunning", "call", "open"), ("check_dispute", "", "cancelled")]
    assert quality(luz) == "unknown"
    with luz.inside():
        assert OverlayEnd.objects.count() == 1
        assert [each.corrected_by for each in calls_of(luz.creditor, luz.customers["A"].pk)] == [
            None,
            gone.pk,
        ]
    assert sheet(luz, now=NOW + timedelta(minutes=10)).leave.allowed
    record(luz, task_id=task, now=NOW + timedelta(minutes=11))


def test_only_who_wrote_it_down_takes_it_back_and_only_for_ten_minutes(luz):
    call = record(luz)
    for trouble in ({"actor": "user:8"}, {"now": NOW + timedelta(minutes=11)}):
        with pytest.raises(CallRefused):
            undo(luz, call, **trouble)


def test_a_mistake_is_put_right_with_all_that_had_followed(luz):
    wrong = record(luz, reached="nobody", outcome="wrong_number", number=PHONE, number_status="disconnected")
    assert quality(luz) == "bad"
    right = correct(luz, wrong, outcome="paid", number=PHONE, number_status="good", actor="user:8")
    assert quality(luz) == "good"
    assert tasks(luz) == [("check_payment", "", "open")]
    again = correct(luz, right, outcome="spoken", reason="forgot")
    assert tasks(luz) == [("check_payment", "", "cancelled")]
    with pytest.raises(CallRefused):
        correct(luz, wrong)
    with luz.inside():
        known = call_of(luz.creditor, again.pk)
    assert known is not None
    assert (known.corrects_id, known.at) == (right.pk, NOW)


def test_the_day_after_it_is_too_late_to_put_it_right(luz):
    call = record(luz)
    with pytest.raises(CallRefused):
        correct(luz, call, now=NOW + timedelta(days=1))


def test_a_call_with_a_promise_is_put_right_after_the_promise(luz):
    call = record(luz, outcome="promise")
    with luz.inside():
        of = {"creditor": luz.creditor, "customer": luz.customers["A"], "currency": "EUR"}
        promise = Promise.objects.create(
            **of, call=call, source="call", made_on=DAY, promised_on=MONDAY, amount_minor=60_000, actor="u"
        )
        PromiseLine.objects.create(
            **of, promise=promise, due_line_id=luz.lines["A"][0], amount_minor=60_000, open_minor=60_000
        )
    with pytest.raises(CallRefused) as refused:
        undo(luz, call)
    assert "compromiso" in refused.value.sentence


# The gate


SUNDAY = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)


def test_a_call_against_the_gate_is_kept_only_with_that_said_and_the_lead_is_told(luz):
    lead = None
    with luz.inside():
        lead = make.membership(creditor=luz.creditor, role="manager")
    with pytest.raises(CallRefused) as refused:
        record(luz, now=SUNDAY)
    assert (refused.value.facts["field"], refused.value.facts["rule"]) == ("made_anyway", "weekend")
    assert refused.value.sentence.startswith("No se llama en fin de semana.")
    call = record(luz, now=SUNDAY, made_anyway=True)
    assert call.refusal is not None
    assert call.refusal["rule"] == "weekend"
    assert call.refusal["retry_at"].startswith("2026-11-23T08:00")
    with luz.inside():
        (alert,) = Alert.objects.all()
        assert (alert.kind, alert.member_id, alert.subject) == ("forced_call", lead.pk, f"call:{call.pk}")
        known = call_of(luz.creditor, call.pk)
    assert known is not None
    assert known.refusal == call.refusal


def test_their_own_call_needs_no_leave(luz):
    assert record(luz, now=SUNDAY, direction="in").refusal is None


def test_said_of_an_allowed_call_that_it_was_made_anyway_changes_nothing(luz):
    assert record(luz, made_anyway=True).refusal is None


def test_a_call_of_this_morning_is_judged_as_of_this_morning(luz):
    late = NOW + timedelta(hours=13)  # eleven at night
    with pytest.raises(CallRefused):
        record(luz, now=late)
    assert record(luz, now=late, at=NOW).refusal is None


def test_it_is_written_within_a_savepoint_as_forms_do(luz):
    with transaction.atomic(), luz.inside():
        record(luz)
    with luz.inside():
        assert Call.objects.count() == 1


def test_the_run_after_a_call_takes_the_next_step_not_the_call_again(luz):
    use_strategy(luz, "pymes")
    luz.run()
    record(luz, direction="in")
    daily_run(creditor=luz.creditor, on=MONDAY, now=NOW + timedelta(days=3), actor="prueba")
    with luz.inside():
        assert not Task.objects.filter(channel="call").exists()
        assert Message.objects.filter(step="friendly").count() == 1
