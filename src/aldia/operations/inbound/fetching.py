"""Mails from the box into the books: raw first, each once, however often it is fetched."""

import base64
import hashlib
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from aldia.channels.imap import ImapInbox, InboxTrouble
from aldia.channels.imap.inbox import MAIL_BYTES_MAX
from aldia.formats.mail import read_mail
from aldia.kernel.faults import fault_point
from aldia.operations.inbound.account import keep_trouble, open_inbox
from aldia.operations.inbound.heard import MAIL
from aldia.operations.inbound.taking_in import TakenIn, take_in_waiting
from aldia.records.outreach.models import InboxAccount, ProviderEvent
from aldia.records.tenancy.models import Creditor
from aldia.records.tenancy.scope import scope

MAILS_PER_ROUND = 200
_ID_LENGTH_MAX = 400


@dataclass(slots=True)
class FetchReport:
    """fetched: new mails kept. known: had been kept before. more: some wait for the next round."""

    fetched: int = 0
    known: int = 0
    more: bool = False
    taken: TakenIn = field(default_factory=TakenIn)

    def as_dict(self) -> dict[str, Any]:
        """Fit for JSON."""
        return {"fetched": self.fetched, "known": self.known, "more": self.more, **asdict(self.taken)}


def fetch(*, creditor: Creditor, actor: str, now: datetime) -> FetchReport:
    """Keep what has come into the box, then make something of it. Raises NoInbox, InboxTrouble.

    Each mail is a transaction of its own, so that one that fails takes no other with it; the place in the
    folder moves on with it, so that whoever dies in between fetches it again, and keeps it once.
    """
    report = FetchReport()
    try:
        with open_inbox(creditor) as (account, inbox):
            _fetch_all(creditor, account, inbox, report, now)
    except InboxTrouble as trouble:
        keep_trouble(creditor, trouble, now)
        take_in_waiting(creditor=creditor, actor=actor, now=now)
        raise
    keep_trouble(creditor, None, now)
    report.taken = take_in_waiting(creditor=creditor, actor=actor, now=now)
    return report


def _fetch_all(
    creditor: Creditor, account: InboxAccount, inbox: ImapInbox, report: FetchReport, now: datetime
) -> None:
    validity = inbox.open()
    after = account.last_uid if account.uid_validity == validity else 0
    uids = inbox.waiting(after_uid=after, since=account.since_on)
    report.more = len(uids) > MAILS_PER_ROUND
    for uid in uids[:MAILS_PER_ROUND]:
        mail = inbox.take(uid)
        with transaction.atomic(), scope([creditor.pk]):
            if mail is not None:
                whole = mail.size <= len(mail.content)
                kept = _keep(creditor, mail.content, mail.at or now, whole=whole)
                report.fetched += kept
                report.known += not kept
            fault_point("inbound.kept")
            InboxAccount.objects.filter(pk=account.pk).update(uid_validity=validity, last_uid=uid)
        inbox.mark_read([uid])


def keep_raw_mail(*, creditor: Creditor, content: bytes, at: datetime) -> bool:
    """Keep one mail from elsewhere, as if it had been fetched; False where it is kept already."""
    with transaction.atomic(), scope([creditor.pk]):
        return _keep(creditor, content[:MAIL_BYTES_MAX], at, whole=len(content) <= MAIL_BYTES_MAX)


def _keep(creditor: Creditor, content: bytes, at: datetime, *, whole: bool) -> bool:
    _event, is_new = ProviderEvent.objects.get_or_create(
        creditor_id=creditor.pk,
        source=MAIL,
        external_id=_external_id(content),
        defaults={
            "channel": "email",
            "payload": {"raw": base64.b64encode(content).decode("ascii"), "whole": whole},
            "received_at": at,
        },
    )
    return is_new


def _external_id(content: bytes) -> str:
    """The Message-ID with a digest of what follows the headers: servers on the way write into these, and who
    gives another's id to a mail of their own does not make it vanish."""
    head, _blank, body = content.replace(b"\r\n", b"\n").partition(b"\n\n")
    named = read_mail(head + b"\n\n").message_id
    digest = hashlib.sha256(body if named else content).hexdigest()[:32]
    return f"{named[:_ID_LENGTH_MAX]} {digest}".strip()
