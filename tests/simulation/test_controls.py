"""The judge has eyes: whatever we break in the house on purpose, the year reports it.

No figure of the simulator counts unless these fail when they have to.
"""

import random
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from aldia.operations.outbox import claiming, settling
from aldia.operations.run import daily
from aldia.queries import gate, portfolio_sql, rendering, speeches
from aldia.rules.gate import Allowed
from tests.simulation.verdicts import Broken
from tests.simulation.year import Shape, Year

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

_SHORT = Shape(customers=10, gaps=(1, 1, 3), trouble=0.0, days=75)
_SEEDS = range(40, 46)


def _is_reported(law: str, shape: Shape = _SHORT) -> bool:
    """One of several short years breaks the law; the judge is blind to all others."""
    for seed in _SEEDS:
        try:
            Year(seed, shape, only=law).live()
        except Broken as broken:
            return broken.laws == {law}
    return False


def _forget_what_was_done(monkeypatch: Any) -> None:
    """Nothing that was planned or sent is remembered: every run begins from nothing."""
    monkeypatch.setattr(portfolio_sql, "STEPS", f"SELECT * FROM ({portfolio_sql.STEPS}) s WHERE false")


def _open_the_gate(monkeypatch: Any) -> None:
    """Whatever is ready leaves at once."""
    monkeypatch.setattr(
        claiming,
        "looked_at",
        lambda creditor, units, *, now: {unit.key: Allowed(tuple(unit.message_ids)) for unit in units},
    )


def _write_to_everybody(monkeypatch: Any) -> None:
    """Nor does the writer refuse, and what no step stands behind is written all the same."""
    monkeypatch.setattr(rendering, "refusal_of_words", lambda judging, message: None)


def _random_keys(monkeypatch: Any) -> None:
    """A step planned again gets another key, so that the database takes it for another message."""
    honest = daily.outgoing

    def outgoing(*args: Any) -> Any:
        out = honest(*args)
        noise = pl.lit(f"/{random.getrandbits(64)}")
        return replace(
            out,
            steps=out.steps.with_columns(pl.col("once_key") + noise),
            fresh=out.fresh.with_columns(pl.col("once_key") + noise),
            lines=out.lines.with_columns(pl.col("once_key") + noise),
        )

    monkeypatch.setattr(daily, "outgoing", outgoing)


def test_with_the_memory_lost_and_random_keys_messages_leave_twice(monkeypatch):
    _forget_what_was_done(monkeypatch)
    _random_keys(monkeypatch)
    assert _is_reported("once")


def test_with_the_memory_lost_the_key_alone_still_holds_each_message_to_once(monkeypatch):
    _forget_what_was_done(monkeypatch)
    Year(3, replace(_SHORT, days=40)).live()


def test_with_the_gate_open_mail_leaves_at_night_and_at_weekends(monkeypatch):
    _open_the_gate(monkeypatch)
    assert _is_reported("I8")


def test_with_no_last_look_at_all_somebody_who_has_paid_is_written_to(monkeypatch):
    _open_the_gate(monkeypatch)
    _write_to_everybody(monkeypatch)
    assert _is_reported("I6", replace(_SHORT, days=150))


def test_a_cent_too_much_is_seen(monkeypatch):
    honest = speeches._line
    monkeypatch.setattr(
        speeches, "_line", lambda *args: replace(told := honest(*args), asked_minor=told.asked_minor + 1)
    )
    assert _is_reported("amounts")


def test_another_customers_address_is_seen(monkeypatch):
    honest = gate.recipients_of
    
    def mixed_up(creditor: Any, ids: Any) -> Any:
        found = honest(creditor, ids)
        keys = list(found)
        return dict(zip(keys, [found[key] for key in [*keys[1:], *keys[:1]]], strict=True))

    monkeypatch.setattr(gate, "recipients_of", mixed_up)
    assert _is_reported("I9")


def test_a_doubt_sent_again_is_seen(monkeypatch):
    honest = settling._fate

    def again(dispatch: Any, outcome: Any) -> Any:
        state, reason, said = honest(dispatch, outcome)
        return ("returned", "", said) if state == "unknown" else (state, reason, said)

    def pause(times: int) -> Any:
        return settling._PUT_OFF_FIRST

    monkeypatch.setattr(settling, "_fate", again)
    monkeypatch.setattr(settling, "_pause", pause)
    assert _is_reported("I5", replace(_SHORT, trouble=0.5))
