"""A creditor with a customer who was written to, and an inbox that answers come into."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from aldia.operations.inbound import keep_raw_mail, set_inbox, take_in_waiting
from aldia.records.audit.models import AuditEntry
from aldia.records.outreach.models import Dispatch, InboundMessage
from aldia.records.parties.models import ContactPoint, Customer
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from tests import factories as make
from tests.fakes.imap_server import PASSWORD, USER
from tests.formats.mail.mails import OURS

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)  # Wednesday, 10:30 in Madrid
SENT = datetime(2026, 11, 16, 9, tzinfo=UTC)
ACTOR = "prueba"
ANA = "ana@cliente.example"


def written_to(*, address: str = ANA, message_id: str = OURS) -> tuple[Creditor, Customer, Dispatch]:
    """A mail left for the customer's only address on Monday."""
    creditor = make.creditor()
    with transaction.atomic(), scope([creditor.pk]):
        customer = make.customer(creditor=creditor, code="ANA", name="Ana Ruiz")
        point(customer, address)
        make.due_line(customer=customer)
        dispatch = make.dispatch(
            customer=customer,
            recipient=address,
            message_id=message_id,
            subject="Factura vencida",
            state="sent",
            claimed_at=SENT,
            begun_at=SENT,
            finished_at=SENT,
        )
    return creditor, customer, dispatch


def point(customer: Customer, value: str, channel: str = "email") -> ContactPoint:
    contact = make.contact(customer=customer)
    return ContactPoint.objects.create(
        creditor_id=customer.creditor_id, customer=customer, contact=contact, channel=channel, value=value
    )


def with_inbox(creditor: Creditor, port: int, **options: Any) -> None:
    values: dict[str, Any] = {"host": "127.0.0.1", "port": port, "security": "none", "username": USER}
    set_inbox(creditor=creditor, password=PASSWORD, actor=ACTOR, now=NOW, **values | options)


def arrives(creditor: Creditor, *mails: bytes, at: datetime = NOW) -> Any:
    """The mails come in and are taken in; the last answer that waits."""
    for mail in mails:
        keep_raw_mail(creditor=creditor, content=mail, at=at)
    take_in_waiting(creditor=creditor, actor=ACTOR, now=at)
    found = answers(creditor)
    return found[-1] if found else None


def answers(creditor: Creditor, **which: Any) -> list[InboundMessage]:
    with transaction.atomic(), scope([creditor.pk]):
        rows = InboundMessage.objects.select_related("customer", "dispatch", "reply")
        return list(rows.filter(creditor=creditor, **which).order_by("pk"))


def verbs(creditor: Creditor) -> list[str]:
    with transaction.atomic(), scope([creditor.pk]):
        return list(AuditEntry.objects.order_by("sequence").values_list("verb", flat=True))
