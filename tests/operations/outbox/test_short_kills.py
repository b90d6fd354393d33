"""Kill −9 at every named point while a short message is sent: the judge is the provider."""

import pytest

from aldia.operations.outbox import account, settling
from tests.fakes.provider import fake_provider
from tests.operations.outbox.house import die_sending, fates, send, send_after_a_death, without_the_mark
from tests.operations.outbox.short_house import WAYS, over_twilio, pass_short, short_house
from tests.operations.outbox.test_kills import MAY_HAVE_LEFT, POINTS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

UNITS = 3


@pytest.fixture(autouse=True)
def everything_passes(monkeypatch):
    pass_short(monkeypatch)
    monkeypatch.setattr(account, "TIMEOUT_SECONDS", 2.0)


@pytest.mark.parametrize("way", WAYS)
def test_a_kill_loses_nothing_and_doubles_nothing_at_the_provider(way):
    channel, over = WAYS[way]
    found = {}
    for point in POINTS:
        with fake_provider() as fake:
            creditor = short_house(UNITS, channel=channel)
            over(creditor, fake)
            died = die_sending(creditor, point)
            doubts = send_after_a_death(creditor).doubts
            found[point] = (died, doubts, dict(fates(creditor)), sorted(fake.deliveries().values()))
    assert found == {point: _expected(point) for point in POINTS}
    print(f"{way}: {len(POINTS)} points")


def _expected(point):
    doubts = int(point in MAY_HAVE_LEFT)
    states = {"sent": UNITS - doubts} | ({"unknown": 1} if doubts else {})
    there = UNITS - doubts + MAY_HAVE_LEFT.get(point, 0)
    return (True, doubts, states, [1] * there)


def test_control_without_the_mark_before_handing_over_a_kill_doubles(monkeypatch):
    monkeypatch.setattr(settling, "ask_alone", without_the_mark)
    with fake_provider() as fake:
        creditor = short_house(1)
        over_twilio(creditor, fake)
        assert die_sending(creditor, "outbox.handed_over")
        monkeypatch.undo()
        pass_short(monkeypatch)
        send_after_a_death(creditor)
        send(creditor)
        assert max(fake.deliveries().values()) == 2
