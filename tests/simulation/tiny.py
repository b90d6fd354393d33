"""Four customers and one day: enough to see what leaves, and to break the house on purpose."""

import random
import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import repeat
from zoneinfo import ZoneInfo

from aldia.operations.outbox import send_everything
from aldia.operations.run import daily_run
from aldia.operations.settings import change_settings
from aldia.operations.strategies import set_strategy
from aldia.records.parties.models import Contact, ContactPoint
from aldia.rules.shipped import shipped_strategies
from tests.simulation.books import Books, read_rows
from tests.simulation.deeds import Issue
from tests.simulation.house import House, found_house
from tests.simulation.journal import Journal
from tests.simulation.mails_judged import Bench, Box, faults_of_mail
from tests.simulation.people import Person
from tests.simulation.promises_judged import words_of
from tests.simulation.steps_judged import faults_of_steps, sent_steps
from tests.simulation.wire import connected
from tests.simulation.wire_judged import faults_of_wire

BEGAN = datetime(2026, 9, 1, 8, tzinfo=UTC)
DAY = date(2026, 11, 18)
_CUSTOMERS = 16  # ten of whom owe: so many messages are no avalanche
_LADDERS = {
    "sms": '["sms"]',
    "whatsapp": '["whatsapp"]',
    "carta": '["letter"]',
    "burofax": '["certified"]',
    "fijo": '["sms", "email"]',
    "devuelto": '["email", "sms"]',
}
"""Segment → the ladder of all its steps and notices."""

_REACHED = {
    "sms": {"phone": "600000001"},
    "carta": {"address": "Calle Mayor 1", "postal_code": "28001", "city": "Madrid"},
    "burofax": {"address": "Calle Mayor 2", "postal_code": "28001", "city": "Madrid"},
    "fijo": {"phone": "915550100"},
    "devuelto": {"phone": "600000002"},
}
_MIDNIGHT = datetime.combine(DAY, time(0), ZoneInfo("Europe/Madrid"))


def tiny_house(code: str, *, trouble: float = 0, customers: int = 4) -> House:
    """Each of the first four customers has something late, something due today and something just issued."""
    house = found_house(random.Random(7), code, BEGAN, customers=customers, trouble=trouble)
    for person in house.everybody:
        person.segment, person.habit = "", "punctual"
        if not person.email:
            house.tell(person, BEGAN, email=person.next_email())
    for person in house.everybody[:4]:
        for issued, late in ((40, 12), (30, 0), (1, -29)):
            _issue(house, person, issued=issued, late=late)
    return house


def _issue(house: House, person: Person, *, issued: int, late: int) -> None:
    """An invoice of so many days ago that is so many days late today."""
    on = DAY - timedelta(days=issued)
    dues = ((40_000, DAY - timedelta(days=late)),)
    issue = Issue(on, person, person.next_number(), "EUR", dues)
    house.work([issue], datetime.combine(on, time(7), UTC))


def house_of_all_ways(code: str) -> House:
    """The tiny house, and one customer more for each further way: SMS, WhatsApp, letter, certified letter,
    one with a landline alone, one whose mail address is not known there and whose ladder goes on by SMS."""
    house = tiny_house(code, customers=_CUSTOMERS)
    change_settings(
        creditor=house.creditor,
        brake_share_percent=100,
        agreed_channels=["whatsapp"],
        actor="t",
        now=BEGAN,
    )
    for person, (segment, ladder) in zip(
        house.everybody[4 : 4 + len(_LADDERS)], _LADDERS.items(), strict=True
    ):
        with house.books():
            _set_ladder(house, segment, ladder)
        house.tell(person, BEGAN, segment=segment, **_REACHED.get(segment, {}))
        if segment == "whatsapp":
            _has_whatsapp(house, person)
        if segment == "devuelto":
            house.wire.bad_addresses.add(person.email)
        _issue(house, person, issued=40, late=12)
    return house


def _set_ladder(house: House, segment: str, ladder: str) -> None:
    """Of everything that goes out for the segment, notices and steps."""
    toml = shipped_strategies()["pymes"].replace('name = "pymes"', f'name = "{segment}"')
    toml = re.sub(r"(?m)^channels = .*$", f"channels = {ladder}", toml)
    set_strategy(creditor_id=house.creditor.pk, toml=toml, segments=(segment,), actor="t", now=BEGAN)


def _has_whatsapp(house: House, person: Person) -> None:
    with house.books():
        contact = Contact.objects.get(customer=house.customer_id(person))
        ContactPoint.objects.create(
            creditor=house.creditor,
            customer_id=contact.customer_id,
            contact=contact,
            channel="whatsapp",
            value="+34600000099",
        )


def at(minute: int) -> datetime:
    """So many minutes after midnight of the day, where the house is."""
    return (_MIDNIGHT + timedelta(minutes=minute)).astimezone(UTC)


def start(house: House, minute: int) -> None:
    """The daily run, at that minute."""
    daily_run(creditor=house.creditor, on=house.today(at(minute)), now=at(minute), actor="t")


def send(house: House, minute: int) -> None:
    """Everything that may leave at that minute, over the house's own wire."""
    with connected(house.wire):
        send_everything(creditor=house.creditor, moments=repeat(at(minute)), actor="t")


def books_of(house: House, day: date) -> Books:
    """As the judge reads them."""
    rows = read_rows(house, day)
    words = words_of(house, rows, day)
    return Books(rows, day, tolerance_minor=house.creditor.tolerance_minor, words=words)


def broken_laws(house: House, minute: int) -> set[str]:
    """What the judge has to say of everything that lies in the box."""
    day = house.today(at(minute))
    books = books_of(house, day)
    box = Box(house)
    bench = Bench(house, Journal(), books, [])
    faults = [fault for mail in box.look() for fault in faults_of_mail(bench, mail)]
    faults += faults_of_steps(house, Journal(), sent_steps(house))
    faults += faults_of_wire(house, box.arrived)
    return {fault.law for fault in faults}
