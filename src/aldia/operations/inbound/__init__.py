"""What comes in: fetched, kept raw, tied to a customer, read, decided by a person. docs/rules/inbound.md."""

from aldia.operations.inbound.account import (
    InboxRefused,
    NoInbox,
    remove_inbox,
    set_inbox,
    try_inbox,
)
from aldia.operations.inbound.deciding import (
    AlreadyLookedAt,
    Confirmation,
    NoSuchInbound,
    NotYetAnybodys,
    assign,
    confirm,
    dismiss,
)
from aldia.operations.inbound.fetching import FetchReport, fetch, keep_raw_mail
from aldia.operations.inbound.heard import raw_mail_of
from aldia.operations.inbound.taking_in import take_in_waiting

__all__ = [
    "AlreadyLookedAt",
    "Confirmation",
    "FetchReport",
    "InboxRefused",
    "NoInbox",
    "NoSuchInbound",
    "NotYetAnybodys",
    "assign",
    "confirm",
    "dismiss",
    "fetch",
    "keep_raw_mail",
    "raw_mail_of",
    "remove_inbox",
    "set_inbox",
    "take_in_waiting",
    "try_inbox",
]
