"""The two balances follow every row of the ledger, and refuse what exceeds one."""

from datetime import date, timedelta

import pytest

from aldia.records.ledger.models import Allocation, CreditBalance, ItemBalance, Reversal
from aldia.records.schema.sequences import reserve_ids
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.records.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(ours):
    return make.customer(creditor=ours)


def _item(line):
    balance = make.item(line)
    return balance.allocated_minor, balance.reversed_minor, balance.open_minor, balance.settled_on


def _account(credit):
    balance = make.account(credit)
    return (
        balance.allocated_minor,
        balance.refunded_minor,
        balance.reversed_minor,
        balance.unallocated_minor,
    )


def test_a_new_line_is_wholly_open(customer):
    line = make.due_line(customer=customer, amount_minor=10_000)
    assert _item(line) == (0, 0, 10_000, None)
    assert make.item(line).last_effective_on == make.ISSUED


def test_a_new_credit_is_wholly_on_account(customer):
    assert _account(make.credit(customer=customer, amount_minor=7_000)) == (0, 0, 0, 7_000)


def test_a_part_payment_leaves_the_rest_open(customer):
    line, money = make.due_line(customer=customer), make.credit(customer=customer, amount_minor=4_000)
    make.allocation(credit=money, due_line=line, amount_minor=4_000)
    assert _item(line) == (4_000, 0, 6_000, None)
    assert _account(money) == (4_000, 0, 0, 0)
    assert make.item(line).last_effective_on == make.PAID


def test_a_line_is_settled_on_the_day_nothing_is_left(customer):
    line, money = make.due_line(customer=customer), make.credit(customer=customer, amount_minor=15_000)
    make.allocation(credit=money, due_line=line, amount_minor=10_000, effective_on=date(2026, 3, 1))
    assert _item(line) == (10_000, 0, 0, date(2026, 3, 1))
    assert _account(money) == (10_000, 0, 0, 5_000)


def test_several_allocations_of_one_statement_are_added_up(customer):
    lines = [make.due_line(customer=customer) for _ in range(3)]
    money = [make.credit(customer=customer, amount_minor=15_000) for _ in range(2)]
    parts = [(0, 0, 10_000), (0, 1, 5_000), (1, 1, 5_000), (1, 2, 3_000)]
    Allocation.objects.bulk_create(
        make.unsaved_allocation(credit=money[m], due_line=lines[n], amount_minor=minor)
        for m, n, minor in parts
    )
    assert [make.item(line).open_minor for line in lines] == [0, 0, 7_000]
    assert [make.account(each).unallocated_minor for each in money] == [0, 7_000]


def test_another_payer_may_pay_a_line(ours, customer):
    parent = make.customer(creditor=ours)
    line, money = make.due_line(customer=customer), make.credit(customer=parent)
    row = make.allocation(credit=money, due_line=line, amount_minor=10_000)
    assert (row.customer_id, row.credit_customer_id) == (customer.pk, parent.pk)
    assert make.item(line).open_minor == 0


def test_reversing_an_allocation_gives_the_money_back_to_both(customer):
    line, money = make.due_line(customer=customer), make.credit(customer=customer)
    paid = make.allocation(credit=money, due_line=line, amount_minor=10_000)
    make.reversal(row=paid, amount_minor=2_500, effective_on=date(2026, 4, 1))
    assert _item(line) == (7_500, 0, 2_500, None)
    assert _account(money) == (7_500, 0, 0, 2_500)
    assert make.item(line).last_effective_on == date(2026, 4, 1)


def test_a_refund_consumes_what_is_on_account_and_its_reversal_gives_it_back(customer):
    money = make.credit(customer=customer)
    back = make.refund(credit=money, amount_minor=6_000)
    assert _account(money) == (0, 6_000, 0, 4_000)
    make.reversal(row=back, amount_minor=6_000)
    assert _account(money) == (0, 0, 0, 10_000)


def test_a_returned_debit_takes_its_allocation_away_in_one_statement(customer):
    line, money = make.due_line(customer=customer), make.credit(customer=customer)
    paid = make.allocation(credit=money, due_line=line, amount_minor=10_000)
    [parent] = reserve_ids(Reversal, 1)
    returned = make.unsaved_reversal(row=money, amount_minor=10_000, kind="returned_debit", id=parent)
    [child] = reserve_ids(Reversal, 1)
    taken = make.unsaved_reversal(row=paid, amount_minor=10_000, parent_id=parent, id=child)
    Reversal.objects.bulk_create([taken, returned])
    assert _item(line) == (0, 0, 10_000, None)
    assert _account(money) == (0, 0, 10_000, 0)


def test_a_reversed_line_is_settled_by_it(customer):
    line = make.due_line(customer=customer)
    make.reversal(row=line, amount_minor=10_000, effective_on=date(2026, 3, 3))
    assert _item(line) == (0, 10_000, 0, date(2026, 3, 3))


def test_no_more_than_is_open_can_be_allocated(customer):
    line, money = make.due_line(customer=customer), make.credit(customer=customer, amount_minor=50_000)
    with refused("item_open_is_never_negative"):
        make.allocation(credit=money, due_line=line, amount_minor=10_001)
    assert _account(money) == (0, 0, 0, 50_000)


def test_no_more_than_is_on_account_can_be_allocated_or_refunded_or_reversed(customer):
    line, money = make.due_line(customer=customer, amount_minor=50_000), make.credit(customer=customer)
    make.allocation(credit=money, due_line=line, amount_minor=6_000)
    with refused("credit_unallocated_is_never_negative"):
        make.allocation(credit=money, due_line=line, amount_minor=4_001)
    with refused("credit_unallocated_is_never_negative"):
        make.refund(credit=money, amount_minor=4_001)
    with refused("credit_unallocated_is_never_negative"):
        make.reversal(row=money, amount_minor=4_001)
    assert _account(money) == (6_000, 0, 0, 4_000)


