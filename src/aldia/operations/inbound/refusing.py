"""An address that refuses a channel is not written to any more, whosever it is."""

from collections.abc import Iterable
from datetime import datetime

from aldia.operations.contact_log import log_contact
from aldia.records.outreach.models import OptOut, ProviderEvent
from aldia.records.parties.models import Consent, ConsentSource, ConsentState

ACTOR = "inbound"


def refuse_channel(
    *,
    creditor_id: int,
    customer_id: int | None,
    channel: str,
    addresses: Iterable[str],
    at: datetime,
    event: ProviderEvent | None = None,
    note: str = "",
) -> int:
    """From this moment nothing leaves by the channel to these addresses; how many are new to it. note: how
    they were refused, where it was no answer.

    Inside a transaction in scope, of which the caller writes the audit entry.
    """
    new = 0
    for address in sorted({each.strip() for each in addresses if each.strip()}):
        _row, is_new = OptOut.objects.get_or_create(
            creditor_id=creditor_id,
            channel=channel,
            address=address,
            defaults={"customer_id": customer_id, "at": at, "event": event},
        )
        if is_new and customer_id is not None:
            _written_down(creditor_id, customer_id, channel, address, at=at, note=note)
        new += is_new
    return new


def _written_down(
    creditor_id: int, customer_id: int, channel: str, address: str, *, at: datetime, note: str
) -> None:
    """Where people look for what a customer allows, and in the log of contacts."""
    Consent.objects.create(
        creditor_id=creditor_id,
        customer_id=customer_id,
        channel=channel,
        address=address,
        state=ConsentState.REFUSED,
        source=ConsentSource.REPLY,
        note=note,
        recorded_by=ACTOR,
        recorded_at=at,
    )
    log_contact(
        creditor_id=creditor_id,
        customer_id=customer_id,
        kind="opted_out",
        at=at,
        actor=ACTOR,
        channel=channel,
        address=address,
    )
