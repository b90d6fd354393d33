"""The four strategies Al Día comes with keep the promises their comments make."""

import polars as pl
import pytest

from aldia.rules.portfolio.kinds import Kind
from aldia.rules.portfolio.strategy import TONES, Step, Strategy, read_strategy
from aldia.rules.shipped import shipped_strategies

TEXTS = shipped_strategies()
NAMES = ["academia", "administraciones", "particulares", "pymes"]
KINDLY = ["academia", "particulares", "pymes"]  # whose ladders depend on how somebody pays


def shipped(name: str) -> Strategy:
    return read_strategy(TEXTS[name])


def test_four_strategies_are_shipped():
    assert list(TEXTS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_strategy_is_valid_and_bears_the_name_of_its_file(name):
    assert (shipped(name).name, shipped(name).currency) == (name, "EUR")


@pytest.mark.parametrize("name", NAMES)
def test_it_begins_with_delivery_and_warns_before_and_on_the_due_day(name):
    kinds = [document.kind for document in shipped(name).documents]
    assert kinds == ["delivery", "acceptance", "pre_due", "due_today"]


def _path(name: str, kind: str) -> list[tuple[Step, int]]:
    """The steps that a customer who pays like this may come to, with their days, in the order of the ladder;
    without those for who turns out so after the second reminder."""
    steps = [(step, step.condition.days_overdue_asked(kind)) for step in shipped(name).steps]
    again = {"illiquid": {"plan_again", "offer"}, "circumstantial": {"solve_again"}}.get(kind, set())
    return [(step, days) for step, days in steps if days is not None and step.id not in again]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", Kind)
def test_every_step_waits_longer_than_the_one_before_and_never_speaks_softer(name, kind):
    days = [days for _step, days in _path(name, kind)]
    tones = [TONES.index(step.tone) for step in shipped(name).steps]
    assert days == sorted(set(days))
    assert tones == sorted(tones)


@pytest.mark.parametrize("name", KINDLY)
def test_who_gives_no_sign_walks_the_ladder_of_before(name):
    """Days and order as they were before there were kinds; with the conditions that were there then."""
    before = {
        "pymes": {"friendly": 3, "second": 12, "phone_call": 20, "firm": 30, "formal": 45, "last_notice": 75},
        "particulares": {
            "friendly": 4,
            "second": 14,
            "offer": 25,
            "phone_call": 32,
            "firm": 45,
            "formal": 70,
        },
        "academia": {"friendly": 3, "second": 10, "talk": 20, "firm": 35, "formal": 60},
    }
    assert {step.id: days for step, days in _path(name, "unknown")} == before[name]


@pytest.mark.parametrize("name", KINDLY)
def test_each_kind_has_its_treatment(name):
    paths = {kind: {step.id: days for step, days in _path(name, kind)} for kind in Kind}
    usual, late = paths[Kind.UNKNOWN], paths[Kind.STALLING]
    assert late["second"] < usual["second"]
    assert late["firm"] < usual["firm"]
    assert "fixed_date" in late
    for kind in (Kind.CASUAL, Kind.GOOD_PAYER):
        assert all(paths[kind][step] >= days for step, days in usual.items())
        assert paths[kind]["second"] - paths[kind]["friendly"] >= 14, "one note only in the first weeks"
    assert paths[Kind.GOOD_PAYER]["friendly"] > usual["friendly"]
    own = {
        "easy": Kind.CARELESS,
        "arrange": Kind.CHRONIC,
        "plan": Kind.ILLIQUID,
        "solve": Kind.CIRCUMSTANTIAL,
    }
    for step, kind in own.items():
        assert paths[kind][step] < usual["second"] <= paths[kind]["second"]
        assert not any(step in path for other, path in paths.items() if other is not kind)
    for kind in (Kind.ILLIQUID, Kind.CIRCUMSTANTIAL):
        assert paths[kind]["firm"] >= usual["firm"] + 25


@pytest.mark.parametrize("name", KINDLY)
def test_who_has_difficulties_is_not_pressed_while_there_is_talk(name):
    """With an answer or a talk in the last thirty days no step harder than the offer holds."""
    row = {"days_overdue": 400, "dunnable_minor": 10**8, "debtor_kind": "illiquid", "replies_30d": 1}
    row |= {"right_party_30d": 0}
    frame = pl.DataFrame([row])
    hard = [step for step in shipped(name).steps if step.tone in ("firme", "formal")]
    assert hard
    for step in hard:
        holds = step.condition.expression(100)
        assert not frame.select(holds.alias("holds"))["holds"][0]
        quiet = frame.with_columns(replies_30d=pl.lit(0))
        assert quiet.select(holds.alias("holds"))["holds"][0]
        spoken = quiet.with_columns(right_party_30d=pl.lit(1))
        assert not spoken.select(holds.alias("holds"))["holds"][0]


@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_met_with_a_firm_step_first(name):
    first, *later = shipped(name).steps
    assert (first.tone, first.requires, first.claims) == ("amable", (), False)
    assert all(step.requires for step in later)


@pytest.mark.parametrize("name", NAMES)
def test_a_call_nobody_makes_stops_nothing(name):
    steps = shipped(name).steps
    calls = {step.id for step in steps if "call" in step.channels}
    assert not any(calls & set(step.requires) for step in steps)


@pytest.mark.parametrize("name", NAMES)
def test_a_formal_step_needs_a_yes_and_goes_by_letter_first(name):
    formal = [step for step in shipped(name).steps if step.tone == "formal"]
    assert formal
    assert all(step.approval and step.channels[0] == "letter" and step.new_deadline_days for step in formal)


@pytest.mark.parametrize("name", NAMES)
def test_no_step_asks_less_than_the_strategys_minimum_or_names_another_step_twice(name):
    strategy = shipped(name)
    texts = [step.condition.text for step in strategy.steps]
    assert all("dunnable >= " in text for text in texts)
    amounts = [int(text.split("dunnable >= ")[1].split()[0]) for text in texts]
    assert min(amounts) >= strategy.minimum
    assert amounts[0] == min(amounts)


@pytest.mark.parametrize(("name", "claims"), [("pymes", True), ("administraciones", True)])
def test_interest_is_claimed_where_the_late_payment_act_reaches(name, claims):
    assert any(step.claims for step in shipped(name).steps) is claims


@pytest.mark.parametrize("name", ["particulares", "academia"])
def test_no_interest_is_claimed_from_consumers(name):
    assert not any(step.claims for step in shipped(name).steps)


def test_only_the_academy_walks_the_ladder_line_by_line():
    assert {name: shipped(name).episode_per for name in NAMES} == {
        "academia": "item",
        "administraciones": "customer",
        "particulares": "customer",
        "pymes": "customer",
    }


def test_a_public_body_gets_thirty_and_thirty_days_then_a_written_claim_then_a_month_of_silence():
    steps = {step.id: step for step in shipped("administraciones").steps}
    assert (steps["claim"].condition.days_overdue_at_least or 0) > 30
    assert steps["claim"].channels[0] == "letter"
    assert steps["silence"].requires == ("claim",)
    assert steps["silence"].spacing_days >= 31
    assert not {"sms", "whatsapp", "call"} & {channel for step in steps.values() for channel in step.channels}


@pytest.mark.parametrize("name", NAMES)
def test_businesses_are_asked_for_acceptance_between_day_five_and_ten(name):
    (acceptance,) = [d for d in shipped(name).documents if d.kind == "acceptance"]
    text = " ".join(acceptance.condition.text.split())
    assert text.startswith("days_since_issue >= 5 AND days_since_issue <= 10 AND acceptance_state IS NULL")
