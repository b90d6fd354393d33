"""Of what waits for one customer the most pressing leaves first: a notice does not use up the contact."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from aldia.queries.outbox import units_ready
from aldia.records.outreach.models import Message
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.operations.outbox.house import DAY, NOW
from tests.simulation.mails_judged import Box
from tests.simulation.tiny import send, start, tiny_house

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def _waits(customer, kind, *, rank=1, days_ago=0):
    planned_on, name = DAY - timedelta(days=days_ago), f"{kind}:{customer.pk}:{rank}:{days_ago}"
    return make.message(
        customer=customer,
        kind=kind,
        once_key=name,
        bundle="" if kind == "free" else name,
        rank=rank,
        state="approved",
        approved_by="ana",
        approved_at=NOW,
        planned_on=planned_on,
    )


def _in_order(creditor, limit=200):
    with transaction.atomic(), scope([creditor.pk]), CaptureQueriesContext(connection) as asked:
        units = units_ready(creditor, now=NOW, limit=limit, channels=["email"])
    return [(each.customer_id, each.unit.partition(":")[0]) for each in units], len(asked)


def test_own_words_then_the_highest_step_then_notices_whenever_they_were_planned():
    creditor = make.creditor()
    with transaction.atomic(), scope([creditor.pk]):
        young, old = make.customer(creditor=creditor), make.customer(creditor=creditor)
        _waits(young, "due_today")
        _waits(young, "dunning", rank=1)
        _waits(young, "dunning", rank=4)
        _waits(old, "pre_due", days_ago=2)
        _waits(old, "dunning", rank=2)
        _waits(old, "free", days_ago=1)
    order, queries = _in_order(creditor)
    assert order == [
        (old.pk, "free"),
        (old.pk, "dunning"),
        (old.pk, "pre_due"),
        (young.pk, "dunning"),
        (young.pk, "dunning"),
        (young.pk, "due_today"),
    ]
    with transaction.atomic(), scope([creditor.pk]):
        ranks = list(Message.objects.filter(kind="dunning", customer=young).values_list("bundle", flat=True))
    assert len(ranks) == 2
    assert queries <= 3, "two questions and the savepoint"


def test_the_pressing_one_is_found_beyond_the_rows_that_are_looked_at_first():
    """More notices wait from the day before than one look takes; the reminder came last of all."""
    creditor = make.creditor()
    with transaction.atomic(), scope([creditor.pk]):
        first = make.customer(creditor=creditor)
        _waits(first, "pre_due", days_ago=1)
        for _more in range(9):
            _waits(make.customer(creditor=creditor), "pre_due", days_ago=1)
        _waits(first, "dunning")
    order, _queries = _in_order(creditor, limit=2)
    assert order == [(first.pk, "dunning"), (first.pk, "pre_due")]


def test_the_reminder_leaves_and_what_is_due_today_waits():
    house = tiny_house("orden")
    start(house, 10 * 60)
    send(house, 18 * 60)
    contacts = [each for each in Box(house).look() if each.is_contact]
    assert len(contacts) == 4
    assert all(each.is_dunning for each in contacts)
