"""No message leaves outside window or cap, after payment, or under any ground: for any generated history."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldia.jurisdictions.calendars import holidays_of
from aldia.jurisdictions.loader import available_countries, load_jurisdiction
from aldia.rules.gate import Allowed, Contact, GateFacts, GateLimits, Refused, look
from aldia.rules.law import ContactCap, ContactGroup

pytestmark = pytest.mark.slow

LAWS = {country: load_jurisdiction(country) for country in available_countries()}
ZONES = (
    *("Europe/Madrid", "Atlantic/Canary", "America/Bogota", "America/Santiago", "America/Lima"),
    *("America/Mexico_City", "America/Tijuana", "America/Argentina/Buenos_Aires", "America/Punta_Arenas"),
)
CHANNELS = ("email", "sms", "whatsapp", "letter", "call")
HOLIDAYS = (holidays_of("ES-MD", range(2025, 2029)), holidays_of("CL", range(2025, 2029)), frozenset[date]())
GROUNDS = (
    *("house_locked", "deceased", "erased", "minor", "represented", "insolvent", "discharged", "complaint"),
    *("in_suit", "assigned", "placed", "plan_in_force", "on_hold", "disputed", "sending_stopped"),
)
HOURS = st.times(min_value=time(0), max_value=time(23, 59)).map(
    lambda at: at.replace(second=0, microsecond=0)
)


@st.composite
def histories(draw):
    """Anything may have happened to the customer before this moment."""
    now = draw(st.datetimes(datetime(2026, 1, 1), datetime(2027, 11, 1), timezones=st.just(UTC)))
    before = st.integers(0, 10 * 24 * 60).map(lambda minutes: now - timedelta(minutes=minutes))
    around = st.integers(-3, 3).map(lambda days: now.date() + timedelta(days=days))
    holidays = draw(st.sampled_from(HOLIDAYS)) | frozenset(draw(st.lists(around, max_size=3)))
    held: list[str] = draw(st.lists(st.sampled_from(GROUNDS), max_size=1)) if draw(st.booleans()) else []
    under: dict[str, Any] = dict.fromkeys(held, True)
    return GateFacts(
        now=now,
        kind=draw(st.sampled_from(["dunning", "dunning", "pre_due", "due_today", "delivery"])),
        channel=draw(st.sampled_from(CHANNELS)),
        tone=draw(st.sampled_from(["", "amable", "cercano", "firme", "formal"])),
        person_kind=draw(st.sampled_from(["consumer", "business", "public_body"])),
        time_zone=draw(st.sampled_from(ZONES)),
        holidays=holidays,
        still_owed=draw(st.sampled_from([True, True, True, False])),
        promise_until=draw(st.sampled_from([None, None, now.date()])),
        opted_out=frozenset(draw(st.lists(st.sampled_from(CHANNELS), max_size=2))),
        consent=draw(st.sampled_from([True, True, None, False])),
        needs_approval=draw(st.booleans()),
        approved=draw(st.booleans()),
        brake_held=draw(st.sampled_from([False, False, True])),
        bank_data_on=draw(st.none() | st.integers(0, 9).map(lambda days: now.date() - timedelta(days=days))),
        area_hold_until=draw(st.sampled_from([None, None, now.date() + timedelta(days=9)])),
        contacts=tuple(draw(st.lists(st.builds(Contact, before, st.sampled_from(CHANNELS)), max_size=5))),
        address_contacts=tuple(draw(st.lists(before, max_size=4))),
        direct_contact_on=draw(st.none() | st.integers(0, 9).map(lambda n: now.date() - timedelta(days=n))),
        sent_today=draw(st.integers(0, 4)),
        **under,
    )


@st.composite
def settings(draw):
    """The law of a country and whatever the creditor has set beside it."""
    law = LAWS[draw(st.sampled_from(sorted(LAWS)))]
    first, last = draw(st.none() | HOURS), draw(st.none() | HOURS)
    return GateLimits(
        contact=law.contact,
        opt_ins=law.opt_ins,
        creditor_holidays=draw(st.sampled_from(HOLIDAYS)),
        sends_from=first,
        sends_until=last if first is None or last is None or last > first else None,
        sends_on_weekends=draw(st.booleans()),
        messages_per_day_max=draw(st.none() | st.integers(1, 4)),
        bank_data_days_max=draw(st.none() | st.integers(0, 5)),
        address_times_max=draw(st.none() | st.integers(1, 3)),
        address_days=draw(st.integers(1, 7)),
    )


def _wall(facts: GateFacts) -> datetime:
    return facts.now.astimezone(ZoneInfo(facts.time_zone))


def _counted(cap: ContactCap, channel: str) -> bool:
    """The groups once more, in other words than the rule's."""
    if cap.group is ContactGroup.CALL_OR_VISIT:
        return channel == "call"
    if cap.group is ContactGroup.WRITTEN:
        return channel != "call"
    return cap.group is ContactGroup.ANY or str(cap.group) == channel


def _outside_hours(facts: GateFacts, limits: GateLimits) -> bool:
    wall = _wall(facts)
    if limits.sends_from and wall.time() < limits.sends_from:
        return True
    if limits.sends_until and wall.time() >= limits.sends_until:
        return True
    if wall.date() in facts.holidays:
        window = limits.contact.holidays
    else:
        window = limits.contact.windows[wall.weekday()]
        law_binds = limits.contact.basis == "law" and facts.person_kind in limits.contact.protects
        if wall.weekday() >= 5 and not limits.sends_on_weekends:
            return True
        if wall.weekday() >= 5 and window is None and not (law_binds and limits.contact.binds == "any"):
            window = limits.contact.windows[0]
    return window is None or not window.opens <= wall.time() < window.closes


