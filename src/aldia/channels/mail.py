"""A mail, and what can become of it. Every room of this floor speaks in these values."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name mails leave. domain: right of the @ in message ids."""

    address: str
    name: str = ""
    reply_to: str = ""
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one person. key: what it is known by in the house. at: aware, its date."""

    key: str
    message_id: str
    sender: Sender
    recipient: str
    recipient_name: str
    subject: str
    text: str
    html: str
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side has taken it. answer: in its own words."""

    answer: str = ""


@dataclass(frozen=True, slots=True)
class NotSent:
    """Certainly not taken. reason: Spanish. permanent: asking again would not help. bad_address: it is the
    address that is wrong."""

    reason: str
    permanent: bool = False
    bad_address: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Handed over without an answer: it may have been taken. Never sent again by itself. reason: Spanish."""

    reason: str


Outcome = Sent | NotSent | Unknown


@dataclass(frozen=True, slots=True)
class Down:
    """The way is closed for every mail, for now. reason: Spanish."""

    reason: str


class Transport(Protocol):
    """A way for mails. `ready` before each mail, `send` only after None from it, `close` at the end.

    leaves_the_house: a mail that is sent may reach somebody.
    """

    leaves_the_house: ClassVar[bool]

    def ready(self) -> Down | None:
        """Open or confirm the line; nothing has been handed over when it answers Down."""

    def send(self, mail: Mail) -> Outcome:
        """Hand the mail over."""

    def close(self) -> None:
        """Let go of the line."""
