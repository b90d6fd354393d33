"""Who has a salesperson waits for the working day after the telling, and not a moment longer."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aldia.jurisdictions.calendars import holidays_of
from aldia.jurisdictions.loader import load_jurisdiction
from aldia.rules.calendars import is_business_day, next_business_day
from aldia.rules.gate import Allowed, GateFacts, GateLimits, GateRule, Refused, look, refusal_sentence

DAYS = holidays_of("ES-MD", range(2025, 2029))
SPAIN = GateLimits(contact=load_jurisdiction("ES").contact, creditor_holidays=DAYS)
FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def _firm(**said):
    return GateFacts(now=FRIDAY, tone="firme", holidays=DAYS, salesperson="Ana", **said)


def test_untold_counts_as_told_today():
    refused = look(_firm(), SPAIN)
    assert isinstance(refused, Refused)
    assert (refused.rule, refused.facts["told"]) == (GateRule.SALESPERSON_FIRST, False)
    assert refused.retry_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert refusal_sentence(refused) == (
        "Antes lo sabe Ana, que puede llamarle: sale a partir del lun 23 nov 2026."
        " Se vuelve a mirar el lun 23 nov 2026 a las 09:00."
    )


def test_told_yesterday_it_leaves_today():
    assert look(_firm(salesperson_from=FRIDAY.date()), SPAIN) == Allowed()
    assert look(replace(_firm(), salesperson=""), SPAIN) == Allowed()


@given(st.dates(date(2026, 1, 1), date(2027, 11, 1)), st.integers(0, 24 * 60 - 1))
def test_whoever_looks_again_when_told_to_is_let_through_once_somebody_was_told(day, minute):
    """The refusal's own moment is the last wait: from there on the rule is silent."""
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minute)
    first = look(replace(_firm(), now=now), SPAIN)
    assert isinstance(first, Refused)
    if first.rule != GateRule.SALESPERSON_FIRST:
        return
    from_on = date.fromisoformat(first.facts["from"])
    assert is_business_day(from_on, DAYS)
    assert from_on == next_business_day(from_on - timedelta(days=1), DAYS)
    assert first.retry_at is not None
    assert first.retry_at - now < timedelta(days=8)
    again = look(replace(_firm(salesperson_from=from_on), now=first.retry_at), SPAIN)
    assert again == Allowed()
