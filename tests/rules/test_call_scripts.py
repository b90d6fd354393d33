"""The script of a call fits what has happened, how the customer pays and the tone they are at."""

from itertools import product

import pytest

from aldia.rules.call_scripts import OF_KINDS, OF_TONES, SCRIPT, scripts_for
from aldia.rules.portfolio.strategy import FIRM_TONES, TONES
from aldia.rules.texts.shipped import shipped_in
from aldia.rules.texts.uses import FORMS, KINDS

PEOPLE = (*OF_KINDS, "circumstantial", "unknown")


def first(kind: str = "unknown", tone: str = "cercano", *, planned: str = "", broken: bool = False, own=()):
    return scripts_for(kind=kind, tone=tone, planned=planned, is_promise_broken=broken, own=own)[0]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({}, "phone_call"),
        ({"tone": "amable"}, "friendly"),
        ({"tone": "firme"}, "firm"),
        ({"tone": "formal"}, "firm"),
        ({"kind": "stalling"}, "phone_call_stalling"),
        ({"kind": "stalling", "tone": "amable"}, "phone_call_stalling"),
        ({"kind": "stalling", "tone": "firme"}, "firm"),
        ({"kind": "illiquid", "tone": "firme"}, "phone_call_illiquid"),
        ({"kind": "illiquid", "tone": "formal"}, "phone_call_illiquid"),
        ({"kind": "good_payer"}, "friendly"),
        ({"kind": "casual", "tone": "firme"}, "firm"),
        ({"kind": "circumstantial", "tone": "formal", "broken": True}, "solve_first"),
        ({"kind": "stalling", "broken": True}, "promise_broken"),
        ({"kind": "illiquid", "broken": True, "own": {"phone_call"}}, "promise_broken"),
        ({"kind": "careless", "planned": "second"}, "second"),
        ({"kind": "careless", "planned": "phone_call"}, "phone_call_careless"),
        ({"kind": "careless", "own": {"phone_call"}}, "phone_call"),
        ({"kind": "careless", "own": {"phone_call", "phone_call_careless"}}, "phone_call_careless"),
        ({"kind": "careless", "planned": "second", "own": {"phone_call"}}, "phone_call"),
        ({"tone": "firme", "own": {"friendly"}}, "firm"),
    ],
)
def test_the_one_that_fits_best_comes_first(said, wanted):
    assert first(**said) == wanted


@pytest.mark.parametrize("form", FORMS)
def test_the_house_has_words_for_all_it_may_choose(form):
    named = {*OF_KINDS.values(), *OF_TONES.values(), SCRIPT, "solve_first", "promise_broken"}
    assert named <= set(KINDS)
    assert {each for each in named if shipped_in(form, "es", each, "call") is None} == set()


def test_whoever_it_is_there_is_something_to_say_and_nothing_twice():
    for kind, tone, broken, own in product(PEOPLE, TONES, (False, True), ((), {"firm"}, {"phone_call"})):
        found = scripts_for(kind=kind, tone=tone, planned="x", is_promise_broken=broken, own=own)
        assert SCRIPT in found
        assert len(set(found)) == len(found)
        assert (found[0] == "firm") <= (tone in FIRM_TONES)
        assert (found[0] == "promise_broken") == (broken and kind != "circumstantial")
