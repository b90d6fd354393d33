"""Messages, the mails they leave in, the contact log, alerts, texts, accounts, what comes in, and replies."""

from aldia.records.outreach.models.alerts import Alert, AlertChoice, AlertDigest, AlertKind, DigestState
from aldia.records.outreach.models.channels import ChannelAccount, ChannelProvider, ProviderEvent
from aldia.records.outreach.models.contact_log import (
    ContactAnchor,
    ContactEntry,
    ContactHead,
    ContactKind,
)
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
from aldia.records.outreach.models.letters import (
    CERTIFICATE_MAX_BYTES,
    Certificate,
    CertifiedEvent,
    CertifiedEventKind,
    Letter,
    LetterState,
    PrintBatch,
)
from aldia.records.outreach.models.mail import (
    MailAccount,
    MailboxMail,
    MailKind,
    MailProvider,
    MailSecurity,
)
from aldia.records.outreach.models.messages import (
    FREE,
    NOT_LEFT,
    Message,
    MessageKind,
    MessageLine,
    MessageState,
)
from aldia.records.outreach.models.quality import QualityReview
from aldia.records.outreach.models.replies import Reply, ReplyKind
from aldia.records.outreach.models.texts import CreditorText, Draft, TextChannel, TextLanguage, TextVersion
from aldia.records.outreach.models.words import ON_PAPER, MessageChannel

__all__ = [
    "CERTIFICATE_MAX_BYTES",
    "FREE",
    "NOT_LEFT",
    "ON_PAPER",
    "Alert",
    "AlertChoice",
    "AlertDigest",
    "AlertKind",
    "Certificate",
    "CertifiedEvent",
    "CertifiedEventKind",
    "ChannelAccount",
    "ChannelProvider",
    "ContactAnchor",
    "ContactEntry",
    "ContactHead",
    "ContactKind",
    "CreditorText",
    "DeliveryEvent",
    "DeliveryState",
    "DigestState",
    "Dispatch",
    "DispatchAttachment",
    "DispatchLine",
    "DispatchState",
    "Draft",
    "InboundKind",
    "InboundMessage",
    "InboundState",
    "InboxAccount",
    "Letter",
    "LetterState",
    "MailAccount",
    "MailKind",
    "MailProvider",
    "MailSecurity",
    "MailboxMail",
    "Message",
    "MessageChannel",
    "MessageKind",
    "MessageLine",
    "MessageState",
    "OptOut",
    "PrintBatch",
    "ProviderEvent",
    "QualityReview",
    "Reply",
    "ReplyKind",
    "TextChannel",
    "TextLanguage",
    "TextVersion",
]
