"""Time: one reading of the clock, days of the creditor's own zone."""

from datetime import UTC, date, datetime

import pytest

from aldia.kernel import clock


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-11-20T22:59:00+00:00", "Europe/Madrid", date(2026, 11, 20)),
        ("2026-11-20T23:00:00+00:00", "Europe/Madrid", date(2026, 11, 21)),
        ("2026-11-20T23:30:00+00:00", "Atlantic/Canary", date(2026, 11, 20)),
        ("2026-11-21T03:00:00+00:00", "America/Bogota", date(2026, 11, 20)),
        ("2026-03-29T00:59:00+00:00", "Europe/Madrid", date(2026, 3, 29)),  # an hour that does not exist
        ("2026-10-24T22:30:00+00:00", "Europe/Madrid", date(2026, 10, 25)),  # an hour that comes twice
    ],
)
def test_the_business_date_is_that_of_the_creditors_zone(moment: str, zone: str, day: date) -> None:
    assert clock.business_date(clock.read_moment(moment), zone) == day


def test_a_simulated_moment_stands_in_for_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALDIA_NOW", "2026-11-20T10:00:00+01:00")
    assert clock.now() == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert clock.is_simulated()


def test_without_it_the_clock_is_aware_and_real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALDIA_NOW", raising=False)
    before = clock.now()
    assert before.tzinfo is UTC
    assert not clock.is_simulated()
    assert clock.now() >= before


@pytest.mark.parametrize("text", ["", "ayer", "2026-13-01", "2026-02-30", "20/11/2026"])
def test_a_date_that_cannot_be_read_is_refused_in_words(text: str) -> None:
    with pytest.raises(clock.BadMoment, match="No se entiende"):
        clock.read_date(text)


@pytest.mark.parametrize("text", ["", "mañana", "2026-11-20T25:00"])
def test_a_moment_that_cannot_be_read_is_refused_in_words(text: str) -> None:
    with pytest.raises(clock.BadMoment, match="No se entiende"):
        clock.read_moment(text)


def test_the_morning_of_a_past_day_is_ten_oclock_there() -> None:
    assert clock.morning_of(date(2013, 6, 30), "Europe/Madrid") == datetime(2013, 6, 30, 8, 0, tzinfo=UTC)


def test_days_between_may_be_negative() -> None:
    assert clock.days_between(date(2026, 3, 1), date(2026, 2, 27)) == -2
