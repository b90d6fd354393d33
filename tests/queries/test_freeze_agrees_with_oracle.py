"""What is read from the database gives the oracle's answer, whole or in parts of customers."""

from unittest.mock import patch

import polars as pl
import pytest
from django.db import transaction

from aldia.queries.portfolio import EVERYBODY, Part, cached_balances, freeze, parts_of, unidentified_money
from aldia.queries.snapshot import snapshot_of
from aldia.queries.terms import strategies_in_force
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.engine import Decided, decide
from aldia.rules.portfolio.lines import lines_as_of
from tests import factories
from tests.factories_portfolio import generated_world
from tests.oracle.answer import Answer, answer
from tests.oracle.specimen import read_specimen
from tests.oracle.world import World
from tests.rules.portfolio.world_frames import terms_of
from tests.world_in_database import write_world

pytestmark = pytest.mark.django_db(transaction=True)


def _decided(creditor: Creditor, world: World, part: Part) -> Decided:
    with transaction.atomic(), scope([creditor.pk]), snapshot_of(creditor.pk) as snapshot:
        frames = freeze(snapshot, world.as_of, part)
        terms = terms_of(world, world.as_of)
        cached = cached_balances(snapshot, world.as_of, part)
        lines = lines_as_of(frames, terms)
        both = lines.join(cached, on="line_id")
        assert both.filter(pl.col("open_minor") != pl.col("cached_minor")).is_empty()
        return decide(frames, strategies_in_force(creditor).strategies, terms)


def _same(decided: list[Decided], expected: Answer) -> None:
    rows = {
        (row["customer_id"], row["currency"]): row
        for part in decided
        for row in part.rows.iter_rows(named=True)
    }
    assert rows.keys() == expected.rows.keys()
    for key, wanted in expected.rows.items():
        for name, value in wanted.items():
            if name == "last_reply_kind":
                continue  # worlds answer in words that no form offers
            close = pytest.approx(value, abs=1e-9) if isinstance(value, float) else value
            assert rows[key][name] == close, f"customer {key} {name}"
    got = {
        row["customer_id"]: (row["outcome"], row["rank"], row["next_on"])
        for part in decided
        for row in part.decisions.iter_rows(named=True)
    }
    assert got == {c: (d.outcome, d.rank, d.next_on) for c, d in expected.decisions.items()}


def _creditor_of(world: World) -> Creditor:
    creditor = factories.creditor(
        tolerance_minor=world.settings.tolerance_minor,
        aging_edges=list(world.settings.aging_edges),
        live_from=world.settings.live_from,
    )
    with transaction.atomic(), scope([creditor.pk]):
        write_world(creditor, world)
    return creditor


def test_the_specimen_page_in_the_database_gives_what_the_page_says() -> None:
    world = read_specimen().world
    creditor = _creditor_of(world)
    _same([_decided(creditor, world, EVERYBODY)], answer(world, world.as_of))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_generated_portfolios_in_the_database_give_the_oracles_answer(seed: int) -> None:
    world = generated_world(seed)
    creditor = _creditor_of(world)
    expected = answer(world, world.as_of)
    _same([_decided(creditor, world, EVERYBODY)], expected)
    with transaction.atomic(), scope([creditor.pk]), snapshot_of(creditor.pk) as snapshot:
        parts = list(parts_of(snapshot, 4))
    assert len(parts) > 1
    _same([_decided(creditor, world, part) for part in parts], expected)


def test_money_of_nobody_is_what_is_left_of_it() -> None:
    world = generated_world(3)
    creditor = _creditor_of(world)
    left: dict[str, int] = {}
    for credit in world.credits:
        if credit.customer_id is None and credit.effective_on <= world.as_of:
            left[credit.currency] = left.get(credit.currency, 0) + _left_of(world, credit.id)
    with transaction.atomic(), scope([creditor.pk]), snapshot_of(creditor.pk) as snapshot:
        assert unidentified_money(snapshot, world.as_of) == {c: m for c, m in left.items() if m}


def _left_of(world: World, credit_id: int) -> int:
    day = world.as_of

    def taken(target: str, ids: set[int]) -> int:
        return sum(
            r.amount_minor
            for r in world.reversals
            if r.target == target and r.target_id in ids and r.effective_on <= day
        )

    credit = next(c for c in world.credits if c.id == credit_id)
    used = [a for a in world.allocations if a.credit_id == credit_id and a.effective_on <= day]
    refunds = [r for r in world.refunds if r.credit_id == credit_id and r.effective_on <= day]
    left = credit.amount_minor - taken("credit", {credit_id})
    left -= sum(a.amount_minor for a in used) - taken("allocation", {a.id for a in used})
    return left - sum(r.amount_minor for r in refunds) + taken("refund", {r.id for r in refunds})


def test_another_creditors_rows_are_not_frozen() -> None:
    world = read_specimen().world
    _creditor_of(world)
    stranger = factories.creditor()
    with transaction.atomic(), scope([stranger.pk]), snapshot_of(stranger.pk) as snapshot:
        frames = freeze(snapshot, world.as_of)
    assert frames.customers.is_empty()
    assert frames.lines.is_empty()
    assert frames.credits.is_empty()


def test_a_snapshot_outside_a_transaction_is_a_bug() -> None:
    with (
        patch("aldia.queries.snapshot.connection.in_atomic_block", False),
        pytest.raises(AssertionError),
        snapshot_of(1),
    ):
        pass
