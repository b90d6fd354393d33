"""Started again and again in a day, run and sending do what they do when started once."""

import pytest

from tests.simulation.house import House
from tests.simulation.mails_judged import Box
from tests.simulation.rows_judged import stands
from tests.simulation.tiny import send, start, tiny_house

pytestmark = [pytest.mark.django_db(transaction=True)]

_DAY_MINUTES = 24 * 60


def _mails(house: House) -> list[tuple[str, str, str]]:
    return sorted((mail.recipient, mail.subject, mail.text) for mail in Box(house).look())


def _once() -> list[tuple[str, str, str]]:
    """One run; three looks at what may leave: where one customer lives it is still the day before at the
    first, and night at the second."""
    house = tiny_house("una")
    start(house, 0)
    for hour in (0, 10, 18):
        send(house, hour * 60)
    return _mails(house)


def _every(minutes: int) -> list[tuple[str, str, str]]:
    """A run and a sending after every so many minutes, all day long."""
    house = tiny_house("muchas")
    for minute in range(0, _DAY_MINUTES, minutes):
        start(house, minute)
        send(house, minute)
    return _mails(house)


@pytest.mark.slow
def test_started_every_half_hour_it_sends_what_one_start_sends():
    once = _once()
    assert len(once) >= 4
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
