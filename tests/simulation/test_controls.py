"""The judge has eyes: whatever we break in the house on purpose is reported.

No figure of the simulator counts unless these tests see what they have to see.
"""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from aldia.operations.cases.settling import Settled
from aldia.operations.outbox import claiming, settling
from aldia.operations.promises import NewPromise
from aldia.operations.run import daily, promises
from aldia.queries import gate, portfolio_sql, rendering, speeches
from aldia.rules.gate import Allowed
from tests.simulation.cases_judged import faults_of_cases
from tests.simulation.promises_judged import faults_of_promises
from tests.simulation.tiny import DAY, at, books_of, broken_laws, send, start, tiny_house
from tests.simulation.verdicts import Broken
from tests.simulation.year import Shape, Year

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

_SHORT = Shape(customers=10, gaps=(1, 1, 3), trouble=0.0, days=40)
_NOON, _EVENING, _NIGHT = 12 * 60, 18 * 60, 23 * 60


@pytest.fixture
def the_gate_open(monkeypatch):
    """Whatever is ready leaves at once."""
    monkeypatch.setattr(
        claiming,
        "looked_at",
        lambda creditor, units, **_moment: {unit.key: Allowed(tuple(unit.message_ids)) for unit in units},
    )


@pytest.fixture
def the_memory_lost(monkeypatch):
    """Nothing that was planned or sent is remembered: every run begins from nothing."""
    monkeypatch.setattr(portfolio_sql, "STEPS", f"SELECT * FROM ({portfolio_sql.STEPS}) s WHERE false")


@pytest.fixture
def random_keys(monkeypatch):
    """A step planned again gets another key, so that the database takes it for another message."""
    honest = daily.outgoing  # type: ignore[attr-defined]

    def outgoing(*args: Any) -> Any:
        out, noise = honest(*args), f"/{random.getrandbits(64)}"
        frames = {
            name: getattr(out, name).with_columns(pl.col("once_key") + noise)
            for name in ("steps", "fresh", "lines")
        }
        return replace(out, **frames)

    monkeypatch.setattr(daily, "outgoing", outgoing)


def _sent_by_the_evening(house: Any) -> set[str]:
    start(house, 8 * 60)
    send(house, _EVENING)
    return broken_laws(house, _EVENING)


def test_a_sound_house_breaks_no_law():
    assert _sent_by_the_evening(tiny_house("sana")) == set()


@pytest.mark.usefixtures("the_memory_lost", "random_keys")
def test_with_the_memory_lost_and_random_keys_messages_leave_twice():
    with pytest.raises(Broken) as caught:
        Year(3, _SHORT, only="once").live()
    assert "seed 3" in str(caught.value)


@pytest.mark.usefixtures("the_memory_lost")
def test_with_the_memory_lost_the_key_alone_holds_each_message_to_once():
    Year(3, _SHORT).live()


@pytest.mark.usefixtures("the_gate_open")
def test_with_the_gate_open_mail_leaves_at_night():
    house = tiny_house("abierta")
    start(house, 8 * 60)
    send(house, _NIGHT)
    assert "I8" in broken_laws(house, _NIGHT)


@pytest.mark.usefixtures("the_gate_open")
def test_without_any_last_look_somebody_who_has_paid_is_written_to(monkeypatch):
    monkeypatch.setattr(rendering, "refusal_of_words", lambda judging, message: None)
    house = tiny_house("ciega")
    start(house, 8 * 60)
    for person in house.everybody:
        lines = [line for line, _, _ in house.open_lines(person)]
        paid = {"amount_minor": 120_000, "currency": "EUR", "value_on": DAY, "due_line_ids": lines}
        house.book("record_payment", at(_NOON), customer_id=house.customer_id(person), **paid)
    send(house, _EVENING)
    assert "I6" in broken_laws(house, _EVENING)


def _gives_a_word(house: Any, person: Any, said: Any, until: Any) -> None:
    """To pay all that is late by then."""
    late = [line for line in books_of(house, DAY).lines.values() if line.overdue]
    mine = [line for line in late if line.customer_id == house.customer_id(person)]
    owed = sum(line.open_minor for line in mine)
    new = NewPromise(owed, "EUR", until, due_line_ids=tuple(line.id for line in mine), receipt=False)
    assert house.promise(person, said, new)


@pytest.mark.usefixtures("the_gate_open")
def test_without_any_last_look_somebody_who_gave_a_word_is_dunned(monkeypatch):
    monkeypatch.setattr(rendering, "refusal_of_words", lambda judging, message: None)
    house = tiny_house("sorda")
    start(house, 8 * 60)
    for person in house.everybody:
        _gives_a_word(house, person, at(_NOON), DAY + timedelta(days=5))
    send(house, _EVENING)
    assert "promised" in broken_laws(house, _EVENING)


def test_a_broken_word_called_kept_is_seen(monkeypatch):
    honest = promises._news
    verdicts: dict[str, str] = {}

    def kinder(rows: pl.DataFrame) -> pl.DataFrame:
        return honest(rows).with_columns(pl.col("state").replace(verdicts))

    monkeypatch.setattr(promises, "_news", kinder)
    for code, verdicts["broken"] in (("justa", "broken"), ("indulgente", "kept")):
        house = tiny_house(code)
        _gives_a_word(house, house.everybody[0], at(8 * 60) - timedelta(days=8), DAY - timedelta(days=6))
        start(house, 8 * 60)
        found = {fault.law for fault in faults_of_promises(house, books_of(house, DAY))}
        assert found == ({"promises"} if code == "indulgente" else set())


def test_a_case_left_out_is_seen(monkeypatch):
    house = tiny_house("atenta")
    start(house, 8 * 60)
    assert list(faults_of_cases(house, books_of(house, DAY))) == []
    monkeypatch.setattr(daily, "settle_cases", lambda **_said: Settled(0, 0, 0, 0, 0))
    house = tiny_house("olvidadiza")
    start(house, 8 * 60)
    assert {fault.law for fault in faults_of_cases(house, books_of(house, DAY))} == {"cases"}


def test_a_cent_too_much_is_seen(monkeypatch):
    honest = speeches._line

    def dearer(*args: Any) -> Any:
        told = honest(*args)
        return replace(told, asked_minor=told.asked_minor + 1)

    monkeypatch.setattr(speeches, "_line", dearer)
    assert _sent_by_the_evening(tiny_house("cara")) == {"amounts"}


def test_another_customers_address_is_seen(monkeypatch):
    honest = gate.recipients_of  # type: ignore[attr-defined]

    def mixed_up(creditor: Any, ids: Any) -> Any:
        found = honest(creditor, ids)
        keys = list(found)
        return dict(zip(keys, [found[key] for key in [*keys[1:], *keys[:1]]], strict=True))

    monkeypatch.setattr(gate, "recipients_of", mixed_up)
    assert "I9" in _sent_by_the_evening(tiny_house("revuelta"))


def test_a_doubt_sent_again_is_seen(monkeypatch):
    honest = settling._fate

    def again(dispatch: Any, outcome: Any) -> Any:
        state, reason, said = honest(dispatch, outcome)
        if state == "unknown":
            dispatch.put_off_times = 1
            return "returned", "", said
        return state, reason, said

    monkeypatch.setattr(settling, "_fate", again)
    house = tiny_house("terca", trouble=1)
    start(house, 8 * 60)
    for minute in range(_NOON, _EVENING, 30):
        send(house, minute)
    assert "I5" in broken_laws(house, _EVENING)
