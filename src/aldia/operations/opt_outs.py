"""An address that refuses a channel is not written to any more, whosever it is."""

from collections.abc import Iterable
from datetime import datetime

from aldia.operations.alerts import raise_alert
from aldia.operations.contact_log import log_contact
from aldia.queries.circumstances import consents_of
from aldia.queries.inbound_ties import owners_of, tie_of
from aldia.records.outreach.models import Dispatch, OptOut, ProviderEvent
from aldia.records.parties.models import Consent, ConsentSource, ConsentState
from aldia.records.tenancy.models import Creditor
from aldia.rules.consents import Said, Standing, standing_of

_ACTOR = "inbound"
SAID_BY_PROVIDER = "No quiere mensajes por este canal: lo dice el proveedor."
_SHARED = "Llegó desde esta dirección, que es también de otro cliente."


def refuse_channel(
    *,
    creditor: Creditor,
    customer_id: int | None,
    channel: str,
    addresses: Iterable[str],
    at: datetime,
    event: ProviderEvent | None = None,
    source: ConsentSource = ConsentSource.REPLY,
    actor: str = _ACTOR,
    note: str = "",
) -> int:
    """From this moment nothing leaves by the channel to these addresses; of how many customers that is new,
    else of how many addresses.

    customer_id: who said it, None for unknown. note: how, where it was no answer. All who have one of the
    addresses are taken to have said it, also who had taken back an earlier refusal. Inside a transaction in
    scope, of which the caller writes the audit entry.
    """
    wanted = sorted({each.strip() for each in addresses if each.strip()})
    owners = owners_of(creditor, channel, wanted) | ({customer_id} if customer_id is not None else set())
    before = consents_of(creditor, owners)
    unheard_of = 0
    for address in wanted:
        _row, is_new = OptOut.objects.get_or_create(
            creditor_id=creditor.pk,
            channel=channel,
            address=address,
            defaults={"customer_id": customer_id, "at": at, "event": event},
        )
        unheard_of += is_new
    new = 0
    for owner in sorted(owners):
        said = list(before.get(owner, ()))
        for address in wanted:
            if standing_of(said, channel, address) is Standing.REFUSED:
                continue
            said.append(Said(channel, address, ConsentState.REFUSED.value))
            new += 1
            said_by = owner == customer_id
            Consent.objects.create(
                creditor=creditor,
                customer_id=owner,
                channel=channel,
                address=address,
                state=ConsentState.REFUSED,
                source=source,
                note=note if said_by else _SHARED,
                recorded_by=actor,
                recorded_at=at,
            )
            if said_by:  # of the others nobody has heard
                log_contact(
                    creditor_id=creditor.pk,
                    customer_id=owner,
                    kind="opted_out",
                    at=at,
                    actor=actor,
                    channel=channel,
                    address=address,
                )
    return new or unheard_of


def take_as_refused(
    creditor: Creditor,
    *,
    channel: str,
    address: str,
    customer_id: int | None,
    dispatch: Dispatch | None,
    at: datetime,
    actor: str,
    event: ProviderEvent | None = None,
    note: str = "",
) -> int:
    """A provider says that whoever is at the address wants no messages: as good as a «BAJA» of theirs, and
    who works the customer is told. The address itself is not bad. Of how many customers that is new; told
    again, done once. Inside a transaction in scope, of which the caller writes the audit entry."""
    tie = tie_of(creditor, channel=channel, sender=address.lower())
    customer_id = customer_id if customer_id is not None else tie.customer_id
    new = refuse_channel(
        creditor=creditor,
        customer_id=customer_id,
        channel=channel,
        addresses=[*tie.addresses, address],
        at=at,
        event=event,
        source=ConsentSource.PROVIDER,
        actor=actor,
        note=note,
    )
    if new and customer_id is not None:
        subject = f"dispatch:{dispatch.pk}" if dispatch else f"event:{event.pk}" if event else ""
        raise_alert(
            creditor_id=creditor.pk,
            customer_id=customer_id,
            kind="opt_out",
            once_key=f"{subject}/opt_out",
            at=at,
            subject=subject if dispatch else f"customer:{customer_id}",
            detail=note,
        )
    return new
