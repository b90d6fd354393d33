"""Hours, holidays and caps: laws on any moment, and the two days on which the clocks change."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.jurisdictions.calendars import holidays_of
from aldia.jurisdictions.loader import available_countries, load_jurisdiction
from aldia.rules.gate import Allowed, Contact, GateFacts, GateLimits, GateRule, Refused, look
from aldia.rules.gate.moments import hours_on, is_open, next_allowed, reached_cap, second_channel
from aldia.rules.law import ContactWindow

LAWS = {country: load_jurisdiction(country) for country in available_countries()}
ZONES = ["Europe/Madrid", "Atlantic/Canary", "America/Bogota", "America/Santiago", "America/Lima"]
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))
CHANNELS = st.sampled_from(["email", "sms", "whatsapp", "letter", "call"])
HOURS = st.sampled_from([time(0, 0), time(2, 30), time(8, 0), time(9, 30), time(13, 0), time(22, 30)])
HOLIDAYS = holidays_of("ES-MD", (2026, 2027))


def asked(facts: GateFacts, limits: GateLimits) -> Any:
    return look(facts, limits)


@st.composite
def _limits(draw):
    first, last = draw(st.none() | HOURS), draw(st.none() | HOURS)
    return GateLimits(
        contact=LAWS[draw(st.sampled_from(sorted(LAWS)))].contact,
        sends_from=first,
        sends_until=last if first is None or last is None or last > first else None,
        sends_on_weekends=draw(st.booleans()),
        messages_per_day_max=draw(st.none() | st.integers(1, 5)),
    )


@st.composite
def _facts(draw):
    now = draw(MOMENTS)
    ago = st.integers(0, 14 * 24 * 60).map(lambda minutes: now - timedelta(minutes=minutes))
    return GateFacts(
        now=now,
        kind=draw(st.sampled_from(["dunning", "pre_due", "delivery"])),
        channel=draw(st.sampled_from(["email", "sms"])),
        person_kind=draw(st.sampled_from(["consumer", "business", "public_body"])),
        time_zone=draw(st.sampled_from(ZONES)),
        holidays=draw(st.sampled_from([HOLIDAYS, frozenset()])),
        contacts=tuple(draw(st.lists(st.builds(Contact, ago, CHANNELS), max_size=6))),
        direct_contact_on=draw(st.none() | st.just((now - timedelta(days=3)).date())),
        sent_today=draw(st.integers(0, 5)),
    )


@given(facts=_facts(), limits=_limits())
def test_a_refusal_of_the_moment_names_a_later_moment_at_which_it_is_lifted(facts, limits):
    refused = asked(facts, limits)
    if isinstance(refused, Allowed):
        return
    assert refused.retry_at is not None
    assert refused.retry_at > facts.now
    if any(hours_on(facts.local.date() + timedelta(days=n), facts, limits) for n in range(14)):
        assert asked(replace(facts, now=refused.retry_at, sent_today=0), limits) == Allowed()


@given(facts=_facts(), limits=_limits())
def test_no_moment_between_now_and_the_next_one_would_have_been_allowed(facts, limits):
    """The wait is no longer than it has to be, probed every twenty minutes."""
    then = next_allowed(facts, limits)
    probe = facts.now + timedelta(minutes=20)
    for _ in range(60):
        if probe >= then:
            break
        at = replace(facts, now=probe)
        day = at.local.date()
        free = (
            is_open(at, limits) and not reached_cap(day, at, limits) and not second_channel(day, at, limits)
        )
        assert not free
        probe += timedelta(minutes=20)


@pytest.mark.parametrize("zone", ["Europe/Madrid", "Atlantic/Canary"])
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_on_the_days_the_clocks_change_the_hours_are_those_on_the_wall(zone, day):
    """R13: both days are Sundays, so weekends are open here; every ten minutes of 25 hours."""
    limits = GateLimits(contact=LAWS["ES"].contact, sends_on_weekends=True)
    start = datetime.combine(day, time(0, 0), ZoneInfo(zone)).astimezone(UTC)
    opened = 0
    for minutes in range(0, 25 * 60, 10):
        now = start + timedelta(minutes=minutes)
        wall = now.astimezone(ZoneInfo(zone))
        if wall.date() != day:
            break
        answer = asked(GateFacts(now=now, time_zone=zone), limits)
        assert isinstance(answer, Allowed) == (9 <= wall.hour < 21), wall
        opened += isinstance(answer, Allowed)
    assert opened == 12 * 6


@pytest.mark.parametrize(
    ("zone", "day", "utc"),
    [
        ("Europe/Madrid", date(2026, 3, 28), datetime(2026, 3, 30, 7, 0, tzinfo=UTC)),
        ("Europe/Madrid", date(2026, 10, 24), datetime(2026, 10, 26, 8, 0, tzinfo=UTC)),
        ("Atlantic/Canary", date(2026, 3, 28), datetime(2026, 3, 30, 8, 0, tzinfo=UTC)),
        ("Atlantic/Canary", date(2026, 10, 24), datetime(2026, 10, 26, 9, 0, tzinfo=UTC)),
    ],
)
def test_a_wait_across_the_change_of_the_clocks_ends_at_nine_on_the_wall(zone, day, utc):
    saturday = datetime.combine(day, time(12, 0), ZoneInfo(zone)).astimezone(UTC)
    refused = asked(GateFacts(now=saturday, time_zone=zone), GateLimits(contact=LAWS["ES"].contact))
    assert refused.retry_at == utc


def test_an_hour_that_does_not_exist_on_the_wall_opens_the_next_day():
    """A window of half an hour that the spring change swallows."""
    night = replace(LAWS["ES"].contact, windows=(ContactWindow(time(2, 0), time(2, 30)),) * 7, holidays=None)
    limits = GateLimits(contact=night, sends_on_weekends=True)
    facts = GateFacts(now=datetime(2026, 3, 28, 12, 0, tzinfo=UTC))
    assert next_allowed(facts, limits) == datetime(2026, 3, 30, 0, 0, tzinfo=UTC)


def test_christmas_and_the_weekend_after_it_are_waited_out():
    facts = GateFacts(now=datetime(2026, 12, 24, 20, 30, tzinfo=UTC), holidays=HOLIDAYS)
    refused = asked(facts, GateLimits(contact=LAWS["ES"].contact))
    assert refused.rule == GateRule.WINDOW
    assert refused.retry_at == datetime(2026, 12, 28, 8, 0, tzinfo=UTC)  # 25 Friday, 26 and 27 weekend


def test_a_holiday_of_one_place_is_a_working_day_in_another():
    """2 May is kept in Madrid; in 2028 it is a Tuesday."""
    now = datetime(2028, 5, 2, 9, 0, tzinfo=UTC)
    limits = GateLimits(contact=LAWS["ES"].contact)
    madrid = GateFacts(now=now, holidays=holidays_of("ES-MD", (2028,)))
    assert asked(madrid, limits).rule == GateRule.HOLIDAY
    assert asked(replace(madrid, holidays=holidays_of("ES-AN", (2028,))), limits) == Allowed()


@pytest.mark.parametrize(
    ("hour", "rule"),
    [(time(8, 59, 59), "window"), (time(9, 0), None), (time(20, 59, 59), None), (time(21, 0), "window")],
)
def test_hours_open_with_their_first_minute_and_close_before_their_last(hour, rule):
    now = datetime.combine(date(2026, 11, 20), hour, ZoneInfo("Europe/Madrid")).astimezone(UTC)
    answer = asked(GateFacts(now=now), GateLimits(contact=LAWS["ES"].contact))
    assert getattr(answer, "rule", None) == rule


def test_the_same_moment_is_open_in_madrid_and_closed_in_las_palmas():
    now = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    limits = GateLimits(contact=LAWS["ES"].contact)
    assert asked(GateFacts(now=now), limits) == Allowed()
    assert isinstance(asked(GateFacts(now=now, time_zone="Atlantic/Canary"), limits), Refused)
