"""The last look: grounds in a fixed order, the first that holds is the answer. docs/rules/gate.md §2."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aldia.kernel.clock import business_date
from aldia.rules.calendars import business_days_after, next_business_day
from aldia.rules.gate.moments import (
    closed_because,
    hours_on,
    instant,
    is_address_full,
    is_open,
    next_allowed,
    reached_cap,
    second_channel,
)
from aldia.rules.gate.values import (
    PORTFOLIO_REASONS,
    Allowed,
    GateFacts,
    GateLimits,
    GateRule,
    Refused,
)
from aldia.rules.portfolio.reasons import Reason

_ASK_AGAIN = timedelta(minutes=15)  # where a person has to act first
_CUSTOMER, _LEDGER = "Ficha del cliente", "Cuenta del cliente"
_PRUDENT_CAP = "Criterio prudente: la ley del lugar no fija ese tope"

Ground = Callable[[GateFacts, GateLimits], Refused | None]


def look(facts: GateFacts, limits: GateLimits) -> Allowed | Refused:
    """May this mail leave now? The first ground that forbids it, else Allowed.

    A locked house comes first, so that nothing is judged before a person has compared; then grounds for ever
    (retry_at None), then those of the moment.
    """
    found = (ground(facts, limits) for ground in _GROUNDS)
    return next((refused for refused in found if refused is not None), Allowed())


def _later(
    rule: str,
    source: str,
    facts: GateFacts,
    limits: GateLimits,
    *,
    told: Mapping[str, Any] | None = None,
    not_before: datetime | None = None,
) -> Refused:
    retry_at = next_allowed(facts, limits, not_before=not_before)
    return Refused(rule, source, retry_at, {"zone": facts.time_zone, **(told or {})})


def _never(rule: str, source: str, told: Mapping[str, Any] | None = None) -> Refused:
    return Refused(rule, source, None, told or {})


def _house_locked(facts: GateFacts, limits: GateLimits) -> Refused | None:
    if not facts.house_locked:
        return None
    source = "Bloqueo tras restaurar una copia"
    return _later(GateRule.HOUSE_LOCKED, source, facts, limits, not_before=facts.now + _ASK_AGAIN)


def _person(facts: GateFacts, limits: GateLimits) -> Refused | None:
    """Grounds that lie in who the customer is and where the debt stands."""
    grounds = (
        (facts.deceased, GateRule.DECEASED),
        (facts.erased, GateRule.ERASED),
        (facts.minor, GateRule.MINOR),
        (facts.represented, GateRule.REPRESENTED),
        (facts.insolvent, Reason.INSOLVENT),
        (facts.discharged, GateRule.DISCHARGED),
        (facts.complaint, GateRule.COMPLAINT),
        (facts.in_suit, GateRule.IN_SUIT),
        (facts.assigned, GateRule.ASSIGNED),
        (facts.placed, GateRule.PLACED),
    )
    told = {"channel": facts.channel}
    return next((_never(rule.value, _CUSTOMER, told) for holds, rule in grounds if holds), None)


def _consent(facts: GateFacts, limits: GateLimits) -> Refused | None:
    if facts.channel in facts.opted_out:
        return _never(GateRule.OPTED_OUT, _CUSTOMER, {"channel": facts.channel})
    asked = limits.opt_in(facts.channel, facts.person_kind)
    if facts.consent is True or (asked is None and facts.consent is None):
        return None
    source = asked.provenance.cited() if asked else limits.law(facts.person_kind)
    return _never(GateRule.NO_CONSENT, source, {"channel": facts.channel})


def _debt(facts: GateFacts, limits: GateLimits) -> Refused | None:
    """What the portfolio's own rules say; nothing open of what the mail speaks of is «paid»."""
    if not facts.still_owed:
        return _never(GateRule.PAID, _LEDGER)
    if facts.promise_until is not None:
        return _never(GateRule.PROMISE, _LEDGER, {"until": facts.promise_until.isoformat()})
    if facts.plan_in_force:
        return _never(GateRule.PLAN, _LEDGER)
    if facts.on_hold:
        return _never(Reason.ON_HOLD.value, _CUSTOMER)
    if facts.disputed:
        return _never(Reason.DISPUTED.value, _LEDGER)
    return _portfolio(facts)


