"""One row of every table for a creditor, every foreign key filled: what the attacks work upon."""

import hashlib
from datetime import UTC, date, datetime
from typing import Any

from aldia.records.audit.models import AuditEntry, AuditHead
from aldia.records.cases.models import Decision, StrategyAssignment, Task
from aldia.records.closing.models import DaySnapshot, Standing
from aldia.records.intake.models import Errand, IdempotencyKey, ImportSource
from aldia.records.ledger.models import Acceptance, DocumentCopy, Overlay, OverlayEnd, Reversal, TaxLine
from aldia.records.outreach.models import (
    Alert,
    AlertChoice,
    AlertDigest,
    Certificate,
    CertifiedEvent,
    ChannelAccount,
    ContactAnchor,
    ContactEntry,
    CreditorText,
    DeliveryEvent,
    Dispatch,
    DispatchAttachment,
    DispatchLine,
    Draft,
    InboundMessage,
    InboxAccount,
    Letter,
    MailAccount,
    MailboxMail,
    MessageLine,
    OptOut,
    PrintBatch,
    ProviderEvent,
    Reply,
    TextVersion,
)
from aldia.records.parties.models import (
    AreaHold,
    Beneficiary,
    Circumstance,
    Consent,
    ContactPoint,
    Customer,
    CustomerGroup,
    CustomerWord,
    LocalHoliday,
    SalesChoice,
    SalesDigest,
    SalesNotice,
    Salesperson,
)
from aldia.records.tenancy.models import ApiToken, Creditor, House, SavedView, TakenForm
from tests import factories as make
from tests.records.world_calls import calls_of
from tests.records.world_cases import case_of
from tests.records.world_promises import promise_of

DAY = date(2026, 3, 2)
MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def furnish(creditor: Creditor) -> None:
    """Fill every table for the creditor, who must be in scope."""
    customer = _parties(creditor)
    _ledger(customer)
    _cases(customer)


def _parties(creditor: Creditor) -> Customer:
    own = {"creditor": creditor}
    AuditEntry.objects.create(**own, sequence=1, actor="ana", verb="created", digest="d")
    AuditHead.objects.create(**own, sequence=1, digest="d")
    House.objects.get_or_create(pk=1)
    ApiToken.objects.create(
        **own, name="erp", prefix="a", digest=f"{creditor.pk:064x}", scopes=[], expires_at=MOMENT
    )
    TakenForm.objects.create(**own, key="f")
    SavedView.objects.create(
        **own, page="customers", name="mía", state={}, owner=make.membership(**own, role="gestor")
    )
    source = ImportSource.objects.create(**own, kind="invoices", name="facturas")
    IdempotencyKey.objects.create(
        **own, key="k", method="POST", path="/", request_digest="0" * 64, status=201, body="{}"
    )
    batch = make.batch(**own, source=source)
    Errand.objects.create(**own, kind="import", batch=batch, actor="ana", asked_at=MOMENT)
    customer = make.customer(
        **own,
        batch=batch,
        group=CustomerGroup.objects.create(**own, code="g", name="Grupo"),
        owner=make.membership(**own),
        salesperson=Salesperson.objects.create(**own, name="Ana", email="ana@example.com"),
    )
    of = own | {"customer": customer}
    CustomerWord.objects.create(**of, word="cliente")
    Beneficiary.objects.create(**of, code="b", name="Alumna")
    contact = make.contact(customer=customer)
    ContactPoint.objects.create(**of, contact=contact, channel="email", value="a@example.com")
    Circumstance.objects.create(**of, kind="deceased", from_on=DAY, recorded_by="ana")
    Consent.objects.create(**of, channel="sms", state="refused", source="reply", recorded_by="ana")
    area = {"country": "ES", "recorded_by": "ana"}
    until = {"from_on": DAY, "until_on": date(2026, 3, 9)}
    AreaHold.objects.create(**own, **area, prefixes=["46"], reason="Inundaciones", **until)
    LocalHoliday.objects.create(**own, **area, municipality="Utiel", prefix="46300", on_date=DAY)
    _sales(customer)
    return customer


def _sales(customer: Customer) -> None:
    own = {"creditor": customer.creditor}
    SalesChoice.objects.create(**own)
    Salesperson.objects.create(**own, name="Eva", member=customer.owner)
    told = own | {"salesperson": customer.salesperson, "on_date": DAY, "at": MOMENT}
    SalesNotice.objects.create(**told, customer=customer, once_key="k", from_on=date(2026, 3, 3))
    SalesDigest.objects.create(**told, recipient="ana@example.com", subject="s", text="t", notices=1)


