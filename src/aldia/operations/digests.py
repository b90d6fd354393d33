"""The daily mail of alerts: one per person and business day, through the creditor's own way for mail.

The row that names person and day is written, and committed, before the mail is handed over: whoever finds it
knows that the mail may have left, and sends none again. Only what the server put off is tried again that day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from aldia.channels.mail import Mail, Outcome, Sender
from aldia.kernel.clock import business_date
from aldia.kernel.faults import fault_point
from aldia.operations.audit import record_event
from aldia.operations.digest_mail import DIGEST_VERBS, DigestWay, row_of_the_day, state_after
from aldia.operations.outbox.account import open_mail, refuse_rehearsal
from aldia.operations.outbox.keys import message_id
from aldia.operations.outbox.stopping import why_stopped
from aldia.operations.sales_digests import lines_of, send_sales_digest
from aldia.queries.alerts import DueDigest, Told, due_digests, unread_after
from aldia.queries.contact_calendar import holidays_around
from aldia.queries.runs import last_run
from aldia.queries.sales_notices import Foretold, due_sales_digests, to_mail_to_member
from aldia.records.outreach.models import AlertDigest
from aldia.records.parties.models import SalesNotice
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.digests import digest_is_due

_LINES_MAX = 40


@dataclass(slots=True)
class DigestReport:
    """How many mails went, will be tried again, failed. trouble: why none could, Spanish."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    trouble: str = ""


def send_due_digests(
    *, creditor: Creditor, now: datetime, actor: str, at_any_hour: bool = False
) -> DigestReport:
    """Send the day's mail to everybody it is due to. Again and again: nobody gets a second one.

    at_any_hour: also before its hour or on a holiday. Never inside a transaction. Raises MailNotConfigured,
    RehearsalLeaves, SecretUnreadable.
    """
    assert not connection.in_atomic_block, "a mail that has left cannot be rolled back"
    report, on = DigestReport(), business_date(now, creditor.time_zone)
    with transaction.atomic(), scope([creditor.pk]):
        report.trouble = why_stopped(creditor)
        is_due = at_any_hour or _is_due(creditor, now)
        due = due_digests(creditor.pk, on) if is_due else []
        outside = due_sales_digests(creditor.pk, on) if is_due else []
    if report.trouble or not (due or outside):
        return report
    with open_mail(creditor) as (transport, sender):
        refuse_rehearsal(transport, now)
        way = DigestWay(creditor, transport, sender, actor)
        sends = [partial(_send_one, way, each, now) for each in due]
        sends += [partial(send_sales_digest, way, each, now) for each in outside]
        for send in sends:
            down = transport.ready()
            if down is not None:
                report.trouble = down.reason
                break
            state = send()
            if state:
                setattr(report, state, getattr(report, state) + 1)
    return report


def _is_due(creditor: Creditor, now: datetime) -> bool:
    local = now.astimezone(ZoneInfo(creditor.time_zone))
    last = last_run(creditor.pk)
    return digest_is_due(
        local,
        holidays=holidays_around(creditor, [local.date()]),
        run_at=creditor.run_at,
        last_run_on=last.on_date if last else None,
    )


def _send_one(way: DigestWay, due: DueDigest, now: datetime) -> str:
    """What became of the mail; "" where it was somebody else's, or there is nothing left to tell."""
    digest = _begun(way.creditor, due, now)
    fault_point("digest.begun")
    if digest is None:
        return ""
    outcome = way.transport.send(_mail(way.creditor, due, digest, way.sender))
    fault_point("digest.handed_over")
    return _settled(way, digest, outcome, now)


def _begun(creditor: Creditor, due: DueDigest, now: datetime) -> AlertDigest | None:
    """The row of the person and day, ours from here on; None where somebody else was first, or nothing is
    left to tell."""
    on = business_date(now, creditor.time_zone)
    with transaction.atomic(durable=True), scope([creditor.pk]):
        told = unread_after(creditor.pk, due.member_id, due.last)
        foretold = to_mail_to_member(creditor, due.member_id)
        if not told and not foretold:
            return None
        words = {
            "state": "sending",
            "recipient": due.email,
            "subject": _subject(creditor, told, foretold),
            "text": _text(creditor, due, told, foretold),
            "alerts": len(told) + len(foretold),
            "last_alert_id": max((each.id for each in told), default=due.last),
            "at": now,
            "error": "",
        }
        whose = {"creditor_id": creditor.pk, "member_id": due.member_id, "on_date": on}
        digest = row_of_the_day(AlertDigest.objects.all(), words, **whose)
        if digest is not None:
            own = SalesNotice.objects.filter(creditor_id=creditor.pk, pk__in=[each.id for each in foretold])
            own.update(mailed_on=on)
        return digest


def _settled(way: DigestWay, digest: AlertDigest, outcome: Outcome, now: datetime) -> str:
    state, error = state_after(outcome)
    with transaction.atomic(), scope([way.creditor.pk]):
        AlertDigest.objects.filter(pk=digest.pk, state="sending").update(state=state, error=error)
        record_event(
            creditor_id=way.creditor.pk,
            verb=DIGEST_VERBS[state],
            subject=f"digest:{digest.pk}",
            actor=way.actor,
            payload={"alerts": digest.alerts, "on": digest.on_date.isoformat()},
            at=now,
        )
    return state


def _mail(creditor: Creditor, due: DueDigest, digest: AlertDigest, sender: Sender) -> Mail:
    key = f"digest:{due.member_id}:{digest.on_date}"
    return Mail(
        key=key,
        message_id=message_id(creditor.code, key, sender.domain),
        sender=sender,
        recipient=digest.recipient,
        recipient_name=due.name,
        subject=digest.subject,
        text=digest.text,
        html="",
        language="es",
        at=digest.at,
    )


def _subject(creditor: Creditor, told: Sequence[Told], foretold: Sequence[Foretold]) -> str:
    count = sum(each.count for each in told) + len(foretold)
    return f"{creditor.name}: {count} {'aviso' if count == 1 else 'avisos'} sin leer"


def _text(creditor: Creditor, due: DueDigest, told: Sequence[Told], foretold: Sequence[Foretold]) -> str:
    lines = [f"Hola, {due.name}:", "", f"Esto es lo nuevo en «{creditor.name}»:"]
    if foretold:
        lines += ["", "Clientes suyos a los que se va a escribir en tono firme; puede llamarles antes"]
        lines += lines_of(foretold)
    kind = ""
    for each in told[:_LINES_MAX]:
        if each.label != kind:
            kind = each.label
            lines += ["", kind]
        lines.append(f"- {_line(each)}")
    if len(told) > _LINES_MAX:
        lines += ["", f"y {len(told) - _LINES_MAX} más."]
    lines += [
        "",
        "Están en «Sus avisos», la campana de arriba; allí también se deja de recibir este resumen.",
    ]
    return "\n".join(lines) + "\n"


def _line(told: Told) -> str:
    if told.customer_id is None:
        return f"{told.count} clientes"
    return f"{told.name} ({told.code})" + (f": {told.detail}" if told.detail else "")
