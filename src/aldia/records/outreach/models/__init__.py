"""Messages, the mails they leave in, texts, accounts, what comes in, and replies."""

from aldia.records.outreach.models.channels import ChannelAccount, ChannelProvider, ProviderEvent
from aldia.records.outreach.models.dispatches import (
    DeliveryEvent,
    DeliveryState,
    Dispatch,
    DispatchAttachment,
    DispatchLine,
    DispatchState,
)
from aldia.records.outreach.models.inbound import (
    InboundKind,
    InboundMessage,
    InboundState,
    InboxAccount,
    OptOut,
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
from aldia.records.outreach.models.words import MessageChannel

__all__ = [
    "FREE",
    "NOT_LEFT",
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
    "InboundKind",
    "InboundMessage",
    "InboundState",
    "InboxAccount",
    "MailAccount",
    "MailKind",
    "MailSecurity",
    "MailboxMail",
    "Message",
    "MessageChannel",
    "MessageKind",
    "MessageLine",
    "MessageState",
    "OptOut",
    "ProviderEvent",
    "Reply",
    "ReplyKind",
]
