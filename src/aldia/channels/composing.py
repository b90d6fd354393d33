"""A mail as RFC 5322 wants it: one recipient, headers in which nothing a customer is called can do harm."""

import re
import unicodedata
from binascii import b2a_qp
from email.header import Header
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
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
_LINE_LENGTH = 76
_NAME_LINE_LENGTH = 60


class _Said(str):
    """A header that is one text, or one person's name and address: written as it is, never read again."""

    name: str
    folded: str

    @classmethod
    def text(cls, name: str, text: str) -> Self:
        """name: of the header. text: one line."""
        return cls._of(name, text, _encoded(text, name, _LINE_LENGTH))

    @classmethod
    def person(cls, name: str, who: Address) -> Self:
        """The address as it is, which asks for SMTPUTF8 where it is not ASCII; the name in ASCII."""
        said = str(who)
        if who.display_name and _must_be_encoded(who.display_name):
            encoded = _encoded(who.display_name, name, _NAME_LINE_LENGTH)
            return cls._of(name, said, f"{encoded}{SMTP.linesep} <{who.addr_spec}>")
        return cls._of(name, said, said)

    @classmethod
    def _of(cls, name: str, said: str, folded: str) -> Self:
        header = cls(said)
        header.name, header.folded = name, f"{name}: {folded}{SMTP.linesep}"
        return header

    def fold(self, *, policy: EmailPolicy) -> str:
        """As the policies of this module write it."""
        return self.folded


def _must_be_encoded(text: str) -> bool:
    return not text.isascii() or _ENCODED_WORD in text


def _encoded(text: str, name: str, length: int) -> str:
    charset = "utf-8" if _must_be_encoded(text) else "us-ascii"
    return Header(text, charset, maxlinelen=length, header_name=name).encode(linesep=SMTP.linesep)


class UnfitAddress(ValueError):
    """Not one address of one person."""


def composed(mail: Mail) -> EmailMessage:
    """The message with its headers; text and, where there is one, the same in HTML. Raises UnfitAddress."""
    message = EmailMessage(policy=_SEVEN_BIT)
    message["From"] = _sender(mail.sender.name, mail.sender.address)
    message["To"] = _Said.person("To", _address(mail.recipient_name, mail.recipient))
    if mail.sender.reply_to:
        message["Reply-To"] = _address("", mail.sender.reply_to)
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


def written(message: EmailMessage, *, wide: bool) -> bytes:
    """As it goes over the line; wide: addresses outside ASCII, for servers that know SMTPUTF8."""
    return message.as_bytes(policy=_WIDE if wide else _SEVEN_BIT)


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


@lru_cache(maxsize=64)
def _sender(name: str, address: str) -> Any:
    """A header that is taken as it is: nothing of it is read again."""
    return _SEVEN_BIT.header_factory("From", _address(name, address))


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
