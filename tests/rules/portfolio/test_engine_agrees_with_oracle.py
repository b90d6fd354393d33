"""The engine against an oracle that shares nothing with it: to the cent, row by row, decision by decision."""

from datetime import timedelta
from typing import Any

import pytest

from aldia.rules.portfolio.engine import decide
from tests.factories_portfolio import generated_world
from tests.oracle.answer import answer
from tests.oracle.specimen import read_specimen
from tests.oracle.world import World
from tests.rules.portfolio.world_frames import frames_of, strategies_of, terms_of

_WORLDS = 200
_BATCH = 10
_EACH_TIME = 40  # the others at night


def _compare(world: World, day: Any) -> None:
    expected = answer(world, day)
    decided = decide(frames_of(world, day), strategies_of(world), terms_of(world, day))
    rows = {(row["customer_id"], row["currency"]): row for row in decided.rows.iter_rows(named=True)}
    assert rows.keys() == expected.rows.keys()
    for key, wanted in expected.rows.items():
        for name, value in wanted.items():
            got = rows[key][name]
            where = f"customer {key[0]} {key[1]} {name} on {day}"
            if isinstance(value, float):
                assert got == pytest.approx(value, abs=1e-9), where
            else:
                assert got == value, where
    got_decisions = {
        row["customer_id"]: (row["outcome"], row["step"], row["rank"], row["next_on"])
        for row in decided.decisions.iter_rows(named=True)
    }
    wanted_decisions = {
        customer: (d.outcome, d.step, d.rank, d.next_on) for customer, d in expected.decisions.items()
    }
    assert got_decisions == wanted_decisions
    got_notices = sorted(decided.notices.select("line_id", "step", "occurrence").iter_rows())
    assert got_notices == sorted((n.line_id, n.entry, n.occurrence) for n in expected.notices)


def test_the_engine_agrees_with_the_specimen_page() -> None:
    world = read_specimen().world
    _compare(world, world.as_of)


@pytest.mark.slow
@pytest.mark.parametrize(
    "first",
    [
        pytest.param(each, marks=pytest.mark.night if each >= _EACH_TIME else ())
        for each in range(0, _WORLDS, _BATCH)
    ],
)
def test_engine_and_oracle_agree_on_generated_portfolios(first: int) -> None:
    for seed in range(first, first + _BATCH):
        world = generated_world(seed)
        _compare(world, world.as_of if seed % 5 else world.as_of - timedelta(days=45))


def test_engine_and_oracle_agree_on_a_few_portfolios() -> None:
    for seed in range(1_000, 1_003):
        world = generated_world(seed)
        _compare(world, world.as_of)
