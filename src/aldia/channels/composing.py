"""A mail as RFC 5322 wants it: one recipient, headers in which nothing a customer is called can do harm."""

import re
import unicodedata
from binascii import b2a_base64, b2a_qp
from email.header import Header
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, Self
from urllib.parse import quote

from aldia.channels.mail import Mail

SUBJECT_LENGTH_MAX = 200
UNFIT_SENDER = "El remitente que figura en Ajustes, Correo, no es una dirección de correo."
REFUSAL = "BAJA"
"""The subject of a mail by which its recipient refuses more of them (RFC 2369); read when it comes in."""
_NAME_LENGTH_MAX = 120
_MARK = "=_aldia_"
"""Begins what stands between the parts: no encoding writes it (RFC 2045, 6.7), so none has to be sought."""
_BREAK = SMTP.linesep
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class _Kinds(HeaderRegistry):
    """What a header of a name is, made once for each name."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """The class for the headers of this name."""
        known = name.lower()
        if known not in self._known:
            self._known[known] = super().__getitem__(name)
        return self._known[known]


class _Remembering(EmailPolicy):
    """Most headers say in each mail what they said in the last one: they are taken apart and folded once."""

    def clone(self, **changed: Any) -> Self:
        """Itself where nothing changes, as the writer asks for each part: only it remembers."""
        if all(getattr(self, name) == value for name, value in changed.items()):
            return self
        return super().clone(**changed)

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """As the policy it stands on; what has no hash is not remembered."""
        return _stored(self, name, value) if type(value) is str else super().header_store_parse(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """As the policy it stands on."""
        return _folded(self, name, value)


@lru_cache(maxsize=512)
def _stored(policy: _Remembering, name: str, value: str) -> tuple[str, Any]:
    return EmailPolicy.header_store_parse(policy, name, value)


@lru_cache(maxsize=512)
def _folded(policy: _Remembering, name: str, value: Any) -> bytes:
    return EmailPolicy.fold_binary(policy, name, value)


# No server has to know more than letters.
_SEVEN_BIT = _Remembering(linesep=SMTP.linesep, cte_type="7bit", header_factory=_Kinds())
_WIDE = _SEVEN_BIT.clone(utf8=True)
_FORMAT = "Cf"  # direction marks, zero-width signs: they change how the rest of a line reads
_LOCAL_PART = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f-\x9f]{1,64}")
_ASCII_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


_ENCODED_WORD = "=?"  # begins what a reader of mail decodes (RFC 2047): who is called so is spelled out
_WORD_BYTES = 39  # of a text in one encoded word: with the longest name of a header less than 76 characters
_LINE_LENGTH = 76


class _Said(str):
    """A header that is one text, or one person's name and address: written as it is, never read again."""

    name: str
    folded: str

    @classmethod
    def text(cls, name: str, text: str) -> Self:
        """name: of the header. text: one line."""
        if _must_be_encoded(text):
            return cls._of(name, text, _encoded(text))
        short = len(name) + 2 + len(text) <= _LINE_LENGTH
        return cls._of(name, text, text if short else Header(text, header_name=name).encode(linesep=_BREAK))

    @classmethod
    def person(cls, name: str, who: Address) -> Self:
        """The address as it is, which asks for SMTPUTF8 where it is not ASCII; the name in ASCII."""
        said = str(who)
        if who.display_name and _must_be_encoded(who.display_name):
            return cls._of(name, said, f"{_encoded(who.display_name)}{_BREAK} <{who.addr_spec}>")
        return cls._of(name, said, said)

    @classmethod
    def _of(cls, name: str, said: str, folded: str) -> Self:
        header = cls(said)
        header.name, header.folded = name, f"{name}: {folded}{_BREAK}"
        return header

    def fold(self, *, policy: EmailPolicy) -> str:
        """As the policies of this module write it."""
        return self.folded


def _must_be_encoded(text: str) -> bool:
    return not text.isascii() or _ENCODED_WORD in text


def _encoded(text: str) -> str:
    """As words of RFC 2047 below one another. The library tries every length of every word."""
    words, word = [], b""
    for sign in text:
        more = sign.encode()
        if len(word) + len(more) > _WORD_BYTES:
            words.append(word)
            word = b""
        word += more
    words.append(word)
    return f"{_BREAK} ".join(f"=?utf-8?b?{b2a_base64(each, newline=False).decode()}?=" for each in words)


class UnfitAddress(ValueError):
    """Not one address of one person."""


