"""Runs open and close cases: exactly where something is overdue, once, by themselves."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from aldia.kernel.clock import morning_of
from aldia.operations import ledger
from aldia.operations.cases import CaseChanges, change_case
from aldia.operations.holds import put_on_hold
from aldia.operations.memberships import end_access
from aldia.operations.promises import NewPromise, record_promise
from aldia.operations.run import daily_run
from aldia.operations.strategies import set_strategy
from aldia.operations.teams import CollectorTerms, name_large_accounts, set_collector
from aldia.queries.verify_cases import verify_cases
from aldia.records.cases.models import Case, CaseEvent
from aldia.records.ledger.models import ItemBalance
from aldia.records.parties.models import Customer, CustomerGroup
from aldia.records.tenancy.models import Creditor, Membership
from aldia.records.tenancy.scope import scope
from aldia.rules.shipped import shipped_strategies
from tests import factories as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

FIRST = date(2026, 3, 2)
TOLERANCE = 100


@pytest.fixture
def creditor() -> Creditor:
    creditor = make.creditor(tolerance_minor=TOLERANCE, reopen_days=10)
    with transaction.atomic(), scope([creditor.pk]):
        set_strategy(creditor_id=creditor.pk, toml=shipped_strategies()["pymes"], now=make.MORNING, actor="t")
    return creditor


class House:
    """A creditor's days: invoices, money, runs."""

    def __init__(self, creditor: Creditor) -> None:
        self.creditor, self.day = creditor, FIRST

    @property
    def now(self) -> datetime:
        return morning_of(self.day, self.creditor.time_zone)

    def customer(self, **fields: Any) -> Customer:
        with transaction.atomic(), scope([self.creditor.pk]):
            return make.customer(creditor=self.creditor, **fields)

    def invoice(self, customer: Customer, minor: int, due_in: int = 0) -> int:
        with transaction.atomic(), scope([self.creditor.pk]):
            booked = ledger.book_invoice(
                creditor_id=self.creditor.pk,
                customer_id=customer.pk,
                number=f"F{random.random()}",
                issued_on=self.day,
                currency="EUR",
                dues=[ledger.Due(minor, self.day + timedelta(days=due_in))],
                actor="t",
                now=self.now,
            )
        return booked.due_line_ids[0]

    def pay(self, customer: Customer, minor: int, *lines: int) -> None:
        with transaction.atomic(), scope([self.creditor.pk]):
            ledger.record_payment(
                creditor_id=self.creditor.pk,
                customer_id=customer.pk,
                amount_minor=minor,
                currency="EUR",
                value_on=self.day,
                due_line_ids=list(lines),
                actor="t",
                now=self.now,
            )

    def run(self, days: int = 0) -> Any:
        self.day += timedelta(days=days)
        return daily_run(creditor=self.creditor, on=self.day, now=self.now, actor="t")

    def cases(self, customer: Customer | None = None) -> list[Case]:
        with transaction.atomic(), scope([self.creditor.pk]):
            found = Case.objects.filter(creditor=self.creditor)
            return list((found.filter(customer=customer) if customer else found).order_by("pk"))

    def events(self) -> list[tuple[Any, ...]]:
        with transaction.atomic(), scope([self.creditor.pk]):
            return list(CaseEvent.objects.order_by("pk").values_list("case_id", "kind", "actor", "payload"))

    def late(self) -> set[int]:
        """Customers with a line past due and open beyond the tolerance, from the kept balances."""
        with transaction.atomic(), scope([self.creditor.pk]):
            items = ItemBalance.objects.filter(creditor=self.creditor, open_minor__gt=TOLERANCE)
            return set(
                items.filter(due_line__due_date__lt=self.day).values_list("due_line__customer_id", flat=True)
            )

    def faults(self) -> list[Any]:
        with transaction.atomic(), scope([self.creditor.pk]):
            return verify_cases(self.creditor)


@pytest.fixture
def house(creditor: Creditor) -> House:
    return House(creditor)


def test_a_case_opens_closes_and_is_taken_up_again(house: House) -> None:
    customer = house.customer()
    line = house.invoice(customer, 10_000)
    assert house.run().cases == {"opened": 0, "closed": 0, "reopened": 0}
    assert house.run(1).cases["opened"] == 1
    house.pay(customer, 9_900, line)
    assert house.run(1).cases["closed"] == 1
    (case,) = house.cases()
    assert (case.state, case.opened_on, case.closed_on) == (
        "closed",
        FIRST + timedelta(days=1),
        FIRST + timedelta(days=2),
    )
    house.invoice(customer, 5_000)
    assert house.run(9).cases["reopened"] == 1
    (again,) = house.cases()
    assert (again.state, again.reopened_times, again.closed_on) == ("working", 1, None)
    assert [(kind, payload["version"]) for _case, kind, _actor, payload in house.events()] == [
        ("opened", 1),
        ("closed", 2),
        ("reopened", 3),
    ]
    assert all(actor.startswith("run:") for _case, _kind, actor, _payload in house.events())
    assert house.faults() == []


def test_after_the_days_of_reopening_a_new_case_opens(house: House) -> None:
    customer = house.customer()
    line = house.invoice(customer, 10_000)
    house.run(1)
    house.pay(customer, 10_000, line)
    house.run(1)
    house.invoice(customer, 5_000)
    house.run(10)
    assert [case.state for case in house.cases()] == ["closed", "new"]


def test_a_second_run_of_the_day_changes_nothing(house: House) -> None:
    for minor in (5_000, 6_000):
        house.invoice(house.customer(), minor)
    house.run(1)
    before = house.events()
    assert not house.run().recorded
    assert house.events() == before