def _portfolio(facts: GateFacts) -> Refused | None:
    source = f"Estrategia «{facts.strategy}»" if facts.strategy else "Estrategia"
    reason = facts.portfolio_reason
    assert not reason or reason in PORTFOLIO_REASONS, f"no reason of the portfolio: {reason}"
    if reason and reason != Reason.SPACING:
        told = {"dunnable": dict(facts.dunnable), "minimum": dict(facts.minimum)}
        return _never(reason, source, told)
    if not facts.step_current and not reason:
        gone = GateRule.SUPERSEDED if facts.is_dunning else GateRule.NO_LONGER_APPLIES
        return _never(gone, source)
    return None


def _no_text(facts: GateFacts, limits: GateLimits) -> Refused | None:
    return None if facts.has_text else _never(GateRule.NO_TEXT, "Ajustes, textos")


def _unfounded(facts: GateFacts, limits: GateLimits) -> Refused | None:
    """What cannot really follow is not announced; it waits until it can, or until somebody skips it."""
    if not facts.unfounded:
        return None
    told = {"consequence": facts.unfounded}
    return _later(
        GateRule.UNFOUNDED,
        "Norma de la casa: solo se anuncia lo que de verdad se hace",
        facts,
        limits,
        told=told,
        not_before=_tomorrow(facts),
    )


def _stopped(facts: GateFacts, limits: GateLimits) -> Refused | None:
    """What waits for a person: the red button, the brake, an approval."""
    grounds = (
        (facts.sending_stopped, GateRule.SENDING_STOPPED, "Ajuste «parar los envíos»"),
        (facts.brake_held and not facts.approved, GateRule.BRAKE_HELD, "Ajuste «freno»"),
        (
            facts.needs_approval and not facts.approved,
            GateRule.NOT_APPROVED,
            "Estrategia, paso con aprobación",
        ),
    )
    soon = facts.now + _ASK_AGAIN
    held = ((rule, source) for holds, rule, source in grounds if holds)
    return next((_later(rule, source, facts, limits, not_before=soon) for rule, source in held), None)


def _area_hold(facts: GateFacts, limits: GateLimits) -> Refused | None:
    until = facts.area_hold_until
    if until is None:
        return None
    morning = instant(until, time.min, ZoneInfo(facts.time_zone))
    told = {"until": until.isoformat(), "reason": facts.area_hold_reason}
    source = "Ajustes, pausas por zona"
    return _later(GateRule.AREA_HOLD, source, facts, limits, told=told, not_before=morning)


def _unread_reply(facts: GateFacts, limits: GateLimits) -> Refused | None:
    """Who has answered is not dunned before somebody has read it, for so many business days."""
    answered = facts.unread_reply_on
    if answered is None or not facts.counts_as_contact or limits.unread_reply_days <= 0:
        return None
    until = answered
    for _day in range(limits.unread_reply_days):
        until = next_business_day(until, facts.holidays)
    if facts.local.date() >= until:
        return None
    return _later(
        GateRule.UNREAD_REPLY,
        "Ajuste «respuestas sin mirar»",
        facts,
        limits,
        told={"answered_on": answered.isoformat()},
        not_before=facts.now + _ASK_AGAIN,
    )


def _salesperson(facts: GateFacts, limits: GateLimits) -> Refused | None:
    """The salesperson hears of it a working day before the customer does.

    Not told yet counts as told today, for whoever is refused here tells them: so it never waits for ever.
    """
    if not facts.salesperson:
        return None
    today = business_date(facts.now, limits.creditor_zone)
    first = facts.salesperson_from or next_business_day(today, limits.creditor_holidays)
    if today >= first:
        return None
    morning = instant(first, time.min, ZoneInfo(limits.creditor_zone))
    told = {
        "salesperson": facts.salesperson,
        "from": first.isoformat(),
        "told": facts.salesperson_from is not None,
    }
    source = "Ajustes, comerciales"
    return _later(GateRule.SALESPERSON_FIRST, source, facts, limits, told=told, not_before=morning)


def _bank_data(facts: GateFacts, limits: GateLimits) -> Refused | None:
    oldest = limits.bank_data_days_max
    if oldest is None or not facts.is_dunning:
        return None
    known = facts.bank_data_on
    today = business_date(facts.now, limits.creditor_zone)
    if known is not None and business_days_after(known, today, limits.creditor_holidays) <= oldest:
        return None
    return _later(
        GateRule.BANK_DATA_STALE,
        "Ajuste «antigüedad máxima de los cobros»",
        facts,
        limits,
        told={"bank_data_on": known.isoformat() if known else None, "days_max": oldest},
        not_before=facts.now + _ASK_AGAIN,
    )


