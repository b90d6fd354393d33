"""By which channels one customer may be written to, whatever the hour and whatever is owed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from aldia.kernel.clock import business_date
from aldia.queries.circumstances import circumstances_in_force, consents_of
from aldia.queries.claimed import addressees
from aldia.queries.places import place_of
from aldia.queries.recipients import Recipient, recipients_of, recipients_on
from aldia.records.tenancy.models import Creditor
from aldia.rules.consents import may_be_used, standing_of


def open_ways(
    creditor: Creditor, customer_id: int, channels: Sequence[str], *, now: datetime
) -> Mapping[str, Recipient]:
    """Channel → the best address on it that may be used; the gate would refuse the others for ever.

    Known, not refused, with the consent where one is asked for, of somebody who may be written to. In scope.
    """
    today = business_date(now, creditor.time_zone)
    customer = addressees(creditor, {customer_id})[customer_id]
    recipients = recipients_of(creditor, [customer_id])
    said = consents_of(creditor, [customer_id]).get(customer_id, ())
    kinds = circumstances_in_force(creditor, [customer_id], today).get(customer_id, frozenset())
    opt_ins, agreed = place_of(creditor, customer, today).opt_ins, frozenset(creditor.agreed_channels)
    found = {}
    for channel in channels:
        asks = any(each.asks(channel, customer.person_kind) for each in opt_ins)
        several = recipients_on(
            recipients, customer_id, channel, minor=customer.minor, represented="represented" in kinds
        )
        for each in several:
            if may_be_used(standing_of(said, channel, each.address, agreed=agreed), asks_consent=asks):
                found[channel] = each
                break
    return found
