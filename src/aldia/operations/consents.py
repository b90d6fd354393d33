"""What a customer says about being written to: agreed, refused, taken back; per channel or per address."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from aldia.formats.table.texts import visible
from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.queries.customers import UnknownCustomer
from aldia.records.parties.models import Consent, ConsentChannel, ConsentSource, ConsentState, Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

_ADDRESS_LENGTH_MAX = 254
_NOTE_LENGTH_MAX = 2_000


class ConsentRefused(AldiaError):
    """What was said of a channel cannot be taken down so. facts: field."""

    code = "consent_refused"


@dataclass(frozen=True, slots=True)
class NewConsent:
    """channel: a ConsentChannel. state: a ConsentState. address: "" for all of the channel. source: a
    ConsentSource. note: where it stands, such as the clause of a contract."""

    channel: str
    state: str
    address: str = ""
    source: str = ConsentSource.PERSON
    note: str = ""


def record_consent(
    *, creditor: Creditor, customer_id: int, new: NewConsent, actor: str, now: datetime
) -> Consent:
    """Take it down; it holds from the next look of the gate on. Raises UnknownCustomer, ConsentRefused."""
    address = _fit(new)
    with transaction.atomic(), scope([creditor.pk]):
        if not Customer.objects.filter(creditor=creditor, pk=customer_id).exists():
            raise UnknownCustomer("No hay ningún cliente así.", code=str(customer_id), near=[])
        made = Consent.objects.create(
            creditor=creditor,
            customer_id=customer_id,
            channel=new.channel,
            address=address,
            state=new.state,
            source=new.source,
            note=new.note.strip(),
            recorded_by=actor,
            recorded_at=now,
        )
        record_event(
            creditor_id=creditor.pk,
            verb="customer.consent_recorded",
            subject=f"customer:{customer_id}",
            actor=actor,
            payload={
                "consent": made.pk,
                "channel": new.channel,
                "state": new.state,
                "source": new.source,
                "one_address": bool(address),
            },
            at=now,
        )
    return made


def _fit(new: NewConsent) -> str:
    """The address without what cannot be seen. Raises ConsentRefused."""
    for word, known, field in (
        (new.channel, ConsentChannel.values, "channel"),
        (new.state, ConsentState.values, "state"),
        (new.source, ConsentSource.values, "source"),
    ):
        if word not in known:
            raise ConsentRefused(f"«{word}» no se conoce: elija entre {', '.join(known)}.", field=field)
    if len(new.note) > _NOTE_LENGTH_MAX:
        raise ConsentRefused(f"La nota pasa de {_NOTE_LENGTH_MAX} caracteres: acórtela.", field="note")
    address = visible(new.address, _ADDRESS_LENGTH_MAX) or ""
    if not isinstance(address, str):
        raise ConsentRefused(
            "Esa dirección no se entiende: escríbala tal como está en la ficha.", field="address"
        )
    return address
