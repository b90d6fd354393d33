"""The seam to what customers allow: an address that refuses a channel is not written to any more."""

from collections.abc import Iterable
from datetime import datetime

from aldia.records.outreach.models import OptOut, ProviderEvent


def refuse_channel(
    *,
    creditor_id: int,
    customer_id: int | None,
    channel: str,
    addresses: Iterable[str],
    at: datetime,
    event: ProviderEvent | None = None,
) -> int:
    """From this moment nothing leaves by the channel to these addresses; how many are new to it.

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
        new += is_new
    return new
