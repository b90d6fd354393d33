"""The customers of the page of the day are those the run decided about, found by walking or by gathering."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from psycopg import Connection

from aldia.operations.run import daily_run
from aldia.queries import today_customers
from aldia.queries.today_customers import first_of_each, matching
from aldia.queries.today_page import Asked
from aldia.records.cases.models import DailyRun, Decision
from aldia.records.parties.models import CustomerWord
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.reasons import Reason
from tests.factories_portfolio import generated_world
from tests.operations.run.portfolios import world_creditor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WORLD = generated_world(8)
WAYS = pytest.mark.parametrize("rare", [0, 10**6], ids=["walked", "gathered"])


@pytest.fixture
def creditor(owner_connection: Connection[Any]) -> Creditor:
    creditor = world_creditor(owner_connection, WORLD)
    now = datetime(2028, 12, 31, 9, tzinfo=UTC)
    daily_run(creditor=creditor, on=WORLD.as_of, now=now, actor="t")
    return creditor


def _decided(creditor: Creditor) -> tuple[DailyRun, dict[str, list[int]]]:
    """The run, and outcome → customers in the order of their ids; nobody has a name to sort by."""
    found = defaultdict(list)
    with transaction.atomic(), scope([creditor.pk]):
        for decision in Decision.objects.order_by("customer_id"):
            found[decision.outcome].append(decision.customer_id)
        return DailyRun.objects.get(), dict(found)


def _ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["id"] for row in rows]


@WAYS
def test_each_outcome_lists_its_customers_page_by_page(
    creditor: Creditor, rare: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(today_customers, "RARE", rare)
    run, decided = _decided(creditor)
    assert len(decided) > 3
    for outcome, customers in decided.items():
        listed: list[int] = []
        while True:
            asked = Asked(outcome=outcome, after=listed[-1] if listed else None)
            with transaction.atomic(), scope([creditor.pk]):
                rows, found = matching(run, asked, 3)
            assert found == len(customers)
            assert {row["outcome"] for row in rows} <= {outcome}
            listed += _ids(rows[:2])
            if len(rows) < 3:
                break
        assert listed == customers, outcome


@WAYS
def test_the_first_of_each_outcome_are_shown(
    creditor: Creditor, rare: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(today_customers, "RARE", rare)
    run, decided = _decided(creditor)
    with transaction.atomic(), scope([creditor.pk]):
        rows = first_of_each(run, 2)
    shown = defaultdict(list)
    for row in rows:
        shown[row["outcome"]].append(row["id"])
        assert (row["step"] == row["outcome"]) is (row["outcome"] not in _REASONS)
    assert shown == {outcome: customers[:2] for outcome, customers in decided.items()}


_REASONS = {reason.value for reason in Reason}


def test_words_find_customers_of_every_outcome_or_of_one(creditor: Creditor) -> None:
    run, decided = _decided(creditor)
    outcome, customers = max(decided.items(), key=lambda each: len(each[1]))
    stranger = next(ids[0] for other, ids in decided.items() if other != outcome)
    with transaction.atomic(), scope([creditor.pk]):
        for customer in (customers[1], stranger):
            CustomerWord.objects.create(creditor=creditor, customer_id=customer, word="pena")
        rows, found = matching(run, Asked(text="Peñ"), 5)
        assert (sorted(_ids(rows)), found) == (sorted([customers[1], stranger]), 2)
        rows, found = matching(run, Asked(text="pe", outcome=outcome), 5)
        assert (_ids(rows), found) == ([customers[1]], 1)
        assert matching(run, Asked(text="nadie"), 5) == ([], 0)
