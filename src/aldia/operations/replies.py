"""What a customer answered, taken down."""

from datetime import date, datetime

from django.db import transaction

from aldia.kernel.dates import refuse_outside_ledger
from aldia.operations.alerts import raise_alert
from aldia.operations.audit import record_event
from aldia.operations.contact_log import log_contact
from aldia.queries.customers import customer_by_code
from aldia.records.outreach.models import Reply, ReplyKind
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.contact_chain import digest_of


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
        said = {"reply_kind": kind, "received_on": received_on.isoformat()}
        log_contact(
            creditor_id=creditor.pk,
            customer_id=customer.pk,
            kind="reply",
            at=now,
            actor=actor,
            channel=channel,
            subject=f"reply:{reply.pk}",
            payload=said | ({"note_sha256": digest_of(note)} if note else {}),
        )
        raise_alert(
            creditor_id=creditor.pk,
            customer_id=customer.pk,
            kind="reply",
            once_key=f"reply:{reply.pk}",
            at=now,
            subject=f"reply:{reply.pk}",
            detail=str(ReplyKind(kind).label),
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