def _address(facts: GateFacts, limits: GateLimits) -> Refused | None:
    """Without an address it waits for one; with one on another channel it is planned anew there."""
    if facts.has_address:
        return None
    if facts.other_channel:
        return _never(GateRule.NO_ADDRESS, _CUSTOMER, {"channel": facts.channel})
    told = {"channel": facts.channel}
    return _later(GateRule.NO_ADDRESS, _CUSTOMER, facts, limits, told=told, not_before=_tomorrow(facts))


def _tomorrow(facts: GateFacts) -> datetime:
    """The next day's first moment, where the customer lives."""
    return instant(facts.local.date() + timedelta(days=1), time.min, ZoneInfo(facts.time_zone))


def _spacing(facts: GateFacts, limits: GateLimits) -> Refused | None:
    if facts.portfolio_reason != Reason.SPACING:
        return None
    start = facts.next_on or facts.local.date() + timedelta(days=1)
    morning = instant(start, time.min, ZoneInfo(limits.creditor_zone))
    source = f"Estrategia «{facts.strategy}», espera entre avisos"
    return _later(Reason.SPACING.value, source, facts, limits, not_before=morning)


def _caps(facts: GateFacts, limits: GateLimits) -> Refused | None:
    day, law = facts.local.date(), limits.law(facts.person_kind)
    cap = reached_cap(day, facts, limits)
    if cap is not None:
        told = {"times": cap.times, "days": cap.days, "apart": cap.days_apart_min}
        source = _PRUDENT_CAP if cap.prudential else law
        return _later(GateRule.CUSTOMER_CAP, source, facts, limits, told=told)
    if is_address_full(day, facts, limits):
        told = {"times": limits.address_times_max or 0, "days": limits.address_days, "apart": 0}
        return _later(GateRule.ADDRESS_CAP, "Ajuste «tope por dirección»", facts, limits, told=told)
    other = second_channel(day, facts, limits)
    return _later(GateRule.ONE_CHANNEL, law, facts, limits, told={"channel": other}) if other else None


def _creditor_cap(facts: GateFacts, limits: GateLimits) -> Refused | None:
    most = limits.messages_per_day_max
    if most is None or facts.sent_today < most:
        return None
    tomorrow = business_date(facts.now, limits.creditor_zone) + timedelta(days=1)
    morning = instant(tomorrow, time.min, ZoneInfo(limits.creditor_zone))
    source = "Ajuste «máximo de mensajes al día»"
    return _later(GateRule.CREDITOR_CAP, source, facts, limits, told={"most": most}, not_before=morning)


def _hours(facts: GateFacts, limits: GateLimits) -> Refused | None:
    if is_open(facts, limits):
        return None
    day = facts.local.date()
    rule = closed_because(day, facts, limits) or GateRule.WINDOW
    hours = hours_on(day, facts, limits)
    told: dict[str, Any] = {}
    if hours:
        told = {"opens": f"{hours.opens:%H:%M}", "closes": f"{hours.closes:%H:%M}"}
    if not facts.place_known and rule in (GateRule.HOLIDAY, GateRule.HOLIDAY_EVE):
        told["national"] = True
    return _later(rule, _source_of_hours(rule, facts, limits), facts, limits, told=told)


def _source_of_hours(rule: GateRule, facts: GateFacts, limits: GateLimits) -> str:
    """The creditor's own setting where it is stricter than the law at this moment."""
    if rule is GateRule.HOLIDAY_EVE:
        return "Criterio prudente: sin tono firme ni formal en víspera de festivo"
    if rule is GateRule.WEEKEND and not limits.sends_on_weekends:
        return "Ajuste «enviar en fin de semana»"
    if rule is GateRule.WINDOW and is_open(facts, replace(limits, sends_from=None, sends_until=None)):
        return "Ajuste «horario de envío»"
    return limits.law(facts.person_kind)


_GROUNDS: tuple[Ground, ...] = (
    _house_locked,
    _person,
    _consent,
    _debt,
    _no_text,
    _unfounded,
    _stopped,
    _area_hold,
    _unread_reply,
    _salesperson,
    _bank_data,
    _address,
    _spacing,
    _caps,
    _creditor_cap,
    _hours,
)
