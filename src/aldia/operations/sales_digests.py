"""The daily mail to salespeople who have no access of their own: their customers, and nobody else's.

As with the mail of alerts, the row of person and day is committed before the mail is handed over.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from aldia.channels.mail import Mail, Outcome
from aldia.kernel.clock import business_date
from aldia.kernel.faults import fault_point
from aldia.operations.audit import record_event
from aldia.operations.digest_mail import DIGEST_VERBS, DigestWay, row_of_the_day, state_after
from aldia.operations.outbox.keys import message_id
from aldia.queries.sales_notices import DueSalesDigest, Foretold, to_mail_outside
from aldia.records.parties.models import SalesDigest, SalesNotice
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope
from aldia.rules.portfolio.words import day_text

_LINES_MAX = 40


def send_sales_digest(way: DigestWay, due: DueSalesDigest, now: datetime) -> str:
    """What became of the mail: sent, waiting, failed; "" where it was somebody else's, or there is nothing
    left to tell. Never inside a transaction."""
    digest = _begun(way.creditor, due, now)
    fault_point("digest.begun")
    if digest is None:
        return ""
    outcome = way.transport.send(_mail(way, due, digest))
    fault_point("digest.handed_over")
    return _settled(way, digest, outcome, now)


def lines_of(foretold: Sequence[Foretold]) -> list[str]:
    """One line for each customer, and how many there are beyond forty."""
    shown = [
        f"- {each.name} ({each.code}): «{each.title}», desde el {day_text(each.from_on)}"
        for each in foretold[:_LINES_MAX]
    ]
    return shown + ([f"y {len(foretold) - _LINES_MAX} más."] if len(foretold) > _LINES_MAX else [])


def _begun(creditor: Creditor, due: DueSalesDigest, now: datetime) -> SalesDigest | None:
    """The row of the person and day, ours from here on; None where somebody else was first, or nothing is
    left to tell."""
    on = business_date(now, creditor.time_zone)
    with transaction.atomic(durable=True), scope([creditor.pk]):
        told = to_mail_outside(creditor, due.salesperson_id)
        if not told:
            return None
        words = {
            "state": "sending",
            "recipient": due.email,
            "subject": _subject(creditor, told),
            "text": _text(creditor, due, told),
            "notices": len(told),
            "at": now,
            "error": "",
        }
        whose = {"creditor_id": creditor.pk, "salesperson_id": due.salesperson_id, "on_date": on}
        digest = row_of_the_day(SalesDigest.objects.all(), words, **whose)
        if digest is not None:
            SalesNotice.objects.filter(creditor_id=creditor.pk, pk__in=[each.id for each in told]).update(
                mailed_on=on
            )
        return digest


def _settled(way: DigestWay, digest: SalesDigest, outcome: Outcome, now: datetime) -> str:
    state, error = state_after(outcome)
    with transaction.atomic(), scope([way.creditor.pk]):
        SalesDigest.objects.filter(pk=digest.pk, state="sending").update(state=state, error=error)
        record_event(
            creditor_id=way.creditor.pk,
            verb=DIGEST_VERBS[state],
            subject=f"sales_digest:{digest.pk}",
            actor=way.actor,
            payload={"notices": digest.notices, "on": digest.on_date.isoformat()},
            at=now,
        )
    return state


def _mail(way: DigestWay, due: DueSalesDigest, digest: SalesDigest) -> Mail:
    key = f"sales_digest:{due.salesperson_id}:{digest.on_date}"
    return Mail(
        key=key,
        message_id=message_id(way.creditor.code, key, way.sender.domain),
        sender=way.sender,
        recipient=digest.recipient,
        recipient_name=due.name,
        subject=digest.subject,
        text=digest.text,
        html="",
        language="es",
        at=digest.at,
    )


def _subject(creditor: Creditor, told: Sequence[Foretold]) -> str:
    """Whoever sees it in passing learns of no debt."""
    count = len(told)
    return (
        f"{creditor.name}: {count} {'cliente suyo' if count == 1 else 'clientes suyos'}, antes de escribirles"
    )


def _text(creditor: Creditor, due: DueSalesDigest, told: Sequence[Foretold]) -> str:
    lines = [
        f"Hola, {due.name}:",
        "",
        f"A estos clientes suyos «{creditor.name}» les va a escribir en tono firme. Puede llamarles antes:",
        "",
        *lines_of(told),
        "",
        "Lo que le digan, cuénteselo cuanto antes a quien lleva sus cobros.",
    ]
    return "\n".join(lines) + "\n"
