"""A folder of an IMAP server, read without changing it unless told to. RFC 3501."""

import imaplib
import re
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from aldia.channels.composing import one_line
from aldia.kernel.errors import AldiaError

MAIL_BYTES_MAX = 5_000_000
"""What is fetched of a mail: its words and reports stand before what is attached."""

_WORDS_MAX = 200
_MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec"
_TROUBLE = (imaplib.IMAP4.error, ImapToolsError, OSError, EOFError, ValueError, IndexError, TypeError)
_SIZE = re.compile(rb"RFC822\.SIZE (\d{1,12})")
_VALIDITY = re.compile(rb"(\d{1,12})")


class InboxTrouble(AldiaError):
    """The box could not be opened or read; nothing has been changed there."""

    code = "inbox_trouble"


@dataclass(frozen=True, slots=True)
class ImapServer:
    """security: none, starttls or tls. timeout_seconds: for each answer."""

    host: str
    port: int
    security: str
    username: str
    password: str
    folder: str = "INBOX"
    timeout_seconds: float = 30.0

    def __repr__(self) -> str:
        """Never the password."""
        return f"ImapServer({self.host}:{self.port}, {self.security}, {self.folder})"


@dataclass(frozen=True, slots=True)
class RawMail:
    """A mail as bytes. size: its whole length, of which `content` may be the beginning. at: when it came."""

    uid: int
    content: bytes
    size: int
    at: datetime | None


class Inbox(Protocol):
    """A box that mails are fetched from. Each of its ways raises InboxTrouble."""

    def open(self) -> int:
        """Connect and open the folder; the validity of its uids: another one means that they are new."""

    def waiting(self, *, after_uid: int, since: date) -> list[int]:
        """Uids beyond that one of mails that came on or after the day, in order."""

    def take(self, uid: int) -> RawMail | None:
        """The mail; None where it has gone meanwhile."""

    def mark_read(self, uids: Sequence[int]) -> None:
        """Whoever looks into the box sees that these were read."""

    def close(self) -> None:
        """Say good-bye."""


class ImapInbox:
    """changes: whether it may mark mails as read; else the folder is opened read-only."""

    def __init__(self, server: ImapServer, *, changes: bool = False) -> None:
        self._server = server
        self._changes = changes
        self._box: BaseMailBox | None = None

    def open(self) -> int:
        """Connect, log in, open the folder."""
        server = self._server
        try:
            self._box = _connected(server)
            self._box.login(server.username, server.password, initial_folder=None)
            self._box.folder.set(server.folder, readonly=not self._changes)
            return self._validity()
        except MailboxLoginError as error:
            raise InboxTrouble(
                f"El servidor de correo no acepta el usuario o la contraseña: {_said(error)}"
            ) from None
        except MailboxFolderSelectError:
            raise InboxTrouble(
                f"En el servidor de correo no hay ninguna carpeta «{server.folder}»."
            ) from None
        except ssl.SSLCertVerificationError as error:
            raise InboxTrouble(
                f"El certificado del servidor de correo no es válido: {error.verify_message}."
            ) from None
        except UnicodeError:
            raise InboxTrouble(
                "El nombre del servidor, el usuario o la contraseña tienen letras que el correo no admite."
            ) from None
        except _TROUBLE as error:
            raise InboxTrouble(
                f"No se puede leer el correo de {server.host}:{server.port}: {_said(error)}"
            ) from None

    def waiting(self, *, after_uid: int, since: date) -> list[int]:
        """By UID and SINCE; a server answers the last mail to any range beyond it, which is left out."""
        day = f"{since.day:02}-{_MONTHS[3 * since.month - 3 : 3 * since.month]}-{since.year}"
        found = self._ask("SEARCH", None, f"UID {after_uid + 1}:*", f"SINCE {day}")
        uids = {
            int(each) for line in found if isinstance(line, bytes) for each in line.split() if each.isdigit()
        }
        return sorted(uid for uid in uids if uid > after_uid)

    def take(self, uid: int) -> RawMail | None:
        """So much of it as is kept; it stays unread."""
        found = self._ask("FETCH", str(uid), f"(RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.{MAIL_BYTES_MAX}>)")
        whole = next((each for each in found if isinstance(each, tuple) and len(each) == 2), None)
        if whole is None:
            return None
        told = b" ".join(each if isinstance(each, bytes) else each[0] for each in found if each)
        size = _SIZE.search(told)
        content = whole[1][:MAIL_BYTES_MAX]
        return RawMail(uid, content, int(size[1]) if size else len(content), _moment(told))

    def mark_read(self, uids: Sequence[int]) -> None:
        """One by one where it is allowed to change anything."""
        for uid in uids if self._changes else ():
            self._ask("STORE", str(uid), "+FLAGS.SILENT", "(\\Seen)")

    def close(self) -> None:
        """Without waiting long."""
        if self._box is not None:
            box, self._box = self._box, None
            with suppress(*_TROUBLE):
                box.logout()

    def _validity(self) -> int:
        assert self._box is not None
        _kind, told = self._box.client.response("UIDVALIDITY")
        found = _VALIDITY.search(told[0] or b"") if told else None
        return int(found[1]) if found else 0

    def _ask(self, command: str, *arguments: Any) -> list[Any]:
        assert self._box is not None, "open() comes first"
        try:
            kind, told = self._box.client.uid(command, *arguments)
        except _TROUBLE as error:
            raise InboxTrouble(f"El servidor de correo ha dejado de contestar: {_said(error)}") from None
        if kind != "OK":
            raise InboxTrouble(f"El servidor de correo no contesta como se espera: {_said(told)}")
        return [each for each in told if each is not None]


def _connected(server: ImapServer) -> BaseMailBox:
    if server.security == "tls":
        context = ssl.create_default_context()
        return MailBox(server.host, server.port, timeout=server.timeout_seconds, ssl_context=context)
    if server.security == "starttls":
        context = ssl.create_default_context()
        return MailBoxStartTls(server.host, server.port, timeout=server.timeout_seconds, ssl_context=context)
    return MailBoxUnencrypted(server.host, server.port, timeout=server.timeout_seconds)


def _moment(told: bytes) -> datetime | None:
    local = imaplib.Internaldate2tuple(told)
    if local is None:
        return None
    with suppress(ValueError, OverflowError):
        return datetime(*local[:6]).astimezone(UTC)
    return None


def _said(error: object) -> str:
    return one_line(str(error), _WORDS_MAX)
