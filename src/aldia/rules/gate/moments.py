"""When a customer may be contacted: hours, weekends, holidays, caps, and the first moment all allow."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aldia.rules.calendars import is_weekend
from aldia.rules.gate.values import GateFacts, GateLimits, GateRule
from aldia.rules.law import ContactCap, ContactWindow

_DAY = timedelta(days=1)
_WEEK_DAYS = 7
_LOOKED_AHEAD_DAYS = 400


def closed_because(day: date, facts: GateFacts, limits: GateLimits) -> GateRule | None:
    """Why nothing may leave on that local day at any hour; None for a day with hours."""
    if hours_on(day, facts, limits) is not None:
        return None
    if day in facts.holidays:
        return GateRule.HOLIDAY
    if _opened(day, facts, limits) is not None:
        return GateRule.HOLIDAY_EVE
    return GateRule.WEEKEND if is_weekend(day) else GateRule.WINDOW


def hours_on(day: date, facts: GateFacts, limits: GateLimits) -> ContactWindow | None:
    """The hours of that local day in which a mail may leave; None when there are none."""
    if facts.is_firm and day + _DAY in facts.holidays:
        return None
    return _opened(day, facts, limits)


def _opened(day: date, facts: GateFacts, limits: GateLimits) -> ContactWindow | None:
    """The hours of a day for mails of whatever tone."""
    lawful = limits.contact.window_on(day, facts.holidays)
    if is_weekend(day) and day not in facts.holidays:
        if not limits.sends_on_weekends:
            return None
        if lawful is None and not limits.binds(facts.person_kind):
            lawful = limits.contact.windows[0]  # prudence gives way to what the creditor has decided
    return None if lawful is None else _clipped(lawful, limits.sends_from, limits.sends_until)


def _clipped(window: ContactWindow, opens: time | None, closes: time | None) -> ContactWindow | None:
    first = max(window.opens, opens or window.opens)
    last = min(window.closes, closes or window.closes)
    return ContactWindow(first, last) if first < last else None


def is_open(facts: GateFacts, limits: GateLimits) -> bool:
    """True when the hours of the customer's place allow a mail at this moment."""
    local = facts.local
    hours = hours_on(local.date(), facts, limits)
    return hours is not None and hours.opens <= local.time() < hours.closes


def reached_cap(day: date, facts: GateFacts, limits: GateLimits) -> ContactCap | None:
    """The first cap that forbids one more contact on that local day."""
    if not facts.counts_as_contact:
        return None
    caps = (cap for cap in limits.contact.caps if cap.counts(facts.channel))
    return next((cap for cap in caps if _is_reached(cap, day, facts)), None)


def _is_reached(cap: ContactCap, day: date, facts: GateFacts) -> bool:
    if cap.after_direct_contact and (facts.direct_contact_on is None or facts.direct_contact_on > day):
        return False
    apart = [(day - on).days for on, channel in _contact_days(facts) if cap.counts(channel) and on <= day]
    within = sum(days < cap.days for days in apart)
    return within >= cap.times or any(days < cap.days_apart_min for days in apart)


def is_address_full(day: date, facts: GateFacts, limits: GateLimits) -> bool:
    """True when the address was written to as often as it may be, for whichever customer, by that day."""
    most = limits.address_times_max
    if most is None or not facts.counts_as_contact:
        return False
    zone = ZoneInfo(facts.time_zone)
    apart = ((day - at.astimezone(zone).date()).days for at in facts.address_contacts)
    return sum(0 <= days < limits.address_days for days in apart) >= most


def _contact_days(facts: GateFacts) -> Iterator[tuple[date, str]]:
    zone = ZoneInfo(facts.time_zone)
    return ((contact.at.astimezone(zone).date(), contact.channel) for contact in facts.contacts)


def second_channel(day: date, facts: GateFacts, limits: GateLimits) -> str | None:
    """The channel used within a week before that day when, after direct contact, no other one may be."""
    direct = facts.direct_contact_on
    if not limits.contact.one_channel_per_week or direct is None or not facts.counts_as_contact:
        return None
    if not 0 <= (day - direct).days < _WEEK_DAYS:
        return None
    used = (
        channel
        for on, channel in _contact_days(facts)
        if channel != facts.channel and 0 <= (day - on).days < _WEEK_DAYS
    )
    return next(used, None)


def is_full(day: date, facts: GateFacts, limits: GateLimits) -> bool:
    """True when one more contact on that local day would be too many, for customer, address or channel."""
    return bool(
        reached_cap(day, facts, limits)
        or is_address_full(day, facts, limits)
        or second_channel(day, facts, limits)
    )


def next_allowed(facts: GateFacts, limits: GateLimits, *, not_before: datetime | None = None) -> datetime:
    """The first instant after now, and not before the one given, that hours, holidays and caps allow; UTC.

    A day ahead where no day of the coming year has any hours: settings that shut each other out.
    """
    start = max(facts.now + timedelta(microseconds=1), not_before or facts.now)
    zone = ZoneInfo(facts.time_zone)
    first = start.astimezone(zone).date()
    for day in (first + timedelta(days=n) for n in range(_LOOKED_AHEAD_DAYS)):
        hours = hours_on(day, facts, limits)
        if hours is None or is_full(day, facts, limits):
            continue
        opening = max(start, instant(day, hours.opens, zone))
        local = opening.astimezone(zone)
        if local.date() == day and hours.opens <= local.time() < hours.closes:
            return opening.astimezone(UTC)
    return (facts.now + _DAY).astimezone(UTC)


def instant(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """That hour of the local day, in UTC; the first of two where the clocks are put back."""
    return datetime.combine(day, hour, zone).astimezone(UTC)
