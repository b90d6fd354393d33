"""The month's movement: who moved, and from which bucket to which the money went."""

from datetime import date, timedelta

import polars as pl
import pytest

from aldia.rules.portfolio.frames import Terms
from aldia.rules.portfolio.kpis import open_on
from aldia.rules.portfolio.lines import lines_as_of
from aldia.rules.portfolio.movement import SETTLED, month_shapes, movement_since
from tests.factories_portfolio import generated_world
from tests.rules.portfolio.test_kpis import DAY, _frames
from tests.rules.portfolio.world_frames import frames_of, terms_of

THEN = DAY - timedelta(days=30)


def _ago(days: int) -> date:
    return DAY - timedelta(days=days)


def test_each_customer_and_each_cent_has_one_way_from_then_to_now() -> None:
    terms = Terms(as_of=DAY)
    frames = _frames(
        (1, 1, _ago(2), 300),  # entered, part of it paid
        (2, 2, _ago(35), 100),  # cured
        (3, 3, _ago(45), 50),  # rolled from 1–30 to 31–60
        (4, 4, DAY + timedelta(days=20), 70),  # issued since, not due
        paid=((1, 1, 120, _ago(1)), (2, 2, 100, _ago(3))),
    )
    moved = movement_since(lines_as_of(frames, terms), frames, terms, THEN)
    found = month_shapes([moved], terms.aging_edges, THEN)["EUR"]
    assert found["since"] == THEN.isoformat()
    assert {name: (each["count"], each["minor"]) for name, each in found["customers"].items()} == {
        "entered": (1, 180),
        "cured": (1, 100),
        "rolled_forward": (1, 50),
        "rolled_back": (0, 0),
        "stayed": (0, 0),
    }
    assert found["rolls"] == [
        ["not_due", "1_30", 180],
        ["not_due", "settled", 120],
        ["1_30", "31_60", 50],
        ["1_30", "settled", 100],
        ["new", "not_due", 70],
    ]


@pytest.mark.parametrize("seed", range(8))
def test_rows_add_up_to_what_was_open_and_columns_to_what_is(seed: int) -> None:
    world = generated_world(seed)
    frames, terms = frames_of(world, world.as_of), terms_of(world, world.as_of)
    lines, then = lines_as_of(frames, terms), world.as_of - timedelta(days=30)
    rolls = movement_since(lines, frames, terms, then).rolls
    before = rolls.filter(pl.col("then") != "new")
    assert _sums(before) == _nonzero(dict(open_on(frames, then).iter_rows()))
    now = lines.group_by("currency").agg(pl.col("open_minor").sum())
    assert _sums(rolls.filter(pl.col("now") != SETTLED)) == _nonzero(dict(now.iter_rows()))
    assert rolls.is_empty() or rolls["minor"].min() > 0  # type: ignore[operator]


def _sums(rolls: pl.DataFrame) -> dict[str, int]:
    return dict(rolls.group_by("currency").agg(pl.col("minor").sum()).iter_rows())


def _nonzero(sums: dict[str, int]) -> dict[str, int]:
    return {currency: minor for currency, minor in sums.items() if minor}
