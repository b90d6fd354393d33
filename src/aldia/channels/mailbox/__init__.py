"""The mailbox inside the house: takes mails as a server would, and nothing ever leaves it."""

from aldia.channels.mailbox.transport import MailboxTransport

__all__ = ["MailboxTransport"]
