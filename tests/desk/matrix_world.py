"""Two creditors with an object of every kind, and somebody of every role: what the matrix asks about."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from aldia.operations.cases import add_note
from aldia.operations.copies import put_copy
from aldia.operations.promises import NewPromise, record_promise
from aldia.records.cases.models import Call, Case, Collector, Promise, StrategyVersion, Task, Team
from aldia.records.intake.models import Errand, ImportBatch
from aldia.records.ledger.models import Credit, DocumentCopy, DueLine, Overlay
from aldia.records.outreach.models import (
    Certificate,
    Dispatch,
    DispatchAttachment,
    InboundMessage,
    Letter,
    MailboxMail,
    Message,
    PrintBatch,
    ProviderEvent,
)
from aldia.records.parties.models import AreaHold, Circumstance, Customer, LocalHoliday, Salesperson
from aldia.records.tenancy.models import ApiToken, Creditor, Membership, SavedView
from aldia.records.tenancy.scope import current_scope, scope
from aldia.rules.rights import RIGHTS
from tests import factories as make
from tests.desk.conftest import founded, person, run
from tests.desk.matrix import Address

CANARY = "Canario de Sombra"
MOMENT = datetime(2026, 11, 20, 9, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """people: role → somebody with it at luz. stranger: administrator of sombra, nothing at luz."""

    luz: Creditor
    sombra: Creditor
    people: dict[str, Any]
    stranger: Any


def furnished() -> World:
    from tests.cli.books import write_books

    luz, sombra = founded("luz", "Papelería Luz"), founded("sombra", CANARY)
    for creditor in (luz, sombra):
        write_books(creditor)
        with transaction.atomic(), scope([creditor.pk]):
            if creditor is sombra:
                Customer.objects.update(name=CANARY)
            _objects(creditor)
        run(creditor)
        with transaction.atomic(), scope([creditor.pk]):
            _promised(creditor)
    people = {role: person(luz, f"{role}@luz.example", role) for role in RIGHTS}
    return World(luz, sombra, people, person(sombra, "nadie@sombra.example", "administrator"))


def _objects(creditor: Creditor) -> None:
    """Rows that the books do not bring."""
    customer = Customer.objects.get(code="TARDE")
    make.batch(creditor=creditor)
    Errand.objects.create(creditor=creditor, kind="run", actor="ana", asked_at=MOMENT)
    Task.objects.create(creditor=creditor, customer=customer, once_key="k", kind="dunning", due_on=MOMENT)
    sent = {"channel": "email", "recipient": "a@example.com", "subject": creditor.name, "text": "x"}
    mail = Dispatch.objects.create(
        creditor=creditor,
        customer=customer,
        key="k",
        unit="k",
        **sent,
        message_id="<k@example>",
        state="sent",
        worker=1,
        claimed_at=MOMENT,
        begun_at=MOMENT,
        finished_at=MOMENT,
    )
    _acts(creditor, customer, mail)
    MailboxMail.objects.create(
        creditor=creditor, key="k", recipient="a@example.com", subject=creditor.name, at=MOMENT
    )
    Circumstance.objects.create(
        creditor=creditor, customer=customer, kind="complaint", from_on=MOMENT, recorded_by="ana"
    )
    Overlay.objects.create(
        creditor=creditor,
        customer=customer,
        kind="hold",
        effective_on=MOMENT,
        until_on=MOMENT + timedelta(days=30),
        reason="matrix",
        recorded_at=MOMENT,
    )
    line = DueLine.objects.earliest("pk")
    Overlay.objects.create(
        creditor=creditor,
        customer=line.customer,
        due_line=line,
        kind="dispute",
        amount_minor=1,
        effective_on=MOMENT,
        reason="matrix",
        recorded_at=MOMENT,
    )
    AreaHold.objects.create(
        creditor=creditor,
        country="ES",
        prefixes=["46"],
        reason=creditor.name,
        from_on=MOMENT,
        until_on=MOMENT + timedelta(days=30),
        recorded_by="ana",
    )
    LocalHoliday.objects.create(
        creditor=creditor,
        country="ES",
        municipality=creditor.name,
        prefix="46300",
        on_date=MOMENT + timedelta(days=30),
        recorded_by="ana",
    )
    event = ProviderEvent.objects.create(
        creditor=creditor,
        channel="email",
        source="imap",
        external_id="k",
        payload={"raw": b64encode(f"Subject: {creditor.name}".encode()).decode()},
        received_at=MOMENT,
    )
    InboundMessage.objects.create(
        creditor=creditor,
        event=event,
        customer=customer,
        channel="email",
        subject=creditor.name,
        kind="other",
        received_at=MOMENT,
    )
    _letters(creditor, customer, mail)
    Salesperson.objects.create(creditor=creditor, name=creditor.name, email="ana@example.com")
    _copies(creditor)
    team = Team.objects.create(creditor=creditor, name=creditor.name)
    member = make.membership(creditor=creditor, user=make.user(name=creditor.name))
    Collector.objects.create(creditor=creditor, member=member, team=team)
    SavedView.objects.create(creditor=creditor, page="customers", name="vista", state={})
    ApiToken.objects.create(
        creditor=creditor,
        name="erp",
        prefix="a",
        digest=f"{creditor.pk:064x}",
        scopes=[],
        expires_at=MOMENT + timedelta(days=365),
    )


def _promised(creditor: Creditor) -> None:
    """The case of TARDE, which the run has opened, has a promise, a note and a next action."""
    customer = Customer.objects.get(code="TARDE")
    by: dict[str, Any] = {"creditor": creditor, "customer_id": customer.pk, "actor": "ana", "now": MOMENT}
    record_promise(**by, new=NewPromise(10_000, "EUR", MOMENT.date() + timedelta(days=5)))
    add_note(**by, text=creditor.name)


def _acts(creditor: Creditor, customer: Customer, mail: Dispatch) -> None:
    """A call and a message that a collector made, to be looked at by others."""
    member = make.membership(creditor=creditor)
    by: dict[str, Any] = {"creditor": creditor, "customer": customer}
    Call.objects.create(
        **by,
        number="910000000",
        reached="nobody",
        outcome="no_answer",
        at=MOMENT,
        on_date=MOMENT,
        actor=f"user:{member.user_id}",
        member=member,
    )
    Message.objects.create(
        **by,
        once_key="matrix",
        kind="dunning",
        step="friendly",
        channel="email",
        state="sent",
        planned_on=MOMENT,
        sent_on=MOMENT,
        sent_at=MOMENT,
        dispatch=mail,
        approved_by=f"user:{member.user_id}",
        approved_at=MOMENT,
    )


def _copies(creditor: Creditor) -> None:
    """A copy of the document of the first line."""
    put_copy(
        creditor=creditor,
        document_id=DueLine.objects.earliest("pk").document_id,
        file_name=f"{creditor.name}.pdf",
        content=f"%PDF-1.7 {creditor.name} %%EOF".encode(),
        actor="ana",
        now=MOMENT,
    )


def _letters(creditor: Creditor, customer: Customer, mail: Dispatch) -> None:
    """A printed letter, and a certified one with its certificate."""
    pdf = b"%PDF-1.7 /Type /Pages /Count 1"
    of: dict[str, Any] = {"creditor": creditor, "customer": customer}
    file: dict[str, Any] = {
        "content": pdf,
        "content_type": "application/pdf",
        "sha256": f"{creditor.pk:064x}",
    }
    DispatchAttachment.objects.create(**of, dispatch=mail, name="carta.pdf", **file)
    batch = PrintBatch.objects.create(creditor=creditor, number=creditor.pk, made_by="ana", made_at=MOMENT)
    Letter.objects.create(
        **of,
        dispatch=mail,
        attempt=1,
        channel="letter",
        pages=1,
        sha256=file["sha256"],
        state="printed",
        batch=batch,
        taken_at=MOMENT,
    )
    proved = Dispatch.objects.create(
        **of,
        key="z",
        unit="z",
        channel="certified",
        recipient="Calle 1",
        message_id="<z@example>",
        state="sent",
        worker=1,
        claimed_at=MOMENT,
        begun_at=MOMENT,
        finished_at=MOMENT,
    )
    DispatchAttachment.objects.create(**of, dispatch=proved, name="carta.pdf", **file)
    certified = Letter.objects.create(
        **of,
        dispatch=proved,
        attempt=1,
        channel="certified",
        pages=1,
        sha256=file["sha256"],
        taken_at=MOMENT,
    )
    Certificate.objects.create(
        **of, letter=certified, name=creditor.name, recorded_by="ana", at=MOMENT, **file
    )


OBJECTS: dict[str, Callable[[], Any]] = {
    "customer_id": lambda: Customer.objects.get(code="TARDE").pk,
    "case_id": lambda: Case.objects.get(customer__code="TARDE").pk,
    "promise_id": lambda: Promise.objects.get(customer__code="TARDE").pk,
    "task_id": lambda: Task.objects.get(once_key="k").pk,
    "dispatch_id": lambda: Dispatch.objects.get(key="k").pk,
    "circumstance_id": lambda: Circumstance.objects.get(kind="complaint").pk,
    "hold_id": lambda: AreaHold.objects.get().pk,
    "dispute_id": lambda: Overlay.objects.get(kind="dispute", reason="matrix").pk,
    "pause_id": lambda: Overlay.objects.get(kind="hold", reason="matrix").pk,
    "call_id": lambda: Call.objects.earliest("pk").pk,
    "message_id": lambda: Message.objects.get(once_key="matrix").pk,
    "holiday_id": lambda: LocalHoliday.objects.get().pk,
    "inbound_id": lambda: InboundMessage.objects.get(event__external_id="k").pk,
    "letter_id": lambda: Letter.objects.get(dispatch__key="k").pk,
    "certified_id": lambda: Letter.objects.get(dispatch__key="z").pk,
    "number": lambda: PrintBatch.objects.earliest("number").number,
    "certificate_id": lambda: Certificate.objects.earliest("pk").pk,
    "team_id": lambda: Team.objects.get().pk,
    "member_id": lambda: Collector.objects.get().member_id,
    "salesperson_id": lambda: Salesperson.objects.get().pk,
    "view_id": lambda: SavedView.objects.get(page="customers", name="vista").pk,
    "mail_id": lambda: MailboxMail.objects.get(key="k").pk,
    "batch_id": lambda: ImportBatch.objects.order_by("pk").values_list("pk", flat=True)[0],
    "errand_id": lambda: Errand.objects.get(kind="run").pk,
    "membership_id": lambda: Membership.objects.filter(creditor_id=int(current_scope())).earliest("pk").pk,
    "token_id": lambda: ApiToken.objects.get(creditor_id=int(current_scope()), name="erp").pk,
    "group": lambda: "empresa",
    "line_id": lambda: DueLine.objects.order_by("pk").values_list("pk", flat=True)[0],
    "credit_id": lambda: Credit.objects.order_by("pk").values_list("pk", flat=True)[0],
    "template": lambda: "friendly",
    "channel": lambda: "email",
    "form": lambda: "usted",
    "version": lambda: 1,
    "code": lambda: "luz",
    "outcome": lambda: "spoken",
    "source": lambda: "twilio",
    "short": lambda: "sms",
    "provider": lambda: "twilio",
    "copy_id": lambda: DocumentCopy.objects.earliest("pk").pk,
    "kind": lambda: "pdf",
    "token": lambda: "1.b.c",
    "mailer": lambda: "postmark",
    "name": lambda: StrategyVersion.objects.order_by("name").values_list("name", flat=True)[0],
}
"""Parameter of an address → an object of the creditor in scope."""

SHARED_NAMES = {
    "kind",
    "name",
    "version",
    "group",
    "template",
    "channel",
    "form",
    "short",
    "provider",
    "mailer",
    "outcome",
}  # two creditors may well have a strategy of the same name


def values_for(each: Address, creditor: Creditor) -> dict[str, Any]:
    """The parameters of an address, beside the creditor, as that creditor's objects."""
    with transaction.atomic(), scope([creditor.pk]):
        return {name: OBJECTS[name]() for name in each.parameters if name != "creditor"}
