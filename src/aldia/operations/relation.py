"""The customer for life: kept whatever happens, so nothing firm leaves without a person's yes."""

from datetime import datetime

from django.db import transaction

from aldia.kernel.errors import AldiaError
from aldia.operations.audit import record_event
from aldia.operations.cases import write_note
from aldia.operations.customers import locked_customer
from aldia.records.parties.models import Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

REASON_LENGTH_MAX = 2_000


class RelationRefused(AldiaError):
    """What was said of the relation cannot be so. facts: field (reason, for_life)."""

    code = "relation_refused"


def set_for_life(
    *, creditor: Creditor, customer_id: int, for_life: bool, reason: str, actor: str, now: datetime
) -> Customer:
    """Whether steps of tone firme or formal to the customer always wait for a person's yes, from now on.

    What is already approved stays so. The reason is kept as a note on the customer. Raises UnknownCustomer,
    RelationRefused.
    """
    why = reason.replace("\0", "").strip()
    if not why:
        raise RelationRefused("Diga por qué.", field="reason")
    if len(why) > REASON_LENGTH_MAX:
        raise RelationRefused(f"El motivo pasa de {REASON_LENGTH_MAX} caracteres: acórtelo.", field="reason")
    with transaction.atomic(), scope([creditor.pk]):
        customer = locked_customer(creditor, customer_id)
        if customer.for_life == for_life:
            raise RelationRefused(
                "Ya estaba así: no se ha cambiado nada.", field="for_life", for_life=for_life
            )
        customer.for_life = for_life
        customer.save(update_fields=["for_life"])
        said = "Cliente para toda la vida" if for_life else "Ya no es cliente para toda la vida"
        note = write_note(
            creditor=creditor, customer_id=customer_id, text=f"{said}: {why}", actor=actor, now=now
        )
        record_event(
            creditor_id=creditor.pk,
            verb="customer.for_life_set" if for_life else "customer.for_life_unset",
            subject=f"customer:{customer_id}",
            actor=actor,
            payload={"note": note.pk},
            at=now,
        )
    return customer
