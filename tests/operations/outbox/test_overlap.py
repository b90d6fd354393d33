"""Several workers at the same outbox: each mail leaves once. With the walls down, it leaves twice."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection

from aldia.operations.outbox import claiming
from tests.operations.outbox.house import (
    NOW,
    fates,
    house_with_mail,
    in_mailbox,
    pass_everything,
    send,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def everything_passes(monkeypatch):
    pass_everything(monkeypatch)


def _at_once(creditor, workers, **options) -> list[int | None]:
    """How many mails each worker sent; None for one the database refused."""
    ends: list[int | None] = []
    together = threading.Barrier(workers)

    def one() -> None:
        together.wait()
        try:
            ends.append(send(creditor, **options).sent)
        except IntegrityError:
            ends.append(None)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def _unlocked(units, *, now):
    return list(units)


def test_four_workers_share_the_outbox_and_each_mail_leaves_once():
    creditor = house_with_mail(40)
    sent = _at_once(creditor, 4, batch=3)
    assert sum(each or 0 for each in sent) == 40
    assert sum(bool(each) for each in sent) > 1, "one of them did it all: nothing was shared"
    assert Counter(in_mailbox(creditor).values()) == {1: 40}
    assert fates(creditor) == {"sent": 40}


def _walls_down(monkeypatch: Any) -> None:
    """Nobody waits for anybody, no row is locked, and two workers look at the outbox before either claims."""
    both = threading.Barrier(2)
    allowed = vars(claiming)["looked_at"]

    def meet(creditor: Any, units: Any, **moment: Any) -> Any:
        answer = allowed(creditor, units, **moment)
        if units:
            both.wait(timeout=10)
        return answer

    monkeypatch.setattr(claiming, "claim_alone", lambda creditor: None)
    monkeypatch.setattr(claiming, "locked", _unlocked)
    monkeypatch.setattr(claiming, "looked_at", meet)


def test_without_the_locks_the_unique_key_still_lets_each_mail_leave_once(monkeypatch):
    creditor = house_with_mail(3)
    _walls_down(monkeypatch)
    assert sorted(_at_once(creditor, 2), key=str) == [3, None]
    assert Counter(in_mailbox(creditor).values()) == {1: 3}


@contextmanager
def _without_the_unique_key(owner: Any) -> Iterator[None]:
    owner.execute("ALTER TABLE outreach_dispatch DROP CONSTRAINT dispatch_leaves_once")
    owner.commit()
    try:
        yield
    finally:
        owner.execute("TRUNCATE outreach_dispatch CASCADE")
        owner.execute(
            "ALTER TABLE outreach_dispatch ADD CONSTRAINT dispatch_leaves_once UNIQUE (creditor_id, key)"
        )
        owner.commit()


def test_control_without_locks_and_unique_key_every_mail_leaves_twice(monkeypatch, owner_connection):
    creditor = house_with_mail(3)
    _walls_down(monkeypatch)
    with _without_the_unique_key(owner_connection):
        _at_once(creditor, 2)
        assert Counter(in_mailbox(creditor).values()) == {2: 3}


def test_started_every_minute_it_sends_what_one_start_sends():
    creditor = house_with_mail(5)
    moments = [NOW + timedelta(minutes=minute) for minute in range(100)]
    assert sum(send(creditor, now=moment).sent for moment in moments) == 5
    assert Counter(in_mailbox(creditor).values()) == {1: 5}
