"""To whom and where a message to a customer goes."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from aldia.queries.asking import ask
from aldia.records.tenancy.models import Creditor
from aldia.rules.recipients import GUARDIANS, REPRESENTATIVES, roles_in_order
from aldia.rules.texts.addresses import is_mail_address
from aldia.rules.texts.phones import BY_NUMBER, e164

_POINTS = """
SELECT p.customer_id, p.channel, p.value, p.quality, c.name, c.role,
       coalesce(nullif(u.country, ''), %(country)s) AS country
FROM parties_contact_point p
JOIN parties_contact c ON c.creditor_id = p.creditor_id AND c.id = p.contact_id
JOIN parties_customer u ON u.creditor_id = p.creditor_id AND u.id = p.customer_id
WHERE p.creditor_id = %(creditor)s AND p.customer_id = ANY(%(ids)s) AND p.quality <> 'bad' AND c.is_recipient
ORDER BY p.id DESC
"""

_POINT_OF = {
    "email": "email",
    "sms": "phone",
    "whatsapp": "whatsapp",
    "letter": "post",
    "certified": "post",
    "call": "phone",
}
_TELEPHONES = ("phone", "whatsapp")
_QUALITIES = ("good", "unknown", "doubtful")


@dataclass(frozen=True, slots=True)
class Recipient:
    """A usable address and whose it is; name "" where only the address is known. number: a telephone's as a
    provider wants it (E.164), "" where it can take no message. Whether it may be used is not asked here."""

    address: str
    name: str
    role: str
    quality: str
    number: str = ""


Recipients = dict[tuple[int, str], list[Recipient]]


def recipients_of(creditor: Creditor, customer_ids: Iterable[int]) -> Recipients:
    """(customer id, contact channel) → usable addresses, best first, then the last learnt; one SELECT."""
    found: Recipients = defaultdict(list)
    said = {"creditor": creditor.pk, "country": creditor.country, "ids": sorted(set(customer_ids))}
    for row in ask(_POINTS, **said):
        if row["channel"] != "email" or is_mail_address(row["value"]):
            number = e164(row["value"], row["country"]) if row["channel"] in _TELEPHONES else ""
            recipient = Recipient(row["value"], row["name"], row["role"], row["quality"], number=number)
            found[row["customer_id"], row["channel"]].append(recipient)
    return {key: sorted(several, key=_best_first) for key, several in found.items()}


def _best_first(recipient: Recipient) -> tuple[int, int]:
    return (_QUALITIES.index(recipient.quality), roles_in_order("").index(recipient.role))


def recipients_on(
    recipients: Recipients,
    customer_id: int,
    channel: str,
    *,
    minor: bool = False,
    represented: bool = False,
    tone: str = "",
) -> Sequence[Recipient]:
    """The addresses on that way out of the house as its provider wants them, best first.

    For a minor only of those who answer for them, for somebody represented only of the lawyer. tone: of what
    is said; the firmer, the higher the role.
    """
    several = recipients.get((customer_id, _POINT_OF[channel]), [])
    order = roles_in_order(tone)
    roles = REPRESENTATIVES if represented else GUARDIANS if minor else order
    allowed = [each for each in several if each.role in roles]
    if order != roles_in_order(""):
        allowed.sort(key=lambda each: (each.quality == "doubtful", order.index(each.role)))
    if channel not in BY_NUMBER:
        return allowed
    return [replace(each, address=each.number) for each in allowed if each.number]


def recipient_on(
    recipients: Recipients, customer_id: int, channel: str, *, minor: bool = False, tone: str = ""
) -> Recipient | None:
    """The best address on that way out of the house for that tone; for a minor, only of those who answer for
    them."""
    return next(iter(recipients_on(recipients, customer_id, channel, minor=minor, tone=tone)), None)


def is_only_a_minors(recipients: Recipients, customer_id: int, channel: str) -> bool:
    """True when there are addresses of a minor's on the channel, and none of anybody who answers for them."""
    several = recipients.get((customer_id, _POINT_OF[channel]), [])
    return bool(several) and all(each.role not in GUARDIANS for each in several)
