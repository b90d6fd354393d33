"""A mail as RFC 5322 wants it: one recipient, headers in which nothing a customer is called can do harm."""

import re
import unicodedata
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


class UnfitAddress(ValueError):
    """Not one address of one person."""


def composed(mail: Mail) -> EmailMessage:
    """The message with its headers; text and, where there is one, the same in HTML. Raises UnfitAddress."""
    message = EmailMessage(policy=_SEVEN_BIT)
    message["From"] = _sender(mail.sender.name, mail.sender.address)
    message["To"] = _address(mail.recipient_name, mail.recipient)
    if mail.sender.reply_to:
        message["Reply-To"] = _address("", mail.sender.reply_to)
    message["Subject"] = one_line(mail.subject, SUBJECT_LENGTH_MAX)
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    if mail.refusable:
        answers_go_to = plain_address(mail.sender.reply_to or mail.sender.address)
        message["List-Unsubscribe"] = f"<mailto:{quote(answers_go_to, safe='@')}?subject={REFUSAL}>"
    message.set_content(mail.text)
    marked = _MARK not in mail.text and _MARK not in mail.html
    if mail.html:
        message.make_alternative(_MARK + "alternative" if marked else None)
        message.add_alternative(mail.html, subtype="html")
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


def written(message: EmailMessage, *, wide: bool) -> bytes:
    """As it goes over the line; wide: addresses outside ASCII, for servers that know SMTPUTF8."""
    return message.as_bytes(policy=_WIDE if wide else _SEVEN_BIT)


def one_line(text: str, length_max: int) -> str:
    """Without line breaks, control signs or marks that turn the direction of writing; cut to the length."""
    flat = _BREAKS.sub(" ", text).strip()
    inert = "".join(sign for sign in flat if unicodedata.category(sign) != _FORMAT)
    return inert if len(inert) <= length_max else inert[: length_max - 1] + "…"


def plain_address(address: str) -> str:
    """The address alone, its domain in ASCII. Raises UnfitAddress."""
    return _address("", address).addr_spec


@lru_cache(maxsize=64)
def _sender(name: str, address: str) -> Any:
    """A header that is taken as it is: nothing of it is read again."""
    return _SEVEN_BIT.header_factory("From", _address(name, address))


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
