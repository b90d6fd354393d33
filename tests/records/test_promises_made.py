"""What the database itself holds of promises: they add up, nothing is promised twice, withdrawn is final."""

from datetime import timedelta

import pytest
from django.db import connection

from aldia.records.cases.models import Promise, PromiseLine, PromiseOutcome
from tests import factories as make
from tests.records.refusals import refused

pytestmark = pytest.mark.django_db

DAY = make.ISSUED + timedelta(days=60)


@pytest.fixture
def line(ours):
    """100,00 € open."""
    return make.due_line(customer=make.customer(creditor=ours))


def made(line, amount=4_000, *, of=None, currency="EUR", **fields):
    """A promise of so much of the line."""
    own = {"creditor": line.creditor, "customer": line.customer}
    defaults = {"source": "desk", "made_on": DAY, "promised_on": DAY + timedelta(days=5), "actor": "ana"}
    promise = Promise.objects.create(
        **own, amount_minor=amount if of is None else of, currency=currency, **defaults | fields
    )
    PromiseLine.objects.create(
        **own, promise=promise, due_line=line, currency="EUR", amount_minor=amount, open_minor=10_000
    )
    return promise


def decided(promise, verdict, **fields):
    """What became of it."""
    return PromiseOutcome.objects.create(
        creditor_id=promise.creditor_id,
        customer_id=promise.customer_id,
        promise=promise,
        verdict=verdict,
        decided_on=DAY,
        actor="ana",
        **fields,
    )


def paid(line, amount):
    """So much arrives and is applied."""
    credit = make.credit(customer=line.customer, amount_minor=amount)
    return make.allocation(credit=credit, due_line=line, amount_minor=amount)


def add_up():
    """What is held back until commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_promise_is_the_sum_of_its_parts(line):
    made(line, 4_000)
    add_up()
    with refused("promise_adds_up:"):
        made(line, 3_000, of=3_001)
        add_up()


def test_a_promise_without_parts_is_none(line):
    with refused("promise_adds_up:"):
        Promise.objects.create(
            creditor=line.creditor,
            customer=line.customer,
            source="desk",
            made_on=DAY,
            promised_on=DAY,
            currency="EUR",
            amount_minor=1,
            actor="ana",
        )
        add_up()


def test_its_parts_are_of_its_currency(line):
    with refused("promise_adds_up:"):
        made(line, 1_000, currency="USD")
        add_up()


def test_nothing_is_promised_twice(line):
    made(line, 6_000)
    with refused("promised_once:"):
        made(line, 4_001)
    made(line, 4_000)
    with refused("promised_once:"):
        made(line, 1)


def test_what_has_been_paid_of_it_is_promised_no_longer(line):
    first = made(line, 6_000)
    paid(line, 2_000)
    with refused("promised_once:"):
        made(line, 4_001, known_allocation_id=paid(line, 1_000).pk)
    made(line, 4_000, known_allocation_id=first.known_allocation_id)


def test_money_over_and_above_one_promise_makes_no_room_in_another(line):
    made(line, 3_000)
    known = paid(line, 8_000).pk
    made(line, 2_000, known_allocation_id=known)
    with refused("promised_once:"):
        made(line, 1, known_allocation_id=known)


def test_what_somebody_decided_or_whose_days_are_over_is_in_nobodys_way(line):
    decided(made(line, 10_000), "withdrawn", reason="no lo dijo")
    old = DAY - timedelta(days=20)
    made(line, 10_000, made_on=old, promised_on=old + timedelta(days=5), grace_days=2)
    made(line, 10_000)


def test_withdrawn_is_final(line):
    promise = made(line)
    decided(promise, "broken")
    decided(promise, "kept", paid_minor=4_000)
    decided(promise, "withdrawn", reason="no lo dijo")
    with refused("promise_withdrawn_once:"):
        decided(promise, "kept")


def test_of_the_customer_itself_alone(line, ours):
    other = make.due_line(customer=make.customer(creditor=ours))
    with refused("cases_promise_line"):
        promise = made(line, 1_000)
        PromiseLine.objects.create(
            creditor=ours,
            customer=other.customer,
            promise=promise,
            due_line=other,
            currency="EUR",
            amount_minor=1,
            open_minor=1,
        )
        add_up()
