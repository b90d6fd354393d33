"""The outbox: approved, claimed, looked at once more, sent, recorded. docs/rules/outbox.md."""

from aldia.operations.outbox.account import (
    MailNotConfigured,
    MailRefused,
    RehearsalLeaves,
    send_test_mail,
    set_mail_account,
    use_mailbox,
)
from aldia.operations.outbox.deciding import (
    AlreadyLeft,
    HeldByBrake,
    OwnWords,
    UnknownKey,
    approve,
    approve_as,
    discard_draft,
    edit,
    edit_as,
    postpone,
    skip,
    take_back_yes,
)
from aldia.operations.outbox.doubts import NoDoubt, resolve_doubt
from aldia.operations.outbox.mail_provider import provider_hook
from aldia.operations.outbox.mail_settings import set_mail_provider
from aldia.operations.outbox.report import SendReport
from aldia.operations.outbox.sending import send_due, send_everything
from aldia.operations.outbox.stopping import resume_sending, stop_sending
from aldia.operations.outbox.writing import (
    HotWords,
    TooLate,
    WritingRefused,
    Written,
    send_copies,
    take_back,
    write_to,
    write_to_as,
)

__all__ = [
    "AlreadyLeft",
    "HeldByBrake",
    "HotWords",
    "MailNotConfigured",
    "MailRefused",
    "NoDoubt",
    "OwnWords",
    "RehearsalLeaves",
    "SendReport",
    "TooLate",
    "UnknownKey",
    "WritingRefused",
    "Written",
    "approve",
    "approve_as",
    "discard_draft",
    "edit",
    "edit_as",
    "postpone",
    "provider_hook",
    "resolve_doubt",
    "resume_sending",
    "send_copies",
    "send_due",
    "send_everything",
    "send_test_mail",
    "set_mail_account",
    "set_mail_provider",
    "skip",
    "stop_sending",
    "take_back",
    "take_back_yes",
    "use_mailbox",
    "write_to",
    "write_to_as",
]
