"""A telephone that can take no message is a way to call, not a way to write: the ladder goes on past it."""

from datetime import date, timedelta

import pytest

from aldia.operations.consents import NewConsent, record_consent
from aldia.records.cases.models import Task
from aldia.records.outreach.models import Message
from aldia.records.parties.models import Contact, ContactPoint, Customer
from tests.queries.gate_house import NOW, house, use_strategy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LATE = date(2026, 11, 10)
LANDLINE = "91 555 01 00"


@pytest.fixture
def luz():
    """Its first reminder goes by WhatsApp, else SMS, else e-mail."""
    luz = house()
    use_strategy(luz, "academia")
    return luz


def _owes(luz, code, *numbers, channel="phone", reached=("email",), **fields):
    customer = luz.customer(code, (60_000, LATE), reached=reached, **fields)
    with luz.inside():
        contact = Contact.objects.get(customer=customer)
        for value in numbers:
            ContactPoint.objects.create(
                creditor=luz.creditor, customer=customer, contact=contact, channel=channel, value=value
            )


def _planned(luz):
    with luz.inside():
        rows = Message.objects.filter(kind="dunning", state__in=("planned", "approved"))
        return dict(rows.values_list("customer__code", "channel"))


def test_a_landline_is_passed_over_and_its_customer_reached_by_the_next_way(luz):
    _owes(luz, "FIJO", LANDLINE)
    _owes(luz, "MOVIL", "600 11 22 33")
    _owes(luz, "AMBOS", LANDLINE, "600 11 22 33")
    _owes(luz, "LIMA", "987 654 321", country="PE")
    _owes(luz, "BERLIN", "0171 1234567", country="DE")
    _owes(luz, "FUERA", "+49 171 1234567", country="DE")
    luz.run()
    assert _planned(luz) == {
        "FIJO": "email",
        "MOVIL": "sms",
        "AMBOS": "sms",
        "LIMA": "sms",
        "BERLIN": "email",
        "FUERA": "sms",
    }
    assert set(luz.rules(NOW + timedelta(hours=6)).values()) == {"sale"}


def test_a_whatsapp_number_that_takes_no_message_is_passed_over_too(luz):
    luz.settings(agreed_channels=["whatsapp"])
    _owes(luz, "FIJO", LANDLINE, channel="whatsapp")
    _owes(luz, "MOVIL", "600 11 22 33", channel="whatsapp")
    luz.run()
    assert _planned(luz) == {"FIJO": "email", "MOVIL": "whatsapp"}


def test_with_a_landline_alone_the_customer_waits_for_an_address(luz):
    use_strategy(luz, "academia", lambda toml: toml.replace('["whatsapp", "sms", "email"]', '["sms"]'))
    _owes(luz, "FIJO", LANDLINE)
    luz.run()
    assert luz.rules() == {"FIJO": "no_address"}
    with luz.inside():
        assert list(Task.objects.values_list("kind", "state")) == [("missing_address", "open")]


def test_who_refused_the_mobile_is_not_written_to_on_the_landline(luz):
    _owes(luz, "AMBOS", LANDLINE, "+34600112233")
    said = NewConsent("sms", "refused", "+34600112233")
    record_consent(
        creditor=luz.creditor, customer_id=luz.customers["AMBOS"].pk, new=said, actor="prueba", now=NOW
    )
    luz.run()
    assert _planned(luz) == {"AMBOS": "email"}
    assert luz.rules() == {"AMBOS": "sale"}


def test_a_change_of_country_changes_where_the_number_belongs(luz):
    _owes(luz, "LIMA", "987 654 321", country="PE")
    luz.run()
    assert _planned(luz) == {"LIMA": "sms"}
    with luz.inside():
        Customer.objects.filter(code="LIMA").update(country="ES")
    (answer,) = luz.looks().values()
    assert (answer.rule, answer.retry_at) == ("no_address", None), "it goes by mail, says the portfolio now"
    with luz.inside():
        Message.objects.update(state="cancelled", reason="no_address")
    luz.run()
    assert _planned(luz) == {"LIMA": "email"}


def test_the_country_of_the_creditor_counts_where_the_customer_has_none(luz):
    _owes(luz, "SIN", "987 654 321")
    with luz.inside():
        Customer.objects.update(country="")
    luz.run()
    assert _planned(luz) == {"SIN": "email"}
    luz.settings(country="PE", place="")
    with luz.inside():
        Message.objects.update(state="cancelled", reason="no_address")
    luz.run()
    assert _planned(luz) == {"SIN": "sms"}
