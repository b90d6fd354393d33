"""What a customer answered, taken down."""

from datetime import date, datetime

from django.db import transaction

from aldia.kernel.dates import refuse_outside_ledger
from aldia.operations.audit import record_event
from aldia.queries.customers import customer_by_code
from aldia.records.outreach.models import Reply
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope


@transaction.atomic
def record_reply(
    *,
    creditor: Creditor,
    customer_code: str,
    kind: str,
    received_on: date,
    now: datetime,
    actor: str,
    channel: str = "email",
    note: str = "",
) -> Reply:
    """Take down a reply. kind: a ReplyKind; channel: a Channel. Raises UnknownCustomer, DayOutsideLedger."""
    refuse_outside_ledger(received_on)
    with scope([creditor.pk]):
        customer = customer_by_code(customer_code)
        reply = Reply.objects.create(
            creditor=creditor,
            customer=customer,
            channel=channel,
            kind=kind,
            received_on=received_on,
            recorded_at=now,
            note=note,
        )
        record_event(
            creditor_id=creditor.pk,
            verb="reply.recorded",
            subject=f"reply:{reply.pk}",
            actor=actor,
            payload={"customer": customer.pk, "kind": kind, "on": received_on.isoformat()},
            at=now,
        )
    return reply
