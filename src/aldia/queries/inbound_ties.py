"""Whose an answer is: by the message of ours it answers, else by the address it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass

import phonenumbers

from aldia.queries.asking import ask
from aldia.records.outreach.models import Dispatch
from aldia.records.parties.models import ContactPoint, sought_by
from aldia.records.tenancy.models import Creditor
from aldia.rules.consents import Said, Standing, standing_of

_CUSTOMERS_OF_MAIL = """
SELECT DISTINCT customer_id, value FROM parties_contact_point
WHERE creditor_id = %(creditor)s AND channel = 'email' AND sought = %(sender)s
LIMIT 20
"""

_NUMBERS_ENDING_SO = """
SELECT p.customer_id, p.value, coalesce(nullif(c.country, ''), %(country)s) AS country
FROM parties_contact_point p
JOIN parties_customer c ON c.creditor_id = p.creditor_id AND c.id = p.customer_id
WHERE p.creditor_id = %(creditor)s AND p.channel IN ('phone', 'whatsapp')
  AND p.sought = %(ending)s
LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class Tie:
    """customer_id: None for nobody or several. dispatch: the message of ours that is answered. addresses: of
    the sender, as they are kept and written to."""

    customer_id: int | None
    dispatch: Dispatch | None
    addresses: tuple[str, ...]


def tie_of(
    creditor: Creditor, *, channel: str, sender: str, references: Sequence[str] = (), answers: str = ""
) -> Tie:
    """Inside a transaction in scope. references, answers: as in `Heard`."""
    dispatch = _answered(creditor, channel, references, answers)
    known = _known_addresses(creditor, channel, sender)
    addresses = {value for _customer, value in known} | ({sender} if sender else set())
    if dispatch is not None:
        addresses |= {dispatch.recipient} if dispatch.channel == channel else set()
        return Tie(dispatch.customer_id, dispatch, tuple(sorted(addresses)))
    customers = {customer for customer, _value in known}
    only = next(iter(customers)) if len(customers) == 1 else None
    return Tie(only, None, tuple(sorted(addresses)))


def owners_of(creditor: Creditor, channel: str, addresses: Sequence[str]) -> set[int]:
    """Customers who have one of the addresses, however they are written. In scope."""
    points = ContactPoint.objects.filter(
        creditor=creditor, sought__in=[sought_by(channel, each) for each in addresses]
    )
    points = points.filter(channel__in=["email"] if channel == "email" else ["phone", "whatsapp"])
    refused = [Said(channel, each, "refused") for each in addresses]
    return {
        customer
        for customer, value in points.values_list("customer_id", "value")
        if standing_of(refused, channel, value) is Standing.REFUSED
    }


def _answered(creditor: Creditor, channel: str, references: Sequence[str], answers: str) -> Dispatch | None:
    mine = Dispatch.objects.filter(creditor_id=creditor.pk)
    if answers:
        return mine.filter(provider_id=answers, channel=channel).first()
    names = list(references)
    found = {each.message_id: each for each in mine.filter(message_id__in=names)}
    if names and not found:  # a provider that gave the mail an id of its own says it when it takes it
        found = {each.provider_id: each for each in mine.filter(channel=channel, provider_id__in=names)}
    return next((found[each] for each in references if each in found), None)


def _known_addresses(creditor: Creditor, channel: str, sender: str) -> list[tuple[int, str]]:
    """(customer, address as it is kept)."""
    if not sender:
        return []
    if channel == "email":
        rows = ask(_CUSTOMERS_OF_MAIL, creditor=creditor.pk, sender=sender)
        return [(row["customer_id"], row["value"]) for row in rows]
    rows = ask(
        _NUMBERS_ENDING_SO,
        creditor=creditor.pk,
        country=creditor.country,
        ending=sought_by(channel, sender),
    )
    wanted = _e164(sender, creditor.country)
    return [
        (row["customer_id"], row["value"])
        for row in rows
        if wanted and _e164(row["value"], row["country"]) == wanted
    ]


def _e164(number: str, country: str) -> str:
    """«600 11 22 33» in Spain → +34600112233; "" for what is no number."""
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
