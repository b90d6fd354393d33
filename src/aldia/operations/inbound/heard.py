"""News that came in, whatever its way, as one value. A further way adds its reader to READERS."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aldia.channels.hooks import SOURCES, incoming_of
from aldia.formats.mail import Bounce, read_mail
from aldia.records.outreach.models import ProviderEvent

MAIL = "imap"
"""Source of the mails that were fetched or handed over as files."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer. sender: a mail address in lower case, or a number in E.164. references: Message-IDs it
    answers, the nearest first; answers: what the provider calls the message of ours it answers. written_at:
    as it says itself, None for not said. opts_out: the provider has taken it as the end. The rest
    as in `IncomingMail`."""

    channel: str
    sender: str
    text: str
    sender_name: str = ""
    subject: str = ""
    quoted: str = ""
    references: tuple[str, ...] = ()
    answers: str = ""
    written_at: datetime | None = None
    automatic: str = ""
    attachments: tuple[str, ...] = ()
    bounces: tuple[Bounce, ...] = ()
    opts_out: bool = False


Reader = Callable[[ProviderEvent], Heard | None]


def raw_mail_of(event: ProviderEvent) -> bytes:
    """The mail as it came."""
    return base64.b64decode(event.payload.get("raw", ""))


def _mail(event: ProviderEvent) -> Heard:
    mail = read_mail(raw_mail_of(event))
    return Heard(
        channel="email",
        sender=mail.sender,
        text=mail.text,
        sender_name=mail.sender_name,
        subject=mail.subject,
        quoted=mail.quoted,
        references=mail.references,
        written_at=mail.at,
        automatic=mail.automatic,
        attachments=mail.attachments,
        bounces=mail.bounces,
    )


def _short(event: ProviderEvent) -> Heard | None:
    """An SMS or WhatsApp; None for news of a message of ours."""
    said = incoming_of(event)
    if said is None:
        return None
    return Heard(
        channel=said.channel,
        sender=said.sender,
        text=said.text,
        answers=said.in_reply_to,
        written_at=said.at,
        opts_out=said.opts_out,
    )


READERS: dict[str, Reader] = {MAIL: _mail, **dict.fromkeys(SOURCES, _short)}
"""Source of a piece of news → its reader, which answers None for news that are no answer."""
