"""The last look: every ground by itself, their order, and what each is called."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from aldia.jurisdictions.loader import load_jurisdiction
from aldia.rules.gate import (
    RULE_WORDS,
    Allowed,
    Contact,
    GateFacts,
    GateLimits,
    GateRule,
    Refused,
    look,
    refusal_sentence,
    rule_label,
)
from aldia.rules.portfolio.reasons import Reason

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)  # a Friday, 10:00 in Madrid
GOOD = GateFacts(now=NOW)
SPAIN = GateLimits(contact=load_jurisdiction("ES").contact)
COLOMBIA = GateLimits(contact=load_jurisdiction("CO").contact)
CHILE = GateLimits(contact=load_jurisdiction("CL").contact)

FOR_EVER: dict[str, dict[str, Any]] = {
    GateRule.DECEASED: {"deceased": True},
    GateRule.ERASED: {"erased": True},
    GateRule.MINOR: {"minor": True},
    GateRule.REPRESENTED: {"represented": True},
    Reason.INSOLVENT: {"insolvent": True},
    GateRule.DISCHARGED: {"discharged": True},
    GateRule.COMPLAINT: {"complaint": True},
    GateRule.IN_SUIT: {"in_suit": True},
    GateRule.ASSIGNED: {"assigned": True},
    GateRule.PLACED: {"placed": True},
    GateRule.OPTED_OUT: {"opted_out": frozenset({"email"})},
    GateRule.NO_CONSENT: {"consent": False},
    GateRule.PAID: {"still_owed": False},
    GateRule.PROMISE: {"promise_until": date(2026, 11, 30)},
    GateRule.PLAN: {"plan_in_force": True},
    Reason.ON_HOLD: {"on_hold": True},
    Reason.PROMISE: {"portfolio_reason": "promise_open"},
    Reason.DISPUTED: {"disputed": True},
    Reason.NOTHING_OPEN: {"portfolio_reason": "nothing_open"},
    Reason.NOTHING_OVERDUE: {"portfolio_reason": "nothing_overdue"},
    Reason.MONEY_UNAPPLIED: {"portfolio_reason": "money_unapplied"},
    Reason.COVERED: {"portfolio_reason": "covered"},
    Reason.NO_AMOUNT_FOR_CURRENCY: {"portfolio_reason": "no_amount_for_currency"},
    Reason.BELOW_MINIMUM: {"portfolio_reason": "below_minimum"},
    Reason.WAITING: {"portfolio_reason": "waiting"},
    GateRule.SUPERSEDED: {"step_current": False},
    GateRule.NO_LONGER_APPLIES: {"step_current": False, "kind": "pre_due"},
    GateRule.NO_TEXT: {"has_text": False},
}
"""Rule → the facts that bring it about; the mail is cancelled."""

YESTERDAY = Contact(NOW - timedelta(days=1), "email")
FOR_NOW: dict[str, dict[str, Any]] = {
    GateRule.HOUSE_LOCKED: {"house_locked": True},
    GateRule.UNFOUNDED: {"unfounded": "suspender el servicio"},
    GateRule.SENDING_STOPPED: {"sending_stopped": True},
    GateRule.BRAKE_HELD: {"brake_held": True},
    GateRule.NOT_APPROVED: {"needs_approval": True},
    GateRule.AREA_HOLD: {"area_hold_until": date(2026, 12, 1), "area_hold_reason": "Inundaciones."},
    GateRule.UNREAD_REPLY: {"unread_reply_on": NOW.date()},
    GateRule.SALESPERSON_FIRST: {"salesperson": "Ana", "salesperson_from": date(2026, 11, 23)},
    GateRule.BANK_DATA_STALE: {"bank_data_on": date(2026, 11, 10)},
    GateRule.NO_ADDRESS: {"has_address": False},
    Reason.SPACING: {"portfolio_reason": "spacing", "next_on": date(2026, 11, 25), "step_current": False},
    GateRule.CUSTOMER_CAP: {"contacts": (Contact(NOW, "email"),)},
    GateRule.ADDRESS_CAP: {"address_contacts": (NOW,) * 3},
    GateRule.CREDITOR_CAP: {"sent_today": 40},
    GateRule.HOLIDAY: {"holidays": frozenset({NOW.date()})},
    GateRule.HOLIDAY_EVE: {"tone": "firme", "holidays": frozenset({NOW.date() + timedelta(days=1)})},
    GateRule.WEEKEND: {"now": NOW + timedelta(days=1)},
    GateRule.WINDOW: {"now": NOW - timedelta(hours=3)},
}
"""Rule → the facts that bring it about; the mail waits."""

STRICT = replace(
    SPAIN, bank_data_days_max=3, messages_per_day_max=40, address_times_max=3, unread_reply_days=2
)
FRESH: dict[str, Any] = {"bank_data_on": NOW.date()}


def facts(**changed: Any) -> GateFacts:
    return replace(GOOD, **FRESH | changed)


def asked(facts: GateFacts, limits: GateLimits) -> Any:
    return look(facts, limits)


def test_a_mail_nobody_objects_to_may_leave():
    assert asked(facts(), STRICT) == Allowed()


@pytest.mark.parametrize("rule", FOR_EVER)
def test_a_ground_for_ever_cancels_the_mail(rule):
    refused = asked(facts(**FOR_EVER[rule]), STRICT)
    assert isinstance(refused, Refused)
    assert (refused.rule, refused.retry_at) == (rule, None)
    assert refused.source


@pytest.mark.parametrize("rule", FOR_NOW)
def test_a_ground_of_the_moment_makes_the_mail_wait(rule):
    refused = asked(facts(**FOR_NOW[rule]), STRICT)
    assert isinstance(refused, Refused)
    assert refused.rule == rule
    assert refused.retry_at is not None
    assert refused.retry_at > facts(**FOR_NOW[rule]).now
    assert refused.source


def test_the_table_above_knows_every_rule():
    assert {*FOR_EVER, *FOR_NOW} == {*GateRule, *Reason} - {GateRule.ONE_CHANNEL}


@pytest.mark.parametrize("later", sorted(set(FOR_NOW) - {GateRule.HOUSE_LOCKED, Reason.SPACING}))
@pytest.mark.parametrize("final", [GateRule.MINOR, GateRule.PAID, Reason.BELOW_MINIMUM, GateRule.NO_TEXT])
def test_what_holds_for_ever_is_said_before_what_passes(final, later):
    refused = asked(facts(**FOR_NOW[later] | FOR_EVER[final]), STRICT)
    assert refused.rule == final


@pytest.mark.parametrize("final", FOR_EVER)
def test_in_a_locked_house_nothing_is_judged(final):
    refused = asked(facts(house_locked=True, **FOR_EVER[final]), STRICT)
    assert refused.rule == GateRule.HOUSE_LOCKED
    assert refused.retry_at is not None


def test_the_order_of_asking_is_that_of_the_page():
    """Everything at once: take the first ground away, and the next one speaks."""
    wrong = {**FOR_EVER, **FOR_NOW}
    changed = {name: value for each in wrong.values() for name, value in each.items()}
    changed |= {"now": NOW, "kind": "dunning", "portfolio_reason": "", "holidays": frozenset({NOW.date()})}
    told = []
    clean = {name: getattr(facts(), name) for name in changed}
    while isinstance(refused := asked(replace(facts(), **changed), STRICT), Refused):
        told.append(refused.rule)
        changed |= {name: clean[name] for name in wrong[refused.rule]}
    assert told == [
        "house_locked",
        "deceased",
        "erased",
        "minor",
        "represented",
        "insolvent",
        "discharged",
        "complaint",
        "in_suit",
        "assigned",
        "placed",
        "opted_out",
        "no_consent",
        "paid",
        "promise",
        "plan",
        "on_hold",
        "disputed",
        "superseded",
        "no_text",
        "unfounded",
        "sending_stopped",
        "brake_held",
        "not_approved",
        "area_hold",
        "unread_reply",
        "salesperson_first",
        "bank_data_stale",
        "no_address",
        "customer_cap",
        "address_cap",
        "creditor_cap",
        "holiday",
    ]


@pytest.mark.parametrize("rule", [*GateRule, *Reason])
def test_every_rule_has_a_label_and_a_whole_sentence(rule):
    assert rule_label(rule) != rule
    sentence = refusal_sentence(Refused(rule, "origen", None, {}))
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert not set(sentence) & set("{}!¡")


def test_no_two_rules_share_a_label():
    labels = [rule_label(rule) for rule in [*GateRule, *Reason]]
    assert len(set(labels)) == len(labels)
    assert set(RULE_WORDS) == set(GateRule)


def test_a_refusal_says_when_it_is_looked_at_again_in_the_customers_hour():
    canary = facts(now=datetime(2026, 11, 20, 8, 30, tzinfo=UTC), time_zone="Atlantic/Canary")
    refused = asked(canary, SPAIN)
    assert refusal_sentence(refused) == (
        "Ahora no se le escribe: el horario de contacto es de 09:00 a 21:00, hora del cliente. "
        "Se vuelve a mirar el vie 20 nov 2026 a las 09:00."
    )


def test_a_code_nobody_knows_is_told_all_the_same():
    assert rule_label("meteorito") == "meteorito"
    assert refusal_sentence(Refused("meteorito", "", None)) == "No ha salido."
    assert refusal_sentence(Refused("meteorito", "", None, {"sentence": "Cayó {uno}."})) == "Cayó {uno}."


def test_a_yes_opens_what_waits_for_a_person():
    assert asked(facts(needs_approval=True, brake_held=True, approved=True), STRICT) == Allowed()


def test_old_bank_data_stop_demands_but_not_invoices():
    old: dict[str, Any] = {"bank_data_on": None}
    assert asked(facts(**old), STRICT).rule == GateRule.BANK_DATA_STALE
    assert asked(facts(kind="delivery", **old), STRICT) == Allowed()
    assert asked(facts(**old), SPAIN) == Allowed()


def test_bank_data_as_old_as_allowed_are_fresh_enough():
    assert asked(facts(bank_data_on=date(2026, 11, 17)), STRICT) == Allowed()
    assert asked(facts(bank_data_on=date(2026, 11, 16)), STRICT).rule == GateRule.BANK_DATA_STALE


def test_without_an_address_it_waits_for_one_and_with_another_channel_it_is_planned_anew():
    waits = asked(facts(has_address=False), STRICT)
    assert waits.retry_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # Monday, nine in Madrid
    assert asked(facts(has_address=False, other_channel=True), STRICT).retry_at is None


def test_invoices_and_questions_about_them_count_for_no_cap():
    often = facts(contacts=tuple(Contact(NOW - timedelta(days=n), "email") for n in range(5)))
    assert asked(often, STRICT).rule == GateRule.CUSTOMER_CAP
    assert asked(replace(often, kind="delivery"), STRICT) == Allowed()


def test_three_contacts_in_a_week_are_enough_and_the_fourth_waits_until_the_first_is_seven_days_old():
    days = [datetime(2026, 11, day, 11, 0, tzinfo=UTC) for day in (16, 17, 18)]
    refused = asked(facts(contacts=tuple(Contact(day, "email") for day in days)), SPAIN)
    assert refused.rule == GateRule.CUSTOMER_CAP
    assert refused.facts["times"] == 3
    assert refused.retry_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert "3 veces en 7 días" in refusal_sentence(refused)


def test_chile_keeps_two_days_between_letters_and_counts_calls_apart():
    santiago: dict[str, Any] = {
        "time_zone": "America/Santiago",
        "now": datetime(2026, 11, 20, 15, 0, tzinfo=UTC),
    }
    refused = asked(facts(contacts=(Contact(NOW - timedelta(days=1), "sms"),), **santiago), CHILE)
    assert refused.rule == GateRule.CUSTOMER_CAP
    assert "2 días entre medias" in refusal_sentence(refused)
    assert "Ley 19.496" in refused.source
    assert asked(facts(contacts=(Contact(NOW - timedelta(days=1), "call"),), **santiago), CHILE) == Allowed()


def test_colombia_allows_no_second_channel_in_the_week_of_a_conversation():
    bogota: dict[str, Any] = {"time_zone": "America/Bogota", "now": datetime(2026, 11, 20, 15, 0, tzinfo=UTC)}
    wrote = (Contact(NOW - timedelta(days=3), "whatsapp"),)
    spoke: dict[str, Any] = {"contacts": wrote, "direct_contact_on": date(2026, 11, 16)}
    refused = asked(facts(**spoke, **bogota), COLOMBIA)
    assert refused.rule == GateRule.ONE_CHANNEL
    assert "WhatsApp" in refusal_sentence(refused)
    assert refused.retry_at == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a week after they spoke
    assert asked(facts(channel="whatsapp", **spoke, **bogota), COLOMBIA) == Allowed()
    assert asked(facts(contacts=wrote, **bogota), COLOMBIA) == Allowed()


def test_colombias_daily_cap_begins_with_a_conversation():
    bogota: dict[str, Any] = {"time_zone": "America/Bogota", "now": datetime(2026, 11, 20, 15, 0, tzinfo=UTC)}
    today: dict[str, Any] = {"contacts": (Contact(NOW + timedelta(hours=4), "email"),)}
    assert asked(facts(**today, **bogota), COLOMBIA) == Allowed()
    after = asked(facts(direct_contact_on=date(2026, 11, 12), **today, **bogota), COLOMBIA)
    assert after.rule == GateRule.CUSTOMER_CAP


def test_the_source_says_how_sure_the_law_is_and_whether_it_binds():
    late: dict[str, Any] = {"time_zone": "America/Bogota", "now": datetime(2026, 11, 21, 2, 0, tzinfo=UTC)}
    binding = asked(facts(person_kind="consumer", **late), COLOMBIA)
    prudent = asked(facts(person_kind="business", **late), COLOMBIA)
    assert binding.source == "Ley 2300 de 2023, art. 3 (visto en fuente secundaria)"
    assert prudent.source == "Ley 2300 de 2023, art. 3 (visto en fuente secundaria; aquí, criterio prudente)"


def test_the_source_is_the_setting_where_the_creditor_is_stricter_than_the_law():
    office = replace(SPAIN, sends_from=time(11, 0), sends_until=time(14, 0))
    assert asked(facts(), office).source == "Ajuste «horario de envío»"
    assert asked(facts(), office).retry_at == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    assert "Sin norma propia" in asked(facts(now=NOW - timedelta(hours=4)), office).source


def test_weekends_open_where_only_prudence_closes_them():
    saturday = facts(now=NOW + timedelta(days=1))
    assert asked(saturday, replace(SPAIN, sends_on_weekends=True)) == Allowed()
    refused = asked(saturday, SPAIN)
    assert (refused.rule, refused.source) == (GateRule.WEEKEND, "Ajuste «enviar en fin de semana»")
    assert refused.retry_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_no_setting_widens_the_law():
    colombia = replace(COLOMBIA, sends_on_weekends=True, sends_from=time(6, 0), sends_until=time(23, 0))
    bogota: dict[str, Any] = {"time_zone": "America/Bogota", "person_kind": "consumer"}
    sunday = facts(now=datetime(2026, 11, 22, 15, 0, tzinfo=UTC), **bogota)
    saturday_noon = facts(now=datetime(2026, 11, 21, 17, 0, tzinfo=UTC), **bogota)
    saturday_evening = facts(now=datetime(2026, 11, 21, 20, 30, tzinfo=UTC), **bogota)
    before_seven = facts(now=datetime(2026, 11, 20, 11, 30, tzinfo=UTC), **bogota)
    answers = [asked(each, colombia) for each in (sunday, saturday_noon, saturday_evening, before_seven)]
    assert [getattr(each, "rule", None) for each in answers] == ["weekend", None, "window", "window"]


def test_settings_that_shut_each_other_out_are_looked_at_again_a_day_later():
    never = replace(SPAIN, sends_from=time(21, 30), sends_until=time(22, 0))
    refused = asked(facts(), never)
    assert (refused.rule, refused.retry_at) == (GateRule.WINDOW, NOW + timedelta(days=1))


def test_the_creditors_cap_is_over_at_its_own_midnight():
    refused = asked(facts(sent_today=40), STRICT)
    assert refused.retry_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert "40 mensajes" in refusal_sentence(refused)
    assert asked(facts(sent_today=39), STRICT) == Allowed()


def test_an_instant_without_zone_is_a_fault():
    with pytest.raises(AssertionError, match="aware"):
        GateFacts(now=datetime(2026, 11, 20, 9, 0))


def test_whatsapp_wants_the_customers_consent_whoever_the_customer_is():
    asks = replace(STRICT, opt_ins=load_jurisdiction("ES").opt_ins)
    for kind in ("consumer", "business", "public_body"):
        by_whatsapp = facts(channel="whatsapp", person_kind=kind)
        refused = asked(by_whatsapp, asks)
        assert (refused.rule, refused.retry_at) == (GateRule.NO_CONSENT, None)
        assert refused.source.startswith("Política de WhatsApp Business")
        assert refused.source.endswith("(no verificado)")
        assert asked(replace(by_whatsapp, consent=True), asks) == Allowed()
        assert asked(facts(person_kind=kind), asks) == Allowed()  # by e-mail


def test_colombia_wants_a_consumers_consent_to_every_channel():
    asks = replace(COLOMBIA, opt_ins=load_jurisdiction("CO").opt_ins)
    bogota: dict[str, Any] = {"time_zone": "America/Bogota", "now": datetime(2026, 11, 20, 15, 0, tzinfo=UTC)}
    refused = asked(facts(person_kind="consumer", **bogota), asks)
    assert (refused.rule, refused.source) == (
        GateRule.NO_CONSENT,
        "Ley 2300 de 2023, art. 2 (visto en fuente secundaria)",
    )
    assert asked(facts(person_kind="consumer", consent=True, **bogota), asks) == Allowed()
    assert asked(facts(person_kind="business", **bogota), asks) == Allowed()


def test_an_area_that_is_spared_waits_until_the_morning_after_its_pause():
    until: dict[str, Any] = {"area_hold_until": date(2026, 12, 8), "area_hold_reason": "Inundaciones."}
    refused = asked(facts(holidays=frozenset({date(2026, 12, 8)}), **until), SPAIN)
    assert refused.retry_at == datetime(2026, 12, 9, 8, 0, tzinfo=UTC)  # the 8th is a holiday
    assert refusal_sentence(refused) == (
        "No se escribe a su zona hasta el mar 8 dic 2026: Inundaciones. "
        "Se vuelve a mirar el mié 9 dic 2026 a las 09:00."
    )


def test_the_age_of_bank_data_is_counted_in_business_days_of_the_creditors_place():
    tuesday: dict[str, Any] = {"now": datetime(2026, 12, 29, 9, 0, tzinfo=UTC)}
    limits = replace(STRICT, bank_data_days_max=2)
    over_christmas = facts(**tuesday, bank_data_on=date(2026, 12, 23))
    assert asked(over_christmas, limits).rule == GateRule.BANK_DATA_STALE  # 24, 25, 28, 29
    christmas = frozenset({date(2026, 12, 24), date(2026, 12, 25)})
    assert asked(over_christmas, replace(limits, creditor_holidays=christmas)) == Allowed()
    refused = asked(facts(**tuesday, bank_data_on=date(2026, 12, 22)), limits)
    assert "se admiten 2 días laborables" in refusal_sentence(refused)


@pytest.mark.parametrize(
    ("tone", "rule"), [("firme", "holiday_eve"), ("formal", "holiday_eve"), ("amable", None)]
)
def test_on_the_eve_of_a_holiday_nothing_firm_leaves(tone, rule):
    """Monday 7 December 2026: the 8th is a holiday."""
    eve: dict[str, Any] = {"now": datetime(2026, 12, 7, 10, 0, tzinfo=UTC)}
    answer = asked(facts(tone=tone, holidays=frozenset({date(2026, 12, 8)}), **eve), SPAIN)
    assert getattr(answer, "rule", None) == rule
    if rule:
        assert answer.retry_at == datetime(2026, 12, 9, 8, 0, tzinfo=UTC)
        assert "Mañana es festivo" in refusal_sentence(answer)
        assert "prudente" in answer.source


def test_where_only_the_country_is_known_the_refusal_says_so():
    holiday: dict[str, Any] = {"holidays": frozenset({NOW.date()})}
    assert "festivos nacionales" in refusal_sentence(asked(facts(place_known=False, **holiday), SPAIN))
    assert "festivos nacionales" not in refusal_sentence(asked(facts(**holiday), SPAIN))


def test_an_address_that_ten_customers_share_is_written_to_three_times_a_day():
    of_today = (NOW - timedelta(minutes=5), NOW - timedelta(hours=1))
    assert asked(facts(address_contacts=of_today), STRICT) == Allowed()
    refused = asked(facts(address_contacts=(*of_today, NOW)), STRICT)
    assert (refused.rule, refused.source) == (GateRule.ADDRESS_CAP, "Ajuste «tope por dirección»")
    assert refused.retry_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert refusal_sentence(refused).startswith(
        "A esa dirección ya se ha escrito lo que cabe entre todos: 3 veces en 1 día."
    )
    assert asked(facts(address_contacts=(*of_today, NOW), kind="delivery"), STRICT) == Allowed()


def test_a_channel_has_a_cap_of_its_own_and_says_that_it_is_ours():
    days = (16, 18)
    by_sms = tuple(Contact(datetime(2026, 11, day, 11, 0, tzinfo=UTC), "sms") for day in days)
    refused = asked(facts(channel="sms", contacts=by_sms), SPAIN)
    assert (refused.rule, refused.facts["times"]) == (GateRule.CUSTOMER_CAP, 2)
    assert refused.source.startswith("Criterio prudente")
    assert asked(facts(contacts=by_sms), SPAIN) == Allowed()  # by e-mail


@pytest.mark.parametrize(
    "answered, days, held",
    [
        (date(2026, 11, 20), 2, True),  # a Friday: until Tuesday
        (date(2026, 11, 19), 2, True),  # a Thursday: until Monday
        (date(2026, 11, 18), 2, False),
        (date(2026, 11, 19), 1, False),
        (date(2026, 11, 20), 0, False),
    ],
)
def test_who_has_answered_waits_so_many_business_days_for_somebody_to_read_it(answered, days, held):
    limits = replace(SPAIN, unread_reply_days=days)
    refused = asked(facts(unread_reply_on=answered), limits)
    assert isinstance(refused, Refused) is held
    if isinstance(refused, Refused):
        assert refused.rule == GateRule.UNREAD_REPLY
        assert "Contestó el" in refusal_sentence(refused)
    assert isinstance(asked(facts(unread_reply_on=answered, kind="delivery"), limits), Allowed)


def test_a_holiday_is_no_day_of_waiting():
    limits = replace(SPAIN, unread_reply_days=1)
    on_monday = {"now": NOW + timedelta(days=4), "holidays": frozenset({date(2026, 11, 23)})}
    assert isinstance(asked(facts(unread_reply_on=date(2026, 11, 20), **on_monday), limits), Allowed)
    on_sunday = {**on_monday, "now": NOW + timedelta(days=2)}
    assert asked(facts(unread_reply_on=date(2026, 11, 20), **on_sunday), limits).rule == "unread_reply"
