"""Started again and again in a day, run and sending do what they do when started once."""

import pytest

from tests.simulation.house import House
from tests.simulation.mails_judged import Box
from tests.simulation.rows_judged import stands
from tests.simulation.tiny import house_of_all_ways, send, start, tiny_house

pytestmark = [pytest.mark.django_db(transaction=True)]

_DAY_MINUTES = 24 * 60


Told = list[tuple[str, str, str, str]]


def _told(house: House) -> Told:
    """All that has left, by whatever way, and what became of all that was tried."""
    left = [(each.channel, each.recipient, each.subject, each.text) for each in Box(house).look()]
    tried = [(each.recipient, each.fate, "", "") for each in house.wire.attempts]
    return sorted([*left, *tried])


def _once() -> Told:
    """One run; three looks at what may leave: where one customer lives it is still the day before at the
    first, and night at the second."""
    house = house_of_all_ways("una")
    start(house, 0)
    for hour in (0, 10, 18):
        send(house, hour * 60)
    return _told(house)


def _every(minutes: int) -> Told:
    """A run and a sending after every so many minutes, all day long."""
    house = house_of_all_ways("muchas")
    for minute in range(0, _DAY_MINUTES, minutes):
        start(house, minute)
        send(house, minute)
    return _told(house)


@pytest.mark.slow
def test_started_every_half_hour_it_sends_what_one_start_sends():
    once = _once()
    assert {each[0] for each in once} >= {"email", "sms", "whatsapp", "letter", "certified"}
    assert [each[1] for each in once].count("refused") == 1
    assert _every(30) == once


@pytest.mark.night
def test_started_every_minute_it_sends_what_one_start_sends():
    assert _every(1) == _once()


@pytest.mark.slow
def test_a_run_that_finds_nothing_new_leaves_no_trace():
    house = tiny_house("quieta")
    start(house, 8 * 60)
    before = stands(house)
    for hour in range(9, 14):
        start(house, hour * 60)
    assert stands(house) == before
