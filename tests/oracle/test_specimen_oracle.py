"""The specimen page and the independent reckoning agree."""

import pytest

from tests.oracle.answer import Answer, answer
from tests.oracle.specimen import Expected, Specimen, read_specimen

_SPECIMEN = read_specimen()


@pytest.fixture(scope="module")
def specimen() -> Specimen:
    return _SPECIMEN


@pytest.fixture(scope="module")
def reckoned() -> Answer:
    return answer(_SPECIMEN.world, _SPECIMEN.world.as_of)


def _named(expected: Expected) -> str:
    return expected.title


@pytest.mark.parametrize("expected", _SPECIMEN.customers, ids=_named)
def test_the_rows_of_a_customer_are_those_of_the_page(expected: Expected, reckoned: Answer):
    mine = {
        cur: row for (customer_id, cur), row in reckoned.rows.items() if customer_id == expected.customer_id
    }
    assert set(mine) == set(expected.rows)
    for currency, columns in expected.rows.items():
        found = {name: mine[currency][name] for name in columns}
        assert found == pytest.approx(columns) if _has_floats(columns) else found == columns


def _has_floats(columns):
    return any(isinstance(value, float) for value in columns.values())


@pytest.mark.parametrize("expected", _SPECIMEN.customers, ids=_named)
def test_the_decision_of_a_customer_is_that_of_the_page(expected: Expected, reckoned: Answer):
    decision = reckoned.decisions[expected.customer_id]
    assert (decision.outcome, decision.rank, decision.next_on, decision.occurrence) == (
        expected.outcome,
        expected.rank,
        expected.next_on,
        expected.occurrence,
    )


def test_the_notices_are_those_of_the_page(specimen: Specimen, reckoned: Answer):
    said = {
        (specimen.line_ids[line], entry, occurrence)
        for expected in specimen.customers
        for line, entry, occurrence in expected.notices
    }
    assert {(n.line_id, n.entry, n.occurrence) for n in reckoned.notices} == said


def test_every_outcome_of_the_strategy_stands_on_the_page(specimen: Specimen):
    outcomes = {expected.outcome for expected in specimen.customers}
    assert outcomes >= {
        "nothing_open",
        "nothing_overdue",
        "insolvent",
        "on_hold",
        "promise_open",
        "money_unapplied",
        "disputed",
        "covered",
        "no_amount_for_currency",
        "below_minimum",
        "waiting",
        "spacing",
        "friendly",
        "second",
        "firm",
    }