def _ledger(customer: Customer) -> None:
    of = {"creditor_id": customer.creditor_id, "customer": customer}
    first = make.document(customer=customer)
    beneficiary = Beneficiary.objects.get(customer=customer)
    document = make.document(
        customer=customer, adjusts=first, beneficiary=beneficiary, batch_id=customer.batch_id
    )
    on = {"creditor_id": customer.creditor_id, "document": document, "effective_on": make.ISSUED}
    TaxLine.objects.create(**on, kind="iva", rate_bp=2100, base_minor=100, amount_minor=21)
    Acceptance.objects.create(**on, customer=customer, state="requested")
    DocumentCopy.objects.create(
        creditor_id=customer.creditor_id,
        document=document,
        kind="pdf",
        file_name="F.pdf",
        content_type="application/pdf",
        content=b"%PDF-1.7 %%EOF",
        size=14,
        sha256=hashlib.sha256(b"%PDF-1.7 %%EOF").hexdigest(),
        recorded_by="ana",
    )
    line = make.due_line(customer=customer, document=document, batch_id=customer.batch_id)
    money = make.credit(customer=customer, adjusts=document, batch_id=customer.batch_id, source_key="c")
    paid = make.allocation(credit=money, due_line=line, amount_minor=4_000)
    back = make.refund(credit=money, amount_minor=1_000)
    parent = make.reversal(row=paid, amount_minor=1, batch_id=customer.batch_id)
    for row in (line, money, back):
        make.reversal(row=row, amount_minor=1, parent_id=parent.pk)
    beside = of | {"due_line": line, "effective_on": DAY, "batch_id": customer.batch_id}
    overlay = Overlay.objects.create(**beside, kind="cover", until_on=date(2026, 6, 1))
    OverlayEnd.objects.create(creditor_id=customer.creditor_id, overlay=overlay, effective_on=DAY)


def _cases(customer: Customer) -> None:
    own = {"creditor_id": customer.creditor_id}
    of = own | {"customer": customer}
    line = Reversal.objects.get(customer=customer, due_line__isnull=False).due_line
    version = make.strategy_version(creditor=customer.creditor)
    for scope in ({}, {"segment": "vip"}, {"customer": customer}):
        StrategyAssignment.objects.create(**own, strategy_version=version, **scope)
    run = make.run(creditor=customer.creditor)
    make.episode(customer=customer)
    episode = make.episode(customer=customer, due_line=line)
    worked = of | {"run": run, "episode": episode}
    case = case_of(customer, DAY, MOMENT)
    Decision.objects.create(**worked, on_date=DAY, outcome="first", step="first", rank=1)
    Task.objects.create(**worked, once_key="k", kind="call", due_on=DAY)
    dispatch = make.dispatch(customer=customer)
    message = make.message(
        customer=customer,
        run=run,
        episode=episode,
        due_line=line,
        strategy_version=version,
        dispatch=dispatch,
    )
    told = of | {"message": message, "due_line": line, "currency": "EUR"}
    MessageLine.objects.create(**told, open_minor=6_000, days_overdue=21)
    promise = promise_of(line, calls_of(customer, case, DAY, MOMENT), run, DAY)
    type(message).objects.filter(pk=message.pk).update(promise=promise)
    left = of | {"dispatch": dispatch, "due_line": line, "currency": "EUR"}
    DispatchLine.objects.create(**left, open_minor=6_000, days_overdue=21)
    _letters(of, dispatch.pk)
    _texts_and_mail(own)
    ContactEntry.objects.create(**of, at=MOMENT, kind="sent", actor="ana")
    last = ContactEntry.objects.get(customer=customer)
    ContactAnchor.objects.create(**of, run=run, seq=last.seq, entry_hash=last.entry_hash)
    _alerts(of)
    Reply.objects.create(**of, channel="email", kind="asks", received_on=DAY)
    _what_came_in(dispatch)
    figures = dict.fromkeys(
        ("customers", "outstanding_minor", "overdue_minor", "dunnable_minor", "unapplied_minor"), 1
    )
    DaySnapshot.objects.create(**own, run=run, on_date=DAY, currency="EUR", **figures)
    standing_of(customer)


