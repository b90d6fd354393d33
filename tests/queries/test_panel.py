"""The panel: its figures are those of the day's close, and each opens the customers it is made of."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg import Connection

from aldia.kernel.money import minor_per_major
from aldia.queries.customer_list import read_filter
from aldia.queries.panel import panel_of
from aldia.queries.panel_page import Bucket, Figure, Panel
from aldia.queries.reasons import portfolio_on
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.standing import standing_columns
from tests import factories
from tests.operations.run.portfolios import DAY, put_strategies, run, specimen_creditor

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

QUERIES_MAX = 6


@pytest.fixture
def creditor(owner_connection: Connection[Any]) -> Creditor:
    return specimen_creditor(owner_connection)


def _panel(creditor: Creditor) -> Panel:
    with transaction.atomic(), scope([creditor.pk]):
        found = panel_of(creditor)
    assert found is not None
    return found


def test_before_the_first_close_there_is_no_panel() -> None:
    creditor = factories.creditor()
    with transaction.atomic(), scope([creditor.pk]):
        assert panel_of(creditor) is None


def test_every_figure_opens_the_rows_it_adds_up(creditor: Creditor) -> None:
    run(creditor)
    panel, rows = _panel(creditor), portfolio_on(creditor, DAY)
    assert panel.currencies[0].currency == creditor.currency
    for each in panel.currencies:
        figures: dict[str, Figure | Bucket] = {
            "open_minor": each.outstanding,
            "overdue_minor": each.overdue,
            "dunnable_minor": each.dunnable,
            "unapplied_minor": each.unapplied,
            **{f"aging_{bucket.name}_minor": bucket for bucket in each.aging},
        }
        for column, figure in figures.items():
            opened = rows.filter(_meaning(creditor, figure.rows, each.currency))
            assert opened[column].sum() == figure.minor, (each.currency, column)
            assert opened.is_empty() or opened[column].min() > 0  # type: ignore[operator]


def test_every_condition_of_the_panel_is_one_that_lists_understand(creditor: Creditor) -> None:
    run(creditor)
    conditions = list(_conditions(_panel(creditor)))
    assert len(conditions) > 20
    for condition in conditions:
        assert read_filter(condition, standing_columns(creditor.aging_edges)) is not None, condition


def _conditions(panel: Panel) -> Iterator[str]:
    for each in panel.currencies:
        yield from (figure.rows for figure in (each.outstanding, each.overdue, each.dunnable))
        yield from (bucket.rows for bucket in each.aging)
        yield from (moved.rows for moved in each.movement)
        if each.expected:
            yield from (week.rows for week in each.expected.weeks)
    yield from (need.rows for need in panel.attention if need.rows)


def _meaning(creditor: Creditor, text: str, currency: str) -> pl.Expr:
    condition = read_filter(text, standing_columns(creditor.aging_edges))
    assert condition is not None
    return condition.expression(minor_per_major(currency))


def test_the_shares_of_the_buckets_are_those_of_the_outstanding(creditor: Creditor) -> None:
    run(creditor)
    for each in _panel(creditor).currencies:
        assert sum(bucket.minor for bucket in each.aging) == each.outstanding.minor
        assert abs(sum(bucket.share_bp for bucket in each.aging) - 10_000) <= len(each.aging)


def test_the_panel_asks_six_times_at_most(creditor: Creditor) -> None:
    for day in range(3):
        run(creditor, on=DAY + timedelta(days=day))
    with (
        transaction.atomic(),
        scope([creditor.pk]),
        CaptureQueriesContext(
            connection,
        ) as asked,
    ):
        panel_of(creditor)
    assert len(asked) <= QUERIES_MAX


def test_the_trend_has_one_point_a_week(creditor: Creditor) -> None:
    for day in (0, 1, 2, 9):
        run(creditor, on=DAY + timedelta(days=day))
    trend = _panel(creditor).currencies[0].trend
    assert [point.on for point in trend] == [DAY + timedelta(days=2), DAY + timedelta(days=9)]


def test_what_needs_a_person_is_told_with_what_weighs_most_first() -> None:
    creditor = factories.creditor(brake_messages_max=1_000, brake_share_percent=100)
    with transaction.atomic(), scope([creditor.pk]):
        put_strategies(creditor)
        customer = factories.customer(creditor=creditor)  # without any address
        factories.due_line(customer=customer, issued_on=DAY - timedelta(days=70), due_date=DAY)
        factories.message(state="unknown", customer=customer)
        factories.unidentified(creditor=creditor, amount_minor=4_200)
    run(creditor)
    needs = _panel(creditor).attention
    assert [need.kind for need in needs] == ["doubts", "unidentified", "no_address"]
    assert [need.count for need in needs] == [1, 1, 1]
    assert needs[1].amounts == {"EUR": 4_200}


def test_another_creditor_sees_nothing_of_it(creditor: Creditor) -> None:
    run(creditor)
    other = factories.creditor()
    with transaction.atomic(), scope([other.pk]):
        assert panel_of(other) is None
        assert panel_of(creditor) is None
