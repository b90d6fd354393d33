"""How a customer is reached, mended on the desk; and what is asked for again while it is not."""

import re
from datetime import timedelta

import pytest
from django.db import transaction

from aldia.operations.contacts import ContactChanges, ContactRefused, NewAddress, change_contacts
from aldia.operations.run import daily_run
from aldia.operations.tasks import close_task
from aldia.queries.recipients import recipients_of
from aldia.records.audit.models import AuditEntry
from aldia.records.cases.models import Task
from aldia.records.parties.models import Contact, ContactPoint, Customer
from aldia.records.tenancy.scope import scope
from tests.cli.books import DAY, NOW
from tests.desk.conftest import customer_id, person, text_of


@pytest.fixture
def late(luz):
    return customer_id(luz, "TARDE")


@pytest.fixture
def gestor(client, luz):
    client.force_login(person(luz, "gema@luz.example", "gestor"))
    return client


@pytest.fixture
def send(gestor, late):
    """The form of the contacts as it is shown, with some of it changed."""
    address = f"/acreedor/luz/clientes/{late}/contactos/"

    def post(**changed):
        page = gestor.get(address).content.decode()
        once = re.findall(r'name="once" value="([^"]+)"', page)[-1]
        return gestor.post(address, {"once": once, **changed}, follow=True)

    return post


def _reached(luz, late) -> list[str]:
    with transaction.atomic(), scope([luz.pk]):
        return [each.address for each in recipients_of(luz, [late]).get((late, "email"), [])]


def _points(luz, late) -> dict[str, ContactPoint]:
    with transaction.atomic(), scope([luz.pk]):
        points = ContactPoint.objects.filter(customer_id=late).select_related("contact")
        return {each.value: each for each in points}


def test_an_address_is_added_marked_taken_away_and_its_owner_left_in_peace(luz, late, send):
    text = text_of(send(channel="email", value=" ana@bar.example ", name="Ana Sol", role="owner"))
    assert "Contactos cambiados." in text
    assert "Ana Sol" in text
    assert _reached(luz, late) == ["ana@bar.example"]
    ana = _points(luz, late)["ana@bar.example"]
    send(channel="email", value="caja@bar.example", whose=ana.contact_id)
    ana, till = (_points(luz, late)[each] for each in ("ana@bar.example", "caja@bar.example"))
    assert (ana.contact.role, till.contact.role) == ("owner", "owner")
    send(**{f"point-{ana.pk}": "bad", f"point-{till.pk}": "good"})
    assert _reached(luz, late) == ["caja@bar.example"]
    send(**{f"point-{till.pk}": "gone"})
    assert set(_points(luz, late)) == {"ana@bar.example"}
    send(channel="email", value="ana@bar.example", whose=ana.contact_id)
    assert _reached(luz, late) == ["ana@bar.example"]
    send(**{f"receives-{ana.contact_id}": "no"})
    assert _points(luz, late) == {}
    with transaction.atomic(), scope([luz.pk]):
        entries = AuditEntry.objects.filter(verb="customer.contacts_changed").order_by("sequence")
        told = [each.payload for each in entries]
    assert told[0] == {"forgotten": 0, "marked": 0, "recipients": 0, "added": 1}
    assert "ana@" not in str(told)
    assert len(told) == 6


def test_what_is_no_address_is_refused_and_stays_in_the_form(luz, late, send):
    for value in ("ana@", "ana@bar.example, luis@bar.example", "\u202eana@bar.example"):
        answer = send(channel="email", value=value)
        assert answer.status_code == 422
        assert "escriba una sola" in text_of(answer)
        assert f'value="{value}"' in answer.content.decode()
    assert _points(luz, late) == {}


def test_nobody_writes_to_a_minor_whoever_asks_for_it(luz, late):
    with transaction.atomic(), scope([luz.pk]):
        Customer.objects.filter(pk=late).update(minor=True)
        holder = Contact.objects.create(
            creditor=luz, customer_id=late, role="holder", customer_minor=True, is_recipient=False
        )
    mail = NewAddress("email", "leo@bar.example")
    for changes in (ContactChanges(recipients={holder.pk: True}), ContactChanges(new=(mail,))):
        with pytest.raises(ContactRefused):
            change_contacts(creditor=luz, customer_id=late, changes=changes, actor="prueba", now=NOW)
    assert _points(luz, late) == {}


def test_a_missing_address_is_asked_for_again_once_the_request_was_closed(luz, late):
    def asked() -> list[tuple[str, str]]:
        with transaction.atomic(), scope([luz.pk]):
            requests = Task.objects.filter(customer_id=late, kind="missing_address").order_by("pk")
            return [(each.once_key.rpartition("/")[2], each.state) for each in requests]

    def run_after(days: int) -> None:
        later = timedelta(days=days)
        daily_run(creditor=luz, on=DAY + later, now=NOW + later, actor="prueba")

    assert asked() == [("1", "open")]
    run_after(1)
    assert asked() == [("1", "open")]
    with transaction.atomic(), scope([luz.pk]):
        task = Task.objects.get(customer_id=late, kind="missing_address")
    day = DAY + timedelta(days=1)
    close_task(creditor=luz, task_id=task.pk, done=True, on=day, actor="prueba", now=NOW)
    run_after(1)
    assert asked() == [("1", "done")]
    run_after(2)
    assert asked() == [("1", "done"), ("2", "open")]
    run_after(3)
    assert asked() == [("1", "done"), ("2", "open")]
