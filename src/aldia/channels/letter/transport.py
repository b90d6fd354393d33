"""The print tray as a transport.

It writes on a connection of its own, each letter at once and for good, as a server would. A dispatch lies in
the tray once, by a constraint, and only while it is claimed and begun with this very PDF: so whoever finds a
worker dead can ask the tray what became of its letters, and no letter comes late. There are no doubts here.
"""

import hashlib
import time
from typing import Any

import psycopg

from aldia.channels.mail import Down, Mail, NotSent, Outcome, Sent
from aldia.formats.paper import page_count
from aldia.kernel.faults import fault_point

_PUT = """
INSERT INTO outreach_letter (creditor_id, dispatch_id, customer_id, attempt, channel, pages, sha256, taken_at)
SELECT d.creditor_id, d.id, d.customer_id, d.attempts, d.channel, %(pages)s, a.sha256, %(at)s
FROM outreach_dispatch d
JOIN outreach_dispatch_attachment a
  ON a.creditor_id = d.creditor_id AND a.dispatch_id = d.id AND a.attempt = d.attempts
WHERE d.creditor_id = %(creditor)s AND d.key = %(key)s AND d.state = 'claimed' AND d.begun_at IS NOT NULL
  AND a.sha256 = %(sha256)s
FOR SHARE OF d
ON CONFLICT (creditor_id, dispatch_id) DO NOTHING
"""
_LIES_THERE = """
SELECT EXISTS (SELECT FROM outreach_letter l
    JOIN outreach_dispatch d ON d.creditor_id = l.creditor_id AND d.id = l.dispatch_id
    WHERE l.creditor_id = %(creditor)s AND d.key = %(key)s AND l.sha256 = %(sha256)s)
"""
_TRIES, _PAUSE_SECONDS = 10, 0.5
_NO_PDF = "La carta no lleva su PDF."


class TrayTransport:
    """conninfo: of the application's database role. in_house: what lies in the tray is never posted, as in
    the demonstration."""

    def __init__(self, conninfo: str, creditor_id: int, *, in_house: bool) -> None:
        self._conninfo = conninfo
        self._creditor_id = creditor_id
        self._in_house = in_house
        self._connection: psycopg.Connection[Any] | None = None

    @property
    def leaves_the_house(self) -> bool:
        """Somebody will print what lies in the tray, and post it."""
        return not self._in_house

    def ready(self) -> Down | None:
        """Connect, once."""
        try:
            self._connected()
        except psycopg.OperationalError:
            return Down("La bandeja de cartas no responde.")
        return None

    def send(self, mail: Mail) -> Outcome:
        """Put its first attachment into the tray. Raises OperationalError where the database stays away:
        whoever takes the dispatch over then finds out."""
        pdf = mail.attachments[0].content if mail.attachments else b""
        pages = page_count(pdf)
        if not pages:
            return NotSent(_NO_PDF, permanent=True)
        said = {
            "creditor": self._creditor_id,
            "key": mail.key,
            "sha256": hashlib.sha256(pdf).hexdigest(),
            "pages": pages,
            "at": mail.at,
        }
        return self._put(said)

    def _put(self, said: dict[str, Any]) -> Outcome:
        for tries_left in reversed(range(_TRIES)):
            try:
                connection = self._connected()
                taken = connection.execute(_PUT, said).rowcount == 1
                fault_point("letters.in_the_tray")
                if taken or self._lies_there(connection, said):
                    return Sent("bandeja de cartas")
                return NotSent("La carta ya no era de este envío.")
            except psycopg.OperationalError:
                if not tries_left:
                    raise
                time.sleep(_PAUSE_SECONDS)
        raise AssertionError("the last try returns or raises")

    def _lies_there(self, connection: psycopg.Connection[Any], said: dict[str, Any]) -> bool:
        row = connection.execute(_LIES_THERE, said).fetchone()
        return bool(row and row[0])

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            scope = f"-c aldia.creditor={self._creditor_id:d}"
            self._connection = psycopg.connect(self._conninfo, autocommit=True, options=scope)
        return self._connection

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
