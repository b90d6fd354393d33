"""A mail as RFC 5322 wants it: one recipient, headers in which nothing a customer is called can do harm."""

import re
import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from aldia.channels.mail import Mail

SUBJECT_LENGTH_MAX = 200
UNFIT_SENDER = "El remitente que figura en Ajustes, Correo, no es una dirección de correo."
_NAME_LENGTH_MAX = 120
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SEVEN_BIT = SMTP.clone(cte_type="7bit")  # no server has to know more than letters
_WIDE = _SEVEN_BIT.clone(utf8=True)
_FORMAT = "Cf"  # direction marks, zero-width signs: they change how the rest of a line reads
_LOCAL_PART = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f-\x9f]{1,64}")
_ASCII_DOMAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


class UnfitAddress(ValueError):
    """Not one address of one person."""


def composed(mail: Mail) -> EmailMessage:
    """The message with its headers; text and, where there is one, the same in HTML. Raises UnfitAddress."""
    message = EmailMessage(policy=_SEVEN_BIT)
    message["From"] = _address(mail.sender.name, mail.sender.address)
    message["To"] = _address(mail.recipient_name, mail.recipient)
    if mail.sender.reply_to:
        message["Reply-To"] = _address("", mail.sender.reply_to)
    message["Subject"] = one_line(mail.subject, SUBJECT_LENGTH_MAX)
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = mail.message_id
    message["Content-Language"] = one_line(mail.language, 20)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
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