def _beyond_caps(facts: GateFacts, limits: GateLimits) -> bool:
    if facts.kind == "delivery":
        return False
    zone, today = ZoneInfo(facts.time_zone), _wall(facts).date()
    for cap in limits.contact.caps:
        if not _counted(cap, facts.channel):
            continue
        spoke = facts.direct_contact_on
        if cap.after_direct_contact and (spoke is None or spoke > today):
            continue
        days = [c.at.astimezone(zone).date() for c in facts.contacts if _counted(cap, c.channel)]
        in_days = [day for day in days if day > today - timedelta(days=cap.days)]
        too_near = [day for day in days if day > today - timedelta(days=cap.days_apart_min)]
        if len(in_days) >= cap.times or too_near:
            return True
    if limits.address_times_max is None:
        return False
    first = today - timedelta(days=limits.address_days - 1)
    of_address = [at for at in facts.address_contacts if at.astimezone(zone).date() >= first]
    return len(of_address) >= limits.address_times_max


@given(facts=histories(), limits=settings())
def test_what_is_allowed_is_within_hours_and_caps_and_under_no_ground(facts, limits):
    if isinstance(look(facts, limits), Refused):
        return
    assert not _outside_hours(facts, limits)
    assert not _beyond_caps(facts, limits)
    assert facts.still_owed
    assert facts.promise_until is None
    assert not [ground for ground in GROUNDS if getattr(facts, ground)]
    assert facts.channel not in facts.opted_out
    asked = any(each.asks(facts.channel, facts.person_kind) for each in limits.opt_ins)
    assert facts.consent is True or (facts.consent is None and not asked)
    assert facts.approved or not (facts.needs_approval or facts.brake_held)
    assert facts.area_hold_until is None
    is_eve = _wall(facts).date() + timedelta(days=1) in facts.holidays
    assert not (is_eve and facts.tone in ("firme", "formal"))
    assert limits.messages_per_day_max is None or facts.sent_today < limits.messages_per_day_max


@given(facts=histories(), limits=settings())
def test_the_moment_a_refusal_names_is_itself_within_hours_and_caps(facts, limits):
    refused = look(facts, limits)
    if isinstance(refused, Allowed) or refused.retry_at is None:
        return
    assert refused.retry_at > facts.now
    then = replace(facts, now=refused.retry_at)
    if refused.retry_at == facts.now + timedelta(days=1) and _outside_hours(then, limits):
        # Only where hours shut each other out on every day, so that there is no such moment.
        week = (replace(facts, now=facts.now + timedelta(minutes=10 * n)) for n in range(14 * 24 * 6))
        assert all(_outside_hours(each, limits) for each in week)
        return
    assert not _outside_hours(then, limits)
    assert not _beyond_caps(then, limits)


@given(facts=histories(), limits=settings(), ground=st.sampled_from(GROUNDS))
def test_under_any_ground_nothing_leaves(facts, limits, ground):
    assert isinstance(look(replace(facts, **{ground: True}), limits), Refused)


@given(facts=histories(), limits=settings())
def test_after_payment_nothing_leaves_and_nothing_waits(facts, limits):
    """What is paid is cancelled, unless a locked house keeps everything as it is."""
    refused = look(replace(facts, still_owed=False, house_locked=False), limits)
    assert isinstance(refused, Refused)
    assert refused.retry_at is None


def test_the_grounds_above_are_all_the_yes_or_no_grounds_there_are():
    flags = {each.name for each in fields(GateFacts) if each.type in ("bool", bool)}
    others = {"still_owed", "step_current", "place_known", "has_address", "other_channel", "has_text"}
    assert flags - others - {"needs_approval", "approved", "brake_held"} == set(GROUNDS)


_CHANGES: list[tuple[str, date]] = [
    ("Europe/Madrid", date(2026, 3, 29)),
    ("Europe/Madrid", date(2026, 10, 25)),
    ("Atlantic/Canary", date(2026, 3, 29)),
    ("Atlantic/Canary", date(2026, 10, 25)),
    ("America/Santiago", date(2026, 4, 5)),
    ("America/Santiago", date(2026, 9, 6)),
    ("America/Tijuana", date(2026, 3, 8)),
    ("America/Tijuana", date(2026, 11, 1)),
    ("America/Punta_Arenas", date(2026, 4, 5)),
    ("America/Bogota", date(2026, 3, 29)),
    ("America/Lima", date(2026, 10, 25)),
]


@pytest.mark.parametrize(("zone", "day"), _CHANGES)
@pytest.mark.parametrize("country", sorted(LAWS))
def test_on_days_the_clocks_change_the_hours_are_those_on_the_wall(zone, day, country):
    """Every quarter of an hour of three days, by every country's hours; weekends open where they may be."""
    limits = GateLimits(contact=LAWS[country].contact, sends_on_weekends=True)
    start = datetime.combine(day - timedelta(days=1), time(0), ZoneInfo(zone)).astimezone(UTC)
    for minutes in range(0, 73 * 60, 15):
        facts: Any = GateFacts(now=start + timedelta(minutes=minutes), time_zone=zone, person_kind="business")
        answer = look(facts, limits)
        assert isinstance(answer, Refused) == _outside_hours(facts, limits), _wall(facts)
        if isinstance(answer, Refused):
            assert answer.retry_at is not None
            assert not _outside_hours(replace(facts, now=answer.retry_at), limits)
