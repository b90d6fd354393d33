"""The last look at messages about to leave, with the facts of this moment. docs/rules/gate.md."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from aldia.kernel.clock import business_date
from aldia.queries import gate_sql as sql
from aldia.queries.asking import ask
from aldia.queries.circumstances import area_pauses, circumstances_in_force, consents_of, local_days
from aldia.queries.claimed import Addressee, Claimed, ClaimedMessage, claimed
from aldia.queries.moment import Moment, moment_of
from aldia.queries.places import Place, holidays_of_creditor, pause_of_area, place_of
from aldia.queries.recipients import (
    Recipient,
    Recipients,
    is_only_a_minors,
    recipients_of,
    recipients_on,
)
from aldia.queries.salespeople_sql import TO_HEAR
from aldia.records.tenancy.models import Creditor
from aldia.rules.calendars import Holidays
from aldia.rules.consents import Said, Standing, folded_address, may_be_used, standing_of
from aldia.rules.gate import FIRM_TONES, Allowed, Contact, GateFacts, GateLimits, GateRule, Refused, look
from aldia.rules.portfolio.reasons import Reason
from aldia.rules.relation import GOODWILL
from aldia.rules.respect.announcing import unfounded

_LOOKED_BACK = timedelta(days=32)
_HOURS = (GateRule.HOLIDAY, GateRule.HOLIDAY_EVE, GateRule.WEEKEND, GateRule.WINDOW)
_OF_PERSON = {
    "deceased": "deceased",
    "in_suit": "in_suit",
    "assigned": "assigned",
    "placed": "placed",
    "insolvency": "insolvent",
    "discharged": "discharged",
    "complaint": "complaint",
    "erased": "erased",
}
"""Kind of circumstance → the fact it is for the gate; who is represented depends on the channel."""
GONE = Refused(GateRule.NO_LONGER_APPLIES, "Buzón de salida", None)


@dataclass(frozen=True, slots=True)
class Judging:
    """All that the looks of one batch are taken with. house: the leave to send. contacts: by customer.

    spoke: when somebody last spoke with the customer. circumstances: kinds in force by customer. consents:
    what was said of channels, by customer. pauses: until when and why an area is spared, by customer.
    address_contacts: when an address (folded) was written to. salespeople: who hears first, and the day from
    which the message may leave, by message.
    """

    creditor: Creditor
    now: datetime
    batch: Claimed
    moment: Moment
    recipients: Recipients
    house: dict[str, Any]
    contacts: Mapping[int, list[Contact]]
    spoke: Mapping[int, datetime]
    unread: Mapping[int, datetime]
    places: Mapping[int, Place]
    circumstances: Mapping[int, frozenset[str]]
    consents: Mapping[int, Sequence[Said]]
    pauses: Mapping[int, tuple[date, str]]
    salespeople: Mapping[int, tuple[str, date | None]]
    address_contacts: Mapping[str, list[datetime]]
    holidays: Holidays

    def of(self, bundles: Mapping[str, Sequence[int]]) -> "Judging":
        """The same facts for some of the bundles, with some of their messages: key → ids."""
        left = {
            key: tuple(each for each in self.batch.bundles[key] if each.id in ids)
            for key, ids in bundles.items()
        }
        return replace(self, batch=replace(self.batch, bundles=left))


def last_looks(
    creditor: Creditor, bundles: Mapping[str, Sequence[int]], *, now: datetime
) -> dict[str, Allowed | Refused]:
    """May each bundle leave at this moment? bundles: key → message ids of one customer, in order of leaving.

    A bundle that leaves counts as a contact for those after it. Allowed says which of its messages no longer
    stand. Raises NoStrategy. In a transaction and the creditor's scope, outside savepoints.
    """
    if not any(bundles.values()):
        return dict.fromkeys(bundles, GONE)
    return looks_by(judging_of(creditor, bundles, now=now))


def looks_by(judging: Judging) -> dict[str, Allowed | Refused]:
    """The same for a batch that is read already (`judging_of`); once, for what leaves is counted in it."""
    return {key: _judge(judging, messages) for key, messages in judging.batch.bundles.items()}


def judging_of(creditor: Creditor, bundles: Mapping[str, Sequence[int]], *, now: datetime) -> Judging:
    """Everything the looks need, in a fixed number of SELECTs however many bundles there are."""
    return judging_of_batch(creditor, claimed(creditor, bundles), now=now)


def judging_of_batch(creditor: Creditor, batch: Claimed, *, now: datetime) -> Judging:
    """The same for a batch whose messages and customers are known; it may have customers without messages."""
    moment = moment_of(creditor, batch.customers, now=now)
    today, people = moment.today, batch.customers.values()
    recipients, house = recipients_of(creditor, batch.customers), _house(creditor, now)
    local, pauses = local_days(creditor, today), area_pauses(creditor, today)
    contacts, spoke = _contacts(creditor, batch, now)
    over = {each.id: pause_of_area(creditor, each, pauses) for each in people}
    return Judging(
        creditor=creditor,
        now=now,
        batch=batch,
        moment=moment,
        recipients=recipients,
        house=house,
        contacts=contacts,
        spoke=spoke,
        places={each.id: place_of(creditor, each, today, local) for each in people},
        circumstances=circumstances_in_force(creditor, batch.customers, today),
        consents=consents_of(creditor, batch.customers),
        pauses={customer: (each.until_on, each.reason) for customer, each in over.items() if each},
        address_contacts=_address_contacts(creditor, batch, recipients, house, now),
        holidays=holidays_of_creditor(creditor, today),
        unread=_unread(creditor, batch, now),
        salespeople=_salespeople(creditor, batch),
    )


def _house(creditor: Creditor, now: datetime) -> dict[str, Any]:
    today, zone = business_date(now, creditor.time_zone), ZoneInfo(creditor.time_zone)
    midnight = datetime.combine(today, time.min, zone).astimezone(UTC)
    (row,) = ask(sql.HOUSE, creditor=creditor.pk, now=now, midnight=midnight)
    return row


def _contacts(
    creditor: Creditor, batch: Claimed, now: datetime
) -> tuple[dict[int, list[Contact]], dict[int, datetime]]:
    """What was tried with each customer, and when somebody last spoke with them."""
    rows = ask(
        sql.CONTACTS,
        creditor=creditor.pk,
        customers=sorted(batch.customers),
        ids=batch.message_ids,
        now=now,
        since=(now - _LOOKED_BACK).date(),
    )
    found, spoke = defaultdict(list), {}
    for row in rows:
        if row["channel"] == "spoke":
            spoke[row["customer_id"]] = row["at"]
        else:
            found[row["customer_id"]].append(Contact(row["at"], row["channel"]))
    return found, spoke


def _address_contacts(
    creditor: Creditor, batch: Claimed, recipients: Recipients, house: dict[str, Any], now: datetime
) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = defaultdict(list)
    if house["address_messages_max"] is None:
        return found
    known = [each for several in recipients.values() for each in several]
    addresses = {each.address.lower() for each in known} | {each.number for each in known if each.number}
    rows = ask(
        sql.ADDRESS_CONTACTS,
        creditor=creditor.pk,
        addresses=sorted(addresses),
        since=now - timedelta(days=house["address_days"] + 1),
        ids=batch.message_ids,
    )
    for row in rows:
        found[folded_address(row["recipient"])].append(row["at"])
    return found


def _unread(creditor: Creditor, batch: Claimed, now: datetime) -> dict[int, datetime]:
    """By customer, the oldest answer that nobody has looked at."""
    rows = ask(sql.UNREAD, creditor=creditor.pk, customers=sorted(batch.customers), now=now)
    return {row["customer_id"]: row["at"] for row in rows}


def _salespeople(creditor: Creditor, batch: Claimed) -> dict[int, tuple[str, date | None]]:
    """By message; asked only where something firm is among them."""
    ids = [each.id for messages in batch.bundles.values() for each in messages if each.tone in FIRM_TONES]
    rows = ask(TO_HEAR, creditor=creditor.pk, ids=ids) if ids else []
    return {row["id"]: (row["name"], row["from_on"]) for row in rows}


def _judge(judging: Judging, messages: Sequence[ClaimedMessage]) -> Allowed | Refused:
    """The bundle by its highest message that still stands; the others of it fall away."""
    if not messages:
        return GONE
    standing = [message for message in messages if judging.moment.step_of(message)]
    facts = facts_of(judging, next(iter(standing), messages[0]))
    limits = limits_of(judging, messages[0].customer_id)
    answer = look(facts, limits)
    if isinstance(answer, Refused):
        return answer
    _count_as_sent(judging, facts, messages[0].customer_id)
    fallen = {message.id: look_at_one(judging, message) for message in messages if message not in standing}
    return Allowed(tuple(message.id for message in standing), fallen)


def _count_as_sent(judging: Judging, facts: GateFacts, customer_id: int) -> None:
    if facts.counts_as_contact:
        judging.contacts[customer_id].append(Contact(judging.now, facts.channel))
        recipient = recipient_of(judging, customer_id, facts.channel, tone=facts.tone)
        if recipient is not None:
            judging.address_contacts[folded_address(recipient.address)].append(judging.now)
    judging.house["sent_today"] += 1


def look_at_one(judging: Judging, message: ClaimedMessage) -> Refused:
    """Why a message that the portfolio no longer stands by falls out of its bundle."""
    facts = facts_of(judging, message)
    answer = look(facts, limits_of(judging, message.customer_id))
    return answer if isinstance(answer, Refused) else GONE


def refusal_of_words(judging: Judging, message: ClaimedMessage) -> Refused | None:
    """Why there is nothing to write: it will never leave, or has nowhere to go. Hours and stops pass."""
    facts = replace(
        facts_of(judging, message),
        house_locked=False,
        sending_stopped=False,
        brake_held=False,
        approved=True,
        contacts=(),
        address_contacts=(),
        area_hold_until=None,
        unread_reply_on=None,
        salesperson="",
        unfounded="",
    )
    answer = look(facts, limits_of(judging, message.customer_id, of_the_day=False))
    return None if isinstance(answer, Allowed) or answer.rule in _HOURS else answer


def facts_of(judging: Judging, message: ClaimedMessage) -> GateFacts:
    """Every ground of refusal of one message, as things are now."""
    return contact_facts(judging, message, _of_portfolio(judging, message))


def contact_facts(
    judging: Judging, message: ClaimedMessage, of_portfolio: Mapping[str, Any] = MappingProxyType({})
) -> GateFacts:
    """The grounds that lie in the customer, the address and the moment, and what is said of the portfolio."""
    customer, house = judging.batch.customers[message.customer_id], judging.house
    place = judging.places[customer.id]
    salesperson, told_from = judging.salespeople.get(message.id, ("", None))
    pause = judging.pauses.get(customer.id)
    of_person: dict[str, Any] = {
        _OF_PERSON[kind]: True for kind in _kinds(judging, customer.id) & _OF_PERSON.keys()
    }
    return GateFacts(
        now=judging.now,
        kind=message.kind,
        step=message.step,
        channel=message.channel,
        tone=message.tone,
        person_kind=customer.person_kind,
        time_zone=place.time_zone,
        holidays=place.holidays,
        place_known=place.known,
        area_hold_until=pause[0] if pause else None,
        area_hold_reason=pause[1] if pause else "",
        house_locked=house["house_locked"],
        sending_stopped=house["sending_stopped"],
        approved=message.approved,
        brake_held=message.brake_held,
        bank_data_on=house["bank_on"],
        contacts=tuple(judging.contacts[customer.id]),
        direct_contact_on=_direct_contact(judging, customer.id),
        sent_today=house["sent_today"],
        unread_reply_on=_unread_on(judging, customer.id),
        unfounded=unfounded(message.template),
        salesperson=salesperson,
        salesperson_from=told_from,
        **{**of_person, **_of_address(judging, message, customer), **of_portfolio},
    )


def _kinds(judging: Judging, customer_id: int) -> frozenset[str]:
    return judging.circumstances.get(customer_id, frozenset())


def recipient_of(judging: Judging, customer_id: int, channel: str, *, tone: str = "") -> Recipient | None:
    """Who gets it: the best address on the channel for that tone that nobody refused, of somebody who may be
    written to."""
    place, person_kind = judging.places[customer_id], judging.batch.customers[customer_id].person_kind
    asks = any(each.asks(channel, person_kind) for each in place.opt_ins)
    return next(
        (
            each
            for each in _candidates(judging, customer_id, channel, tone)
            if may_be_used(_standing(judging, customer_id, channel, each.address), asks_consent=asks)
        ),
        None,
    )


def _candidates(judging: Judging, customer_id: int, channel: str, tone: str) -> Sequence[Recipient]:
    return recipients_on(
        judging.recipients,
        customer_id,
        channel,
        minor=judging.batch.customers[customer_id].minor,
        represented="represented" in _kinds(judging, customer_id),
        tone=tone,
    )


def _standing(judging: Judging, customer_id: int, channel: str, address: str) -> Standing:
    said = judging.consents.get(customer_id, ())
    return standing_of(said, channel, address, agreed=frozenset(judging.house["agreed_channels"]))


def limits_of(judging: Judging, customer_id: int, *, of_the_day: bool = True) -> GateLimits:
    """The law where the customer lives, and the creditor's settings as they stand now; without what only
    today stands in the way where `of_the_day` is False."""
    house, place = judging.house, judging.places[customer_id]
    return GateLimits(
        contact=place.contact,
        opt_ins=place.opt_ins,
        creditor_zone=house["time_zone"],
        creditor_holidays=judging.holidays,
        sends_from=house["sends_from"],
        sends_until=house["sends_until"],
        sends_on_weekends=house["sends_on_weekends"],
        messages_per_day_max=house["messages_per_day_max"] if of_the_day else None,
        bank_data_days_max=house["bank_data_days_max"] if of_the_day else None,
        address_times_max=house["address_messages_max"],
        address_days=house["address_days"],
        unread_reply_days=house["unread_reply_days"],
    )


def _unread_on(judging: Judging, customer_id: int) -> date | None:
    """Its day where the customer lives."""
    at = judging.unread.get(customer_id)
    return at.astimezone(ZoneInfo(judging.places[customer_id].time_zone)).date() if at else None


def _direct_contact(judging: Judging, customer_id: int) -> Any:
    """The day of the last answer or conversation."""
    spoke, replied = judging.spoke.get(customer_id), judging.moment.replied_on.get(customer_id)
    zone = ZoneInfo(judging.places[customer_id].time_zone)
    days = [*([spoke.astimezone(zone).date()] if spoke else []), *([replied] if replied else [])]
    return max(days, default=None)


def _of_portfolio(judging: Judging, message: ClaimedMessage) -> dict[str, Any]:
    """What the engine says of the message; its reasons come with the figures they turn on."""
    moment = judging.moment
    step = moment.step_of(message)
    customer = moment.customers[message.customer_id]
    known: dict[str, Any] = {"strategy": moment.title_of(customer["strategy"])}
    if message.kind == "free" or (message.kind == GOODWILL and step is not None):
        return known | _why_no_words(moment, message)
    if message.kind == GOODWILL:
        return known | {"step_current": False}
    if message.kind == "promise":
        return known | _of_promise(moment, message, stands=step is not None)
    if step is not None:
        return known | {"needs_approval": step["approval"]}
    known |= {"still_owed": moment.is_owed(message), "step_current": False}
    if message.kind != "dunning":
        return known | _why_no_notice(moment, message)
    decision = moment.decisions[message.customer_id]
    units = moment.units.get(message.customer_id, ())
    return known | {
        "portfolio_reason": "" if decision["step"] else decision["outcome"],
        "next_on": decision["next_on"],
        "promise_until": moment.resting.get(message.customer_id),
        "dunnable": {unit["currency"]: unit["dunnable_minor"] for unit in units},
    }


def _why_no_words(moment: Moment, message: ClaimedMessage) -> dict[str, Any]:
    """What keeps also a person from writing; a dispute or a promise is often what they write about."""
    insolvent_on = moment.customers[message.customer_id]["insolvent_on"]
    is_insolvent = insolvent_on is not None and insolvent_on <= moment.today
    return ({"insolvent": True} if is_insolvent else {}) | {"on_hold": message.customer_id in moment.held}


def _of_promise(moment: Moment, message: ClaimedMessage, *, stands: bool) -> dict[str, Any]:
    """The promise it is about does not stand in its way; what has been contested since does."""
    return _why_no_words(moment, message) | {
        "still_owed": stands or moment.is_owed(message),
        "step_current": stands,
        "disputed": any(moment.is_disputed_whole(line) for line in message.told),
    }


def _why_no_notice(moment: Moment, message: ClaimedMessage) -> dict[str, Any]:
    """Notices have no reasons of their own: the circumstances that take them away are named."""
    insolvent_on = moment.customers[message.customer_id]["insolvent_on"]
    contested = moment.overlays_of_line(message.due_line_id)
    is_insolvent = insolvent_on is not None and insolvent_on <= moment.today
    return ({"insolvent": True} if is_insolvent else {}) | {
        "on_hold": message.customer_id in moment.held,
        "disputed": "dispute" in contested,
        "promise_until": _rests_until(moment, message),
        "portfolio_reason": Reason.COVERED.value if "cover" in contested else "",
    }


def _rests_until(moment: Moment, message: ClaimedMessage) -> date | None:
    """The last day of the open promise that is for the line of a reminder before or on its due date."""
    asks = message.kind in ("pre_due", "due_today") and message.due_line_id in moment.resting_lines
    return moment.resting.get(message.customer_id) if asks else None


def _of_address(judging: Judging, message: ClaimedMessage, customer: Addressee) -> dict[str, Any]:
    channel = message.channel
    recipient = recipient_of(judging, customer.id, channel, tone=message.tone)
    step = judging.moment.step_of(message)
    elsewhere = step is not None and step["reachable"] and step["channel"] != channel
    several = _candidates(judging, customer.id, channel, message.tone)
    addresses = [each.address for each in several] or [""]
    standings = {_standing(judging, customer.id, channel, each) for each in addresses}
    granted = Standing.GRANTED
    is_granted = recipient and _standing(judging, customer.id, channel, recipient.address) is granted
    return {
        "represented": "represented" in _kinds(judging, customer.id) and not several,
        "opted_out": frozenset({channel}) if standings == {Standing.REFUSED} else frozenset(),
        "consent": True if is_granted or not several else None,  # without address nobody asks
        "address_contacts": tuple(
            judging.address_contacts.get(folded_address(recipient.address), ()) if recipient else ()
        ),
        "minor": customer.minor and is_only_a_minors(judging.recipients, customer.id, message.channel),
        "has_address": recipient is not None,
        "other_channel": recipient is None and elsewhere,
        "address_quality": recipient.quality if recipient else "",
    }
