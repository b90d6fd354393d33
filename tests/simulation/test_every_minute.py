"""Started again and again in a day, run and sending do what they do when started once."""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from aldia.operations.outbox import send_due
from aldia.operations.run import daily_run
from tests.simulation.deeds import Issue
from tests.simulation.house import House, found_house
from tests.simulation.mails_judged import Box
from tests.simulation.rows_judged import stands

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BEGAN = datetime(2026, 9, 1, 8, tzinfo=UTC)
DAY = date(2026, 11, 18)
_MIDNIGHT = datetime.combine(DAY, time(0), ZoneInfo("Europe/Madrid"))


def _house(code: str) -> House:
    """Four customers with something late, something due today and something just issued each."""
    house = found_house(random.Random(7), code, BEGAN, customers=4, trouble=0)
    for person in house.everybody:
        person.next_email()
        house.tell(person, BEGAN, email=person.email)
        for issued, due in ((40, 12), (30, 0), (1, -29)):
            dues = ((40_000, DAY - timedelta(days=due)),)
            on = DAY - timedelta(days=issued)
            issue = Issue(on, person, person.next_number(), "EUR", dues)
            house.work([issue], datetime.combine(on, time(7), UTC))
    return house


def _once(house: House) -> None:
    """One run in the morning; the sending looks twice, for one customer is still asleep at the first."""
    _start(house, 8)
    for hour in (10, 18):
        send_due(creditor=house.creditor, now=_at(hour * 60), actor="t")


def _again_and_again(house: House, minutes: int) -> None:
    """A run and a sending after every so many minutes, all day long."""
    for minute in range(0, 24 * 60, minutes):
        daily_run(creditor=house.creditor, on=DAY, now=_at(minute), actor="t")
        send_due(creditor=house.creditor, now=_at(minute), actor="t")


def _start(house: House, hour: int) -> None:
    daily_run(creditor=house.creditor, on=DAY, now=_at(hour * 60), actor="t")


def _at(minute: int) -> datetime:
    return (_MIDNIGHT + timedelta(minutes=minute)).astimezone(UTC)


def _mails(house: House) -> list[tuple[str, str, str]]:
    return sorted((mail.recipient, mail.subject, mail.text) for mail in Box(house).look())


def _compare(minutes: int) -> None:
    one, many = _house("una"), _house("muchas")
    _once(one)
    _again_and_again(many, minutes)
    assert len(_mails(one)) >= 8
    assert _mails(many) == _mails(one)


def test_started_every_quarter_of_an_hour_it_sends_what_one_start_sends():
    _compare(15)


@pytest.mark.night
def test_started_every_minute_it_sends_what_one_start_sends():
    _compare(1)


def test_a_run_that_finds_nothing_new_leaves_no_trace():
    house = _house("quieta")
    _start(house, 8)
    before = stands(house)
    for hour in range(9, 14):
        _start(house, hour)
    assert stands(house) == before
