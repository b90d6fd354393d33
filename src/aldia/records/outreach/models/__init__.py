"""Messages, the mails they leave in, texts, the mail account, and replies."""

from aldia.records.outreach.models.channels import ChannelAccount, ChannelProvider, ProviderEvent
from aldia.records.outreach.models.dispatches import (
    DeliveryEvent,
    DeliveryState,
    Dispatch,
    DispatchAttachment,
    DispatchLine,
    DispatchState,
)
from aldia.records.outreach.models.letters import (
    CERTIFICATE_MAX_BYTES,
    Certificate,
    CertifiedEvent,
    CertifiedEventKind,
    Letter,
    LetterState,
    PrintBatch,
)
from aldia.records.outreach.models.mail import MailAccount, MailboxMail, MailKind, MailSecurity
from aldia.records.outreach.models.messages import (
    FREE,
    NOT_LEFT,
    Message,
    MessageKind,
    MessageLine,
    MessageState,
)
from aldia.records.outreach.models.replies import Reply, ReplyKind
from aldia.records.outreach.models.texts import CreditorText, Draft
from aldia.records.outreach.models.words import ON_PAPER, MessageChannel

__all__ = [
    "CERTIFICATE_MAX_BYTES",
    "FREE",
    "NOT_LEFT",
    "ON_PAPER",
    "Certificate",
    "CertifiedEvent",
    "CertifiedEventKind",
    "ChannelAccount",
    "ChannelProvider",
    "CreditorText",
    "DeliveryEvent",
    "DeliveryState",
    "Dispatch",
    "DispatchAttachment",
    "DispatchLine",
    "DispatchState",
    "Draft",
    "Letter",
    "LetterState",
    "MailAccount",
    "MailKind",
    "MailSecurity",
    "MailboxMail",
    "Message",
    "MessageChannel",
    "MessageKind",
    "MessageLine",
    "MessageState",
    "PrintBatch",
    "ProviderEvent",
    "Reply",
    "ReplyKind",
]
