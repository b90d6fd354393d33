"""The brake: the worked examples of docs/rules/run.md."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from aldia.operations.run.brake import messages_let_through
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2026, 11, 20)


def _ran(creditor: Creditor, day: date, bundles: int) -> None:
    """A run of that day that planned so many messages, two rows to the first bundle."""
    run = factories.run(creditor=creditor, on_date=day)
    customer = factories.customer(creditor=creditor)
    for n in range(bundles):
        for row in range(2 if n == 0 else 1):
            factories.message(
                customer=customer,
                run=run,
                planned_on=day,
                bundle=f"dunning:{n}:{day}",
                once_key=f"episode:{n}/s{row}/{day}",
            )


@pytest.mark.parametrize(("bundles", "waits"), [(15, False), (16, True)])
def test_three_times_the_usual_day_is_still_let_through(bundles: int, waits: bool) -> None:
    creditor = factories.creditor()
    with transaction.atomic(), scope([creditor.pk]):
        for back, sent in enumerate([4, 6, 5, 5, 7, 4, 5, 6, 5, 4], start=1):
            _ran(creditor, DAY - timedelta(days=back), sent)
        assert (bundles > messages_let_through(creditor, on=DAY, customers=10_000)) is waits


@pytest.mark.parametrize(
    ("customers", "bundles", "waits"),
    [(300, 25, False), (300, 26, True), (80, 9, False), (80, 10, True), (4, 4, False)],
)
def test_a_young_creditor_is_measured_by_number_and_share(customers: int, bundles: int, waits: bool) -> None:
    creditor = factories.creditor()
    with transaction.atomic(), scope([creditor.pk]):
        _ran(creditor, DAY, 1)
        assert (bundles > messages_let_through(creditor, on=DAY, customers=customers)) is waits


def test_after_quiet_days_a_few_messages_are_no_avalanche() -> None:
    creditor = factories.creditor()
    with transaction.atomic(), scope([creditor.pk]):
        for back in range(1, 5):
            _ran(creditor, DAY - timedelta(days=back), 0)
        assert messages_let_through(creditor, on=DAY, customers=10_000) == 9


def test_runs_of_the_same_day_and_of_others_do_not_count_as_usual() -> None:
    creditor, stranger = factories.creditor(), factories.creditor()
    with transaction.atomic(), scope([stranger.pk]):
        for back in range(1, 6):
            _ran(stranger, DAY - timedelta(days=back), 1)
    with transaction.atomic(), scope([creditor.pk]):
        _ran(creditor, DAY, 1)
        assert messages_let_through(creditor, on=DAY, customers=1_000) == 25
