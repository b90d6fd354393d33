"""Kill −9 at every named point of claiming, sending and recording: the mailbox, and a real SMTP server.

Nothing is lost, nothing leaves twice, and a kill leaves one doubt at most. The judges are outside: the
mailbox's table, and the file of the SMTP server. Without the claim's mark the same kills do double.
"""

import os
import random
import time
from collections import Counter

import pytest

from aldia.kernel import faults
from aldia.operations.outbox import settling
from tests.channels.smtp_sink import smtp_sink
from tests.operations.outbox.house import (
    die_sending,
    dispatches,
    fates,
    house_with_mail,
    in_mailbox,
    over_smtp,
    pass_everything,
    send,
    send_after_a_death,
    without_the_mark,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

POINTS = (
    "outbox.taken_over",
    "outbox.found",
    "outbox.looked",
    "outbox.rendered",
    "outbox.taken",
    "outbox.claimed",
    "outbox.begun",
    "outbox.handed_over",
    "outbox.settled",
    "outbox.finished",
)
MAY_HAVE_LEFT = {
    "outbox.begun": 0,
    "outbox.handed_over": 1,
    "outbox.settled": 0,
}
"""Points after which a mail is in doubt → how many of it the other side has. Once one is settled, the next
has begun."""

UNITS = 4


@pytest.fixture(autouse=True)
def everything_passes(monkeypatch):
    pass_everything(monkeypatch)


def test_sending_passes_every_point():
    creditor = house_with_mail(1)
    faults.reached.clear()
    send(creditor)
    assert {point for point in faults.reached if point.startswith("outbox.")} == set(POINTS)


def _afterwards(creditor, died, deliveries_to):
    """What a kill left: states of the messages, doubts found, mails the other side has once and oftener."""
    after = send_after_a_death(creditor)
    delivered = deliveries_to(creditor)
    return {
        "died": died,
        "doubts": after.doubts,
        "states": dict(fates(creditor)),
        "once": sum(times == 1 for times in delivered.values()),
        "twice": sum(times > 1 for times in delivered.values()),
    }


def _expected(point, died=True):
    doubts = int(died and point in MAY_HAVE_LEFT)
    return {
        "died": died,
        "doubts": doubts,
        "states": {"sent": UNITS - doubts} | ({"unknown": 1} if doubts else {}),
        "once": UNITS - doubts + (MAY_HAVE_LEFT[point] if doubts else 0),
        "twice": 0,
    }


@pytest.mark.parametrize("nth", [1, 3])
def test_a_kill_loses_nothing_and_doubles_nothing_in_the_mailbox(nth):
    found = {}
    for point in POINTS:
        creditor = house_with_mail(UNITS)
        died = die_sending(creditor, f"{point}#{nth}", batch=2)
        found[point] = _afterwards(creditor, died, in_mailbox)
    assert {point for point in POINTS if found[point]["died"]} >= set(MAY_HAVE_LEFT) | {"outbox.claimed"}
    assert found == {point: _expected(point, found[point]["died"]) for point in POINTS}
    print(f"mailbox: killed at {len(POINTS)} points")


def test_a_kill_loses_nothing_and_doubles_nothing_over_smtp(tmp_path):
    found = {}
    with smtp_sink(tmp_path) as (judge, port):
        for point in POINTS:
            creditor = house_with_mail(UNITS)
            over_smtp(creditor, port)
            died = die_sending(creditor, point)
            found[point] = _afterwards(creditor, died, lambda whose: _of(whose, judge.deliveries()))
    assert found == {point: _expected(point) for point in POINTS}
    print(f"SMTP server: killed at {len(POINTS)} points")


def _of(creditor, deliveries):
    """Those of the creditor's own mails; each that counts as sent is among them."""
    known = {each.message_id: each.state for each in dispatches(creditor)}
    delivered = Counter({name: times for name, times in deliveries.items() if name in known})
    assert set(delivered) >= {name for name, state in known.items() if state == "sent"}
    return delivered


def test_kills_one_after_the_other_leave_one_doubt_each_at_most():
    seed = random.randrange(10**6)
    rng = random.Random(seed)
    creditor = house_with_mail(12)
    deaths = [f"{rng.choice(POINTS)}#{rng.randint(1, 4)}" for _ in range(10)]
    kills = [died for died in deaths if die_sending(creditor, died, batch=3)]
    send_after_a_death(creditor)
    states, delivered = fates(creditor), in_mailbox(creditor)
    told = f"seed {seed}: {kills}"
    assert set(delivered.values()) == {1}, told
    assert states["sent"] + states["unknown"] == 12, told
    assert states["unknown"] <= sum(died.split("#")[0] in MAY_HAVE_LEFT for died in kills), told
    assert states["sent"] <= len(delivered) <= 12, told


@pytest.mark.night
def test_kills_at_any_instant_lose_nothing_and_double_nothing(monkeypatch):
    until = time.monotonic() + 60 * float(os.environ.get("ALDIA_NIGHT_MINUTES", "10"))
    kills = 0
    while time.monotonic() < until:
        creditor = house_with_mail(20)
        for _ in range(10):
            kills += die_sending(creditor, f"after {random.uniform(0, 0.3)} s", batch=random.randint(1, 20))
        send_after_a_death(creditor)
        states, delivered = fates(creditor), in_mailbox(creditor)
        assert set(delivered.values()) <= {1}
        assert states["sent"] + states["unknown"] == 20
        assert states["sent"] <= len(delivered) <= 20
    print(f"{kills} kills")


def test_control_without_the_mark_before_handing_over_a_kill_doubles(monkeypatch):
    """The begin is not written down: what had left is taken for untouched, and leaves again."""
    monkeypatch.setattr(settling, "ask_alone", without_the_mark)
    creditor = house_with_mail(UNITS)
    assert die_sending(creditor, "outbox.handed_over")
    monkeypatch.undo()
    pass_everything(monkeypatch)
    send_after_a_death(creditor)
    assert max(in_mailbox(creditor).values()) == 2
