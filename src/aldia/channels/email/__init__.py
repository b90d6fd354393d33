"""E-mail over SMTP."""

from aldia.channels.email.transport import SmtpServer, SmtpTransport

__all__ = ["SmtpServer", "SmtpTransport"]