def _what_came_in(dispatch: Dispatch) -> None:
    own = {"creditor_id": dispatch.creditor_id}
    of = own | {"customer_id": dispatch.customer_id}
    reply = Reply.objects.create(**of, channel="email", kind="asks", received_on=DAY)
    told = {"source": "imap", "payload": {}, "received_at": MOMENT, "channel": "email"}
    event = ProviderEvent.objects.create(**own, **told, external_id="<a@b>")
    InboundMessage.objects.create(
        **of, event=event, dispatch=dispatch, reply=reply, channel="email", kind="other", received_at=MOMENT
    )
    DeliveryEvent.objects.create(**of, dispatch=dispatch, state="bounced", event=event, at=MOMENT)
    file = {"name": "f.pdf", "content_type": "application/pdf", "content": b"%PDF-", "sha256": "0" * 64}
    DispatchAttachment.objects.create(**of, dispatch=dispatch, **file)
    ChannelAccount.objects.create(
        **own, channel="sms", provider="twilio", changed_by="ana", changed_at=MOMENT
    )
    OptOut.objects.create(**of, event=event, channel="email", address="a@example.com", at=MOMENT)
    InboxAccount.objects.create(
        **own, host="imap.example.com", username="u", since_on=DAY, changed_by="ana", changed_at=MOMENT
    )


def standing_of(customer: Customer, *, minor: int = 1, since: date = DAY) -> None:
    """What a run kept of the customer: all that is open may be asked for."""
    texts = dict.fromkeys(("segment", "language", "strategy", "country"), "x")
    amounts = dict.fromkeys(("open_minor", "overdue_minor", "dunnable_minor"), minor)
    nothing = dict.fromkeys(
        (
            *("unapplied_minor", "disputed_minor", "covered_minor", "compensation_minor", "items_open"),
            *("items_overdue", "items_settled", "messages_30d", "replies_30d"),
        ),
        0,
    )
    flags = ("on_hold", "insolvent", "has_email", "has_phone", "has_whatsapp", "has_post", "is_step")
    Standing.objects.create(
        creditor_id=customer.creditor_id,
        customer=customer,
        code=customer.code,
        person_kind=customer.person_kind,
        currency="EUR",
        overdue_since=since,
        aging=[0, minor],
        outcome="first",
        **texts,
        **amounts,
        **nothing,
        **dict.fromkeys(flags, False),
    )


def _alerts(of: dict[str, Any]) -> None:
    mine = {"creditor_id": of["creditor_id"], "member_id": of["customer"].owner_id}
    Alert.objects.create(**of, member_id=mine["member_id"], kind="reply", once_key="reply:1", at=MOMENT)
    AlertChoice.objects.create(**mine, digest=False)
    AlertDigest.objects.create(
        **mine,
        on_date=DAY,
        recipient="ana@example.com",
        subject="Avisos",
        text="1",
        alerts=1,
        last_alert_id=1,
        at=MOMENT,
    )


def _letters(of: dict[str, Any], dispatch_id: int) -> None:
    own = {"creditor_id": of["creditor_id"]}
    batch = PrintBatch.objects.create(**own, number=1, made_by="ana", made_at=MOMENT)
    said = {"attempt": 1, "channel": "letter", "pages": 2, "sha256": "0" * 64, "taken_at": MOMENT}
    letter = Letter.objects.create(**of, dispatch_id=dispatch_id, state="printed", batch=batch, **said)
    about = of | {"letter": letter, "recorded_by": "ana", "at": MOMENT}
    CertifiedEvent.objects.create(**about, kind="handed_over", on=DAY, service="burofax", carrier="Correos")
    file = {"name": "a.pdf", "content_type": "application/pdf", "content": b"%PDF-", "sha256": "0" * 64}
    Certificate.objects.create(**about, **file)


def _texts_and_mail(own: dict[str, int]) -> None:
    Draft.objects.create(**own, key="k", body="Hola", edited_by="ana", edited_at=MOMENT)
    CreditorText.objects.create(
        **own,
        template="first",
        channel="email",
        form_of_address="usted",
        body="Hola",
        changed_by="ana",
        changed_at=MOMENT,
    )
    TextVersion.objects.create(
        **own,
        template="first",
        channel="email",
        form_of_address="usted",
        number=1,
        body="Hola",
        changed_by="ana",
        changed_at=MOMENT,
    )
    MailAccount.objects.create(
        **own, kind="mailbox", from_address="a@example.com", changed_by="ana", changed_at=MOMENT
    )
    MailboxMail.objects.create(**own, key="k", recipient="a@example.com", at=MOMENT)
