"""E-mail: over SMTP, and by providers."""

from aldia.channels.email.over_provider import MailProviderTransport, ProviderAccount
from aldia.channels.email.providers import PROVIDERS, MailProvider
from aldia.channels.email.transport import SmtpServer, SmtpTransport

__all__ = [
    "PROVIDERS",
    "MailProvider",
    "MailProviderTransport",
    "ProviderAccount",
    "SmtpServer",
    "SmtpTransport",
]
