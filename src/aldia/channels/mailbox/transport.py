"""The built-in mailbox as a transport.

It writes on a connection of its own, each mail at once and for good: a process killed between handing over
and recording leaves here what it would have left with a real server. It takes what it is given, twice too:
whoever looks into it would see a double if ever there was one.
"""

import json
from typing import Any

import psycopg

from aldia.channels.composing import (
    SUBJECT_LENGTH_MAX,
    UNFIT_SENDER,
    UnfitAddress,
    composed,
    one_line,
    plain_address,
)
from aldia.channels.mail import Down, Mail, NotSent, Outcome, Sent, Unknown

_TAKE = """
INSERT INTO outreach_mailbox_mail (creditor_id, key, channel, recipient, subject, text, html, headers, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


class MailboxTransport:
    """conninfo: of the application's database role. Only rows of the creditor can be written."""

    leaves_the_house = False

    def __init__(self, conninfo: str, creditor_id: int) -> None:
        self._conninfo = conninfo
        self._creditor_id = creditor_id
        self._connection: psycopg.Connection[Any] | None = None

    def ready(self) -> Down | None:
        """Connect, once."""
        if self._connection is None or self._connection.closed:
            scope = f"-c aldia.creditor={self._creditor_id:d}"
            try:
                self._connection = psycopg.connect(self._conninfo, autocommit=True, options=scope)
            except psycopg.OperationalError:
                return Down("El buzón de pruebas no responde.")
        return None

    def send(self, mail: Mail) -> Outcome:
        """Put it into the box; what is no mail as it is."""
        if mail.channel != "email":
            return self._taken(mail, mail.recipient, one_line(mail.subject, SUBJECT_LENGTH_MAX), {})
        try:
            plain_address(mail.sender.address)
        except UnfitAddress:
            return NotSent(UNFIT_SENDER)
        try:
            message = composed(mail)
            recipient = plain_address(mail.recipient)
        except UnfitAddress:
            return NotSent("La dirección de correo no está bien escrita.", permanent=True, bad_address=True)
        headers = {name: str(value) for name, value in message.items()}
        return self._taken(mail, recipient, str(message["Subject"]), headers)

    def _taken(self, mail: Mail, recipient: str, subject: str, headers: dict[str, str]) -> Outcome:
        assert self._connection is not None, "ready() comes first"
        carried = (
            {"Attachments": ", ".join(each.name for each in mail.attachments)} if mail.attachments else {}
        )
        said = json.dumps({**headers, **carried}, ensure_ascii=False)
        row = (
            self._creditor_id,
            mail.key,
            mail.channel,
            recipient,
            subject,
            mail.text,
            mail.html,
            said,
            mail.at,
        )
        try:
            self._connection.execute(_TAKE, row)
        except psycopg.OperationalError:
            return Unknown("El buzón de pruebas se ha cortado mientras recibía el mensaje.")
        return Sent("buzón de pruebas", provider_id=mail.message_id)

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
