"""The scope decides which creditors' rows exist for a transaction."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError

from aldia.records.ledger.models import DueLine, ItemBalance
from aldia.records.parties.models import Customer
from aldia.records.tenancy.scope import current_scope, scope
from tests import factories as make
from tests.records.refusals import refused

pytestmark = pytest.mark.django_db


def _a_customer_each(*creditors):
    for creditor in creditors:
        with scope([creditor.pk]):
            make.due_line(customer=make.customer(creditor=creditor))


def test_without_a_scope_there_are_no_rows():
    _a_customer_each(make.creditor())
    assert (Customer.objects.count(), DueLine.objects.count(), ItemBalance.objects.count()) == (0, 0, 0)


def test_an_empty_scope_sees_nothing():
    _a_customer_each(make.creditor())
    with scope([]):
        assert not Customer.objects.exists()


def test_a_scope_sees_its_creditors_and_no_others():
    one, two, three = make.creditor(), make.creditor(), make.creditor()
    _a_customer_each(one, two, three)
    with scope([one.pk]):
        assert {each.creditor_id for each in Customer.objects.all()} == {one.pk}
    with scope([one.pk, three.pk]):
        assert {each.creditor_id for each in Customer.objects.all()} == {one.pk, three.pk}


def test_a_scope_ends_where_it_began():
    one, two = make.creditor(), make.creditor()
    with scope([one.pk]):
        with scope([two.pk]):
            assert current_scope() == str(two.pk)
        assert current_scope() == str(one.pk)
    assert current_scope() == ""


def test_a_scope_ends_also_when_the_work_in_it_fails():
    one, two = make.creditor(), make.creditor()
    with scope([one.pk]):
        with pytest.raises(LookupError), scope([two.pk]):
            raise LookupError
        assert current_scope() == str(one.pk)
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            scope([two.pk]),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1 / 0")
        assert current_scope() == str(one.pk)


@pytest.mark.django_db(transaction=True)
def test_a_scope_needs_a_transaction():
    with pytest.raises(TransactionManagementError), scope([1]):
        pass


@pytest.mark.django_db(transaction=True)
def test_a_scope_does_not_outlive_its_transaction():
    creditor = make.creditor()
    with transaction.atomic(), scope([creditor.pk]):
        make.customer(creditor=creditor)
    assert not Customer.objects.exists()
    with transaction.atomic():
        assert current_scope() == ""


def test_rows_of_a_creditor_out_of_scope_cannot_be_written(ours, theirs):
    with refused("row-level security"):
        make.customer(creditor=theirs)


def test_a_row_cannot_be_moved_to_another_creditor(ours, theirs):
    customer = make.customer(creditor=ours)
    with refused("row-level security"):
        Customer.objects.filter(pk=customer.pk).update(creditor=theirs)


def test_rows_of_a_creditor_out_of_scope_are_not_changed(ours, theirs):
    with scope([theirs.pk]):
        customer = make.customer(creditor=theirs, name="Suyo")
    assert Customer.objects.filter(pk=customer.pk).update(name="Nuestro") == 0
    with scope([theirs.pk]):
        assert Customer.objects.get(pk=customer.pk).name == "Suyo"
