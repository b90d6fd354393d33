"""What providers tell of themselves: news of a message that left, and messages that come in. Pure readers.

A piece of news is kept raw before anything is made of it. Its name says which of the two it is: `st:…` a
status, `in:…` an incoming message, `raw:…` what nobody here can read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

STATUS, INCOMING, OTHER = "st:", "in:", "raw:"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of news as it will be kept. external_id: its own name there. payload: as it came."""

    channel: str
    external_id: str
    payload: Mapping[str, Any]


class RawNews(Protocol):
    """A piece of news that was kept: `ProviderEvent` is one."""

    source: str
    external_id: str
    payload: Any
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message that came in. sender: its number, E.164. text: "" for a picture or a voice. provider_id: what
    the provider calls it. in_reply_to: what it calls the message of ours it answers, "" where it does not
    say. at: aware; when it was written, or came where nobody says. kind: text, button, image… opts_out: the
    provider itself has taken it as the end of messages, whatever its words."""

    channel: str
    sender: str
    text: str
    provider_id: str
    in_reply_to: str
    at: datetime
    kind: str = "text"
    opts_out: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """News of a message of ours. state: a DeliveryState. reference: our Message-ID without its angles, ""
    where it does not come back. detail: the provider's own code. reason: Spanish, why it failed.
    bad_address: it is the number or address that is wrong. opted_out: whoever it went to wants no more of
    them; then state may be "", where nothing else is told."""

    provider_id: str
    reference: str
    state: str
    address: str
    at: datetime
    detail: str = ""
    reason: str = ""
    bad_address: bool = False
    opted_out: bool = False


def plain(value: Any) -> Any:
    """A value of JSON without what a database cannot keep: zero bytes, halves of characters."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {plain(str(name)): plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value


def text_in(found: Any, *path: str) -> str:
    """The text at the end of a path through objects, "" where there is none."""
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else ""
