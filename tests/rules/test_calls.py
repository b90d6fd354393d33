"""What cannot be said of a call is refused with its field; what can be, the database takes too."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.jurisdictions.calendars import holidays_of
from aldia.jurisdictions.loader import available_countries, load_jurisdiction
from aldia.records.cases.models import NonPaymentReason, NumberStatus, Reached
from aldia.rules.calls import (
    NOTE_MAX,
    REACHED,
    REASONS,
    CallFacts,
    SaidCall,
    completed,
    faults_of,
    warnings_of,
)
from aldia.rules.gate import GateFacts, GateLimits
from aldia.rules.gate.moments import hours_on, is_open
from aldia.rules.outcomes import (
    EFFECTS,
    SHIPPED,
    UNDONE,
    Effect,
    OwnOutcome,
    catalogue,
    code_for,
    labels_of,
    left_without,
    reached_by,
)
from aldia.rules.respect.values import Severity

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # a Friday, ten in Madrid
TODAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 23)
SPAIN = load_jurisdiction("ES")


def holds(**changes):
    facts = GateFacts(now=NOW, holidays=holidays_of("ES-MD", (2026, 2027)))
    plain = CallFacts(
        now=NOW,
        today=TODAY,
        time_zone="Europe/Madrid",
        outcomes={each.code: each for each in SHIPPED},
        facts=facts,
        limits=GateLimits(contact=SPAIN.contact),
    )
    return replace(plain, **changes)


def said(**changes):
    return replace(SaidCall(at=NOW, reached="right_party", outcome="spoken"), **changes)


def at(day, hour, minute=0):
    """An hour in Madrid, which is one ahead."""
    return datetime.combine(day, time(hour - 1, minute), UTC)


def test_a_plain_call_has_no_fault():
    assert faults_of(said(), holds()) == ()


BACK = {"outcome": "callback", "next_on": MONDAY}

CONTESTED: dict[str, Any] = {"outcome": "dispute", "disputed_lines": (1,)}
BAD: dict[str, tuple[str, dict[str, Any]]] = {
    "tomorrow": ("at", {"at": NOW + timedelta(days=1)}),
    "long ago": ("at", {"at": NOW - timedelta(days=32)}),
    "a letter": ("kind", {"kind": "letter"}),
    "sideways": ("direction", {"direction": "both"}),
    "a ghost answered": ("reached", {"reached": "ghost"}),
    "they called and nobody spoke": ("reached", {"direction": "in", "reached": "nobody", "outcome": "busy"}),
    "they called our voicemail": (
        "reached",
        {"direction": "in", "reached": "voicemail", "outcome": "voicemail"},
    ),
    "a visit to a voicemail": ("reached", {"kind": "visit", "reached": "voicemail", "outcome": "voicemail"}),
    "an outcome nobody knows": ("outcome", {"outcome": "sung"}),
    "one that was taken back": ("outcome", {"outcome": UNDONE}),
    "a promise of nobody": ("outcome", {"reached": "nobody", "outcome": "promise"}),
    "a promise of somebody else": ("outcome", {"reached": "third_party", "outcome": "promise"}),
    "nobody answers and somebody does": ("outcome", {"outcome": "no_answer"}),
    "somebody else, in person": ("outcome", {"outcome": "third_party"}),
    "a visit to a wrong number": (
        "outcome",
        {"kind": "visit", "reached": "nobody", "outcome": "wrong_number"},
    ),
    "a number of letters": ("number", {"number": "el fijo"}),
    "a number without end": ("number", {"number": "6" * 41}),
    "a visit by number": ("number", {"kind": "visit", "number": "600000000"}),
    "a status without number": ("number", {"number_status": "good"}),
    "an unknown status": ("number_status", {"number": "600000000", "number_status": "odd"}),
    "good, and nobody answered": (
        "number_status",
        {"number": "600000000", "number_status": "good", "reached": "nobody", "outcome": "no_answer"},
    ),
    "wrong, and it was the customer": (
        "number_status",
        {"number": "600000000", "number_status": "wrong"},
    ),
    "out of service, and somebody answered": (
        "number_status",
        {
            "number": "600000000",
            "number_status": "disconnected",
            "reached": "third_party",
            "outcome": "third_party",
        },
    ),
    "wrong number that is good": (
        "number_status",
        {
            "number": "600000000",
            "number_status": "good",
            "reached": "third_party",
            "outcome": "wrong_number",
        },
    ),
    "a reason of nobody's": ("reason", {"reason": "mood"}),
    "a reason of somebody else": (
        "reason",
        {"reached": "third_party", "outcome": "third_party", "reason": "forgot"},
    ),
    "a reason of nobody": ("reason", {"reached": "nobody", "outcome": "no_answer", "reason": "forgot"}),
    "volunteered nothing": ("volunteered", {"volunteered": True}),
    "a novel": ("note", {"note": "x" * (NOTE_MAX + 1)}),
    "a long action": ("next_action", {"next_action": "x" * 201}),
    "an amount after somebody else": (
        "next_action",
        {"reached": "third_party", "outcome": "third_party", "next_action": "Pedirle los 600,00 €"},
    ),
    "an hour without its day": ("next_on", {"next_at": at(MONDAY, 10)}),
    "yesterday": ("next_on", {"next_on": date(2026, 11, 19)}),
    "in two years": ("next_on", {"next_on": date(2028, 11, 20)}),
    "an hour ago": ("next_at", {"next_on": TODAY, "next_at": NOW - timedelta(hours=1)}),
    "an hour of another day": ("next_at", {"next_on": MONDAY, "next_at": at(date(2026, 11, 24), 10)}),
    "a call-back some time": ("next_on", {"outcome": "callback"}),
    "a call-back on Sunday": ("next_on", BACK | {"next_on": date(2026, 11, 22)}),
    "a call-back on a holiday": ("next_on", BACK | {"next_on": date(2026, 12, 8)}),
    "a call-back at half past nine at night": ("next_at", BACK | {"next_at": at(MONDAY, 21, 30)}),
    "a call-back before breakfast": ("next_at", BACK | {"next_at": at(MONDAY, 8, 59)}),
    "contested lines of a promise": ("disputed_lines", {"outcome": "promise", "disputed_lines": (1,)}),
    "contested without a line": ("dispute_reason", {"outcome": "dispute", "dispute_reason": "El IVA"}),
    "a long reason": ("dispute_reason", CONTESTED | {"dispute_reason": "x" * 201}),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_is_refused_with_its_field(case):
    field, changes = BAD[case]
    faults = faults_of(completed(said(**changes), holds()), holds())
    assert [fault.field for fault in faults] == [field]
    assert faults[0].sentence.endswith((".", "!", "?"))


@pytest.mark.parametrize(
    "changes",
    [
        BACK,
        BACK | {"next_at": at(MONDAY, 9)},
        BACK | {"next_at": at(MONDAY, 20, 59)},
        BACK | {"reached": "third_party"},
        {"outcome": "promise", "reason": "forgot"},
        {"reached": "nobody", "outcome": "wrong_number", "number": "+34 600 00 00 00"},
        {"kind": "visit", "reached": "nobody", "outcome": "no_answer"},
        {"direction": "in", "outcome": "paid", "number": "600000000", "number_status": "good"},
        {"reached": "third_party", "outcome": "third_party", "next_action": "Llamar el 23 a las 10"},
        {"outcome": "dispute", "disputed_lines": (1, 2)},
        CONTESTED | {"dispute_reason": "x" * 200},
        {"note": "x" * NOTE_MAX},
        {"at": NOW - timedelta(days=30), "next_on": TODAY},
    ],
)
def test_what_can_be_is_not(changes):
    assert faults_of(completed(said(**changes), holds()), holds()) == ()


def test_where_the_law_keeps_the_reason_from_us_only_what_is_volunteered_is_kept():
    rule = load_jurisdiction("CO").reason_kept_from("consumer")
    assert rule is not None
    colombia = holds(not_asked=rule.provenance.cited())
    (fault,) = faults_of(said(reason="forgot"), colombia)
    assert fault.field == "reason"
    assert "Ley 2300 de 2023" in fault.sentence
    assert faults_of(said(reason="forgot", volunteered=True), colombia) == ()
    assert load_jurisdiction("CO").reason_kept_from("business") is None
    silent = [country for country in available_countries() if country != "CO"]
    assert [load_jurisdiction(country).reason_not_asked for country in silent] == [None] * len(silent)


def test_who_says_that_they_cannot_pay_has_volunteered_why():
    colombia = holds(not_asked="Ley 2300 de 2023")
    whole = completed(said(outcome="no_liquidity"), colombia)
    assert (whole.reason, whole.volunteered) == ("no_liquidity", True)
    assert faults_of(whole, colombia) == ()
    assert completed(said(outcome="no_liquidity", reason="emergency"), holds()).reason == "emergency"


def test_a_note_is_warned_of_and_never_refused():
    note = "ES UN MOROSO CARADURA y está enfermo"
    assert faults_of(said(note=note), holds()) == ()
    found = warnings_of(note)
    assert found
    assert {each.severity for each in found} == {Severity.WARN}


WORDS = st.sampled_from(["", "Llamar", "Pedir 600,00 €", "x" * 300])
NUMBERS = st.sampled_from(["", "600000000", "+34 600 000 000", "fijo"])
MOMENTS = st.integers(-50 * 24 * 4, 50 * 24 * 4).map(lambda n: NOW + timedelta(minutes=15 * n))
CALLS = st.builds(
    SaidCall,
    at=MOMENTS,
    reached=st.sampled_from([*sorted(REACHED), "ghost"]),
    outcome=st.sampled_from([*(each.code for each in SHIPPED), "sung", UNDONE]),
    kind=st.sampled_from(["call", "call", "visit"]),
    direction=st.sampled_from(["out", "out", "in"]),
    number=NUMBERS,
    number_status=st.sampled_from(["", "good", "wrong", "disconnected"]),
    reason=st.sampled_from(["", *REASONS]),
    volunteered=st.booleans(),
    note=st.text(max_size=20),
    next_action=WORDS,
    next_on=st.none() | MOMENTS.map(lambda moment: moment.date()),
    next_at=st.none() | MOMENTS,
    disputed_lines=st.sampled_from([(), (), (1,)]),
    dispute_reason=st.sampled_from(["", "", "Falta un abono"]),
)


@given(CALLS, st.sampled_from(["", "Ley 2300 de 2023"]))
def test_any_call_without_fault_is_one_that_can_have_been(call, not_asked):
    here = holds(not_asked=not_asked)
    call = completed(call, here)
    if faults_of(call, here):
        return
    # what the constraints of the table say
    assert call.reached in Reached.values
    assert call.number_status in ("", *NumberStatus.values)
    assert not call.reason or call.reached == "right_party"
    assert call.next_at is None or call.next_on is not None
    assert call.outcome
    # and what no constraint can say
    effect = here.outcomes[call.outcome].effect
    assert call.reached in reached_by(effect)
    assert call.at <= NOW + timedelta(minutes=2)
    assert not (not_asked and call.reason and not call.volunteered)
    if effect is Effect.CALLBACK:
        assert call.next_on is not None
        assert hours_on(call.next_on, here.facts, here.limits) is not None
        if call.next_at is not None:
            assert is_open(replace(here.facts, now=call.next_at), here.limits)
    if call.reached == "third_party":
        assert "€" not in call.next_action
    if call.kind == "visit":
        assert not call.number
    assert call.disputed_lines or not call.dispute_reason


@given(CALLS)
def test_completing_is_done_once(call):
    once = completed(call, holds())
    assert completed(once, holds()) == once


# The catalogue


def test_the_reasons_of_the_form_are_those_of_the_table():
    assert dict(NonPaymentReason.choices) == dict(REASONS)


def test_every_outcome_of_the_house_has_an_effect_that_is_told_and_somebody_who_answers():
    assert set(EFFECTS) == set(Effect)
    assert all(reached_by(effect) <= REACHED for effect in Effect)
    assert left_without(SHIPPED) == ()
    assert len({each.code for each in SHIPPED}) == len(SHIPPED)


def test_a_creditor_calls_hides_and_orders_but_does_not_change_what_follows():
    own = [
        OwnOutcome("promise", "Se compromete", "none", position=1),
        OwnOutcome("busy", "Comunica", "no_answer", position=500, active=False),
        OwnOutcome("shop", "Pagó en tienda", "paid", position=15),
    ]
    found = {each.code: each for each in catalogue(own)}
    assert [each.code for each in catalogue(own)][:3] == ["promise", "shop", "paid"]
    assert (found["promise"].label, found["promise"].effect) == ("Se compromete", Effect.PROMISE)
    assert found["promise"].is_changed
    assert not found["busy"].active
    assert found["shop"].is_own
    assert labels_of(catalogue(own))["busy"] == "Comunica"
    assert labels_of(())[UNDONE]


@given(st.text(max_size=60), st.lists(st.sampled_from(["shop", "resultado", "a"]), max_size=3))
def test_a_new_outcome_gets_a_code_that_the_database_takes(label, taken):
    code = code_for(label, taken)
    assert code[0].isalpha()
    assert len(code) <= 40
    assert all(each.isascii() and (each.islower() or each.isdigit() or each == "_") for each in code)
    assert code not in {*taken, *(each.code for each in SHIPPED), UNDONE}
