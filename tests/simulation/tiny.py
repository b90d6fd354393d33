"""Four customers and one day: enough to see what leaves, and to break the house on purpose."""

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import repeat
from zoneinfo import ZoneInfo

from aldia.operations.outbox import send_everything
from aldia.operations.run import daily_run
from tests.simulation.books import Books, read_rows
from tests.simulation.deeds import Issue
from tests.simulation.house import House, found_house
from tests.simulation.journal import Journal
from tests.simulation.mails_judged import Bench, Box, faults_of_mail
from tests.simulation.steps_judged import faults_of_steps, sent_steps
from tests.simulation.wire import connected
from tests.simulation.wire_judged import faults_of_wire

BEGAN = datetime(2026, 9, 1, 8, tzinfo=UTC)
DAY = date(2026, 11, 18)
_MIDNIGHT = datetime.combine(DAY, time(0), ZoneInfo("Europe/Madrid"))


def tiny_house(code: str, *, trouble: float = 0) -> House:
    """Each customer has something late, something due today and something just issued."""
    house = found_house(random.Random(7), code, BEGAN, customers=4, trouble=trouble)
    for person in house.everybody:
        person.segment, person.habit = "", "punctual"
        if not person.email:
            house.tell(person, BEGAN, email=person.next_email())
        for issued, late in ((40, 12), (30, 0), (1, -29)):
            on = DAY - timedelta(days=issued)
            dues = ((40_000, DAY - timedelta(days=late)),)
            issue = Issue(on, person, person.next_number(), "EUR", dues)
            house.work([issue], datetime.combine(on, time(7), UTC))
    return house


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


def broken_laws(house: House, minute: int) -> set[str]:
    """What the judge has to say of everything that lies in the box."""
    day = house.today(at(minute))
    books = Books(read_rows(house, day), day, tolerance_minor=house.creditor.tolerance_minor)
    box = Box(house)
    bench = Bench(house, Journal(), books, [])
    faults = [fault for mail in box.look() for fault in faults_of_mail(bench, mail)]
    faults += faults_of_steps(house, Journal(), sent_steps(house))
    faults += faults_of_wire(house, box.arrived)
    return {fault.law for fault in faults}
