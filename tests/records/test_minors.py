"""A person known to be a minor is never a recipient, whichever way one tries."""

import pytest

from aldia.records.parties.models import Contact, ContactPoint, Customer
from tests import factories as make
from tests.records.refusals import refused

pytestmark = pytest.mark.django_db


def _point(contact, **fields):
    of = {"creditor_id": contact.creditor_id, "customer_id": contact.customer_id, "contact": contact}
    return ContactPoint.objects.create(**of, channel="email", value="a@example.com", **fields)


@pytest.fixture
def family(ours):
    return make.customer(creditor=ours, person_kind="consumer")


def test_a_minor_cannot_be_made_a_recipient(family):
    with refused("contact_a_minor_is_never_a_recipient"):
        make.contact(customer=family, is_minor=True)


def test_no_address_hangs_on_a_minor(family):
    pupil = make.contact(customer=family, is_minor=True, is_recipient=False)
    with refused("parties_contact_point_contact_id_customer_id_reachable"):
        _point(pupil)
    with refused("contact_point_hangs_on_a_recipient"):
        _point(pupil, reachable_contact=False)


def test_a_recipient_with_an_address_cannot_turn_out_a_minor_unnoticed(family):
    contact = make.contact(customer=family)
    _point(contact)
    with refused("contact_a_minor_is_never_a_recipient"):
        Contact.objects.filter(pk=contact.pk).update(is_minor=True)
    with refused("parties_contact_point_contact_id_customer_id_reachable"):
        Contact.objects.filter(pk=contact.pk).update(is_minor=True, is_recipient=False)


def test_a_holder_who_is_a_minor_is_no_recipient(ours):
    child = make.customer(creditor=ours, minor=True)
    with refused("contact_a_minor_holder_is_never_a_recipient"):
        make.contact(customer=child, role="holder")
    with refused("parties_contact_customer_id_customer_minor_fk"):
        make.contact(customer=child, role="holder", customer_minor=False)
    _point(make.contact(customer=child, role="parent"))


def test_a_holder_who_turns_out_a_minor_must_first_stop_being_a_recipient(family):
    holder = make.contact(customer=family, role="holder")
    minors = Customer.objects.filter(pk=family.pk)
    with refused("contact_a_minor_holder_is_never_a_recipient"):
        minors.update(minor=True)
    Contact.objects.filter(pk=holder.pk).update(is_recipient=False)
    minors.update(minor=True)
    holder.refresh_from_db()
    assert holder.customer_minor


def test_an_address_cannot_hang_on_another_customers_contact(ours, family):
    stranger = make.contact(customer=make.customer(creditor=ours))
    stranger.customer_id = family.pk
    with refused("parties_contact_point_contact_id_customer_id_reachable"):
        _point(stranger)
