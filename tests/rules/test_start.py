"""Six answers always become a proposal, and the proposal always a strategy; the shipped words stay."""

import tomllib
from itertools import chain, combinations, product

import pytest

from aldia.rules.portfolio.strategy import read_strategy
from aldia.rules.shipped import shipped_strategies
from aldia.rules.start import (
    Answers,
    Buyer,
    Charges,
    Decides,
    Form,
    Ground,
    Sells,
    first_day_max,
    propose,
    strategy_for,
    tuned,
)
from aldia.rules.strategy_text import with_approvals, with_first_day, without_notices

SHIPPED = shipped_strategies()
BUYERS = [frozenset(some) for some in chain(*(combinations(Buyer, n) for n in range(1, len(Buyer) + 1)))]


def answers(
    *,
    sells: Sells = Sells.SERVICES,
    buyers: frozenset[Buyer] = frozenset({Buyer.BUSINESSES}),
    charges: Charges = Charges.TRANSFER,
    country: str = "ES",
    decides: Decides = Decides.FORMAL,
) -> Answers:
    return Answers(sells, buyers, charges, country, "", Form.USTED, decides)


def test_every_combination_of_answers_has_a_proposal_whose_documents_are_strategies():
    tunings = set()
    for sells, buyers, charges, decides, country in product(Sells, BUYERS, Charges, Decides, ("ES", "MX")):
        said = answers(sells=sells, buyers=buyers, charges=charges, decides=decides, country=country)
        for name in (None, *SHIPPED):
            proposal = propose(said, name=name)
            assert proposal.grounds
            assert proposal.sends_from < proposal.sends_until
            assert {proposal.name, *proposal.segments.values()} == set(proposal.tunings)
            tunings |= set(proposal.tunings.items())
    assert len(tunings) > len(SHIPPED)
    for name, tuning in tunings:
        assert read_strategy(tuned(name, tuning)).name == name


@pytest.mark.parametrize(
    ("sells", "buyers", "country", "name"),
    [
        (Sells.FEES, {Buyer.FAMILIES}, "ES", "academia"),
        (Sells.FEES, {Buyer.CONSUMERS, Buyer.BUSINESSES}, "ES", "academia"),
        (Sells.FEES, {Buyer.BUSINESSES}, "ES", "pymes"),
        (Sells.SERVICES, {Buyer.BUSINESSES}, "ES", "pymes"),
        (Sells.SERVICES, {Buyer.BUSINESSES, Buyer.CONSUMERS}, "ES", "particulares"),
        (Sells.SUPPLY, {Buyer.PUBLIC_BODIES}, "ES", "administraciones"),
        (Sells.SUPPLY, {Buyer.PUBLIC_BODIES, Buyer.BUSINESSES}, "ES", "pymes"),
        (Sells.SUPPLY, {Buyer.PUBLIC_BODIES}, "MX", "pymes"),
    ],
)
def test_the_softest_strategy_that_fits_is_for_everybody(sells, buyers, country, name):
    assert strategy_for(answers(sells=sells, buyers=frozenset(buyers), country=country)) == name


def test_whoever_is_a_business_or_a_public_body_has_a_strategy_apart():
    spain = propose(answers(buyers=frozenset({Buyer.CONSUMERS})))
    assert dict(spain.segments) == {"business": "pymes", "public_body": "administraciones"}
    mexico = propose(answers(buyers=frozenset({Buyer.CONSUMERS}), country="MX"))
    assert dict(mexico.segments) == {"business": "pymes", "public_body": "pymes"}


@pytest.mark.parametrize("name", SHIPPED)
def test_who_approves_only_what_is_formal_gets_the_shipped_words_untouched(name):
    assert propose(answers(), name=name).toml(name) == SHIPPED[name]


@pytest.mark.parametrize("name", SHIPPED)
def test_who_approves_everything_is_asked_about_every_notice_and_step(name):
    strategy = read_strategy(propose(answers(decides=Decides.ALL), name=name).toml(name))
    assert all(each.approval for each in strategy.documents)
    assert all(each.approval for each in strategy.steps)


@pytest.mark.parametrize("name", SHIPPED)
def test_first_reminders_leave_by_themselves_and_firm_ones_wait(name):
    strategy = read_strategy(propose(answers(decides=Decides.FIRM), name=name).toml(name))
    assert {step.tone for step in strategy.steps if step.approval} <= {"firme", "formal"}
    assert {step.tone for step in strategy.steps if not step.approval} <= {"amable", "cercano"}
    assert not any(each.approval for each in strategy.documents)


def test_what_is_debited_is_not_asked_for_on_the_day_and_the_first_reminder_waits_for_returns():
    said = answers(charges=Charges.DIRECT_DEBIT)
    before, after = read_strategy(SHIPPED["pymes"]), read_strategy(propose(said).toml("pymes"))
    assert "due_today" in {each.kind for each in before.documents}
    assert "due_today" not in {each.kind for each in after.documents}
    assert "days_overdue >= 7 AND dunnable >= 15" in after.steps[0].condition.text
    assert after.steps[1:] == before.steps[1:]
    assert Ground.DIRECT_DEBIT in propose(said).grounds


def test_nobody_is_asked_to_accept_a_monthly_fee():
    said = answers(sells=Sells.FEES, buyers=frozenset({Buyer.FAMILIES}))
    assert "acceptance" not in {each.id for each in read_strategy(propose(said).toml("academia")).documents}


@pytest.mark.parametrize("name", SHIPPED)
def test_the_first_step_may_move_up_to_the_day_before_the_second(name):
    proposal = propose(answers(), name=name)
    for day in (1, first_day_max(name)):
        strategy = read_strategy(tuned(name, _first_on(proposal.tunings[name], day)))
        assert f"days_overdue >= {day} " in strategy.steps[0].condition.text


def _first_on(tuning, day):
    from dataclasses import replace

    return replace(tuning, first_day=day)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_change_of_the_words_changes_only_what_it_says(name):
    before = tomllib.loads(SHIPPED[name])
    ids = [each["id"] for each in before["document"]]
    after = tomllib.loads(without_notices(SHIPPED[name], ids[:1]))
    assert after == before | {"document": before["document"][1:]}
    none = tomllib.loads(with_approvals(SHIPPED[name], ()))
    assert not any("approval" in step for step in none["step"])
    moved = tomllib.loads(with_first_day(SHIPPED[name], 2))
    assert moved["step"][1:] == before["step"][1:]
    assert moved["document"] == before["document"]
