"""When one customer may be written to next, channel by channel, asked of the gate itself."""

from dataclasses import dataclass, replace
from datetime import datetime

from aldia.jurisdictions.calendars import name_of_place
from aldia.queries.claimed import Claimed, addressees, unplanned
from aldia.queries.gate import Judging, contact_facts, judging_of_batch, limits_of, recipient_of
from aldia.records.parties.models import ConsentChannel
from aldia.records.tenancy.models import Creditor
from aldia.rules.gate import Allowed, look, refusal_sentence, rule_label
from aldia.rules.law import ContactLimits


@dataclass(frozen=True, slots=True)
class WayAhead:
    """One channel. at: the next moment the gate allows a friendly reminder, None for not as things stand.

    now: at this very moment. why: the refusal in a sentence, "" where it may leave now; source: what it rests
    on. address: who would get it, "" for nobody.
    """

    channel: str
    label: str
    address: str
    now: bool
    at: datetime | None
    why: str
    rule: str
    source: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """place_known: False where only national holidays are counted, those of `calendar`, a name.

    time_zone: IANA, of the customer. law: country whose limits hold.
    """

    ways: tuple[WayAhead, ...]
    time_zone: str
    calendar: str
    place_known: bool
    law: str
    contact: ContactLimits


def contact_outlook(creditor: Creditor, customer_id: int, *, now: datetime) -> Outlook:
    """Whatever is owed: hours, holidays, caps, circumstances, consents and addresses as they stand.

    What stops the whole house (the red button, old payment data, a day's cap) is left out; it is no matter of
    the customer's. Raises NoStrategy. In a transaction and the creditor's scope, outside savepoints.
    """
    batch = Claimed({}, addressees(creditor, {customer_id}))
    judging = judging_of_batch(creditor, batch, now=now)
    place = judging.places[customer_id]
    return Outlook(
        ways=tuple(_way(judging, customer_id, channel) for channel in ConsentChannel),
        time_zone=place.time_zone,
        calendar=name_of_place(place.calendar),
        place_known=place.known,
        law=place.law,
        contact=place.contact,
    )


def _way(judging: Judging, customer_id: int, channel: ConsentChannel) -> WayAhead:
    reminder = unplanned(customer_id, channel, "amable")
    facts = replace(contact_facts(judging, reminder), house_locked=False, sending_stopped=False)
    limits = limits_of(judging, customer_id)
    answer = look(facts, replace(limits, bank_data_days_max=None, messages_per_day_max=None))
    recipient = recipient_of(judging, customer_id, channel)
    way = {"channel": channel.value, "label": str(channel.label)}
    address = recipient.address if recipient else ""
    if isinstance(answer, Allowed):
        return WayAhead(**way, address=address, now=True, at=judging.now, why="", rule="", source="")
    why = refusal_sentence(replace(answer, retry_at=None))
    at = answer.retry_at if answer.rule != "no_address" else None
    return WayAhead(
        **way,
        address=address,
        now=False,
        at=at,
        why=why,
        rule=rule_label(answer.rule),
        source=answer.source,
    )