def _collector(creditor: Creditor, capacity: int, **fields: Any) -> Membership:
    member = make.membership(creditor=creditor)
    terms = CollectorTerms(cases_per_day=capacity, **fields)
    set_collector(creditor=creditor, member_id=member.pk, terms=terms, actor="t", now=make.MORNING)
    return member


def test_owners_by_customer_size_group_and_load(house: House) -> None:
    creditor = house.creditor
    big, small = _collector(creditor, 20), _collector(creditor, 10)
    _collector(creditor, 99, takes_new=False)
    boss, own, gone = (make.membership(creditor=creditor, role="manager") for _ in range(3))
    name_large_accounts(
        creditor=creditor, least_minor=100_000, member_id=boss.pk, actor="t", now=make.MORNING
    )
    end_access(creditor=creditor, membership_id=gone.pk, actor="t", now=make.MORNING)
    with transaction.atomic(), scope([creditor.pk]):
        group = CustomerGroup.objects.create(creditor=creditor, code="g", name="G")
    wanted = [
        (house.customer(owner=own), 200_000, own),
        (house.customer(), 200_000, boss),
        (house.customer(owner=gone), 5_000, big),
        (house.customer(group=group), 5_000, small),
        (house.customer(group=group), 5_000, small),
        (house.customer(), 5_000, big),
        (house.customer(), 5_000, big),
    ]
    for customer, minor, _owner in wanted:
        house.invoice(customer, minor)
    house.run(1)
    owners = {case.customer_id: case.owner_id for case in house.cases()}
    assert owners == {customer.pk: owner.pk for customer, _minor, owner in wanted}


def test_with_nobody_to_take_it_a_case_is_nobodys(house: House) -> None:
    house.invoice(house.customer(), 5_000)
    house.run(1)
    assert [case.owner_id for case in house.cases()] == [None]


def test_a_promise_that_is_decided_leaves_its_case_under_way(house: House) -> None:
    customer = house.customer()
    house.invoice(customer, 10_000)
    house.run(1)
    new = NewPromise(4_000, "EUR", house.day + timedelta(days=2), receipt=False)
    record_promise(creditor=house.creditor, customer_id=customer.pk, new=new, actor="t", now=house.now)
    assert house.cases()[0].state == "promised"
    house.run(1)
    assert house.cases()[0].state == "promised"
    house.run(20)
    assert house.cases()[0].state == "working"
    assert house.events()[-1][3] == {
        "version": house.cases()[0].version,
        "from": "promised",
        "to": "working",
    }
    assert house.faults() == []


def test_a_hold_that_is_over_leaves_its_case_under_way(house: House) -> None:
    customer, other = house.customer(), house.customer()
    for each in (customer, other):
        house.invoice(each, 10_000)
    house.run(1)

    def hold(each: Customer, days: int) -> None:
        said: dict[str, Any] = {
            "until_on": house.day + timedelta(days=days),
            "reason": "Reforma",
            "actor": "t",
        }
        put_on_hold(creditor=house.creditor, customer_id=each.pk, now=house.now, **said)

    hold(customer, 2)
    hold(customer, 4)
    hold(other, 2)
    on = house.day + timedelta(days=9)
    agreed = CaseChanges(next_action="Ver la obra", next_on=on)
    change_case(
        creditor=house.creditor, case_id=house.cases(other)[0].pk, changes=agreed, actor="t", now=house.now
    )
    house.run(2)
    assert [case.state for case in house.cases()] == ["waiting", "waiting"]
    house.run(2)
    assert [case.state for case in house.cases()] == ["working", "waiting"], "the other has a day agreed"
    assert house.cases()[0].state_since == house.day
    assert house.events()[-1][1:] == (
        "state",
        house.events()[-1][2],
        {"version": house.cases()[0].version, "from": "waiting", "to": "working"},
    )
    house.run(5)
    assert house.cases()[1].state == "working"
    assert house.faults() == []


def test_who_waits_without_a_hold_is_left_waiting_by_a_run(house: House) -> None:
    customer = house.customer()
    house.invoice(customer, 10_000)
    house.run(1)
    hold: dict[str, Any] = {"until_on": house.day + timedelta(days=1), "reason": "Reforma", "actor": "t"}
    put_on_hold(creditor=house.creditor, customer_id=customer.pk, now=house.now, **hold)
    house.run(2)
    by: dict[str, Any] = {"creditor": house.creditor, "actor": "t", "now": house.now}
    change_case(**by, case_id=house.cases()[0].pk, changes=CaseChanges(state="waiting"))
    house.run(2)
    assert house.cases()[0].state == "waiting"


@pytest.mark.parametrize("seed", range(3))
def test_open_is_overdue_over_random_histories(house: House, seed: int) -> None:
    rng = random.Random(seed)
    _collector(house.creditor, 10)
    customers = [house.customer() for _ in range(4)]
    lines: list[tuple[Customer, int, int]] = []
    for _day in range(14):
        for customer in customers:
            if rng.random() < 0.25:
                minor = rng.choice([TOLERANCE, TOLERANCE + 1, 5_000, 20_000])
                due = rng.randrange(0, 5)
                lines.append((customer, house.invoice(customer, minor, due), minor))
            mine = [each for each in lines if each[0] == customer]
            if mine and rng.random() < 0.3:
                paid = rng.choice(mine)
                house.pay(customer, rng.choice([paid[2], max(paid[2] // 2, 1)]), paid[1])
        house.run(rng.choice([1, 1, 2, 4]))
        open_cases = [case.customer_id for case in house.cases() if case.state != "closed"]
        assert sorted(open_cases) == sorted(house.late())
        assert house.faults() == []
    assert not house.run().recorded
