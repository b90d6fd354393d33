"""A message on any channel, and what can become of it. Every room of this floor speaks in these values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Sender:
    """In whose name messages leave. address: of a mail; elsewhere the number or name of the account, "" where
    the account itself says it. domain: right of the @ in message ids."""

    address: str
    name: str = ""
    reply_to: str = ""
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message. name: as the recipient sees it."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one person, on any channel; short ones have neither subject nor html.

    key: what it is known by in the house, the same at every attempt. recipient: one address, fit for the
    channel. at: aware, its date. template: the kind of text, for providers who want their own approved one.
    values: what its placeholders became, for the same. refusable: with the way out that mail programs show.
    """

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
    channel: str = "email"
    attachments: tuple[Attachment, ...] = ()
    template: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    refusable: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side has taken it. answer: in its own words. provider_id: what it calls the message."""

    answer: str = ""
    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class NotSent:
    """Certainly not taken. reason: Spanish. permanent: asking again would not help. bad_address: it is the
    address that is wrong. opted_out: its owner wants nothing by this way."""

    reason: str
    permanent: bool = False
    bad_address: bool = False
    opted_out: bool = False


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
    """The way of one channel. `ready` before each message, `send` after None from it, `close` at the end."""

    @property
    def leaves_the_house(self) -> bool:
        """Whether what is sent may reach somebody."""

    def ready(self) -> Down | None:
        """Open or confirm the line; nothing has been handed over when it answers Down."""

    def send(self, mail: Mail) -> Outcome:
        """Hand the mail over."""

    def close(self) -> None:
        """Let go of the line."""