def test_a_paid_line_cannot_be_reversed(customer):
    line, money = make.due_line(customer=customer), make.credit(customer=customer)
    make.allocation(credit=money, due_line=line, amount_minor=1)
    with refused("item_open_is_never_negative"):
        make.reversal(row=line, amount_minor=10_000)


def test_no_more_than_was_allocated_can_be_taken_away(customer):
    line, money = make.due_line(customer=customer), make.credit(customer=customer)
    first = make.allocation(credit=money, due_line=line, amount_minor=3_000)
    make.allocation(credit=money, due_line=line, amount_minor=7_000)
    make.reversal(row=first, amount_minor=2_000)
    with refused("reversal_exceeds: more than is left of the allocation"):
        make.reversal(row=first, amount_minor=1_001)
    with refused("reversal_exceeds"):
        Reversal.objects.bulk_create(make.unsaved_reversal(row=first, amount_minor=501) for _ in range(2))
    make.reversal(row=first, amount_minor=1_000)
    assert _item(line) == (7_000, 0, 3_000, None)


def test_no_more_than_was_refunded_can_be_taken_back(customer):
    money = make.credit(customer=customer)
    first = make.refund(credit=money, amount_minor=3_000)
    make.refund(credit=money, amount_minor=3_000)
    with refused("reversal_exceeds: more than is left of the refund"):
        make.reversal(row=first, amount_minor=3_001)


def test_nothing_takes_effect_before_what_it_rests_on(customer):
    line, money = make.due_line(customer=customer), make.credit(customer=customer)
    early = date(2026, 2, 19)
    with refused("allocation_too_early: before the value date"):
        make.allocation(credit=money, due_line=line, amount_minor=1, effective_on=early)
    late_line = make.due_line(customer=customer, issued_on=date(2026, 5, 1), due_date=date(2026, 5, 1))
    with refused("allocation_too_early: before the issue"):
        make.allocation(credit=money, due_line=late_line, amount_minor=1, effective_on=date(2026, 4, 30))
    with refused("refund_too_early"):
        make.refund(credit=money, amount_minor=1, effective_on=early)
    paid = make.allocation(credit=money, due_line=line, amount_minor=1)
    for row in (paid, make.refund(credit=money, amount_minor=1), money, late_line):
        with refused("reversal_too_early"):
            make.reversal(row=row, amount_minor=1, effective_on=row.effective_on - timedelta(days=1))


def test_the_customer_named_beside_a_credit_is_the_credits_own(ours, customer):
    stranger = make.customer(creditor=ours)
    line, money = make.due_line(customer=customer), make.credit(customer=customer)
    with refused("allocation_of_another_customer"):
        make.allocation(credit=money, due_line=line, amount_minor=1, credit_customer_id=stranger.pk)
    with refused("allocation_of_another_customer"):
        make.allocation(credit=money, due_line=line, amount_minor=1, credit_customer_id=None)
    back = make.refund(credit=money, amount_minor=1)
    for row in (money, back):
        with refused("reversal_of_another_customer"):
            make.reversal(row=row, amount_minor=1, customer_id=stranger.pk)


def test_an_unidentified_payment_can_be_allocated_and_then_returned(customer):
    line, money = make.due_line(customer=customer), make.unidentified(creditor=customer.creditor)
    paid = make.allocation(credit=money, due_line=line, amount_minor=10_000)
    assert paid.credit_customer_id is None
    make.reversal(row=paid, amount_minor=10_000)
    make.reversal(row=money, amount_minor=10_000)
    assert _account(money) == (0, 0, 10_000, 0)
    assert make.item(line).open_minor == 10_000


def test_a_source_key_is_unique_until_its_line_is_reversed(customer):
    line = make.due_line(customer=customer, source_key="F-1")
    with refused("item_source_key_is_unique_among_unreversed"):
        make.due_line(customer=customer, source_key="F-1")
    make.reversal(row=line, amount_minor=9_999)
    with refused("item_source_key_is_unique_among_unreversed"):
        make.due_line(customer=customer, source_key="F-1")
    make.reversal(row=line, amount_minor=1)
    make.due_line(customer=customer, source_key="F-1")
    with refused("item_source_key_is_unique_among_unreversed"):
        make.due_line(customer=customer, source_key="F-1")


def test_a_source_key_of_a_credit_is_unique_until_it_is_reversed(customer):
    money = make.credit(customer=customer, source_key="C-1")
    with refused("credit_source_key_is_unique_among_unreversed"):
        make.credit(customer=customer, source_key="C-1")
    make.reversal(row=money, amount_minor=10_000)
    make.credit(customer=customer, source_key="C-1")
    make.credit(customer=customer)
    make.credit(customer=customer)


def test_two_creditors_may_use_the_same_source_key(ours, theirs, customer):
    make.due_line(customer=customer, source_key="F-1")
    with scope([theirs.pk]):
        make.due_line(customer=make.customer(creditor=theirs), source_key="F-1")


@pytest.mark.parametrize("cache", [ItemBalance, CreditBalance])
def test_nobody_but_the_ledgers_triggers_writes_a_balance(customer, cache):
    make.due_line(customer=customer)
    make.credit(customer=customer)
    with refused("trigger_kept:"):
        cache.objects.update(original_minor=1)
    with refused("trigger_kept:"):
        cache.objects.all()._raw_delete("default")
    row = cache.objects.get()
    with refused("trigger_kept:"):
        cache.objects.bulk_create([row])
