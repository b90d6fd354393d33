"""What an SMTP server's answer means. RFC 5321 §4.2, RFC 3463: hostile input like any other."""

import re

from aldia.channels.composing import one_line
from aldia.channels.mail import NotSent

_LENGTH_MAX = 200
_ENHANCED = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
_NO_SUCH_BOX = (550, 551, 553)


def said(answer: bytes | str) -> str:
    """The server's words on one line."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return one_line(text, _LENGTH_MAX)


def refused_by(code: int, answer: bytes | str, stage: str) -> NotSent:
    """A refusal: 5xx for good, anything else for now. The address is bad only where the recipient was
    refused as unknown (5.1.x, or 550, 551, 553 without a finer code)."""
    words = said(answer)
    permanent = 500 <= code < 600
    finer = _ENHANCED.match(words)
    unknown = finer.group(2) == "1" if finer else code in _NO_SUCH_BOX
    return NotSent(
        reason=f"El servidor de correo lo ha rechazado: {code} {words}",
        permanent=permanent,
        bad_address=permanent and stage == "recipient" and unknown,
    )