def composed(mail: Mail) -> EmailMessage:
    """The message with its headers; text and, where there is one, the same in HTML. Raises UnfitAddress."""
    message = EmailMessage(policy=_SEVEN_BIT)
    message["From"] = person("From", mail.sender.name, mail.sender.address)
    message["To"] = person("To", mail.recipient_name, mail.recipient)
    if mail.sender.reply_to:
        message["Reply-To"] = person("Reply-To", "", mail.sender.reply_to)
    message["Subject"] = _Said.text("Subject", one_line(mail.subject, SUBJECT_LENGTH_MAX))
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = _Said.text("Message-ID", mail.message_id)
    message["Auto-Submitted"] = "auto-generated"
    if mail.refusable:
        answers_go_to = plain_address(mail.sender.reply_to or mail.sender.address)
        message["List-Unsubscribe"] = f"<mailto:{quote(answers_go_to, safe='@')}?subject={REFUSAL}>"
    message["MIME-Version"] = "1.0"
    _set_words(message, mail.text, "plain")
    marked = _MARK not in mail.text and _MARK not in mail.html
    if mail.html:
        message.make_alternative(_MARK + "alternative" if marked else None)
        html = EmailMessage(policy=_SEVEN_BIT)
        _set_words(html, mail.html, "html")
        message.attach(html)
    if mail.attachments:
        message.make_mixed(_MARK + "mixed" if marked else None)
    for each in mail.attachments:
        kind, *said = (part.strip() for part in each.content_type.split(";"))
        main, _slash, sub = kind.partition("/")
        message.add_attachment(
            each.content,
            maintype=main,
            subtype=sub or "octet-stream",
            filename=one_line(each.name, _NAME_LENGTH_MAX),
            params=dict(part.split("=", 1) for part in said),
        )
    message["Content-Language"] = one_line(mail.language, 20)  # last: setting the content takes it away
    return message


def _set_words(part: EmailMessage, text: str, subtype: str) -> None:
    """As `set_content` does it, in less time: there each line's encoding is weighed."""
    lines = "\n".join(text.splitlines()) + "\n"
    part["Content-Type"] = f'text/{subtype}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(b2a_qp(lines.encode()).decode("ascii"))


def person(header: str, name: str, address: str) -> str:
    """The header as one person's name and address, to be set as it is: the library would write a name with
    both a comma and an accent as two people. Raises UnfitAddress."""
    return _Said.person(header, _address(name, address))


def written(message: EmailMessage, *, wide: bool) -> bytes:
    """As it goes over the line; wide: addresses outside ASCII, for servers that know SMTPUTF8."""
    return _as_bytes(message, _WIDE if wide else _SEVEN_BIT)


def _as_bytes(part: MIMEPart, policy: _Remembering) -> bytes:
    """As `as_bytes` of the library, which reads every line of what it wrote itself a line ago: ours are
    ASCII without a sign to be looked for."""
    boundary = part.get_boundary()
    if part.is_multipart() and boundary is None:
        return part.as_bytes(policy=policy)
    head = b"".join(policy.fold_binary(name, value) for name, value in part.raw_items())
    if boundary is None:
        lines = str(part.get_payload()).encode("ascii", "surrogateescape").splitlines()
        ends = b"\r\n" if str(part.get_payload()).endswith("\n") else b""
        return head + b"\r\n" + b"\r\n".join(lines) + ends
    mark = b"--" + boundary.encode("ascii")
    parts = [_as_bytes(each, policy) for each in part.iter_parts()]
    return head + b"\r\n" + b"".join(mark + b"\r\n" + each + b"\r\n" for each in parts) + mark + b"--\r\n"


def one_line(text: str, length_max: int) -> str:
    """Without line breaks, control signs or marks that turn the direction of writing; cut to the length."""
    flat = _BREAKS.sub(" ", text).strip()
    inert = flat
    if not flat.isprintable():  # none of the signs that are not seen is printable
        inert = "".join(sign for sign in flat if unicodedata.category(sign) != _FORMAT)
    return inert if len(inert) <= length_max else inert[: length_max - 1] + "…"


def plain_address(address: str) -> str:
    """The address alone, its domain in ASCII. Raises UnfitAddress."""
    return _address("", address).addr_spec


@lru_cache(maxsize=256)
def _address(name: str, address: str) -> Address:
    """Taken apart by hand: a parser would find several people where somebody wrote several."""
    local, at, domain = address.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise UnfitAddress(address) from error
    if not (at and _LOCAL_PART.fullmatch(local) and _ASCII_DOMAIN.fullmatch(ascii_domain)):
        raise UnfitAddress(address)
    return Address(display_name=one_line(name, _NAME_LENGTH_MAX), username=local, domain=ascii_domain)
