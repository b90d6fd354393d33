"""SMTP as a transport: a kept line, and after each mail a plain answer to «has it been taken?».

The content is handed over in one go, ended by a dot. Before the dot a mail is certainly not taken; after it,
without an answer, nobody can know: that is Unknown, and only there.
"""

import smtplib
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from aldia.channels.composing import UNFIT_SENDER, UnfitAddress, composed, plain_address, written
from aldia.channels.email.answers import refused_by, said
from aldia.channels.mail import Down, Mail, NotSent, Outcome, Sent, Unknown

_CLOSING = 421
_GOOD_FOR_SECONDS = 5.0
"""So long after its last answer a line is taken to be open, and not asked before the next mail."""
_GO_ON = 354
_YES = (250, 251, 252, _GO_ON)
_TROUBLE = (smtplib.SMTPException, OSError)
_UNSAYABLE = (UnicodeError, ValueError)
"""What smtplib raises for a name, user or password that it cannot put on the line."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """security: none, starttls or tls. username blank: without log-in. timeout_seconds: for each answer."""

    host: str
    port: int
    security: str = "starttls"
    username: str = ""
    password: str = ""
    timeout_seconds: float = 30.0

    def __repr__(self) -> str:
        """Never the password."""
        return f"SmtpServer({self.host}:{self.port}, {self.security})"


class SmtpTransport:
    """One line to one server, opened at the first mail and kept."""

    leaves_the_house = True

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._line: smtplib.SMTP | None = None
        self._taken_at = float("-inf")  # when the server last took a mail, on the monotonic clock

    def ready(self) -> Down | None:
        """A line that answers now, or has just done so; opened anew where the server has hung up."""
        if self._line is not None:
            if self._is_fresh():
                return None
            with suppress(*_TROUBLE):
                if self._line.noop()[0] in _YES:
                    return None
            self.close()
        return self._open()

    def _is_fresh(self) -> bool:
        return time.monotonic() - self._taken_at < _GOOD_FOR_SECONDS

    def _open(self) -> Down | None:
        self._taken_at = float("-inf")
        try:
            self._line = _opened(self._server)
        except smtplib.SMTPAuthenticationError as error:
            return Down(
                f"El servidor de correo no acepta el usuario o la contraseña: {said(error.smtp_error)}"
            )
        except smtplib.SMTPNotSupportedError:
            return Down("El servidor de correo no ofrece el cifrado o el acceso que se han indicado.")
        except ssl.SSLCertVerificationError as error:
            return Down(f"El certificado del servidor de correo no es válido: {error.verify_message}.")
        except _UNSAYABLE:
            return Down(
                "El nombre del servidor de correo, el usuario o la contraseña tienen letras que el correo no"
                " admite: use letras sin tilde, cifras y signos corrientes."
            )
        except _TROUBLE as error:
            return Down(
                f"No se puede conectar con el servidor de correo {_place(self._server)}: {_why(error)}."
            )
        return None

    def send(self, mail: Mail) -> Outcome:
        """Hand the mail over and wait for the answer."""
        line = self._line
        assert line is not None, "ready() comes first"
        try:
            sender = plain_address(mail.sender.address)
        except UnfitAddress:
            return NotSent(UNFIT_SENDER)
        try:
            message, recipient = composed(mail), plain_address(mail.recipient)
        except UnfitAddress:
            return NotSent("La dirección de correo no está bien escrita.", permanent=True, bad_address=True)
        wide = not (sender + recipient).isascii()
        if wide and not line.has_extn("smtputf8"):
            return NotSent("El servidor de correo no admite esa dirección.", permanent=True, bad_address=True)
        options = ["SMTPUTF8"] if wide else []
        refusal = self._envelope(line, sender, recipient, options)
        if refusal is not None and self._line is None and self._is_fresh():
            # Hung up since the last mail, as servers do after so many; of this one nothing was handed over.
            down = self._open()
            if down is not None or self._line is None:
                return NotSent(down.reason if down else refusal.reason)
            line = self._line
            refusal = self._envelope(line, sender, recipient, options)
        return refusal or self._content(line, written(message, wide=wide))

    def close(self) -> None:
        """Say good-bye, if the server still listens."""
        if self._line is not None:
            line, self._line = self._line, None
            with suppress(*_TROUBLE), _short(line):
                line.quit()
            line.close()

    def _envelope(
        self, line: smtplib.SMTP, sender: str, recipient: str, options: list[str]
    ) -> NotSent | None:
        """Sender, recipient and leave to go on; until here nothing can have been taken."""
        at_once = not options and line.has_extn("pipelining")
        answers = (
            _asked_at_once(line, sender, recipient) if at_once else _asked(line, sender, recipient, options)
        )
        refused: tuple[str, int, bytes] | None = None
        try:
            for stage, code, answer in answers:
                if code in _YES:
                    continue
                refused = refused or (stage, code, answer)
                if not at_once:
                    break
        except _TROUBLE as error:
            self._hang_up()
            if refused is None:
                return NotSent(
                    f"El servidor de correo ha cortado antes de recibir el mensaje: {_why(error)}."
                )
        if refused is None:
            return None
        stage, code, answer = refused
        self._start_over(line, code)
        return refused_by(code, answer, stage)

    def _start_over(self, line: smtplib.SMTP, code: int) -> None:
        """Ready for the next mail; 421 means that the server is about to hang up."""
        if code == _CLOSING:
            self._hang_up()
        elif self._line is not None:
            with suppress(*_TROUBLE):
                line.rset()

    def _content(self, line: smtplib.SMTP, content: bytes) -> Outcome:
        try:
            line.send(_dotted(content))
            code, answer = line.getreply()
        except _TROUBLE as error:
            self._hang_up()
            return Unknown(f"El servidor de correo no ha contestado tras recibir el mensaje: {_why(error)}.")
        if 200 <= code < 300:
            self._taken_at = time.monotonic()
            return Sent(said(answer))
        if 400 <= code < 600:
            if code == _CLOSING:
                self._hang_up()
            return refused_by(code, answer, "content")
        self._hang_up()  # whoever answers like this may have taken it
        return Unknown(f"El servidor de correo ha contestado algo que no se entiende: {said(answer)}")

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _asked(
    line: smtplib.SMTP, sender: str, recipient: str, options: list[str]
) -> Iterator[tuple[str, int, bytes]]:
    """Stage, code and answer of one question after the other."""
    yield "sender", *line.mail(sender, options)
    yield "recipient", *line.rcpt(recipient)
    yield "data", *line.docmd("DATA")


def _asked_at_once(line: smtplib.SMTP, sender: str, recipient: str) -> Iterator[tuple[str, int, bytes]]:
    """The same three questions in one go, for a server that reads on while it answers (RFC 2920): one way
    there and back instead of three. To be read to its end."""
    line.send(f"MAIL FROM:<{sender}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n")
    was_refused = False
    for stage in ("sender", "recipient", "data"):
        code, answer = line.getreply()
        if was_refused and code == _GO_ON:  # it waits for a mail to nobody
            line.send(".\r\n")
            line.getreply()
        was_refused = was_refused or code not in _YES
        yield stage, code, answer


def _opened(server: SmtpServer) -> smtplib.SMTP:
    """Connected, under cipher where it is asked for, logged in where there is a name."""
    context = ssl.create_default_context()
    line: smtplib.SMTP
    if server.security == "tls":
        line = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout_seconds, context=context)
    else:
        line = smtplib.SMTP(server.host, server.port, timeout=server.timeout_seconds)
    try:
        line.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            line.starttls(context=context)
            line.ehlo()
        if server.username:
            line.login(server.username, server.password)
    except BaseException:
        line.close()
        raise
    return line


@contextmanager
def _short(line: smtplib.SMTP) -> Iterator[None]:
    """No long waiting for a good-bye."""
    if line.sock is not None:
        line.sock.settimeout(2)
    yield


def _dotted(content: bytes) -> bytes:
    """Lines that begin with a dot get a second one; the end is a dot by itself."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n")
    return (b"\n" + lines).replace(b"\n.", b"\n..").replace(b"\n", b"\r\n")[2:] + b"\r\n.\r\n"


def _place(server: SmtpServer) -> str:
    return f"{server.host}:{server.port}"


def _why(error: Exception) -> str:
    """The reason in words, never with what was said at log-in."""
    if isinstance(error, TimeoutError) or "timed out" in str(error):  # smtplib wraps some of them
        return "no contesta"
    if isinstance(error, ConnectionRefusedError):
        return "rechaza la conexión"
    if isinstance(error, socket.gaierror):
        return "ese nombre no existe"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "ha cortado la conexión"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {said(error.smtp_error)}"
    return type(error).__name__
