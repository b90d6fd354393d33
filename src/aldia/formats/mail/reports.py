"""Delivery reports (RFC 3464) and complaints (RFC 5965): what became of a mail of ours."""

import re
from email.message import Message
from email.parser import HeaderParser
from typing import Any

from aldia.formats.mail.bodies import parts_of
from aldia.formats.mail.inert import decoded, one_line
from aldia.formats.mail.values import Bounce

_RECIPIENTS_MAX = 50
_WORDS_MAX = 300
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"\b(5[0-5]\d|4[0-5]\d)[ -]")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,300}>")
_ADDRESS = re.compile(r"[^\s<>;,:\"']{1,64}@[^\s<>;,:\"']{1,190}")
_ROBOTS = ("mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon")
_FAILED = re.compile(
    r"undeliver|delivery (?:status|failure|has failed)|returned mail|failure notice|mail delivery failed"
    r"|no se (?:ha podido|pudo) entregar|no entregado|devuelto|delivery incomplete",
    re.IGNORECASE,
)


def bounces_of(message: Message, *, sender: str, subject: str, text: str) -> tuple[Bounce, ...]:
    """One for each recipient spoken of; none where the mail is no report."""
    report = next((part for part in parts_of(message) if _is(part, "message/delivery-status")), None)
    if report is not None:
        original = _original_id(message)
        found = (_of_block(block, original) for block in _blocks(report)[:_RECIPIENTS_MAX])
        return tuple(bounce for bounce in found if bounce is not None)
    complaint = next((part for part in parts_of(message) if _is(part, "message/feedback-report")), None)
    if complaint is not None:
        return _complaint(complaint, _original_id(message))
    local = sender.partition("@")[0]
    if local in _ROBOTS and _FAILED.search(subject):
        return _told_in_words(text)
    return ()


def _is(part: Message, content_type: str) -> bool:
    return part.get_content_type() == content_type


def _blocks(part: Message) -> list[Message]:
    """The groups of fields of a report; a parser may have left them as text."""
    payload: Any = part.get_payload()
    if isinstance(payload, list):
        return [each for each in payload if isinstance(each, Message)]
    text = _text(part)
    return [HeaderParser().parsestr(block) for block in re.split(r"\n\s*\n", text)[: _RECIPIENTS_MAX + 1]]


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if isinstance(content, bytes):
        return decoded(content, part.get_content_charset()).replace("\r\n", "\n")
    return str(part.get_payload() or "")


def _of_block(block: Message, original: str) -> Bounce | None:
    named = block.get("Original-Recipient") or block.get("Final-Recipient")
    if not named:
        return None
    action = str(block.get("Action") or "").strip().lower()
    if action in ("delivered", "relayed", "expanded"):
        return None
    words = one_line(str(block.get("Diagnostic-Code") or action), _WORDS_MAX)
    status = _status(str(block.get("Status") or "")) or _status(words)
    if action == "delayed" and not status.startswith("4"):
        status = "4.0.0"
    if action == "failed" and status.startswith("2"):
        status = "5.0.0"
    return Bounce(_address(str(named)), status or "5.0.0", original, words)


def _status(text: str) -> str:
    match = _STATUS.search(text)
    return match[0] if match else ""


def _address(text: str) -> str:
    match = _ADDRESS.search(text.rpartition(";")[2])
    return one_line(match[0], 254).lower() if match else ""


def _original_id(message: Message) -> str:
    """The Message-ID of the mail that is sent back with the report, whole or its headers alone."""
    for part in parts_of(message):
        payload: Any = part.get_payload()
        if _is(part, "message/rfc822") and isinstance(payload, list) and payload:
            found = _MESSAGE_ID.search(str(payload[0].get("Message-ID") or ""))
        elif part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers", "message/rfc822"):
            found = _MESSAGE_ID.search(str(HeaderParser().parsestr(_text(part)).get("Message-ID") or ""))
        else:
            continue
        if found:
            return found[0]
    return ""


def _complaint(part: Message, original: str) -> tuple[Bounce, ...]:
    blocks = _blocks(part)
    kind = next((str(each["Feedback-Type"]) for each in blocks if each["Feedback-Type"]), "abuse").strip()
    named = next((str(each["Original-Rcpt-To"]) for each in blocks if each["Original-Rcpt-To"]), "")
    if kind.lower() not in ("abuse", "fraud", "opt-out", "other"):
        return ()
    return (Bounce(_address(named), "", original, one_line(kind, _WORDS_MAX), is_complaint=True),)


def _told_in_words(text: str) -> tuple[Bounce, ...]:
    """Servers that write no report but a letter: believed only where it carries the id of a mail."""
    original = re.search(r"message-id:\s*(<[^<>\s]{1,300}>)", text, re.IGNORECASE)
    if original is None:
        return ()
    code = _CODE.search(text)
    status = _status(text) or (f"{code[1][0]}.0.0" if code else "5.0.0")
    named = _ADDRESS.search(text)
    line = next((line for line in text.split("\n") if code and code[0] in line), text.split("\n", 1)[0])
    return (Bounce(_address(named[0]) if named else "", status, original[1], one_line(line, _WORDS_MAX)),)
