"""A mail as bytes to plain values, whatever the bytes are."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime

from aldia.formats.mail.bodies import attachments_of, text_of
from aldia.formats.mail.inert import HEADER_LENGTH_MAX, decoded, header_text, inert, one_line
from aldia.formats.mail.quoting import own_words
from aldia.formats.mail.reports import bounces_of
from aldia.formats.mail.values import IncomingMail

SUBJECT_LENGTH_MAX = 300
_NAME_LENGTH_MAX = 150
_ADDRESS_LENGTH_MAX = 254
_REFERENCES_MAX = 50
_REFERENCES_LENGTH_MAX = 20_000
_EXCERPT = 20_000
_TEXT_KEPT = 50_000
_MESSAGE_ID = re.compile(r"<[^<>\s\x00-\x1f]{1,300}>")
_ADDRESS = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]{1,190}")
_AWAY = re.compile(
    r"^(?:\W*(?:re|rv|fw|fwd)\s*:\s*)*\W*(?:respuesta autom[aá]tica|contestaci[oó]n autom[aá]tica"
    r"|automatic reply|auto(?:matic)?[ -]?(?:reply|response)|autorespuesta|auto:|out of (?:the )?office"
    r"|fuera de (?:la )?oficina|ausente|ausencia|de vacaciones)",
    re.IGNORECASE,
)
# Whatever the standard library's reader of mails has been seen to raise over hostile ones.
_TROUBLE = (
    *(ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError),
    *(OverflowError, MemoryError),
)


def read_mail(raw: bytes) -> IncomingMail:
    """What the mail says. Never raises: what is out of order is read as far as it goes (`broken`)."""
    try:
        return _read(message_from_bytes(raw))
    except _TROUBLE:
        return _as_far_as_it_goes(raw)


def _read(message: Message) -> IncomingMail:
    name, sender = _sender(message)
    subject = header_text(message.get("Subject"), SUBJECT_LENGTH_MAX)
    whole = text_of(message)
    bounces = bounces_of(message, sender=sender, subject=subject, text=whole)
    own, quoted = (whole, "") if bounces else own_words(whole)
    return IncomingMail(
        message_id=next(iter(_ids(message.get("Message-ID"))), ""),
        references=_references(message),
        sender=sender,
        sender_name=name,
        subject=subject,
        at=_date(message),
        text=own[:_TEXT_KEPT],
        quoted=quoted[:_TEXT_KEPT],
        automatic=_automatic(message, subject),
        bounces=bounces,
        attachments=attachments_of(message),
    )


def _as_far_as_it_goes(raw: bytes) -> IncomingMail:
    """Headers alone, and the beginning of what follows as it stands."""
    head, _blank, body = raw[:_EXCERPT].replace(b"\r\n", b"\n").partition(b"\n\n")
    text = inert(decoded(body, None))
    try:
        message = BytesHeaderParser().parsebytes(head)
        name, sender = _sender(message)
        return IncomingMail(
            message_id=next(iter(_ids(message.get("Message-ID"))), ""),
            references=_references(message),
            sender=sender,
            sender_name=name,
            subject=header_text(message.get("Subject"), SUBJECT_LENGTH_MAX),
            at=_date(message),
            text=text,
            broken=True,
        )
    except _TROUBLE:
        return IncomingMail(text=text, broken=True)


def _sender(message: Message) -> tuple[str, str]:
    """Name and address of whoever wrote it: the first address there is.

    Taken apart as it stands, and only then decoded: a name may say commas and the addresses of others.
    """
    said = message.get("From") or message.get("Sender")
    raw = str(said or "")[: 4 * HEADER_LENGTH_MAX]
    for name, address in getaddresses([raw])[:5]:
        match = _ADDRESS.search(address)
        if match:
            return header_text(name, _NAME_LENGTH_MAX), match[0].lower()[:_ADDRESS_LENGTH_MAX]
    match = _ADDRESS.search(raw) or _ADDRESS.search(header_text(said))
    return "", match[0].lower()[:_ADDRESS_LENGTH_MAX] if match else ""


def _ids(raw: object) -> list[str]:
    text = str(raw or "")[:_REFERENCES_LENGTH_MAX].encode("utf-8", "replace").decode("utf-8")
    return _MESSAGE_ID.findall(text)


def _references(message: Message) -> tuple[str, ...]:
    """Of the mail it answers first, then back in time."""
    nearest = [*_ids(message.get("In-Reply-To")), *reversed(_ids(message.get("References")))]
    return tuple(dict.fromkeys(nearest))[:_REFERENCES_MAX]


def _date(message: Message) -> datetime | None:
    try:
        at = parsedate_to_datetime(str(message.get("Date") or ""))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _automatic(message: Message, subject: str) -> str:
    """The header or subject by which a machine gives itself away (RFC 3834 §5), "" for none."""
    said = str(message.get("Auto-Submitted") or "").strip().lower()
    if said and not said.startswith("no"):
        return one_line(f"Auto-Submitted: {said}", 100)
    for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply"):
        if message.get(name):
            return name
    precedence = str(message.get("Precedence") or "").strip().lower()
    if precedence in ("auto_reply", "bulk", "junk", "list"):
        return f"Precedence: {precedence}"
    return subject if _AWAY.match(subject) else ""
